"""The shutter of the virtual body: one exposure at a time, dated by its beginning and reported at its end.

Knows no contacts and no drives. A release may be late and dated back: a body with a shortest press recognises a press
only once it has lasted that long.
"""

from collections.abc import Callable
from enum import Enum, auto

from config.record import dataclass
from hardware.clock import SECOND_NS
from hardware.virtual.agenda import Agenda, Due
from hardware.virtual.lens import Lens

FRAME_PERIOD_NS = SECOND_NS // 5  # assumed; no profile gives a frame rate
BUFFER_FRAMES = 20  # assumed
BUFFER_PERIOD_NS = SECOND_NS  # assumed: the time to write one frame from the buffer


@dataclass(frozen=True, slots=True)
class Exposure:
    """A picture and when it began; `lens_moved`: the lens had moved by then since focus was last dialled in."""

    at_ns: int
    exposure_ns: int
    lens_moved: bool


class Buffer:
    """The frames that wait to be written; once it is full, the body is only as fast as the writing."""

    def __init__(self) -> None:
        self._frames = 0
        self._taken_ns = 0

    def take(self, at_ns: int) -> int:
        """Add the frame released at `at_ns`; returns how long after it the next frame can follow."""
        self._frames = max(0, self._frames - (at_ns - self._taken_ns) // BUFFER_PERIOD_NS) + 1
        self._taken_ns = at_ns
        return FRAME_PERIOD_NS if self._frames < BUFFER_FRAMES else BUFFER_PERIOD_NS


class _Curtain(Enum):
    CLOSED = auto()
    RELEASED = auto()  # it opens at the end of the lag
    OPEN = auto()


class Shutter:
    """Opens a lag after its release and then calls `on_open`; a release dated back calls it late."""

    def __init__(self, agenda: Agenda, lens: Lens, on_open: Callable[[int], None]) -> None:
        self._agenda = agenda
        self._lens = lens
        self._on_open = on_open
        self._curtain = _Curtain.CLOSED
        self._opened_ns = 0
        self._lens_moved = False

    @property
    def is_busy(self) -> bool:
        """Whether it is released or open."""
        return self._curtain is not _Curtain.CLOSED

    @property
    def is_open(self) -> bool:
        """Whether an exposure is in progress."""
        return self._curtain is _Curtain.OPEN

    def release(self, at_ns: int, lag_ns: int, length_ns: int | None) -> int | None:
        """Expose for `length_ns` after `lag_ns`, or until closed if None; returns when it ends, None if unknown."""
        opens_ns = at_ns + lag_ns
        self._curtain = _Curtain.RELEASED
        self._agenda.put(Due.CURTAIN_OPENS, opens_ns)
        if length_ns is None:
            return None
        self._agenda.put(Due.CURTAIN_CLOSES, opens_ns + length_ns)
        return opens_ns + length_ns

    def open(self, at_ns: int) -> None:
        """Open the curtain."""
        self._curtain, self._opened_ns, self._lens_moved = _Curtain.OPEN, at_ns, self._lens.has_moved
        self._on_open(at_ns)

    def close(self, at_ns: int) -> Exposure | None:
        """End and return the exposure; None if the shutter had not opened yet, and so stays closed."""
        was_open, self._curtain = self.is_open, _Curtain.CLOSED
        self._agenda.drop(Due.CURTAIN_OPENS)
        self._agenda.drop(Due.CURTAIN_CLOSES)
        return Exposure(self._opened_ns, at_ns - self._opened_ns, self._lens_moved) if was_open else None
