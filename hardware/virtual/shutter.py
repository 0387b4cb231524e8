"""The shutter of the virtual body: one exposure at a time, dated when it began, told when it is over.

Knows no contacts and no drives. An exposure that ends by itself may be released late and dated back: a body that
wants a press of some length knows only then that it was one.
"""

from collections.abc import Callable
from enum import Enum, auto

from config.record import dataclass
from hardware.clock import SECOND_NS
from hardware.virtual.agenda import Agenda, Due
from hardware.virtual.lens import Lens

FRAME_PERIOD_NS = SECOND_NS // 5  # assumed; no profile gives a frame rate
BUFFER_FRAMES = 20  # assumed
BUFFER_PERIOD_NS = SECOND_NS  # assumed: how long a frame takes to leave the buffer


@dataclass(frozen=True, slots=True)
class Exposure:
    """A picture that was taken, dated when it began; `lens_moved`: by then, since focus was last dialled in."""

    at_ns: int
    exposure_ns: int
    lens_moved: bool


class Buffer:
    """The frames that wait to be written; a full one slows the body down to the pace of the writing."""

    def __init__(self) -> None:
        self._frames = 0
        self._taken_ns = 0

    def take(self, at_ns: int) -> int:
        """Take in the frame released at `at_ns`; returns how long after that the next one can follow."""
        self._frames = max(0, self._frames - (at_ns - self._taken_ns) // BUFFER_PERIOD_NS) + 1
        self._taken_ns = at_ns
        return FRAME_PERIOD_NS if self._frames < BUFFER_FRAMES else BUFFER_PERIOD_NS


class _Curtain(Enum):
    CLOSED = auto()
    RELEASED = auto()  # it opens when the lag is over
    OPEN = auto()


class Shutter:
    """Opens `lag_ns` after its release; `on_open` hears of it then or, if that was dated back, as soon as it can."""

    def __init__(self, agenda: Agenda, lens: Lens, lag_ns: int, on_open: Callable[[int], None]) -> None:
        self._agenda = agenda
        self._lens = lens
        self._lag_ns = lag_ns
        self._on_open = on_open
        self._curtain = _Curtain.CLOSED
        self._opened_ns = 0
        self._lens_moved = False

    @property
    def is_busy(self) -> bool:
        """Released, or open."""
        return self._curtain is not _Curtain.CLOSED

    @property
    def is_open(self) -> bool:
        """The exposure goes on."""
        return self._curtain is _Curtain.OPEN

    def release(self, at_ns: int, length_ns: int | None) -> int | None:
        """Expose for `length_ns` from the end of the lag on, or until ended; returns when it will be over."""
        opens_ns = at_ns + self._lag_ns
        self._curtain = _Curtain.RELEASED
        self._agenda.put(Due.CURTAIN_OPENS, opens_ns)
        if length_ns is None:
            return None
        self._agenda.put(Due.CURTAIN_CLOSES, opens_ns + length_ns)
        return opens_ns + length_ns

    def open(self, at_ns: int) -> None:
        """Open, as was due."""
        self._curtain, self._opened_ns, self._lens_moved = _Curtain.OPEN, at_ns, self._lens.has_moved
        self._on_open(at_ns)

    def close(self, at_ns: int) -> Exposure | None:
        """End the exposure; None if the shutter had not opened yet: then it stays closed."""
        was_open, self._curtain = self.is_open, _Curtain.CLOSED
        self._agenda.drop(Due.CURTAIN_OPENS)
        self._agenda.drop(Due.CURTAIN_CLOSES)
        return Exposure(self._opened_ns, at_ns - self._opened_ns, self._lens_moved) if was_open else None
