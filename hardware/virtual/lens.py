"""The virtual body's autofocus and the position of its lens. Knows half-presses, not the contacts that make them.

In a factory set-up a half-press starts autofocus. In AF-S the body has focus priority: it fires only once it has
found focus, and a half-press that is held keeps that focus. In AF-C it has release priority (as a Nikon Z 9 by
default): it fires at once, and the lens moves on for as long as the half-press is held. With back-button focus the
lens stays where it is, and the body is always ready.
"""

from enum import Enum, auto

from hardware.clock import MILLISECOND_NS
from hardware.virtual.agenda import Agenda, Due

AUTOFOCUS_NS = 250 * MILLISECOND_NS  # assumed


class _Autofocus(Enum):
    IDLE = auto()
    SEEKING = auto()
    FOUND = auto()
    FAILED = auto()
    TRACKING = auto()  # AF-C: it follows the subject


class Lens:
    """An autofocus lens. `autofocus_succeeds` may change between two half-presses."""

    def __init__(self, agenda: Agenda, *, half_press_focuses: bool, autofocus_succeeds: bool) -> None:
        self.autofocus_succeeds = autofocus_succeeds
        self._agenda = agenda
        self._half_press_focuses = half_press_focuses
        self._autofocus = _Autofocus.IDLE
        self.focus_settled_ns = -1  # when autofocus last ended, with or without focus
        self._step = 0
        self._reference_step: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the body may fire, as far as focus is concerned."""
        return self._autofocus in (_Autofocus.FOUND, _Autofocus.TRACKING) or not self._half_press_focuses

    @property
    def has_reference(self) -> bool:
        """Whether there is a position to compare frames with."""
        return self._reference_step is not None

    @property
    def has_moved(self) -> bool:
        """Whether the lens has left the reference position; false if there is none.

        A lens that tracks leaves it at once.
        """
        is_elsewhere = self._autofocus is _Autofocus.TRACKING or self._reference_step != self._step
        return self._reference_step is not None and is_elsewhere

    def set_reference(self) -> None:
        """Compare later frames with the current position."""
        self._reference_step = self._step

    def clear_reference(self) -> None:
        """Compare no frames."""
        self._reference_step = None

    def move(self) -> None:
        """Move the lens, for whatever reason."""
        self._step += 1

    def half_pressed(self, at_ns: int, *, is_continuous: bool) -> None:
        """Start autofocus, if a half-press does that on this body; `is_continuous`: in AF-C."""
        if not self._half_press_focuses:
            return
        self.move()
        if is_continuous:
            self._autofocus, self.focus_settled_ns = _Autofocus.TRACKING, at_ns
        else:
            self._autofocus = _Autofocus.SEEKING
            self._agenda.put(Due.FOCUS_FOUND, at_ns + AUTOFOCUS_NS)

    def half_press_ended(self) -> None:
        """Forget the focus, or stop autofocus; the lens stays where it is then."""
        if self._autofocus is _Autofocus.TRACKING:
            self.move()
        self._autofocus = _Autofocus.IDLE
        self._agenda.drop(Due.FOCUS_FOUND)

    def end_seeking(self, at_ns: int) -> None:
        """End autofocus, with or without focus."""
        self.move()
        self.focus_settled_ns = at_ns
        self._autofocus = _Autofocus.FOUND if self.autofocus_succeeds else _Autofocus.FAILED
