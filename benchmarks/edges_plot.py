"""Draws the histogram of how late edges and waits were. Knows nanoseconds; measures nothing."""

from collections.abc import Mapping, Sequence
from math import log10

from benchmarks.document import DOCS
from benchmarks.intervals_plot import COLOURS
from controller.bench.figures import quantile
from controller.plan.svg import Svg

PATH = DOCS / "bench-edges.svg"
CAPTION = "How late waits ended and edges were, of each kind: how many of a hundred, on a logarithmic scale of time"

_INK, _FAINT = "#333333", "#dddddd"
_WIDTH, _LEFT, _RIGHT = 830, 250, 800
_LEAST, _MOST, _BINS_PER_DECADE = 2, 8, 8  # decades of nanoseconds: 100 ns to 100 ms
_TICKS = ("100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms")
_TOP, _ROW, _TALLEST = 44, 92, 70
_HEADING: dict[str, str | float] = {"fill": "#000000", "font_weight": 600, "font_size": 13}


def draw(late_ns: Mapping[str, Sequence[int]]) -> str:
    """Return the histogram: a row of bars for each name."""
    svg = Svg()
    title = "How late (logarithmic); the height is the square root of the share, the mark below is at 99.9 %"
    svg.text(16, _TOP - 18, title, **_HEADING)
    bottom = _TOP + len(late_ns) * _ROW
    for index, tick in enumerate(_TICKS):
        x = _x(10 ** (_LEAST + index))
        svg.line(x, _TOP, x, bottom, stroke=_FAINT)
        svg.text(x, bottom + 16, tick, text_anchor="middle", fill=_INK, font_size=11)
    for index, (name, late) in enumerate(late_ns.items()):
        _draw_row(svg, name, late, _TOP + (index + 1) * _ROW, COLOURS[(4, 2, 0, 5, 1, 3)[index % 6]])
    return svg.document(_WIDTH, bottom + 32, CAPTION)


def _draw_row(svg: Svg, name: str, late_ns: Sequence[int], floor: float, colour: str) -> None:
    svg.line(_LEFT, floor, _RIGHT, floor, stroke=_INK)
    svg.text(_LEFT - 8, floor - 4, name, text_anchor="end", fill=_INK, font_size=11, font_weight=600)
    counts: dict[int, int] = {}
    for late in late_ns:
        counts[_bin(late)] = counts.get(_bin(late), 0) + 1
    width = (_RIGHT - _LEFT) / ((_MOST - _LEAST) * _BINS_PER_DECADE)
    for index, count in sorted(counts.items()):
        # The height is the root of the share, so that one in a thousand can still be seen.
        height = max(1.5, _TALLEST * (count / len(late_ns)) ** 0.5)
        svg.rect(_LEFT + index * width, floor - height, width - 0.6, height, fill=colour)
    x = _x(quantile(late_ns, 0.999))
    svg.path((x, floor + 1), (x - 4, floor + 8), (x + 4, floor + 8), (x, floor + 1), fill=colour)


def _bin(late_ns: float) -> int:
    index = (log10(max(late_ns, 1)) - _LEAST) * _BINS_PER_DECADE
    return int(min(max(index, 0), (_MOST - _LEAST) * _BINS_PER_DECADE - 1))


def _x(late_ns: float) -> float:
    share = (log10(max(late_ns, 10**_LEAST)) - _LEAST) / (_MOST - _LEAST)
    return _LEFT + (_RIGHT - _LEFT) * min(share, 1)
