"""Many measurements as few figures: the median, the middle half, what so many of a hundred do not exceed."""

import math
import statistics
from collections.abc import Sequence

from config.record import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some measurements, and the middle half of them."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of at least one value."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(middle, low, high)

    def told(self, unit: str, scale: float = 1.0, digits: int = 0) -> str:
        """Return it in words: `12 ms (11 to 14)`."""
        middle, low, high = (f"{value / scale:,.{digits}f}" for value in (self.middle, self.low, self.high))
        return f"{middle} {unit} ({low} to {high})"


def at_share(values: Sequence[float], share: float) -> float:
    """Return the least of the values that `share` of them do not exceed; 0.999 of fewer than 1,000 is the worst."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]
