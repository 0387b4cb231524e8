"""Draws what the photographer did in a run: a row for each hand-step, called and confirmed, and rows of trims."""

from collections.abc import Iterator

from config.record import dataclass
from config.stops import format_stops
from controller.journal import by_hand
from controller.journal.looks import END, GUIDE, LEFT, LETTER, PAPER, RIGHT, ROW, STEP, TRIM, TimeScale
from controller.journal.planned import Plan
from controller.journal.records import RunRecord
from controller.plan.svg import Svg

_MARK = 7.0
_MOST_TRIM_ROWS = 3
_ROW_TEXT: dict[str, str | float] = {"font_size": 11}


@dataclass(frozen=True, slots=True)
class _StepRow:
    """A hand-step: where it was called and where it was confirmed, None if it was not in the time of the picture."""

    number: int
    called: float | None
    confirmed: float | None
    change: str

    @property
    def text(self) -> str:
        """What was to be changed, and whether nobody confirmed that."""
        return ", ".join(filter(None, (self.change, "" if self.confirmed is not None else "not confirmed")))


def draw_steps(svg: Svg, run: RunRecord, plan: Plan, time: TimeScale, y: float) -> float:
    """Draw the hand-steps from y downwards: a ring where each was called, a disc where it was confirmed."""
    for row in _step_rows(run, plan, time):
        _name(svg, f"hand-step {row.number}", STEP, y)
        marks = [x for x in (row.called, row.confirmed) if x is not None]
        svg.line(min(marks), y + 8, max(marks), y + 8, stroke=STEP, stroke_width=2)
        if row.called is not None:
            _disc(svg, row.called, y, fill=PAPER, stroke=STEP, stroke_width=1.5)
        if row.confirmed is not None:
            _disc(svg, row.confirmed, y, fill=STEP)
        if row.text:
            _beside(svg, row.text, min(marks), max(marks), y)
        y += ROW
    return y


def draw_trims(svg: Svg, run: RunRecord, plan: Plan, time: TimeScale, y: float) -> float:
    """Draw the trims from y downwards, on as many rows as their texts need; the last row has marks without texts."""
    ends: list[float] = []
    for slot, trim in by_hand.trims(run.moves):
        x, text = _x(time, plan.grid.due_ns(slot) - plan.grid.t0_ns), format_stops(trim)
        if x is None:
            continue
        row = next((k for k, end in enumerate(ends) if end < x - _MARK), len(ends))
        row_y = y + row * ROW
        if row == len(ends):
            _name(svg, "" if ends else "trimmed to", TRIM, row_y)
            ends.append(0.0)
        if row < _MOST_TRIM_ROWS:
            ends[row] = x + _MARK + len(text) * LETTER
            svg.text(x + _MARK, row_y + 12, text, fill=TRIM, **_ROW_TEXT)
        svg.line(x, row_y + 3, x, row_y + 13, stroke=TRIM, stroke_width=2)
    return y + len(ends) * ROW


def _step_rows(run: RunRecord, plan: Plan, time: TimeScale) -> Iterator[_StepRow]:
    t0_ns, steps = plan.grid.t0_ns, () if plan.ramp is None else plan.ramp.steps
    called = {k: placed.at_ns - t0_ns for k, placed in enumerate(steps, 1)}
    confirmed = {number: plan.grid.due_ns(slot) - t0_ns for slot, number in by_hand.confirmed(run.moves)}
    for number in sorted(called | confirmed):
        marks = [_x(time, each.get(number)) for each in (called, confirmed)]
        step = steps[number - 1].step if number <= len(steps) else None
        change = "" if step is None else step.setting or f"{format_stops(step.sixths)} stops"
        if marks != [None, None]:
            yield _StepRow(number, marks[0], marks[1], change)


def _x(time: TimeScale, at_ns: int | None) -> float | None:
    return None if at_ns is None or not time.has(at_ns) else time.x(at_ns)


def _name(svg: Svg, name: str, colour: str, y: float) -> None:
    if name:
        svg.text(LEFT - 8, y + 12, name, text_anchor="end", fill=colour, font_weight="600", **_ROW_TEXT)
    svg.line(LEFT, y + 8, RIGHT, y + 8, stroke=GUIDE, stroke_width=1)


def _disc(svg: Svg, x: float, y: float, **looks: str | float) -> None:
    svg.circle(x, y + 8, _MARK / 2, **looks)


def _beside(svg: Svg, text: str, first: float, last: float, y: float) -> None:
    """Write a text after the last mark of a row, before the first one if there is no room, or not at all."""
    width = len(text) * LETTER
    if last + _MARK + width <= END:
        svg.text(last + _MARK, y + 12, text, fill=STEP, **_ROW_TEXT)
    elif first - _MARK - width >= LEFT:
        svg.text(first - _MARK, y + 12, text, fill=STEP, text_anchor="end", **_ROW_TEXT)
