"""Draws the results of the interval rules: lateness over the plan, lost slots, and the frames around the stall.

Knows frames and outcomes, and shows only what the table has too. The same frames give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from benchmarks.rules import Outcome, late_ns
from benchmarks.world import Frame, World
from controller.plan.svg import Svg
from hardware.clock import SECOND_NS

CAPTION = "Lateness of every frame, lost slots, and the frames around the stall, for each rule"
# Colours that colour-blind people can tell apart (Okabe and Ito, "Color Universal Design"); the strongest is the box.
COLOURS = ("#00573f", "#56b4e9", "#0072b2", "#cc79a7", "#d55e00", "#e69f00", "#777777")
_LOST, _INK, _FAINT = "#c00020", "#333333", "#dddddd"

_WIDTH, _LEFT, _RIGHT = 830, 200, 770
_LEAST, _MOST = 4, 13  # decades of nanoseconds: 10 us to 10,000 s
_DECADE = 30
_TICKS = ("10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1,000 s", "10,000 s")
_TOP = 44
_BOTTOM = _TOP + (_MOST - _LEAST) * _DECADE
_LOST_TOP = _BOTTOM + 66
_ROW, _TALL_ROW = 16, 24
_BINS = 190
_BEFORE, _AFTER = 2, 10  # slots around the stall


@dataclass(frozen=True, slots=True)
class Curve:
    """A rule's name, the frames it took, and how well it kept to the plan."""

    name: str
    frames: tuple[Frame, ...]
    outcome: Outcome


def draw(curves: Sequence[Curve], world: World) -> str:
    """Return the drawing, one colour for each curve, with the first curve on top."""
    svg = Svg()
    _draw_lateness(svg, curves, world)
    _draw_lost(svg, curves, world)
    top = _LOST_TOP + len(curves) * _ROW + 62
    _draw_stall(svg, curves, world, top)
    return svg.document(_WIDTH, top + len(curves) * _TALL_ROW + 40, CAPTION)


def _draw_lateness(svg: Svg, curves: Sequence[Curve], world: World) -> None:
    _heading(svg, _TOP - 18, "How late frames began, by the plan (logarithmic; line: median, band: least to most)")
    for index, tick in enumerate(_TICKS):
        y = _BOTTOM - index * _DECADE
        svg.line(_LEFT, y, _RIGHT, y, stroke=_FAINT)
        svg.text(_LEFT - 8, y + 4, tick, text_anchor="end", fill=_INK, font_size=11)
    _draw_slots(svg, world, _BOTTOM + 2)
    for index in reversed(range(len(curves))):
        _draw_curve(svg, curves[index], world, COLOURS[index], width=2.2 if index == 0 else 1.4)
    for index, name, share, below in _labels(curves):
        binned = _bins(curves[index].frames, world)
        _, _, _, most = binned[round(share * (len(binned) - 1))]
        x = _LEFT + share * (_RIGHT - _LEFT)
        svg.text(x, _y(most) + below, name, text_anchor="middle", fill=COLOURS[index], font_weight=600, font_size=11)
    x = _x(world.stalled, world) + 8
    for line, name in enumerate(("late after the stall, then back:", curves[1].name, curves[2].name)):
        top = _y(curves[2].outcome.worst_ns) + 38
        svg.text(x, top + 14 * line, name, fill=COLOURS[2], font_size=11, font_weight=600 if line else 400)


def _labels(curves: Sequence[Curve]) -> tuple[tuple[int, str, float, float], ...]:
    """Return for each label: the curve, the text, where along the plan, and how far below the top of the band."""
    return (
        (0, "the box and two others, on the grid", 0.25, -6),
        (3, curves[3].name, 0.84, 16),
        (4, curves[4].name, 0.33, 20),
        (5, curves[5].name, 0.33, 34),
        (6, curves[6].name, 0.5, 18),
    )


def _draw_curve(svg: Svg, curve: Curve, world: World, colour: str, *, width: float) -> None:
    binned = [(_x(slot, world), *map(_y, lates)) for slot, *lates in _bins(curve.frames, world)]
    up = [(x, most) for x, _, _, most in binned]
    down = [(x, least) for x, least, _, _ in reversed(binned)]
    svg.path(*up, *down, up[0], fill=_tint(colour), stroke="none")
    svg.path(*((x, middle) for x, _, middle, _ in binned), fill="none", stroke=colour, stroke_width=width)


def _bins(frames: tuple[Frame, ...], world: World) -> list[tuple[int, int, int, int]]:
    """Return for each piece of the plan its middle slot, and the least, median and most lateness of its frames."""
    pieces: list[list[int]] = [[] for _ in range(_BINS)]
    for frame in frames:
        pieces[frame.slot * _BINS // world.count].append(late_ns(frame, world))
    return [
        ((2 * index + 1) * world.count // (2 * _BINS), min(piece), sorted(piece)[len(piece) // 2], max(piece))
        for index, piece in enumerate(pieces)
        if piece
    ]


def _draw_lost(svg: Svg, curves: Sequence[Curve], world: World) -> None:
    _heading(svg, _LOST_TOP - 14, "Lost slots: no frame began within half an interval of them")
    for index, curve in enumerate(curves):
        y = _LOST_TOP + index * _ROW
        svg.line(_LEFT, y + 12, _RIGHT, y + 12, stroke=_FAINT)
        _name(svg, y + 11, curve.name, index)
        for x, width in _merged({round(_x(slot, world)) for slot in curve.outcome.lost}):
            svg.rect(x, y + 2, width, 10, fill=_LOST)
        svg.text(_RIGHT + 8, y + 11, f"{len(curve.outcome.lost):,}", fill=_LOST, font_size=11)
    _draw_slots(svg, world, _LOST_TOP + len(curves) * _ROW)


def _merged(pixels: set[int]) -> list[tuple[int, int]]:
    """Return adjacent pixels as ranges, each as (first pixel, width)."""
    firsts = sorted(x for x in pixels if x - 1 not in pixels)
    lasts = sorted(x for x in pixels if x + 1 not in pixels)
    return [(first, last - first + 1) for first, last in zip(firsts, lasts, strict=True)]


def _draw_stall(svg: Svg, curves: Sequence[Curve], world: World, top: float) -> None:
    _heading(svg, top - 14, "Around the stall: each bar is a frame, from where it begins; a cross is a lost slot")
    bottom = top + len(curves) * _TALL_ROW
    step = (_RIGHT - _LEFT) / (_BEFORE + _AFTER)
    for slot in range(-_BEFORE, _AFTER):
        x = _LEFT + (slot + _BEFORE) * step
        svg.line(x, top, x, bottom, stroke=_FAINT)
        text = "stall" if slot == 0 else f"{slot:+d}"
        svg.text(x, bottom + 14, text, text_anchor="middle", fill=_INK, font_size=11)
    svg.text(_LEFT - 12, bottom + 14, "slots of the plan", text_anchor="end", fill=_INK, font_size=11)
    for index, curve in enumerate(curves):
        _draw_frames(svg, curve, world, top + index * _TALL_ROW, index)


def _draw_frames(svg: Svg, curve: Curve, world: World, y: float, index: int) -> None:
    """Draw a rule's frames around the stalled one, against the slots of the plan at that time."""
    _name(svg, y + 16, curve.name, index)
    step = (_RIGHT - _LEFT) / (_BEFORE + _AFTER)
    middle = round(curve.frames[world.stalled].began_ns / world.every_ns)
    first_ns = world.ideal_ns(middle - _BEFORE)
    last_ns = first_ns + (_BEFORE + _AFTER) * world.every_ns
    for frame in curve.frames:
        if first_ns <= frame.began_ns < last_ns:
            x = _LEFT + (frame.began_ns - first_ns) / world.every_ns * step
            width = (min(frame.ended_ns, last_ns) - frame.began_ns) / world.every_ns * step
            svg.rect(x, y + 6, width, 12, fill=_tint(COLOURS[index]))
            svg.line(x, y + 3, x, y + 21, stroke=COLOURS[index], stroke_width=2)
    for slot in curve.outcome.lost:
        if first_ns <= world.ideal_ns(slot) < last_ns:
            _cross(svg, _LEFT + (slot - middle + _BEFORE) * step, y + 12)


def _cross(svg: Svg, x: float, y: float) -> None:
    svg.line(x - 4, y - 4, x + 4, y + 4, stroke=_LOST, stroke_width=2)
    svg.line(x - 4, y + 4, x + 4, y - 4, stroke=_LOST, stroke_width=2)


def _draw_slots(svg: Svg, world: World, y: float) -> None:
    """Draw the axis of slots below `y`."""
    for quarter in range(5):
        slot = world.count * quarter // 4
        x = _x(slot, world)
        svg.line(x, y, x, y + 4, stroke=_INK)
        svg.text(x, y + 16, f"{slot:,}", text_anchor="middle", fill=_INK, font_size=11)
    text = f"slots, every {world.every_ns // SECOND_NS} s"
    svg.text(_LEFT - 12, y + 16, text, text_anchor="end", fill=_INK, font_size=11)


def _heading(svg: Svg, y: float, text: str) -> None:
    svg.text(16, y, text, fill="#000000", font_weight=600, font_size=13)


def _name(svg: Svg, y: float, name: str, index: int) -> None:
    svg.text(_LEFT - 12, y, name, text_anchor="end", fill=_INK, font_size=11, font_weight=700 if index == 0 else 400)


def _tint(colour: str) -> str:
    """Return the colour mixed with two parts of white."""
    return "#" + "".join(f"{(int(colour[at : at + 2], 16) + 2 * 255) // 3:02x}" for at in (1, 3, 5))


def _x(slot: int, world: World) -> float:
    return _LEFT + (_RIGHT - _LEFT) * slot / world.count


def _y(lateness_ns: int) -> float:
    return _BOTTOM - (log10(max(lateness_ns, 10**_LEAST)) - _LEAST) * _DECADE
