"""The daemon's replies and events in plain words. Knows the shape of each reply, nothing else."""

import textwrap
from collections.abc import Iterable, Sequence

from config.units import format_duration
from controller import telling
from controller.cameras.text import description, table
from controller.console.answer import Answer
from controller.console.requests import CLOCK_EXAMPLE
from controller.telling import Reply

WIDTH = 79  # fits a terminal with the space that line mode puts in front
_WIDEST_NAME = 22  # the text of a longer name starts on a line of its own

_BENCH = "This is a virtual bench: its camera is simulated, nothing real is connected."
_TRY_FIRST = "Try first: hold back 800ms, fire, watch (any key leaves it), quit."
_TRY_SETUP = "Try first: setup."


def align(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines, each column as wide as its widest cell."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def two_columns(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return names and texts as lines of at most 79 characters: the text beside its name, or below a long one."""
    rows = list(rows)
    indent = max((len(name) for name, _ in rows if len(name) <= _WIDEST_NAME), default=0) + 2
    return [line for name, text in rows for line in _two_columns_row(name, text, indent)]


def _two_columns_row(name: str, text: str, indent: int) -> Iterable[str]:
    head = [] if len(name) + 2 <= indent else [name]
    first = "" if head else name
    lines = textwrap.wrap(text, WIDTH - indent, break_on_hyphens=False) or [""]
    return [*head, *(f"{first if k == 0 else '':<{indent}}{line}".rstrip() for k, line in enumerate(lines))]


def word_rows(words: Iterable[str]) -> list[str]:
    """Return words side by side, in indented lines of at most 79 characters."""
    lines = textwrap.wrap("  ".join(words), WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return [f"  {line}" for line in lines]


def states(reply: Reply) -> Answer:
    """What the box does."""
    return Answer(text=telling.in_words(reply))


def did(reply: Reply) -> Answer:
    """What a command did, in the box's own sentence; where the states say it all, the states."""
    return Answer(text=reply["did"] or telling.in_words(reply))


def status(reply: Reply) -> Answer:
    """Everything about the box at this moment."""
    contacts = ", ".join(f"{line.upper()} {state}" for line, state in reply["lines"].items())
    rows = [
        ("focus", _plain(reply["focus"]) + (", focus lock on" if reply["lock"] else "")),
        ("release", _plain(reply["release"])),
        ("contacts", contacts),
        ("camera", telling.camera(reply)),
        ("technique", f"focus.mode {reply['mode']}, shot.drive {reply['drive']}"),
        ("timing", reply["player"]),
        *_optional_rows(reply),
    ]
    return Answer(tuple(align(rows)), text=telling.in_words(reply))


def greeting(reply: Reply) -> tuple[str, ...]:
    """Return the camera, if known; on the virtual bench also that it is one, and what to try first."""
    camera_line = f"camera: {telling.camera(reply)}"
    if not reply["bench"]:
        return (camera_line,) if reply.get("model") else ()
    is_ready = reply["back_button_focus"] is not None
    return (_BENCH, camera_line, _TRY_FIRST if is_ready else _TRY_SETUP)


def _plain(state: str) -> str:
    return state.replace("_", " ").lower()


def _optional_rows(reply: Reply) -> Iterable[tuple[str, str]]:
    if reply["exposing"] is not None:
        exposing = reply["exposing"]
        elapsed, asked = telling.span(exposing["elapsed_ns"]), telling.exposure(exposing["asked_ns"])
        yield "exposure", f"{elapsed} of {asked}; press shutter to end it"
    if reply["mirror_waits_ns"] is not None:
        yield (
            "mirror",
            f"may still be up after a cut; the camera lowers it within {telling.span(reply['mirror_waits_ns'])}",
        )
    if reply["run"] is not None:
        yield "run", telling.progress(reply["run"])
    yield from (("flash contact", text) for text in telling.flash_contact(reply["sync"]))
    if reply["shutter_lag_ns"]:
        yield "shutter lag", f"{format_duration(reply['shutter_lag_ns'])} (camera.shutter_lag)"
    if not reply["interlock"]:
        yield "interlock", "off: the shutter does not wait for focus"
    if reply["unsaved"]:
        yield "not saved", ", ".join(reply["unsaved"])
    if reply["bench"]:
        yield "bench", "this is the virtual bench; no camera is connected"
    yield from (("warning", warning) for warning in reply["warnings"])
    if reply["fault"] is not None:
        yield "fault", reply["fault"]


def started(reply: Reply) -> Answer:
    """The answer to `start`."""
    run = reply["run"]
    return Answer(
        text=f"the run {'has started' if run['waits'] is None else 'is scheduled'}: {telling.progress(run)}"
    )


def calibrating(reply: Reply) -> Answer:
    """The answer to `calibrate`."""
    run = reply["run"]
    every = format_duration(run["every_ns"])
    return Answer(text=f"calibrating: {run['count']} frames, one every {every}; the shutter lag is shown at the end")


def plan(reply: Reply) -> Answer:
    """The exposures of a ramp and the contacts during one frame, drawn, and remarks on them."""
    ramp = reply.get("ramp")  # an older box has none
    drawing = [*(ramp["chart"] if ramp else ()), *reply["waveform"]]
    what = "a run" if ramp else "one frame"
    return Answer(
        (*([] if reply["refusals"] else drawing), *reply["lines"]), text=f"{what} with the present settings"
    )


def log(reply: Reply) -> Answer:
    """The last runs, or one of them."""
    return Answer(tuple(reply["lines"]), text="log 3 shows one run; backbutton log in the shell lists them all")


def cameras(reply: list[Reply] | Reply) -> Answer:
    """A table of all cameras, or everything about one."""
    if isinstance(reply, list):
        return Answer(tuple(table(reply)), text="choose one with: set camera.profile ID")
    body = reply["body"]
    name = f"profile {reply['id']}" if body is None else f"model {body['model']}"
    usable = f"choose it with: set camera.{name}"
    return Answer(tuple(description(reply)), text=usable if reply["is_usable"] else "this camera cannot be chosen")


def clock(reply: Reply) -> Answer:
    """The date and time, and whether runs can start by it."""
    if reply["is_trusted"]:
        remark = "" if reply["remark"] is None else f"; {reply['remark']}"
        return Answer(text=f"it is {reply['local']}{remark}")
    return Answer(text=f"the clock shows {reply['local']}, but it is not set; set it like: {CLOCK_EXAMPLE}")
