"""Draws how far off the grid frames were taken, on a logarithmic scale. Knows frames; measures nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from controller.plan.svg import Svg

CAPTION = "How far each frame was off the grid from the first one, for each way of shooting at an interval"
_INK, _FAINT = "#333333", "#dddddd"

_WIDTH, _LEFT, _RIGHT = 830, 70, 650
_LEAST, _MOST = 3, 11  # decades of nanoseconds: 1 us to 100 s
_DECADE = 36
_TICKS = ("1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s")
_TOP = 44
_BOTTOM = _TOP + (_MOST - _LEAST) * _DECADE
_NAME_HEIGHT = 15


@dataclass(frozen=True, slots=True)
class Curve:
    """A name, a colour, and for each frame its slot and how far off the grid it was, in nanoseconds."""

    name: str
    colour: str
    deviations: Sequence[tuple[int, int]]


def draw(curves: Sequence[Curve], slots: int) -> str:
    """Return the drawing, with the first curve on top."""
    svg = Svg()
    text = "How far off the grid from the first frame, early or late (logarithmic)"
    svg.text(16, _TOP - 18, text, fill="#000000", font_weight=600, font_size=13)
    _draw_axes(svg, slots)
    for index in reversed(range(len(curves))):
        _draw_curve(svg, curves[index], slots, width=1.8 if index == 0 else 1.2)
    _draw_names(svg, curves, slots)
    return svg.document(_WIDTH, _BOTTOM + 36, CAPTION)


def _draw_axes(svg: Svg, slots: int) -> None:
    for index, tick in enumerate(_TICKS):
        y = _BOTTOM - index * _DECADE
        svg.line(_LEFT, y, _RIGHT, y, stroke=_FAINT)
        svg.text(_LEFT - 8, y + 4, tick, text_anchor="end", fill=_INK, font_size=11)
    for quarter in range(5):
        slot = slots * quarter // 4
        x = _x(slot, slots)
        svg.line(x, _BOTTOM, x, _BOTTOM + 4, stroke=_INK)
        svg.text(x, _BOTTOM + 18, f"{slot}", text_anchor="middle", fill=_INK, font_size=11)
    svg.text(_LEFT - 8, _BOTTOM + 18, "frame", text_anchor="end", fill=_INK, font_size=11)


def _draw_curve(svg: Svg, curve: Curve, slots: int, *, width: float) -> None:
    points = [
        (_x(slot, slots), _y(off_ns)) for slot, off_ns in curve.deviations[1:]
    ]  # the first one defines the grid
    svg.path(*points, fill="none", stroke=curve.colour, stroke_width=width)
    for x, y in points:
        svg.rect(x - 1.5, y - 1.5, 3, 3, fill=curve.colour)


def _draw_names(svg: Svg, curves: Sequence[Curve], slots: int) -> None:
    """Write the name of each curve at its end, one above the other where curves end close together."""
    lowest = float(_BOTTOM + _NAME_HEIGHT)
    ends = sorted(((_y(curve.deviations[-1][1]), index) for index, curve in enumerate(curves)), reverse=True)
    for end, index in ends:
        lowest = min(end, lowest - _NAME_HEIGHT)
        x = _x(curves[index].deviations[-1][0], slots) + 8
        looks = {"font_weight": 700 if index == 0 else 600, "font_size": 11, "paint_order": "stroke"}
        svg.text(
            x,
            lowest + 4,
            curves[index].name.replace("`", ""),
            fill=curves[index].colour,
            stroke="#ffffff",
            stroke_width=3,
            **looks,
        )


def _x(slot: int, slots: int) -> float:
    return _LEFT + (_RIGHT - _LEFT) * slot / slots


def _y(off_ns: int) -> float:
    return _BOTTOM - (log10(min(max(abs(off_ns), 10**_LEAST), 10**_MOST)) - _LEAST) * _DECADE
