"""Draws the exposures of a run in characters: stops against time, with the bounds and the hand-steps.

Knows the data of a plan and how wide the drawing is. Every column shows all the frames in its time.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import ceil, floor

from config.record import dataclass
from controller.plan.exposures import ExposurePlan
from controller.plan.scales import Hours, degrees, speed, speeds, stops_of
from hardware.waveform import ASCII, Marks

LABELS = 9  # columns before the drawing, as in that of a frame
_MOST_ROWS = 14
_MARK_WIDTH = 9  # columns that a label of the axes takes, at least
_BEYOND = 3.0  # stops from the exposures to a bound, beyond which it is not drawn


@dataclass(frozen=True, slots=True)
class _Signs:
    """The characters of a drawing."""

    frame: str
    bound: str
    step: str


_ROUND = _Signs("●", "─", "┆")
_PLAIN = _Signs("#", "-", ":")


def night_chart(plan: ExposurePlan, hours: Hours, marks: Marks, columns: int) -> list[str]:
    """Draw the exposures in at most so many columns; with `marks` of ASCII, in ASCII only."""
    return list(_Chart(plan, hours, _PLAIN if marks == ASCII else _ROUND, columns - LABELS).rows())


class _Chart:
    def __init__(self, plan: ExposurePlan, hours: Hours, signs: _Signs, width: int) -> None:
        self._plan, self._hours, self._signs, self._width = plan, hours, signs, width
        exposures = [stops_of(frame.exposure_ns) for frame in plan.frames]
        low, high = min(exposures), max(exposures)
        bounds = (("shortest", stops_of(plan.least_ns), low), ("longest", stops_of(plan.most_ns), high))
        self._bounds = [(name, at) for name, at, near in bounds if abs(at - near) <= _BEYOND]
        ends = [low, high, *(at for _, at in self._bounds)]
        self._low, high = floor(min(ends)), ceil(max(ends))
        self._apart = max(1, ceil((high - self._low) / _MOST_ROWS))  # stops a row
        self._count = (high - self._low) // self._apart + 1
        self._cells = [[" "] * width for _ in range(self._count)]

    def rows(self) -> Iterator[str]:
        """Yield the rows: hand-steps, exposures, the time, the sun."""
        labels = self._speeds()
        for name, at in self._bounds:
            self._cells[self._row(at)] = [self._signs.bound] * self._width
            labels[self._row(at)] = name
        calls = [(self._column(call.after_ns), str(k)) for k, call in enumerate(self._plan.calls, 1)]
        for column, _ in calls:
            self._fill(column, range(self._count), self._signs.step)
        self._draw_frames()
        if calls:
            yield self._line("by hand", "".join(_spread(calls, self._width)))
        for label, cells in zip(reversed(labels), reversed(self._cells), strict=True):
            yield self._line(label, "".join(cells))
        yield from self._axes()

    def _speeds(self) -> list[str]:
        high = self._low + (self._count - 1) * self._apart
        marked = speeds(self._low, high, _MOST_ROWS)
        rows = (self._low + row * self._apart for row in range(self._count))
        return [speed(stops) if stops in marked or self._apart > 1 else "" for stops in rows]

    def _draw_frames(self) -> None:
        """Mark the rows of each column that its frames are in, and those passed since the frame before."""
        spots = [(self._column(each.after_ns), self._row(stops_of(each.exposure_ns))) for each in self._plan.frames]
        for column, row in spots:
            self._fill(column, [row], self._signs.frame)
        for (first, low), (last, high) in pairwise(spots):
            for column in range(first + 1, last):  # frames far apart
                self._fill(column, [round(low + (high - low) * (column - first) / (last - first))], self._signs.frame)

    def _axes(self) -> Iterator[str]:
        marks = [(self._column(at_ns), label) for at_ns, label in self._hours.marks(self._width // _MARK_WIDTH)]
        yield self._line("", "".join(_spread(marks, self._width)))
        suns = [(column, self._sun(column)) for column, _ in marks]
        if any(text for _, text in suns):
            yield self._line("sun", "".join(_spread(suns, self._width)))

    def _sun(self, column: int) -> str:
        nearest = min(self._plan.frames, key=lambda frame: abs(self._column(frame.after_ns) - column))
        return "" if nearest.sun_deg is None else degrees(nearest.sun_deg, 0)

    def _column(self, after_ns: int) -> int:
        return min(self._width - 1, max(0, after_ns * self._width // max(1, self._hours.length_ns)))

    def _row(self, stops: float) -> int:
        return min(self._count - 1, max(0, round((stops - self._low) / self._apart)))

    def _fill(self, column: int, rows: Iterable[int], sign: str) -> None:
        for row in rows:
            self._cells[row][column] = sign

    @staticmethod
    def _line(label: str, text: str) -> str:
        return f"{label:<{LABELS}}{text}".rstrip()


def _spread(texts: Iterable[tuple[int, str]], width: int) -> list[str]:
    """Return a row of texts that begin in their columns; those without room are left out."""
    row, free = [" "] * width, 0
    for column, text in texts:
        if column >= free and column + len(text) <= width:
            row[column : column + len(text)] = text
            free = column + len(text) + 1
    return row
