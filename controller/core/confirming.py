"""Confirms each frame by the flash contact: whether it was taken, and how long after SHUTTER closed.

Pure: knows the times of edges, no states. The window of a frame begins when SHUTTER has actually closed to expose,
and ends with RECOVERING. The first edge in it counts; later ones are bounces, or further frames of the same press. An
edge outside every window is ignored: the photographer may have pressed the button on the camera.
"""

from config.record import dataclass
from controller.core import words
from controller.core.calibrating import Measured

CONFIRMED, SUSPECTED, UNCONFIRMED, MISSED = "confirmed", "suspected", "unconfirmed", "missed"

# The most edges kept for one frame. More than the first are kept, as edges can arrive before the report of when
# SHUTTER closed. If a contact chatters more than this before that, its first edges are enough, and memory
# stays bounded.
_MAX_EDGES = 64

_REASONS = {UNCONFIRMED: words.UNCONFIRMED, MISSED: words.MISSED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the flash contact shows of a frame; `lag_ns` is its delay after SHUTTER closed, None without an edge."""

    outcome: str
    lag_ns: int | None

    @property
    def reason(self) -> str | None:
        """Why the frame is not confirmed, None if it is; `lag_watch` tells why one is suspected."""
        return _REASONS.get(self.outcome)


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What the sync input has shown: the last frame's outcome, the last lag, the last calibration.

    `suspected` frames of the last run, or of a single frame since, may have focused: their lags were longer than
    `latest_ns`, which is None if lags are not watched.
    """

    outcome: str | None
    lag_ns: int | None
    measured: Measured | None
    suspected: int = 0
    latest_ns: int | None = None


class Confirming:
    """Collects the edges of one frame at a time, and judges it; `is_wired` is false in a box without a sync input."""

    def __init__(self, *, is_wired: bool) -> None:
        self.is_wired = is_wired
        self.last_outcome: str | None = None
        self.last_lag_ns: int | None = None
        self._edges: list[int] = []

    def seen(self, at_ns: int) -> None:
        """Record an edge during a frame."""
        if len(self._edges) < _MAX_EDGES:
            self._edges.append(at_ns)

    def judge(self, shutter_ns: int | None, *, is_expected: bool, latest_ns: int | None = None) -> Verdict:
        """Judge the frame whose SHUTTER closed at `shutter_ns`, now that its window is over, and drop its edges.

        `is_expected`: the flash contact of this body is known to close, so that no edge means a missed frame. A lag
        of more than `latest_ns` is suspected: the body may have focused before it fired.
        """
        lags = (at_ns - shutter_ns for at_ns in self._edges if at_ns >= shutter_ns) if shutter_ns is not None else ()
        lag_ns = min(lags, default=None)
        self._edges.clear()
        if lag_ns is None:
            self.last_outcome = MISSED if is_expected else UNCONFIRMED
        else:
            self.last_outcome = CONFIRMED if latest_ns is None or lag_ns <= latest_ns else SUSPECTED
        self.last_lag_ns = self.last_lag_ns if lag_ns is None else lag_ns
        return Verdict(self.last_outcome, lag_ns)

    def forget(self) -> None:
        """Drop the edges of a frame that will not be judged."""
        self._edges.clear()
