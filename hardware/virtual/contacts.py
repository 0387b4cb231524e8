"""The two contacts as the virtual body reads them: half-press, full press, and what a full press must be like.

Half-press is FOCUS, or SHUTTER too on a body that fires on SHUTTER alone; full press is SHUTTER, with FOCUS where
the body needs it. Knows no states of the body.
"""

from config.cameras import Profile
from hardware.timeline import Line


class Contacts:
    """Both open at first."""

    def __init__(self, profile: Profile) -> None:
        self._fires_alone = bool(profile.shutter_alone_fires)
        # assumed, where no shortest lead is known: half of the recommended one
        self._lead_ns = profile.lead_ns // 2 if profile.lead_min_ns is None else profile.lead_min_ns
        self._gap_ns = 0 if profile.confidence_of("min_gap_ms") == "assumed" else profile.gap_ns
        self._focus_must_open = (
            profile.release_focus_between_shots is True
            and profile.confidence_of("release_focus_between_shots") == "confirmed"
        )
        self._focus_ns: int | None = None  # when it closed, None while it is open
        self._shutter_ns: int | None = None
        self._shutter_opened_ns: int | None = None

    @property
    def are_touched(self) -> bool:
        """One of them is closed at least."""
        return self._focus_ns is not None or self._shutter_ns is not None

    @property
    def is_half_pressed(self) -> bool:
        """The body wakes, meters and perhaps focuses."""
        return self._focus_ns is not None or (self._fires_alone and self._shutter_ns is not None)

    @property
    def is_fully_pressed(self) -> bool:
        """The body fires, if it answers the press."""
        return self._shutter_ns is not None and (self._fires_alone or self._focus_ns is not None)

    def change(self, line: Line, closed: bool, at_ns: int) -> None:
        """One of them closes or opens."""
        closed_ns = at_ns if closed else None
        if line is Line.FOCUS:
            self._focus_ns = closed_ns
            return
        self._shutter_ns = closed_ns
        if not closed:
            self._shutter_opened_ns = at_ns

    def suffice(self, at_ns: int, released_ns: int) -> bool:
        """Tell whether a full press that begins now, after a last release then, is one the body can read.

        FOCUS has led by enough where the body needs it; SHUTTER was open for the gap, where a text gives one; and
        FOCUS has opened since the last release, where that is confirmed to be needed.
        """
        focus_ns, shutter_ns = self._focus_ns, self._shutter_ns
        has_led = focus_ns is not None and shutter_ns is not None and focus_ns + self._lead_ns <= shutter_ns
        is_parted = self._shutter_opened_ns is None or self._shutter_opened_ns + self._gap_ns <= at_ns
        is_held_on = focus_ns is not None and focus_ns <= released_ns
        return (self._fires_alone or has_led) and is_parted and not (self._focus_must_open and is_held_on)
