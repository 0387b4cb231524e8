"""Holds each frame against the flash contact: was it seen to be taken, and how long after SHUTTER closed.

Pure: knows the times of edges, no states. A frame's window begins when the SHUTTER contact that exposes has
actually closed, and ends with RECOVERING. The first edge in it counts; what follows is bounce, or further frames
of the same press. An edge outside every window means nothing: the photographer may press the camera's own button.
"""

from config.record import dataclass
from controller.core import words
from controller.core.calibrating import Measured

CONFIRMED, UNCONFIRMED, MISSED = "confirmed", "unconfirmed", "missed"

# Edges kept for one frame. They can come before the report that tells when its SHUTTER closed, so not only the
# first; a contact that chatters more than this before it is told by its first ones too, and costs no more memory.
_MOST_EDGES = 64

_REASONS = {UNCONFIRMED: words.UNCONFIRMED, MISSED: words.MISSED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the flash contact says of a frame; `lag_ns` is from SHUTTER's closing to its own, None without an edge."""

    outcome: str
    lag_ns: int | None

    @property
    def reason(self) -> str | None:
        """Why the frame is not confirmed; None if it is."""
        return _REASONS.get(self.outcome)


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What is known by the sync input: the last frame's outcome, the last lag seen, the last calibration."""

    outcome: str | None
    lag_ns: int | None
    measured: Measured | None


class Confirming:
    """Keeps the edges of one frame at a time, and judges it; `is_wired` is false in a box without a sync input."""

    def __init__(self, *, is_wired: bool) -> None:
        self.is_wired = is_wired
        self.last_outcome: str | None = None
        self.last_lag_ns: int | None = None
        self._edges: list[int] = []

    def seen(self, at_ns: int) -> None:
        """Take an edge that came while a frame was in progress."""
        if len(self._edges) < _MOST_EDGES:
            self._edges.append(at_ns)

    def judge(self, shutter_ns: int | None, *, is_expected: bool) -> Verdict:
        """Judge the frame whose SHUTTER closed at `shutter_ns`, its window over, and forget its edges.

        `is_expected`: this body's flash contact has proved that it closes, so that an edge is missing if it does not.
        """
        lags = (at_ns - shutter_ns for at_ns in self._edges if at_ns >= shutter_ns) if shutter_ns is not None else ()
        lag_ns = min(lags, default=None)
        self._edges.clear()
        self.last_outcome = CONFIRMED if lag_ns is not None else MISSED if is_expected else UNCONFIRMED
        self.last_lag_ns = self.last_lag_ns if lag_ns is None else lag_ns
        return Verdict(self.last_outcome, lag_ns)

    def forget(self) -> None:
        """Forget the edges of a frame that is not to be judged."""
        self._edges.clear()
