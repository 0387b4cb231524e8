"""Calibration: computes the shutter lag of a camera from the lags of a short run of frames. Pure: knows numbers, no
states. The run itself is one like any other, and `running` fires its frames.
"""

from collections.abc import Sequence

from config.record import dataclass

FRAMES = 10
FEWEST = 5  # confirmed frames that make a useful median; TimeLapse+ and VIEW use five trials


@dataclass(frozen=True, slots=True)
class Measured:
    """The result of a calibration: `confirmed` of `frames` had a lag; the spread is the median absolute deviation."""

    frames: int
    confirmed: int
    median_ns: int
    least_ns: int
    most_ns: int
    spread_ns: int


def measure(lags_ns: Sequence[int], frames: int) -> Measured | None:
    """Return the statistics of the lags of all confirmed frames, out of `frames`; None if they are too few."""
    if len(lags_ns) < FEWEST:
        return None
    median_ns = _median(lags_ns)
    spread_ns = _median([abs(lag_ns - median_ns) for lag_ns in lags_ns])
    return Measured(frames, len(lags_ns), median_ns, min(lags_ns), max(lags_ns), spread_ns)


def _median(values: Sequence[int]) -> int:
    """Return the middle value, or the mean of the two in the middle, in whole nanoseconds."""
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) // 2
