"""A time axis that is not to scale, so that a lead of 100 ms and a bulb of 20 min are both readable on it.

Maps times to positions (columns or pixels). Knows neither frames nor how they are drawn. The axis is linear between
two stops; the width of such an interval grows with the logarithm of its length.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise
from math import log10

from config.record import dataclass

_FINEST_NS = 10_000_000  # much shorter intervals get hardly any width
_LEAST_WIDTH = 0.05  # on a scale where ten times the length adds 1
_BREAK_RATIO = 10  # an interval this many times as long as the shortest one gets a break mark
_SHORTEST_NS = 20_000_000  # shorter intervals are ignored in that comparison


@dataclass(frozen=True, slots=True)
class Axis:
    """Stops in time and their positions, both ascending."""

    times_ns: tuple[int, ...]
    positions: tuple[float, ...]

    def at(self, time_ns: int) -> float:
        """Return the position of a time; a time outside the axis gets the position of the nearest end."""
        if time_ns >= self.times_ns[-1]:
            return self.positions[-1]
        if time_ns <= self.times_ns[0]:
            return self.positions[0]
        k = bisect_right(self.times_ns, time_ns) - 1
        share = (time_ns - self.times_ns[k]) / (self.times_ns[k + 1] - self.times_ns[k])
        return self.positions[k] + share * (self.positions[k + 1] - self.positions[k])

    @property
    def breaks(self) -> tuple[float, ...]:
        """The positions of break marks: the middles of intervals that are drawn much too short."""
        spans_ns = [later - earlier for earlier, later in pairwise(self.times_ns)]
        shortest_ns = min((span_ns for span_ns in spans_ns if span_ns >= _SHORTEST_NS), default=0)
        middles = [(begin + end) / 2 for begin, end in pairwise(self.positions)]
        return tuple(
            middle
            for middle, span_ns in zip(middles, spans_ns, strict=True)
            if shortest_ns and span_ns >= _BREAK_RATIO * shortest_ns
        )


def axis(times_ns: Iterable[int], first: float, last: float) -> Axis:
    """Return the axis from position `first` to `last` with stops at these times, at least two."""
    stops_ns = tuple(sorted(set(times_ns)))
    widths = [_LEAST_WIDTH + log10(1 + (later - earlier) / _FINEST_NS) for earlier, later in pairwise(stops_ns)]
    scale = (last - first) / sum(widths)
    return Axis(stops_ns, tuple(first + scale * offset for offset in accumulate(widths, initial=0.0)))
