"""Waveforms: edges as text for people, and as VCD for waveform viewers. Knows lines and nanoseconds."""

from collections.abc import Iterable, Sequence

from config.record import dataclass
from hardware.timeline import Line

_ORDER = (Line.FOCUS, Line.SHUTTER)
_LABEL_WIDTH = 9
_SECOND_NS = 1_000_000_000
_MOST_LABELS = 5
_STEPS_NS = [step * 10**power for power in range(3, 30) for step in (1, 2, 5)]


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters that draw a line; ASCII for terminals that show nothing else."""

    open: str = "_"
    closed: str = "█"


BLOCKS = Marks()
ASCII = Marks(closed="#")


def marks_for(encoding: str | None) -> Marks:
    """Return the marks that a terminal with this encoding can show."""
    try:
        BLOCKS.closed.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BLOCKS


@dataclass(frozen=True, slots=True)
class Change:
    """A line closed or opened, at an absolute time."""

    at_ns: int
    line: Line
    closed: bool


def draw(changes: Iterable[Change], from_ns: int, to_ns: int, width: int = 64, marks: Marks = BLOCKS) -> list[str]:
    """Draw both lines over [from_ns, to_ns], in `width` columns of equal time, and a scale below.

    A column shows closed if the line was closed at any time in it, so that the shortest pulse shows.
    """
    changes = list(changes)
    span_ns = max(1, to_ns - from_ns)
    rows = [_draw_line(line, changes, from_ns, span_ns, width, marks) for line in _ORDER]
    return [*rows, _draw_scale(from_ns, span_ns, width)]


def closures(changes: Iterable[Change], line: Line) -> list[tuple[int, int | None]]:
    """Return when a line was closed: pairs of closing and opening time; the latter is None if it is still closed."""
    spans: list[tuple[int, int | None]] = []
    for change in changes:
        if change.line is line and change.closed:
            spans.append((change.at_ns, None))
        elif change.line is line and spans:
            spans[-1] = (spans[-1][0], change.at_ns)
    return spans


def vcd(changes: Sequence[Change], end_ns: int) -> str:
    """Return the changes as a Value Change Dump (IEEE 1364), with times in nanoseconds."""
    names = {Line.FOCUS: "f", Line.SHUTTER: "s"}
    lines = ["$timescale 1 ns $end", "$scope module backbutton $end"]
    lines += [f"$var wire 1 {names[line]} {line.value} $end" for line in _ORDER]
    lines += ["$upscope $end", "$enddefinitions $end", "#0"]
    lines += [f"0{names[line]}" for line in _ORDER]
    at_ns = 0
    for change in changes:
        if change.at_ns != at_ns:
            at_ns = change.at_ns
            lines.append(f"#{at_ns}")
        lines.append(f"{int(change.closed)}{names[change.line]}")
    if end_ns > at_ns:
        lines.append(f"#{end_ns}")
    return "\n".join(lines) + "\n"


def _draw_line(line: Line, changes: list[Change], from_ns: int, span_ns: int, width: int, marks: Marks) -> str:
    columns = [marks.open] * width
    for closed_ns, opened_ns in closures(changes, line):
        last_ns = span_ns if opened_ns is None else opened_ns - from_ns
        first = (closed_ns - from_ns) * width // span_ns
        past = max(first + 1, -(-last_ns * width // span_ns))
        for column in range(max(0, first), min(width, past)):
            columns[column] = marks.closed
    return f"{line.name:<{_LABEL_WIDTH}}{''.join(columns)}"


def _draw_scale(from_ns: int, span_ns: int, width: int) -> str:
    """Label round times, each label starting in the column of its time, as many as fit."""
    step_ns = next(step for step in _STEPS_NS if step * _MOST_LABELS >= span_ns)
    row, used = [" "] * width, -1
    for at_ns in range(-(-from_ns // step_ns) * step_ns, from_ns + span_ns + 1, step_ns):
        label, column = _label(at_ns), (at_ns - from_ns) * width // span_ns
        if column > used and column + len(label) <= width:
            row[column : column + len(label)] = label
            used = column + len(label)
    return f"{'':<{_LABEL_WIDTH}}{''.join(row)}".rstrip()


def _label(ns: int) -> str:
    if ns % _SECOND_NS == 0:
        return f"{ns // _SECOND_NS} s"
    return f"{ns / (_SECOND_NS // 1000):g} ms"
