"""Curves of a drawing as corners of straight lines, with no more of them than one can see. Pure."""

from collections.abc import Sequence

Point = tuple[float, float]

_FLAT = 0.3  # pixels


def simplified(points: Sequence[Point]) -> list[Point]:
    """Return the corners of a curve: without any of the others it would be off by more than a third of a pixel.

    Follows D. H. Douglas and T. K. Peucker, Cartographica 10 (1973); `points` go from left to right.
    """
    if len(points) < 3:  # noqa: PLR2004 - a straight line
        return list(points)
    kept, open_spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        off, at = max(((_off(points, first, last, k), k) for k in range(first + 1, last)), default=(0.0, first))
        if off > _FLAT:
            kept.add(at)
            open_spans += [(first, at), (at, last)]
    return [points[k] for k in sorted(kept)]


def _off(points: Sequence[Point], first: int, last: int, at: int) -> float:
    """Return how far above or below the line from `first` to `last` a point is."""
    (x1, y1), (x2, y2), (x, y) = points[first], points[last], points[at]
    return abs(y - (y1 + (y2 - y1) * (x - x1) / (x2 - x1) if x2 > x1 else y1))
