"""A time axis that is not to scale: a lead of 100 ms and a bulb of 20 min can both be read on it.

Knows times and places (columns, pixels); knows neither frames nor how they are drawn. Between two stops it is
linear; the room of a stretch grows with the logarithm of its length.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise
from math import log10

from config.record import dataclass

_FINEST_NS = 10_000_000  # what is much shorter than this gets hardly any room
_SLIVER = 0.05  # and this much at least, where a tenfold length gets 1 more
_BREAK = 10  # a stretch so many times as long as the shortest that counts is marked as broken
_COUNTS_NS = 20_000_000


@dataclass(frozen=True, slots=True)
class Axis:
    """Stops of time and their places, both ascending."""

    times_ns: tuple[int, ...]
    places: tuple[float, ...]

    def at(self, time_ns: int) -> float:
        """Return the place of a time; that of the nearest end for a time outside."""
        if time_ns >= self.times_ns[-1]:
            return self.places[-1]
        if time_ns <= self.times_ns[0]:
            return self.places[0]
        k = bisect_right(self.times_ns, time_ns) - 1
        share = (time_ns - self.times_ns[k]) / (self.times_ns[k + 1] - self.times_ns[k])
        return self.places[k] + share * (self.places[k + 1] - self.places[k])

    @property
    def breaks(self) -> tuple[float, ...]:
        """The places of break marks: the middles of the stretches that are shown much too short."""
        spans_ns = [later - earlier for earlier, later in pairwise(self.times_ns)]
        least_ns = min((span_ns for span_ns in spans_ns if span_ns >= _COUNTS_NS), default=0)
        middles = [(begin + end) / 2 for begin, end in pairwise(self.places)]
        return tuple(
            middle
            for middle, span_ns in zip(middles, spans_ns, strict=True)
            if least_ns and span_ns >= _BREAK * least_ns
        )


def axis(times_ns: Iterable[int], first: float, last: float) -> Axis:
    """Return the axis from `first` to `last` with stops at these times, of which there are two or more."""
    stops_ns = tuple(sorted(set(times_ns)))
    room = [_SLIVER + log10(1 + (later - earlier) / _FINEST_NS) for earlier, later in pairwise(stops_ns)]
    scale = (last - first) / sum(room)
    return Axis(stops_ns, tuple(first + scale * done for done in accumulate(room, initial=0.0)))
