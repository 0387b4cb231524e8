"""How late edges are: the section of the document, and a histogram. Measured by `controller.bench.lateness`."""

from collections.abc import Mapping, Sequence
from math import log10

from benchmarks.document import DOCS, write_section
from benchmarks.plot import COLOURS
from benchmarks.tables import span, table
from benchmarks.zero import Cost
from controller.bench import budgets, lateness, machine
from controller.bench.lateness import CYCLICTEST, EDGES, EVERY_MS, Waits
from controller.bench.numbers import at_share
from controller.plan.svg import Svg

PLOT = DOCS / "bench-edges.svg"
CAPTION = "How late waits ended and edges were, of each kind: how many of a hundred, on a logarithmic scale of time"
_SHARES = (0.5, 0.99, 0.999, 1.0)
_RATIO = "99.9 %, times cyclictest's"
_HEAD = ("", "edges or waits", "half", "99 %", "99.9 %", "the worst", _RATIO, "the host took")

_INK, _FAINT = "#333333", "#dddddd"
_WIDTH, _LEFT, _RIGHT = 830, 250, 800
_LEAST, _MOST, _BINS_A_DECADE = 2, 8, 8  # decades of nanoseconds: 100 ns to 100 ms
_TICKS = ("100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms")
_TOP, _ROW, _TALLEST = 44, 92, 70


def run() -> list[budgets.Budget | Cost]:
    """Measure, write section and plot, and return the goals."""
    waits = lateness.measure()
    write_section("edges", section(waits))
    PLOT.write_text(draw(waits.late_ns), encoding="utf-8")
    return [*budgets.of_waits(waits)]


def section(waits: Waits) -> str:
    """Return the section of the document."""
    rows = [_row(name, late_ns, waits) for name, late_ns in waits.late_ns.items()]
    missing = [f"Left out is {name}: {why}." for name, why in waits.missing.items()]
    intro = " ".join(
        [f"On {machine()}; a wait every {EVERY_MS // EDGES} ms, {EDGES} edges every {EVERY_MS} ms.", *missing]
    )
    return "\n".join((intro, "", table(_HEAD, rows), "", f"![{CAPTION}]({PLOT.name})"))


def _row(name: str, late_ns: Sequence[int], waits: Waits) -> tuple[str, ...]:
    ratio = waits.ratio(name)
    told = "" if ratio is None or name == CYCLICTEST else f"{ratio:.2f}"
    spans = (span(at_share(late_ns, share)) for share in _SHARES)
    return (name, f"{len(late_ns):,}", *spans, told, f"{waits.stolen[name]:.1%}")


def draw(late_ns: Mapping[str, Sequence[int]]) -> str:
    """Return the histogram: a row of bars for each name."""
    svg = Svg()
    svg.text(
        16,
        _TOP - 18,
        "How late (logarithmic); the height is the root of the share, the mark below is at 99.9 %",
        **_HEADING,
    )
    bottom = _TOP + len(late_ns) * _ROW
    for place, tick in enumerate(_TICKS):
        x = _x(10 ** (_LEAST + place))
        svg.line(x, _TOP, x, bottom, stroke=_FAINT)
        svg.text(x, bottom + 16, tick, text_anchor="middle", fill=_INK, font_size=11)
    for place, (name, late) in enumerate(late_ns.items()):
        _draw_row(svg, name, late, _TOP + (place + 1) * _ROW, COLOURS[(4, 2, 0, 5, 1, 3)[place % 6]])
    return svg.document(_WIDTH, bottom + 32, CAPTION)


_HEADING = {"fill": "#000000", "font_weight": 600, "font_size": 13}


def _draw_row(svg: Svg, name: str, late_ns: Sequence[int], floor: float, colour: str) -> None:
    svg.line(_LEFT, floor, _RIGHT, floor, stroke=_INK)
    svg.text(_LEFT - 8, floor - 4, name, text_anchor="end", fill=_INK, font_size=11, font_weight=600)
    counts: dict[int, int] = {}
    for late in late_ns:
        counts[_bin(late)] = counts.get(_bin(late), 0) + 1
    width = (_RIGHT - _LEFT) / ((_MOST - _LEAST) * _BINS_A_DECADE)
    for place, count in sorted(counts.items()):
        # A share is drawn by its root, so that one in a thousand can still be seen.
        height = max(1.5, _TALLEST * (count / len(late_ns)) ** 0.5)
        svg.rect(_LEFT + place * width, floor - height, width - 0.6, height, fill=colour)
    x = _x(at_share(late_ns, 0.999))
    svg.path((x, floor + 1), (x - 4, floor + 8), (x + 4, floor + 8), (x, floor + 1), fill=colour)


def _bin(late_ns: float) -> int:
    place = (log10(max(late_ns, 1)) - _LEAST) * _BINS_A_DECADE
    return int(min(max(place, 0), (_MOST - _LEAST) * _BINS_A_DECADE - 1))


def _x(late_ns: float) -> float:
    share = (log10(max(late_ns, 10**_LEAST)) - _LEAST) / (_MOST - _LEAST)
    return _LEFT + (_RIGHT - _LEFT) * min(share, 1)
