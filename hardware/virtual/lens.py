"""The virtual body's autofocus, and where its lens stands. Knows half-presses, not the contacts that make them.

In a factory set-up half-press starts autofocus (AF-S with focus priority): the body is ready to fire only once
focus is found, and not at all if it is not; a half-press that goes on keeps the focus it found. With back-button
focus the lens stays where it is, and the body is always ready.
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


class Lens:
    """A lens on autofocus; `autofocus_succeeds` may change between two half-presses."""

    def __init__(self, agenda: Agenda, *, half_press_focuses: bool, autofocus_succeeds: bool) -> None:
        self.autofocus_succeeds = autofocus_succeeds
        self._agenda = agenda
        self._half_press_focuses = half_press_focuses
        self._autofocus = _Autofocus.IDLE
        self.sought_until_ns = -1  # when it last found focus, or gave up
        self._steps = 0
        self._dialled_in_at: int | None = None

    @property
    def is_ready(self) -> bool:
        """Focus does not keep the body from firing."""
        return self._autofocus is _Autofocus.FOUND or not self._half_press_focuses

    @property
    def is_watched(self) -> bool:
        """Frames are held against a dial-in."""
        return self._dialled_in_at is not None

    @property
    def has_moved(self) -> bool:
        """The lens stands elsewhere than at the latest dial-in; false while focus is not dialled in."""
        return self._dialled_in_at is not None and self._dialled_in_at != self._steps

    def dialled_in(self) -> None:
        """Take the lens where it stands as the one to hold frames against."""
        self._dialled_in_at = self._steps

    def given_up(self) -> None:
        """Hold no frame against anything."""
        self._dialled_in_at = None

    def move(self) -> None:
        """Move, for whatever reason."""
        self._steps += 1

    def half_pressed(self, at_ns: int) -> None:
        """Begin to seek focus, if half-press does that."""
        if self._half_press_focuses:
            self.move()
            self._autofocus = _Autofocus.SEEKING
            self._agenda.put(Due.FOCUS_FOUND, at_ns + AUTOFOCUS_NS)

    def let_go(self) -> None:
        """Forget the focus found, or stop seeking; the lens stays where that leaves it."""
        self._autofocus = _Autofocus.IDLE
        self._agenda.drop(Due.FOCUS_FOUND)

    def seek_over(self, at_ns: int) -> None:
        """Autofocus has done what it could."""
        self.move()
        self.sought_until_ns = at_ns
        self._autofocus = _Autofocus.FOUND if self.autofocus_succeeds else _Autofocus.FAILED
