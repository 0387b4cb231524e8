"""What `watch` shows: the box in a few lines, or in one. Pure: takes a reply to `status`, returns text."""

import textwrap
from collections.abc import Iterable, Iterator

from controller import telling
from controller.console.answer import WATCH, Answer
from controller.core.lamp_text import ASCII, DARK, LampMarks
from controller.printing import one_line
from controller.telling import Reply

ENDED = Answer(text="watched")  # the answer in line mode, once the next line arrives
_GAP = "   "
_LONGEST_BAR = 60


def started(reply: Reply) -> Answer:
    """The answer to `watch`: the present state; the console continues from there."""
    return Answer(text=line(reply), then=WATCH)


def line(reply: Reply) -> str:
    """Everything in one line, for scripts and for terminals that cannot redraw lines."""
    run = reply["run"]
    return telling.in_words(reply) if run is None else f"{telling.in_words(reply)}; {telling.progress(run)}"


def needs_update(events: Iterable[Reply]) -> bool:
    """Return whether the line would be different after these events."""
    return any(event["kind"] in ("changed", "entered") for event in events)


def block(reply: Reply, size: tuple[int, int], marks: str, lamp_marks: LampMarks = ASCII) -> list[str]:
    """Return the lines for a screen of `size` columns and rows; its last column and its last row stay free.

    On a short screen the last lines are left out. `marks` are the two characters of the bar: done, and to do;
    `lamp_marks` those of the lamps.
    """
    columns, rows = size
    width = max(1, columns - 1)
    lines = [line for parts in _parts(reply, width, marks, lamp_marks) for line in _flow(parts, width)]
    return lines[: max(1, rows - 1)]


def _parts(reply: Reply, width: int, marks: str, lamp_marks: LampMarks) -> Iterator[list[str]]:
    """Yield, line by line, the pieces that are never split while there is room for them."""
    locked = ["focus lock on"] if reply["lock"] else []
    yield [*telling.in_words(reply).split("; "), *locked]
    yield [f"{line.upper()} {state}" for line, state in reply["lines"].items()]
    if reply.get("lamps"):  # an older box has none
        yield _lamps(reply["lamps"], lamp_marks)
    run = reply["run"]
    has_begun = run is not None and run["waits"] is None
    if has_begun:
        yield _frame(run)
    yield [_bar(reply, width, marks)]
    if run is not None:
        yield _counts(run) if has_begun else [run["waits"]]
    if has_begun:
        yield [f"{telling.span(run['elapsed_ns'])} elapsed", telling.ends(run)]
    if reply["fault"] is not None:
        yield [reply["fault"]]


def _lamps(looks: dict[str, str], marks: LampMarks) -> list[str]:
    """Return the marks of the lamps, then how those look that are not dark."""
    lit = [f"{colour} {look}" for colour, look in looks.items() if look != DARK]
    return [f"lamps {marks.draw(looks)}", *(lit or ["all dark"])]


def _frame(run: Reply) -> list[str]:
    taking, number, count = telling.taken_frame(run), run["slot"] + 1, run["count"]
    if run["next_in_ns"] is None:
        return [taking or "the last frame is over"]
    frame = f"frame {number} of {count}" if count else f"frame {number}"
    return [taking or frame, f"next in {telling.span(run['next_in_ns'])}"]


def _counts(run: Reply) -> list[str]:
    return [f"{run['fired']} fired", *telling.seen(run), f"{run['skipped']} skipped"]


def _bar(reply: Reply, width: int, marks: str) -> str:
    """Return the progress of a bulb exposure, or else of the run; nothing for a run without an end."""
    run, exposing = reply["run"], reply["exposing"]
    if exposing is not None:
        elapsed_ns, asked_ns = exposing["elapsed_ns"], exposing["asked_ns"]
        text = f"exposed {telling.span(elapsed_ns)} of {telling.exposure(asked_ns)}"
        return _draw_bar(elapsed_ns / asked_ns, text, width, marks)
    if run is not None and run["count"] and run["waits"] is None:
        done = run["slot"] / run["count"]
        return _draw_bar(done, f"{int(done * 100)} %", width, marks)
    return ""


def _draw_bar(done: float, text: str, width: int, marks: str) -> str:
    """Return a bar followed by its text; only the text if there is no room for both."""
    room = min(_LONGEST_BAR, width - len(f"[] {text}"))
    if room < 1:
        return text
    filled = int(room * min(done, 1))
    return f"[{marks[0] * filled}{marks[1] * (room - filled)}] {text}"


def _flow(parts: Iterable[str], width: int) -> list[str]:
    lines: list[str] = []
    for piece in (piece for part in parts for piece in textwrap.wrap(one_line(part), width, break_on_hyphens=False)):
        if lines and len(lines[-1] + _GAP + piece) <= width:
            lines[-1] += _GAP + piece
        else:
            lines.append(piece)
    return lines
