"""Replies of the daemon in words, for a photographer in the cold. Knows the shape of each reply, nothing else."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from config.units import HOUR_NS, format_duration
from controller.cameras.text import description, table
from controller.console.answer import Answer

Reply = dict[str, Any]

_TENTH_NS = 100_000_000
_MINUTE = 600  # in tenths of a second
_DAY_NS = 24 * HOUR_NS
_WIDTH = 79  # fits a terminal with the blank of line mode in front
_WIDEST_NAME = 22  # in a column; below a wider one its text begins a line of its own

FOCUS = {
    "UNFOCUSED": "focus is not dialled in",
    "FOCUSING": "focusing, back is held",
    "TRIMMING": "trim focus by hand, then tap back",
    "DIALLED_IN": "focus is dialled in",
}
RELEASE = {
    "IDLE": "nothing is running",
    "DELAYING": "the self-timer is running",
    "MIRROR_UP": "the mirror is up",
    "EXPOSING": "taking a frame",
    "RECOVERING": "the camera is getting ready",
    "WAITING": "waiting for the next frame",
    "PAUSED": "the run is paused",
    "FAULT": "in fault, both contacts are open",
}
_IN_A_FRAME = ("DELAYING", "MIRROR_UP", "EXPOSING", "RECOVERING")
_BODY = {
    True: "back-button focus is set on the body",
    False: "half-press focuses on the body",
    None: "not said how the body is set up",
}


def columns(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def entries(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Rows of a name and a text as lines of at most 79 columns: the text beside the name, or below a long one."""
    rows = list(rows)
    indent = max((len(name) for name, _ in rows if len(name) <= _WIDEST_NAME), default=0) + 2
    return [line for name, text in rows for line in _entry(name, text, indent)]


def _entry(name: str, text: str, indent: int) -> Iterable[str]:
    head = [] if len(name) + 2 <= indent else [name]
    first = "" if head else name
    lines = textwrap.wrap(text, _WIDTH - indent, break_on_hyphens=False) or [""]
    return [*head, *(f"{first if k == 0 else '':<{indent}}{line}".rstrip() for k, line in enumerate(lines))]


def in_rows(words: Iterable[str]) -> list[str]:
    """Words beside each other, in indented lines of at most 79 columns."""
    lines = textwrap.wrap("  ".join(words), _WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return [f"  {line}" for line in lines]


def span(ns: int) -> str:
    """A time to wait, as people say it: 3.2 s, 24m 10s, 2h 00m 05s."""
    tenths = max(0, round(ns / _TENTH_NS))
    if tenths < _MINUTE:
        return f"{tenths / 10:.1f} s"
    minutes, seconds = divmod(tenths // 10, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02}m {seconds:02}s" if hours else f"{minutes}m {seconds:02}s"


def in_words(reply: Reply) -> str:
    """The two states in words."""
    focus, release = reply["focus"], reply["release"]
    return f"{FOCUS.get(focus, focus)}; {RELEASE.get(release, release)}"


def states(reply: Reply) -> Answer:
    """What the box does now, after a command."""
    return Answer(text=in_words(reply))


def pausing(reply: Reply) -> Answer:
    """What `pause` has done, or will have done once the frame in progress is over."""
    return _by_and_by(reply, "the run pauses when this frame is over")


def stopping(reply: Reply) -> Answer:
    """What `stop` has done, or will have done once the frame in progress is over."""
    return _by_and_by(reply, "it ends when this frame is over")


def _by_and_by(reply: Reply, later: str) -> Answer:
    return Answer(text=f"{in_words(reply)}; {later}" if reply["release"] in _IN_A_FRAME else in_words(reply))


def status(reply: Reply) -> Answer:
    """Everything about the box at this moment."""
    contacts = ", ".join(f"{line.upper()} {state}" for line, state in reply["lines"].items())
    rows = [
        ("focus", reply["focus"] + (", focus lock on" if reply["lock"] else "")),
        ("release", reply["release"]),
        ("contacts", contacts),
        ("camera", f"{reply['camera']}, {_BODY[reply['back_button_focus']]}"),
        ("technique", f"focus.mode {reply['mode']}, shot.drive {reply['drive']}"),
        ("player", reply["player"]),
        *_oddities(reply),
    ]
    return Answer(tuple(columns(rows)), text=in_words(reply))


def _oddities(reply: Reply) -> Iterable[tuple[str, str]]:
    if reply["exposing"] is not None:
        elapsed, asked = span(reply["exposing"]["elapsed_ns"]), format_duration(reply["exposing"]["asked_ns"])
        yield "exposure", f"{elapsed} of {asked}; press shutter to end it"
    if reply["mirror_waits_ns"] is not None:
        yield "mirror", f"left up by a cut; the camera gives it up in {span(reply['mirror_waits_ns'])} at the latest"
    if reply["run"] is not None:
        yield "run", progress(reply["run"])
    yield from (("flash contact", text) for text in _flash_contact(reply["sync"]))
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


def _flash_contact(sync: Reply | None) -> Iterable[str]:
    if sync is None:
        return
    last = "no frame yet" if sync["outcome"] is None else f"the last frame was {sync['outcome']}"
    yield last if sync["lag_ns"] is None else f"{last}; lag {_ms(sync['lag_ns'])} when last seen"
    measured = sync["measured"]
    if measured is not None:
        span_of = f"{_ms(measured['least_ns'])} to {_ms(measured['most_ns'])}"
        of = f"{measured['confirmed']} of {measured['frames']} frames"
        yield f"calibrated: lag {_ms(measured['median_ns'])}, {span_of}, by {of}"


def _ms(ns: int) -> str:
    return f"{ns / 1_000_000:.1f} ms"


def progress(run: Reply) -> str:
    """How far a run is, when the next frame comes and when it ends."""
    if run["waits"] is not None:
        return str(run["waits"])
    count, number = run["count"], run["slot"] + 1
    of = f" of {count}" if count else ""
    if count and number > count:
        parts = [f"the last frame of {count} is under way"]
    elif run["next_in_ns"] is None:
        parts = [f"frame {number}{of} is next"]
    else:
        parts = [f"frame {number}{of} in {span(run['next_in_ns'])}"]
    seen = "" if run["confirmed"] is None else f" ({run['confirmed']} confirmed, {run['missed']} missed)"
    last = "" if run["every_end_ns"] is None else f" at first, {format_duration(run['every_end_ns'])} at the end"
    every = f"every {format_duration(run['every_ns'])}{last}"
    parts += [every, f"{run['fired']} fired{seen}, {run['skipped']} skipped"]
    gone = f"{span(run['elapsed_ns'])} gone, " if run["elapsed_ns"] else ""
    return "; ".join([*parts, gone + ends(run)])


def ends(run: Reply) -> str:
    """When a run ends: `ends in 24m 10s, at 04:12`, with the date where that is a day away or more."""
    if run["ends_in_ns"] is None:
        return "goes on until stopped"
    told = f"ends in {span(run['ends_in_ns'])}"
    if run["ends_at"] is None:
        return told
    day, clock, _ = run["ends_at"].split()
    return f"{told}, {f'on {day} ' if run['ends_in_ns'] >= _DAY_NS else ''}at {clock[:5]}"


def started(reply: Reply) -> Answer:
    """The run that has begun."""
    run = reply["run"]
    return Answer(text=f"the run {'has begun' if run['waits'] is None else 'is set'}: {progress(run)}")


def calibrating(reply: Reply) -> Answer:
    """The calibration that has begun."""
    run = reply["run"]
    every = format_duration(run["every_ns"])
    return Answer(text=f"calibrating: {run['count']} frames, one every {every}; the lag is told when they are taken")


def plan(reply: Reply) -> Answer:
    """The contacts over one frame, drawn, and what there is to say about it."""
    return Answer((*reply["waveform"], *reply["lines"]), text="one frame as it would be taken now")


def log(reply: Reply) -> Answer:
    """The last runs, or one of them."""
    return Answer(tuple(reply["lines"]), text="log RUN tells one; backbutton log, without the console, tells all")


def cameras(reply: list[Reply] | Reply) -> Answer:
    """The profiles in groups, or all about one."""
    if isinstance(reply, list):
        return Answer(tuple(table(reply)), text="choose one with: set camera.profile ID")
    can = f"choose it with: set camera.profile {reply['id']}" if reply["is_usable"] else "it cannot be chosen"
    return Answer(tuple(description(reply)), text=can)


def event(event: Reply) -> str:
    """An event in words."""
    match event:
        case {"kind": "refused", "event": what, "reason": reason}:
            return f"{what} was refused: {reason}"
        case {"kind": "said", "text": text}:
            return str(text)
        case {"kind": "changed", "lock": lock}:
            return in_words(event) + ("; focus lock on" if lock else "")
        case {"kind": "entered", "slot": slot, "slots": slots, "outcome": outcome, "reason": reason}:
            frames = f"frame {slot + 1}" if slots == 1 else f"frames {slot + 1} to {slot + slots}"
            return f"{frames}: {outcome}" + (f" ({reason})" if reason else "")
        case {"kind": "set", "values": values}:
            told = ", ".join(f"{key} is {value} now" for key, value in values.items())
            return f"{told} (set at another console)"
        case _:
            return f"an event that this console does not know: {event}"
