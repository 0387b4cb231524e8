"""Draws a plan as one document in SVG: the night of a ramp, and one frame. The same plan gives the same bytes."""

import textwrap
from collections.abc import Iterator

from config.units import format_long
from controller.core.events import ClockRead
from controller.plan.diagram import FADE, draw_frame, draw_plan
from controller.plan.exposures import ExposurePlan
from controller.plan.labels import LETTER, width
from controller.plan.night import draw_night
from controller.plan.night_looks import (
    BADGE,
    BULB,
    FAINT,
    GUIDE,
    HATCH_DEFINITION,
    INK,
    LEFT,
    LIGHT,
    MARGIN,
    PHONE,
    REFUSED,
    ROW,
    SMALL,
    STEP,
    WIDTH,
    draw_badge,
)
from controller.plan.night_text import call_line, limit_lines, moon_line
from controller.plan.planning import FramePlan
from controller.plan.scales import Hours
from controller.plan.svg import Svg
from controller.plan.text import hours_of

_RIGHT = WIDTH - MARGIN
_SAMPLE = 22.0  # length of a line in the legend


def draw(plan: FramePlan, clock: ClockRead | None) -> str:
    """Return the SVG of a plan: of a frame, and above it the exposures of the run if they change."""
    if plan.ramp is None:
        return draw_plan(plan)
    svg, hours = Svg(), hours_of(plan.ramp, clock)
    title = _title(plan, hours)
    svg.text(MARGIN, 26, title, font_size=15, font_weight="600", fill=INK)
    y = 30.0
    for line in _below_title(plan, plan.ramp, hours):
        y += ROW
        svg.text(MARGIN, y, line, fill=FAINT, font_size=SMALL)
    y = draw_night(svg, plan.ramp, hours, y + 14, WIDTH)
    y = _legend(svg, plan.ramp, y + 22, WIDTH)
    y = _notes(svg, plan, hours, y + 8) + 16
    svg.line(MARGIN, y, _RIGHT, y, stroke=GUIDE, stroke_width=1)
    y = draw_frame(svg, plan, y + 4)
    return svg.document(WIDTH, y, f"The plan of a run: {title}", FADE + HATCH_DEFINITION)


def draw_for_phone(plan: FramePlan, clock: ClockRead | None) -> str:
    """Return the SVG of the exposures of a run alone, as wide as a phone; of a frame where they do not change."""
    if plan.ramp is None:
        return draw_plan(plan)
    svg, hours = Svg(), hours_of(plan.ramp, clock)
    y = _legend(svg, plan.ramp, draw_night(svg, plan.ramp, hours, 8, PHONE) + 14, PHONE)
    return svg.document(PHONE, y + 10, f"The exposures of a run: {_title(plan, hours)}", HATCH_DEFINITION)


def _title(plan: FramePlan, hours: Hours) -> str:
    frames = f"{plan.run.count} frames" if plan.run.count else "frames until it is stopped"
    camera = plan.contacts.partition(": ")[0]
    first, last = hours.local(0), hours.local(hours.length_ns)
    if first is None or last is None:
        return f"{camera}: {frames} in {format_long(round(hours.length_ns, -9))}"
    last_day = "" if first.date() == last.date() else f"{last:%a} {last.day} {last:%b} "
    return (
        f"{camera}: {frames}, {first:%a} {first.day} {first:%b} {first.year} {first:%H:%M} to {last_day}{last:%H:%M}"
    )


def _below_title(plan: FramePlan, ramp: ExposurePlan, hours: Hours) -> Iterator[str]:
    last = "" if plan.run.every_end_ns is None else f" at first, {format_long(plan.run.every_end_ns)} at the end"
    place = "" if ramp.site is None else f" at {ramp.site}"
    clocks = "" if hours.first_utc_ns is None or str(hours.zone) == "local" else f", clocks of {hours.zone}"
    yield f"a frame every {format_long(plan.run.every_ns)}{last}{place}{clocks}"
    if ramp.moon is not None:
        yield moon_line(ramp.moon)


def _legend(svg: Svg, ramp: ExposurePlan, y: float, wide: float) -> float:
    """Draw what the lines are, in rows; returns where that ends."""
    rows: list[tuple[str, str, dict[str, str | float]]] = [("bulb exposure", BULB, {"stroke_width": 2.5})]
    if ramp.calls:
        rows += [
            ("without the hand-steps", LIGHT, {"stroke_width": 1.5, "stroke_dasharray": "4 3"}),
            ("hand-step", STEP, {"stroke_width": 1.5, "stroke_dasharray": "2 3"}),
        ]
    x = LEFT
    for text, colour, looks in rows:
        ends = x + _SAMPLE + 6 + width(text, SMALL)
        if ends > wide - MARGIN:
            x, y, ends = LEFT, y + ROW, ends - x + LEFT
        svg.line(x, y + 8, x + _SAMPLE, y + 8, stroke=colour, **looks)
        svg.text(x + _SAMPLE + 6, y + 12, text, fill=INK, font_size=SMALL)
        x = ends + 16
    return y + 16


def _notes(svg: Svg, plan: FramePlan, hours: Hours, y: float) -> float:
    """Write the hand-steps, the limits, the warnings and the refusals; returns where that ends."""
    if plan.ramp is not None:
        for number, call in enumerate(plan.ramp.calls, 1):
            draw_badge(svg, number, MARGIN + BADGE, y + ROW)
            y = _wrapped(svg, call_line(call, hours), STEP, y + 1, MARGIN + 2 * BADGE + 6)
        for text in limit_lines(plan.ramp):
            y = _wrapped(svg, text, INK, y)
    for text in plan.warnings:
        y = _wrapped(svg, f"warning: {text}", INK, y)
    for text in plan.refusals:
        y = _wrapped(svg, f"refused: {text}", REFUSED, y)
    return y


def _wrapped(svg: Svg, text: str, colour: str, y: float, x: float = MARGIN) -> float:
    for line in textwrap.wrap(text, int((_RIGHT - x) / (SMALL * LETTER))):
        y += ROW
        svg.text(x, y, line, fill=colour, font_size=SMALL)
    return y
