"""Draws the exposures of a run: the planned ones as a line, what was done as dots, below them what was done by hand.

Exposures are to scale in stops, and time as in the rest of the picture. A frame that was lost leaves a gap.
"""

import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, floor

from config.files import Pause
from config.record import dataclass
from controller.journal.by_hand_rows import draw_steps, draw_trims
from controller.journal.looks import (
    DONE,
    DOT,
    GUIDE,
    INK,
    LEFT,
    LETTER,
    PLACES,
    RIGHT,
    SMALL,
    STEP,
    TimeScale,
    dot_x,
)
from controller.journal.planned import Plan
from controller.journal.records import RunRecord
from controller.plan.scales import speed, speeds, stops_of
from controller.plan.svg import Svg

_HEIGHT = 150.0
_LINE = 15.0  # from one line of text to the next
_FEW, _LARGE_DOT = PLACES // 2, 5.0  # so many dots may be larger
_LEAST_STOPS, _MOST_LABELS = 2, 8  # of the axis


@dataclass(frozen=True, slots=True)
class Bulb:
    """A bulb exposure: when it was due after the first slot, how long it was asked to be, and how long it was."""

    at_ns: int
    asked_ns: int
    exposed_ns: int


class ExposurePanel:
    """The exposures of one run, for a picture with that time scale."""

    def __init__(self, run: RunRecord, plan: Plan, bulbs: Sequence[Bulb], time: TimeScale, pause: Pause) -> None:
        self._run, self._plan, self._time, self._pause = run, plan, time, pause
        self._planned: list[tuple[float, float]] = []
        self._done: dict[int, list[float]] = defaultdict(list)  # by column
        for at_ns, exposure_ns in plan.course(time.last_ns, PLACES):
            pause()
            self._planned.append((time.x(at_ns), stops_of(round(exposure_ns))))
        for bulb in bulbs:
            pause()
            self._done[time.place(bulb.at_ns)].append(stops_of(bulb.exposed_ns))
        self._dot = _LARGE_DOT if len(bulbs) <= _FEW else DOT
        stops = [*(each for _, each in self._planned), *(each for column in self._done.values() for each in column)]
        self._low = floor(min(stops, default=0.0))
        self._high = max(ceil(max(stops, default=0.0)), self._low + _LEAST_STOPS)

    def draw(self, svg: Svg, y: float) -> float:
        """Draw the panel from y downwards; returns where it ends."""
        top = self._legend(svg, y) + 12
        self._axis(svg, top)
        for placed in () if self._plan.ramp is None else self._plan.ramp.steps:
            at_ns = placed.at_ns - self._plan.grid.t0_ns
            if self._time.has(at_ns):
                x = self._time.x(at_ns)
                svg.line(x, top, x, top + _HEIGHT, stroke=STEP, stroke_width=1, stroke_dasharray="2 3")
        self._curves(svg, top)
        y = draw_steps(svg, self._run, self._plan, self._time, top + _HEIGHT + 10)
        return draw_trims(svg, self._run, self._plan, self._time, y)

    def _legend(self, svg: Svg, y: float) -> float:
        """Write what the line and the dots are, and why one of them is missing; returns the last base line."""
        svg.text(LEFT - 8, y, "exposure", text_anchor="end", font_size=11, fill=INK, font_weight="600")
        if self._planned:
            svg.line(LEFT, y - 4, LEFT + 22, y - 4, stroke=INK, stroke_width=1)
            svg.text(LEFT + 28, y, "planned", **SMALL)
        if self._done:
            svg.rect(LEFT + 96, y - 4 - self._dot / 2, self._dot, self._dot, fill=DONE, rx=1)
            svg.text(LEFT + 108, y, "done", **SMALL)
        for line in self._missing():
            y += _LINE
            svg.text(LEFT, y, line, **SMALL)
        return y

    def _missing(self) -> Iterator[str]:
        if self._plan.why_not:
            yield from textwrap.wrap(f"the plan is not drawn: {self._plan.why_not}", int((RIGHT - LEFT) / LETTER))
        if not self._done:
            yield "what was done is not drawn: the journal has no exposure of this run"

    def _axis(self, svg: Svg, top: float) -> None:
        for stops in speeds(self._low, self._high, _MOST_LABELS):
            y = self._y(stops, top)
            svg.line(LEFT, y, RIGHT, y, stroke=GUIDE, stroke_width=1)
            svg.text(LEFT - 8, y + 4, speed(stops), text_anchor="end", **SMALL)

    def _curves(self, svg: Svg, top: float) -> None:
        if self._planned:
            corners = [(x, self._y(stops, top)) for x, stops in self._planned]
            only = [(corners[0][0] + DOT, corners[0][1])] if len(corners) == 1 else []
            svg.path(*corners, *only, fill="none", stroke=INK, stroke_width=1, stroke_linejoin="round")
        for place, column in sorted(self._done.items()):
            self._pause()
            x, ys = dot_x(place) + (DOT - self._dot) / 2, sorted(self._y(stops, top) for stops in column)
            for first, last in _joined(ys):
                svg.rect(x, first - self._dot / 2, self._dot, last - first + self._dot, fill=DONE, rx=1)

    def _y(self, stops: float, top: float) -> float:
        return top + _HEIGHT * (self._high - stops) / (self._high - self._low)


def _joined(ys: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Yield the first and the last of each group of ascending positions so near to each other that dots touch."""
    begins = ys[0]
    for before, after in pairwise((*ys, float("inf"))):
        if after - before > DOT:
            yield begins, before
            begins = after
