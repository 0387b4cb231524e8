"""The two contacts as the virtual body reads them: half-press, full press, and which full presses are valid.

A half-press is FOCUS, or also SHUTTER on a body that fires on SHUTTER alone; a full press is SHUTTER, with FOCUS if
the body needs it. Knows no states of the body.
"""

from hardware.timeline import Line
from hardware.virtual.quirks import Quirks


class Contacts:
    """The state of both contacts; both start open."""

    def __init__(self, quirks: Quirks) -> None:
        self._fires_alone = quirks.fires_alone
        self._lead_ns = quirks.shortest_lead_ns
        self._gap_ns = quirks.gap_ns
        self._focus_must_open = quirks.focus_must_open
        self._focus_ns: int | None = None  # when it closed, None while it is open
        self._shutter_ns: int | None = None
        self._shutter_opened_ns: int | None = None

    @property
    def is_any_closed(self) -> bool:
        """Whether at least one contact is closed."""
        return self._focus_ns is not None or self._shutter_ns is not None

    @property
    def is_half_pressed(self) -> bool:
        """Whether the body wakes, meters and perhaps focuses."""
        return self._focus_ns is not None or (self._fires_alone and self._shutter_ns is not None)

    @property
    def is_fully_pressed(self) -> bool:
        """Whether the body fires, if it accepts the press."""
        return self._shutter_ns is not None and (self._fires_alone or self._focus_ns is not None)

    def change(self, line: Line, closed: bool, at_ns: int) -> None:
        """Handle a contact that closed or opened at `at_ns`."""
        closed_ns = at_ns if closed else None
        if line is Line.FOCUS:
            self._focus_ns = closed_ns
            return
        self._shutter_ns = closed_ns
        if not closed:
            self._shutter_opened_ns = at_ns

    def is_valid_press(self, at_ns: int, released_ns: int) -> bool:
        """Return whether the body recognises a full press that begins at `at_ns`; it last released at `released_ns`.

        FOCUS must have led by enough, if the body needs FOCUS; SHUTTER must have been open for the gap;
        and FOCUS must have opened since the last release, on a body that needs it.
        """
        focus_ns, shutter_ns = self._focus_ns, self._shutter_ns
        has_led = focus_ns is not None and shutter_ns is not None and focus_ns + self._lead_ns <= shutter_ns
        has_gap = self._shutter_opened_ns is None or self._shutter_opened_ns + self._gap_ns <= at_ns
        has_held_focus = focus_ns is not None and focus_ns <= released_ns
        return (self._fires_alone or has_led) and has_gap and not (self._focus_must_open and has_held_focus)
