"""What `watch` shows: the box in a few lines, or in one. Pure: a reply to `status` in, text out."""

import textwrap
from collections.abc import Iterable, Iterator

from config.units import format_duration
from controller.console import report
from controller.console.answer import WATCH, Answer, one_line
from controller.console.report import Reply

ENDED = Answer(text="watched")  # how line mode answers, once the next line comes
_GAP = "   "
_LONGEST_BAR = 60


def begun(reply: Reply) -> Answer:
    """The answer to `watch`: how the box is now; whoever gets it goes on from here."""
    return Answer(text=line(reply), then=WATCH)


def line(reply: Reply) -> str:
    """All in one line, for whoever cannot be shown the same lines anew."""
    run = reply["run"]
    return report.in_words(reply) if run is None else f"{report.in_words(reply)}; {report.progress(run)}"


def is_due(events: Iterable[Reply]) -> bool:
    """Tell whether a line would be another now."""
    return any(event["kind"] in ("changed", "entered") for event in events)


def block(reply: Reply, size: tuple[int, int], marks: str) -> list[str]:
    """The lines for a screen of that many columns and rows; none reaches its last column, nor they its last row.

    What a short screen has no room for is at the end. `marks` draw the bar: what is over, and what is to come.
    """
    columns, rows = size
    width = max(1, columns - 1)
    lines = [line for parts in _parts(reply, width, marks) for line in _flowed(parts, width)]
    return lines[: max(1, rows - 1)]


def _parts(reply: Reply, width: int, marks: str) -> Iterator[list[str]]:
    """Line by line, what stays together where a line is too long."""
    locked = ["focus lock on"] if reply["lock"] else []
    yield [*report.in_words(reply).split("; "), *locked]
    yield [f"{line.upper()} {state}" for line, state in reply["lines"].items()]
    run = reply["run"]
    if run is not None and run["waits"] is None:
        yield _frame(run)
    yield [_bar(reply, width, marks)]
    if run is not None:
        yield [run["waits"]] if run["waits"] is not None else _counts(run)
    if run is not None and run["waits"] is None:
        yield [f"{report.span(run['elapsed_ns'])} gone", report.ends(run)]
    if reply["fault"] is not None:
        yield [reply["fault"]]


def _frame(run: Reply) -> list[str]:
    number, count = run["slot"] + 1, run["count"]
    if count and number > count:
        return [f"the last frame of {count} is under way"]
    frame = f"frame {number} of {count}" if count else f"frame {number}"
    return [frame] if run["next_in_ns"] is None else [frame, f"next in {report.span(run['next_in_ns'])}"]


def _counts(run: Reply) -> list[str]:
    seen = [] if run["confirmed"] is None else [f"{run['confirmed']} confirmed", f"{run['missed']} missed"]
    return [f"{run['fired']} fired", *seen, f"{run['skipped']} skipped"]


def _bar(reply: Reply, width: int, marks: str) -> str:
    """How much of a bulb exposure is over, or else of the run; nothing where there is no telling."""
    run, exposing = reply["run"], reply["exposing"]
    if exposing is not None:
        elapsed_ns, asked_ns = exposing["elapsed_ns"], exposing["asked_ns"]
        told = f"exposed {report.span(elapsed_ns)} of {format_duration(asked_ns)}"
        return _drawn(elapsed_ns / asked_ns, told, width, marks)
    if run is not None and run["count"] and run["waits"] is None:
        done = run["slot"] / run["count"]
        return _drawn(done, f"{int(done * 100)} %", width, marks)
    return ""


def _drawn(done: float, told: str, width: int, marks: str) -> str:
    """A bar with its meaning behind it; only that where there is no room for both."""
    room = min(_LONGEST_BAR, width - len(f"[] {told}"))
    if room < 1:
        return told
    over = int(room * min(done, 1))
    return f"[{marks[0] * over}{marks[1] * (room - over)}] {told}"


def _flowed(parts: Iterable[str], width: int) -> list[str]:
    lines: list[str] = []
    for piece in (piece for part in parts for piece in textwrap.wrap(one_line(part), width, break_on_hyphens=False)):
        if lines and len(lines[-1] + _GAP + piece) <= width:
            lines[-1] += _GAP + piece
        else:
            lines.append(piece)
    return lines
