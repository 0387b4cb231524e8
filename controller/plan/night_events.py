"""Draws the sky behind the panels of a night: by the sun's height, with sunset, sunrise and the twilights named."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from config.record import dataclass
from controller.plan.exposures import ExposurePlan
from controller.plan.labels import Box, width
from controller.plan.night_looks import FAINT, INK, ROW, SMALL, sky
from controller.plan.night_text import event_text
from controller.plan.scales import Hours, Scale
from controller.plan.svg import Svg

_ASIDE = 4.0  # pixels from a line to its name
_APART = 8.0  # between two names in a row


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of a line at x, in a row above the panels: the row 0 is the lowest."""

    text: str
    x: float
    row: int
    is_left: bool = False  # of its line, where there is no room on the right

    @property
    def begins(self) -> float:
        return self.x - _ASIDE - width(self.text, SMALL) if self.is_left else self.x + _ASIDE

    @property
    def ends(self) -> float:
        return self.begins + width(self.text, SMALL)

    def is_apart(self, other: "_Name") -> bool:
        """Return whether both may be in the same row, or no line goes through the other one's text."""
        if self.row == other.row:
            return self.ends + _APART <= other.begins or other.ends + _APART <= self.begins
        upper, lower = (self, other) if self.row > other.row else (other, self)
        return not lower.begins - 1 <= upper.x <= lower.ends + 1


def events_height(plan: ExposurePlan, hours: Hours, time: Scale) -> float:
    """Return how much room the names need above the panels."""
    return ROW * (1 + max((name.row for name in _names(plan, hours, time)), default=0)) + 4


def draw_events(svg: Svg, plan: ExposurePlan, hours: Hours, time: Scale, panels: Sequence[Box]) -> None:
    """Draw a line through all panels for each event, and its name above."""
    for name in _names(plan, hours, time):
        y = panels[0].top - 4 - ROW * name.row
        svg.line(name.x, y - SMALL + 1, name.x, panels[-1].bottom, stroke=FAINT, stroke_width=1)
        svg.text(name.begins, y, name.text, fill=INK, font_size=SMALL)


def draw_skies(svg: Svg, plan: ExposurePlan, hours: Hours, time: Scale, panels: Sequence[Box]) -> None:
    """Fill the panels with the colours of the sky."""
    for begins, ends, colour in _skies(plan, hours, time):
        for box in panels:
            svg.rect(begins, box.top, ends - begins, box.bottom - box.top, fill=colour)


def _skies(plan: ExposurePlan, hours: Hours, time: Scale) -> Iterator[tuple[float, float, str]]:
    at_ns = [0, *(hours.after_ns(event.at_utc_ns) for event in plan.events), hours.length_ns]
    for begins_ns, ends_ns in pairwise(at_ns):
        middle_ns = (begins_ns + ends_ns) // 2
        frame = min(plan.frames, key=lambda each: abs(each.after_ns - middle_ns))
        if frame.sun_deg is not None:
            yield time.at(begins_ns), time.at(ends_ns), sky(frame.sun_deg)
    if plan.frames[0].sun_deg is None:
        yield time.begins, time.ends, "#f6f8fa"


def _names(plan: ExposurePlan, hours: Hours, time: Scale) -> list[_Name]:
    """Return the names in their rows, each as low as it can be: those in the middle of the run are the lowest."""
    middle = (time.begins + time.ends) / 2
    marks = [(time.at(hours.after_ns(event.at_utc_ns)), event_text(event, hours)) for event in plan.events]
    placed: list[_Name] = []
    for x, text in sorted(marks, key=lambda mark: abs(mark[0] - middle)):
        sides = (x > middle, x <= middle)
        names = [_Name(text, x, row, is_left) for row in range(len(marks)) for is_left in sides]
        inside = [name for name in names if name.begins >= time.begins and name.ends <= time.ends]
        free = (name for name in inside if all(map(name.is_apart, placed)))
        placed.append(next(free, replace(inside[0], row=1 + max((name.row for name in placed), default=0))))
    return placed
