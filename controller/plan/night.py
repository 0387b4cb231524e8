"""Draws the exposures of a run in SVG: stops against the time of day, with the sky, the sun and the interval.

Knows the data of a plan, and how it looks; the same plan always gives the same bytes.
"""

from collections.abc import Iterator
from itertools import groupby, pairwise
from math import hypot

from config.units import format_long
from controller.plan.curves import Point, simplified
from controller.plan.exposures import ExposurePlan, PlannedFrame
from controller.plan.labels import Box, Label, Labels, width
from controller.plan.night_events import draw_events, draw_skies, events_height
from controller.plan.night_looks import (
    BADGE,
    BETWEEN,
    BOUND,
    BULB,
    BULB_HEIGHT,
    FAINT,
    GUIDE,
    HALO,
    HATCH,
    INK,
    INTERVAL_HEIGHT,
    LEFT,
    LIGHT,
    MARGIN,
    REFUSED,
    ROW,
    SMALL,
    STEP,
    SUN,
    SUN_HEIGHT,
    badge_box,
    draw_badge,
    panel,
)
from controller.plan.scales import Hours, Scale, rounded, speed, speeds, stops_of
from controller.plan.svg import Svg

_MOST_SPEEDS = 14
_TIME = 72.0  # pixels from one time to the next, at least
_DEGREES = (1, 2, 3, 6, 12, 30)  # between two labels of the sun's height
_NEAR = 3.0  # stops from the exposures to a bound, beyond which it is not drawn
_NEXT = 12.0  # pixels from a point to its label, beyond which a line joins them
_DOT = 4.0  # pixels between points of a curve that labels keep away from
_CLEAR = 6.0  # pixels above the lower end of a panel, that no mark of its axis is in
_SPACE = 0.5  # stops above and below what is drawn


def draw_night(svg: Svg, plan: ExposurePlan, hours: Hours, y: float, wide: float) -> float:
    """Draw the exposures of a run from y downwards, in a drawing so wide; returns where that ends."""
    return _Night(svg, plan, hours, y, wide).draw()


class _Night:
    """Panels over the same time: the exposures, the sun, the interval."""

    def __init__(self, svg: Svg, plan: ExposurePlan, hours: Hours, y: float, wide: float) -> None:
        self._svg, self._plan, self._hours = svg, plan, hours
        self._time = Scale(0, max(1, hours.length_ns), LEFT, wide - MARGIN)
        self._has_sun = plan.frames[0].sun_deg is not None
        self._top = y + events_height(plan, hours, self._time)
        self._bulb = panel(self._top, BULB_HEIGHT, wide)
        self._sun = panel(self._bulb.bottom + BETWEEN, SUN_HEIGHT if self._has_sun else 0, wide)
        self._interval = panel(self._sun.bottom + (BETWEEN if self._has_sun else 0), INTERVAL_HEIGHT, wide)
        self._stops = _stops_scale(plan, self._bulb)
        self._labels = Labels(self._bulb, list(self._dots()))

    def draw(self) -> float:
        """Draw all panels; returns where they end."""
        panels = [self._bulb, *([self._sun] if self._has_sun else []), self._interval]
        draw_skies(self._svg, self._plan, self._hours, self._time, panels)
        self._speeds()
        self._bounds()
        draw_events(self._svg, self._plan, self._hours, self._time, panels)
        self._curves()
        self._calls()
        self._keys()
        self._bound_labels()
        if self._has_sun:
            self._sun_curve()
        self._intervals()
        return self._times(panels)

    # -- the exposures ---------------------------------------------------------------------------------------

    def _speeds(self) -> None:
        self._name(self._bulb, "bulb")
        for stops in speeds(self._stops.first, self._stops.last, _MOST_SPEEDS):
            y = self._stops.at(stops)
            self._svg.line(LEFT, y, self._time.ends, y, stroke=GUIDE, stroke_width=1)
            if y < self._bulb.bottom - _CLEAR:
                self._mark(y, speed(stops))

    def _bounds(self) -> None:
        """Hatch what is too short, and what is too long for the interval or the camera."""
        least = self._stops.at(stops_of(self._plan.least_ns))
        if least < self._bulb.bottom:
            self._svg.rect(LEFT, least, self._time.ends - LEFT, self._bulb.bottom - least, fill=HATCH)
            self._svg.line(LEFT, least, self._time.ends, least, stroke=BOUND, stroke_width=1)
        most = simplified([(self._time.at(each.after_ns), self._most(each)) for each in self._roomy()])
        line = [(LEFT, most[0][1]), *most, (self._time.ends, most[-1][1])]
        if any(y > self._bulb.top for _, y in most):
            self._svg.path((LEFT, self._bulb.top), *line, (self._time.ends, self._bulb.top), fill=HATCH)
            self._svg.path(*line, fill="none", stroke=BOUND, stroke_width=1)

    def _bound_labels(self) -> None:
        bounds = (
            (f"shortest bulb {rounded(self._plan.least_ns)}", stops_of(self._plan.least_ns), 13.0),
            (f"longest that fits {rounded(self._plan.most_ns)}", stops_of(self._plan.most_ns), -5.0),
        )
        for text, stops, shift in bounds:
            y = self._stops.at(stops)
            if self._bulb.top < y < self._bulb.bottom:
                wide = width(text, SMALL)
                self._write(
                    self._labels.at(
                        text,
                        SMALL,
                        [
                            (x, y + shift)
                            for x in (self._time.ends - wide - 6, LEFT + 6, (LEFT + self._time.ends) / 2)
                        ],
                    ),
                    INK,
                )

    def _curves(self) -> None:
        if self._plan.calls:
            looks: dict[str, str | float] = {"stroke_dasharray": "4 3", "stroke_opacity": 0.75}
            self._svg.path(*simplified(self._light()), fill="none", stroke=LIGHT, stroke_width=1.5, **looks)
        bulb: dict[str, str | float] = {"fill": "none", "stroke_linejoin": "round"}
        self._svg.path(*simplified(self._exposed()), stroke=BULB, stroke_width=2.5, **bulb)
        for spots in self._beyond():
            self._svg.path(*simplified(spots), stroke=REFUSED, stroke_width=5, stroke_linecap="round", **bulb)

    def _beyond(self) -> Iterator[list[Point]]:
        """Yield the parts of the curve that are too short or too long."""
        spots = zip(self._plan.frames, self._exposed(), strict=True)
        for is_beyond, part in groupby(spots, key=lambda spot: self._is_beyond(spot[0])):
            if is_beyond:
                yield [point for _, point in part]

    def _is_beyond(self, frame: PlannedFrame) -> bool:
        return not self._plan.least_ns <= frame.exposure_ns <= frame.most_ns

    def _keys(self) -> None:
        for key in self._plan.keys:
            if not 0 <= key.after_ns <= self._hours.length_ns:
                continue
            x, y = self._time.at(key.after_ns), self._stops.at(stops_of(key.exposure_ns))
            self._svg.circle(x, y, 4.5, fill=BULB, stroke="#ffffff", stroke_width=1.5)
            self._labels.take(Box(x - 5, y - 5, x + 5, y + 5))
            label = self._labels.beside(f"{key.moment}  {rounded(key.exposure_ns)}", SMALL, x, y)
            if label is not None:
                self._lead(label, x, y)
            self._write(label, INK, weight="600")

    def _lead(self, label: Label, x: float, y: float) -> None:
        """Draw a line from a point to its label if that is not next to it."""
        near_x, near_y = label.box.nearest(x, y)
        if hypot(near_x - x, near_y - y) > _NEXT:
            self._svg.line(x, y, near_x, near_y, stroke=INK, stroke_width=0.75)

    def _calls(self) -> None:
        """Draw a line, a number and the change for each hand-step in the run."""
        for number, call in enumerate(self._plan.calls, 1):
            if not 0 <= call.after_ns <= self._hours.length_ns:
                continue
            x = self._time.at(call.after_ns)
            looks: dict[str, str | float] = {"stroke_dasharray": "2 3", "stroke_width": 1.5}
            self._svg.line(x, self._bulb.top, x, self._bulb.bottom, stroke=STEP, **looks)
            label = self._call_label(call.change, x)
            y = (
                label.y
                if label is not None
                else next((row for row in self._rows() if self._fits(x, row)), self._top + 14)
            )
            draw_badge(self._svg, number, x, y)
            self._labels.take(badge_box(x, y))
            if label is not None:
                self._labels.take(label.box)
                self._write(label, STEP, weight="600")

    def _call_label(self, change: str, x: float) -> Label | None:
        """Return the label of a hand-step: the highest place with room for it and the number on the line at x."""
        shifts = (BADGE + 4, -BADGE - 4 - width(change, SMALL))
        labels = (Label(change, x + shift, y, SMALL) for y in self._rows() for shift in shifts)
        return next((label for label in labels if self._labels.is_free(label.box) and self._fits(x, label.y)), None)

    def _fits(self, x: float, y: float) -> bool:
        """Return whether the number of a hand-step has room at the base line y."""
        return self._labels.is_clear(badge_box(x, y))

    def _rows(self) -> Iterator[float]:
        """Yield the base lines that a hand-step may be written on."""
        yield from (self._top + 14 + row * ROW for row in range(int(BULB_HEIGHT / ROW)))

    def _write(self, label: Label | None, colour: str, weight: str = "400") -> None:
        if label is not None:
            looks: dict[str, str | float] = {"font_size": SMALL, "font_weight": weight, **HALO}
            self._svg.text(label.x, label.y, label.text, fill=colour, **looks)

    def _exposed(self) -> list[Point]:
        return [
            (self._time.at(each.after_ns), self._stops.at(stops_of(each.exposure_ns))) for each in self._plan.frames
        ]

    def _light(self) -> list[Point]:
        return [(self._time.at(each.after_ns), self._stops.at(each.light_stops)) for each in self._plan.frames]

    def _dots(self) -> Iterator[Point]:
        """Yield points of the curves and of the hand-steps, close together."""
        for curve in (self._exposed(), self._light() if self._plan.calls else []):
            for (x1, y1), (x2, y2) in pairwise(simplified(curve)):
                count = int(hypot(x2 - x1, y2 - y1) / _DOT) + 1
                yield from ((x1 + (x2 - x1) * k / count, y1 + (y2 - y1) * k / count) for k in range(count))
        for call in self._plan.calls:
            rows = range(int(self._bulb.top), int(self._bulb.bottom), int(_DOT))
            yield from ((self._time.at(call.after_ns), y) for y in rows)

    # -- the sun, the interval and the time ------------------------------------------------------------------

    def _sun_curve(self) -> None:
        heights = [each.sun_deg or 0.0 for each in self._plan.frames]
        low, high = min(heights) - 1, max(*heights, 0.0) + 1
        scale = Scale(low, high, self._sun.bottom, self._sun.top)
        apart = next((each for each in _DEGREES if (high - low) / each <= SUN_HEIGHT / ROW), _DEGREES[-1])
        for height in range(int(low // apart) * apart, int(high) + 1, apart):
            if low <= height <= high:
                y = scale.at(height)
                looks: dict[str, str | float] = {"stroke": FAINT if height == 0 else GUIDE, "stroke_width": 1}
                self._svg.line(LEFT, y, self._time.ends, y, **looks)
                if y < self._sun.bottom - _CLEAR:
                    self._mark(y, f"{height}\N{DEGREE SIGN}")
        self._name(self._sun, "sun")
        spots = zip((self._time.at(each.after_ns) for each in self._plan.frames), map(scale.at, heights), strict=True)
        self._svg.path(*simplified(list(spots)), fill="none", stroke=SUN, stroke_width=2)

    def _intervals(self) -> None:
        """Draw the interval, and how much of it is exposed."""
        rooms = [each.room_ns or 0 for each in self._roomy()]
        scale = Scale(0, max(*rooms, 1), self._interval.bottom, self._interval.top)
        base = self._interval.bottom
        filled = simplified(
            [(self._time.at(each.after_ns), scale.at(each.exposure_ns)) for each in self._plan.frames]
        )
        self._svg.path((LEFT, base), *filled, (self._time.ends, base), fill=BULB, fill_opacity=0.25)
        line = [(self._time.at(each.after_ns), scale.at(each.room_ns or 0)) for each in self._roomy()]
        self._svg.path(*simplified(line), (self._time.ends, line[-1][1]), fill="none", stroke=INK, stroke_width=1.5)
        self._mark(self._interval.top, rounded(max(rooms)))
        self._mark(base, "0s")
        self._name(self._interval, "interval")

    def _times(self, panels: list[Box]) -> float:
        """Draw the time axis below the panels; returns where it ends."""
        y = panels[-1].bottom
        self._svg.line(LEFT, y, self._time.ends, y, stroke=FAINT, stroke_width=1)
        middle: dict[str, str | float] = {"font_size": SMALL, "text_anchor": "middle"}
        for at_ns, label in self._hours.marks(int((self._time.ends - LEFT) / _TIME)):
            x = self._time.at(at_ns)
            self._svg.line(x, y, x, y + 4, stroke=FAINT, stroke_width=1)
            self._svg.text(min(x, self._time.ends - width(label, SMALL) / 2), y + 17, label, fill=INK, **middle)
        for at_ns, change_ns in self._hours.changes():
            text = f"clocks go {'forward' if change_ns > 0 else 'back'} {format_long(abs(change_ns))}"
            half = width(text, SMALL) / 2
            x = min(max(self._time.at(at_ns), LEFT + half), self._time.ends - half)
            self._svg.text(x, y + 17 + ROW, text, fill=FAINT, **middle)
        return y + 17 + ROW * any(True for _ in self._hours.changes())

    def _roomy(self) -> tuple[PlannedFrame, ...]:
        """Return the frames that another one follows, or all of them."""
        return tuple(each for each in self._plan.frames if each.room_ns is not None) or self._plan.frames

    def _most(self, frame: PlannedFrame) -> float:
        return self._stops.at(stops_of(frame.most_ns))

    def _name(self, box: Box, name: str) -> None:
        """Write what a panel shows, above its axis."""
        looks: dict[str, str | float] = {"font_size": SMALL, "font_weight": "600", "text_anchor": "end"}
        self._svg.text(LEFT - 7, box.top - 9, name, fill=INK, **looks)

    def _mark(self, y: float, text: str) -> None:
        self._svg.text(LEFT - 7, y + 4, text, text_anchor="end", fill=FAINT, font_size=SMALL)


def _stops_scale(plan: ExposurePlan, box: Box) -> Scale:
    """Return the scale of exposures: with both bounds where they are near."""
    drawn = [stops_of(each.exposure_ns) for each in plan.frames]
    drawn += [each.light_stops for each in plan.frames] if plan.calls else []
    low, high = min(drawn), max(drawn)
    least, most = stops_of(plan.least_ns), stops_of(plan.most_ns)
    low = min(low, least) if low - least <= _NEAR else low
    high = max(high, most) if most - high <= _NEAR else high
    return Scale(low - _SPACE, high + _SPACE, box.bottom, box.top)
