"""Reduces many measurements to a few figures: the median, the middle half, quantiles."""

import math
import statistics
from collections.abc import Sequence

from config.record import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some measurements, and the bounds of their middle half."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of at least one value."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)

    def text(self, unit: str, scale: float = 1.0, digits: int = 0) -> str:
        """Return it as text, each value divided by `scale`: `12 ms (11 to 14)`."""
        median, low, high = (f"{value / scale:,.{digits}f}" for value in (self.median, self.low, self.high))
        return f"{median} {unit} ({low} to {high})"


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of them do not exceed; 0.999 of fewer than 1,000 is the worst."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]
