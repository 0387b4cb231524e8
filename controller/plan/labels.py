"""Finds places for labels in a drawing, so that none covers another or leaves the drawing. Pure; draws nothing."""

from collections.abc import Iterable, Sequence

from config.record import dataclass

LETTER = 0.6  # upper bound of the average width of a letter, as a share of the font size
_ASCENT, _DESCENT = 0.8, 0.25  # of the font size, above and below the base line
_LATER = 0.25  # dots that a label may cover to be at the point before


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Return whether both have a part in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Return whether the other one is within this one."""
        is_between = self.left <= other.left and other.right <= self.right
        return is_between and self.top <= other.top and other.bottom <= self.bottom

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return the point in it that is nearest to another one."""
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)

    def has(self, x: float, y: float) -> bool:
        """Return whether a point is in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A text whose base line begins at a point."""

    text: str
    x: float
    y: float
    size: float

    @property
    def box(self) -> Box:
        """Where the text is, at most."""
        return Box(
            self.x, self.y - self.size * _ASCENT, self.x + width(self.text, self.size), self.y + self.size * _DESCENT
        )


def width(text: str, size: float) -> float:
    """Return how wide a text is, at most."""
    return len(text) * size * LETTER


class Labels:
    """Labels within `room`; each covers no other, and few of the `dots` of a curve."""

    def __init__(self, room: Box, dots: Sequence[tuple[float, float]] = ()) -> None:
        self._room = room
        self._dots = dots
        self._taken: list[Box] = []

    def take(self, box: Box) -> None:
        """Keep labels away from a rectangle."""
        self._taken.append(box)

    def at(self, text: str, size: float, starts: Iterable[tuple[float, float]]) -> Label | None:
        """Return the label at the best of these points: early, and off the dots; None if there is no room at any."""
        labels = enumerate(Label(text, x, y, size) for x, y in starts)
        free = [
            (self._covered(label.box) + rank * _LATER, rank, label)
            for rank, label in labels
            if self.is_free(label.box)
        ]
        if not free:
            return None
        _, _, best = min(free, key=lambda each: each[:2])
        self._taken.append(best.box)
        return best

    def beside(self, text: str, size: float, x: float, y: float) -> Label | None:
        """Return the label near a point, on the side that is best; None if there is no room on any."""
        return self.at(text, size, _around(x, y, width(text, size), size))

    def is_free(self, box: Box) -> bool:
        """Return whether a rectangle is in the room and covers nothing."""
        return self._room.holds(box) and self.is_clear(box)

    def is_clear(self, box: Box) -> bool:
        """Return whether a rectangle covers nothing."""
        return not any(box.overlaps(other) for other in self._taken)

    def _covered(self, box: Box) -> int:
        return sum(box.has(x, y) for x, y in self._dots)


def _around(x: float, y: float, wide: float, size: float) -> Iterable[tuple[float, float]]:
    """Yield where a text may begin that belongs to a point: to its sides, above and below, then further away."""
    for away in (8.0, 16.0, 28.0, 42.0):
        for rise in (size * 0.35, -away, away + size * 0.8):
            yield x + away, y + rise
            yield x - away - wide, y + rise
        yield x - wide / 2, y - away
        yield x - wide / 2, y + away + size * 0.8
