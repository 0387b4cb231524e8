"""Tables of the document: rows of cells, and how figures are written in them."""

from collections.abc import Iterable, Sequence

from controller.bench.numbers import Spread


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its first column is of words, the others of figures."""
    lines = (
        f"| {' | '.join(head)} |",
        "|---|" + "---:|" * (len(head) - 1),
        *(f"| {' | '.join(row)} |" for row in rows),
    )
    return "\n".join(lines)


def span(ns: float) -> str:
    """Return a time with three digits or so, in us, ms or s."""
    for unit, scale in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= scale:
            return f"{ns / scale:,.{0 if ns >= 100 * scale else 1}f} {unit}"
    return f"{ns / 1e3:.1f} us"


def spread(of: Spread) -> str:
    """Return the median and the middle half of times in nanoseconds."""
    return f"{span(of.middle)} ({span(of.low)} to {span(of.high)})"
