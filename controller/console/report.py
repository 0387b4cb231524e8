"""The daemon's replies and events in plain words. Knows the shape of each reply, nothing else."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from config.units import HOUR_NS, format_duration
from controller.cameras.text import description, table
from controller.console.answer import Answer
from controller.console.requests import CLOCK_EXAMPLE

Reply = dict[str, Any]

_TENTH_NS = 100_000_000
_MINUTE = 600  # in tenths of a second
_DAY_NS = 24 * HOUR_NS
_WIDTH = 79  # fits a terminal with the space that line mode puts in front
_WIDEST_NAME = 22  # the text of a longer name starts on a line of its own

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
    "FAULT": "stopped by a fault, both contacts are open",
}
_BODY = {
    True: "set to back-button focus",
    False: "half-press focuses",
    None: "the body's focus set-up is not known; see setup",
}

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
    lines = textwrap.wrap(text, _WIDTH - indent, break_on_hyphens=False) or [""]
    return [*head, *(f"{first if k == 0 else '':<{indent}}{line}".rstrip() for k, line in enumerate(lines))]


def word_rows(words: Iterable[str]) -> list[str]:
    """Return words side by side, in indented lines of at most 79 characters."""
    lines = textwrap.wrap("  ".join(words), _WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return [f"  {line}" for line in lines]


def span(ns: int) -> str:
    """Return a duration as people say it: 3.2 s, 24m 10s, 2h 00m 05s."""
    tenths = max(0, round(ns / _TENTH_NS))
    if tenths < _MINUTE:
        return f"{tenths / 10:.1f} s"
    minutes, seconds = divmod(tenths // 10, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02}m {seconds:02}s" if hours else f"{minutes}m {seconds:02}s"


def in_words(reply: Reply) -> str:
    """Return both states in words; a state this console does not know is shown by its name."""
    focus, release = reply["focus"], reply["release"]
    return f"{FOCUS.get(focus, focus)}; {RELEASE.get(release, release)}"


def states(reply: Reply) -> Answer:
    """What the box does."""
    return Answer(text=in_words(reply))


def did(reply: Reply) -> Answer:
    """What a command did, in the box's own sentence; where the states say it all, the states."""
    return Answer(text=reply["did"] or in_words(reply))


def status(reply: Reply) -> Answer:
    """Everything about the box at this moment."""
    contacts = ", ".join(f"{line.upper()} {state}" for line, state in reply["lines"].items())
    rows = [
        ("focus", _plain(reply["focus"]) + (", focus lock on" if reply["lock"] else "")),
        ("release", _plain(reply["release"])),
        ("contacts", contacts),
        ("camera", camera(reply)),
        ("technique", f"focus.mode {reply['mode']}, shot.drive {reply['drive']}"),
        ("timing", reply["player"]),
        *_optional_rows(reply),
    ]
    return Answer(tuple(align(rows)), text=in_words(reply))


def camera(reply: Reply) -> str:
    """The camera that is set, by its body if that is known: Nikon D850 on nikon-10pin, set to back-button focus."""
    model = reply.get("model")  # an older box has none
    name = f"{model} on {reply['camera']}" if model else reply["camera"]
    return f"{name}, {_BODY[reply['back_button_focus']]}"


def greeting(reply: Reply) -> tuple[str, ...]:
    """Return the camera, if known; on the virtual bench also that it is one, and what to try first."""
    camera_line = f"camera: {camera(reply)}"
    if not reply["bench"]:
        return (camera_line,) if reply.get("model") else ()
    is_ready = reply["back_button_focus"] is not None
    return (_BENCH, camera_line, _TRY_FIRST if is_ready else _TRY_SETUP)


def _plain(state: str) -> str:
    return state.replace("_", " ").lower()


def _optional_rows(reply: Reply) -> Iterable[tuple[str, str]]:
    if reply["exposing"] is not None:
        elapsed, asked = span(reply["exposing"]["elapsed_ns"]), format_duration(reply["exposing"]["asked_ns"])
        yield "exposure", f"{elapsed} of {asked}; press shutter to end it"
    if reply["mirror_waits_ns"] is not None:
        yield "mirror", f"may still be up after a cut; the camera lowers it within {span(reply['mirror_waits_ns'])}"
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
    yield last if sync["lag_ns"] is None else f"{last}; last measured lag {_ms(sync['lag_ns'])}"
    measured = sync["measured"]
    if measured is not None:
        limits = f"{_ms(measured['least_ns'])} to {_ms(measured['most_ns'])}"
        frames = f"{measured['confirmed']} of {measured['frames']} frames"
        yield f"calibrated: lag {_ms(measured['median_ns'])} (median), {limits}, from {frames}"


def _ms(ns: int) -> str:
    return f"{ns / 1_000_000:.1f} ms"


def progress(run: Reply) -> str:
    """How far a run is, when the next frame comes and when it ends."""
    if run["waits"] is not None:
        return str(run["waits"])
    confirmed = "" if run["confirmed"] is None else f" ({run['confirmed']} confirmed, {run['missed']} missed)"
    last = "" if run["every_end_ns"] is None else f" at first, {format_duration(run['every_end_ns'])} at the end"
    every = f"every {format_duration(run['every_ns'])}{last}"
    elapsed = f"{span(run['elapsed_ns'])} elapsed, " if run["elapsed_ns"] else ""
    counts = f"{run['fired']} fired{confirmed}, {run['skipped']} skipped"
    return "; ".join([_next_frame(run), every, counts, elapsed + ends(run)])


def _next_frame(run: Reply) -> str:
    of = f" of {run['count']}" if run["count"] else ""
    frame = f"frame {run['slot'] + 1}"
    taking = taken_frame(run)
    if run["next_in_ns"] is None:
        return taking or "the last frame is over"
    if taking is not None:
        return f"{taking}; {frame} in {span(run['next_in_ns'])}"
    return f"{frame}{of} in {span(run['next_in_ns'])}"


def taken_frame(run: Reply) -> str | None:
    """The frame that is being taken; None if there is none, or if its time has not come yet."""
    if run["taking"] is None or (run["taking"] == run["slot"] and run["next_in_ns"] is not None):
        return None
    of = f" of {run['count']}" if run["count"] else ""
    name = "the last frame," if run["next_in_ns"] is None else "frame"
    return f"taking {name} {run['taking'] + 1}{of}"


def ends(run: Reply) -> str:
    """When a run ends: `ends in 24m 10s, at 04:12`, with the date if that is a day or more away."""
    if run["ends_in_ns"] is None:
        return "runs until stopped"
    text = f"ends in {span(run['ends_in_ns'])}"
    if run["ends_at"] is None:
        return text
    day, clock, _ = run["ends_at"].split()
    return f"{text}, {f'on {day} ' if run['ends_in_ns'] >= _DAY_NS else ''}at {clock[:5]}"


def started(reply: Reply) -> Answer:
    """The answer to `start`."""
    run = reply["run"]
    return Answer(text=f"the run {'has started' if run['waits'] is None else 'is scheduled'}: {progress(run)}")


def calibrating(reply: Reply) -> Answer:
    """The answer to `calibrate`."""
    run = reply["run"]
    every = format_duration(run["every_ns"])
    return Answer(text=f"calibrating: {run['count']} frames, one every {every}; the shutter lag is shown at the end")


def plan(reply: Reply) -> Answer:
    """The contacts during one frame, drawn, and remarks on it."""
    drawing = [] if reply["refusals"] else reply["waveform"]
    return Answer((*drawing, *reply["lines"]), text="one frame with the present settings")


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
        case {"kind": "set" | "preset" | "presets"}:
            return _settings_event(event)
        case _:
            return f"an event that this console does not know: {event}"


def _settings_event(event: Reply) -> str:
    if event["kind"] == "presets":
        return str(event["text"])
    if event["kind"] == "preset":
        return f"preset {event['preset']} is chosen, number {event['number']} of {event['count']}"
    changes = ", ".join(f"{key} is now {value}" for key, value in event["values"].items())
    preset = event.get("preset")
    return f"{changes} ({'set at another console' if preset is None else f'preset {preset}'})"
