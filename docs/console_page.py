"""Plays the console's commands on a virtual bench: the parts of `console.md` that the code writes.

Nothing in them is made up: each line is carried out by the real methods, on the virtual clock, on a box of its own.
"""

import json
import os
import tempfile
import textwrap
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.box.notices import Notice, event_of
from controller.console import report, watch_text
from controller.console.answer import WATCH, WORDS
from controller.console.arguments import PLACES
from controller.console.command import Command, Session
from controller.console.commands import COMMANDS, execute
from controller.console.grammar import JSON
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.journal import InlineJournal
from controller.journal.schema import FILE, open_journal
from controller.simulate.stage import VIRTUAL_NOON_NS, Scene, Stage, save_scene
from hardware.clock import SECOND_NS, VirtualClock
from hardware.virtual.camera import Exposure
from hardware.virtual.flash import Flash
from hardware.waveform import Change

_WIDTH = 110
_MOST_LINES = 24  # of an answer
_LONGEST_TEXT = 40  # in JSON
_FOCUSED = ("hold back 400ms", SECOND_NS)
_RUNNING = (*_FOCUSED, "set interval.count 20", "start", 7 * SECOND_NS)
_A_RUN = ("start", 30 * SECOND_NS)
_CHANGED = ("set interval.count 20",)
_SAVED = ("set interval.count 20", "save", "set interval.count 300", "save")

# What was typed before, and how long was waited, so that the example of a command has something to work on.
_BEFORE: dict[str, tuple[str | int, ...]] = {
    "watch": _RUNNING,
    "diff": _CHANGED,
    "save": _CHANGED,
    "rollback": _SAVED,
    "fire": _FOCUSED,
    "start": (*_FOCUSED, *_CHANGED),
    "pause": _RUNNING,
    "resume": (*_RUNNING, "pause"),
    "stop": _RUNNING,
    "calibrate": _FOCUSED,
    "cut": _RUNNING,
    "clear": ("a fault",),
    "log": (*_FOCUSED, "set interval.count 4", *_A_RUN, *_A_RUN, *_A_RUN),
    "release": ("press back",),
}
_SESSION = (
    "plain",
    "fire",
    "hold back 400ms",
    SECOND_NS,
    "set interval.every 2s",
    "set interval.count 3",
    "set interval.tolerance 3s",
    "start",
    3 * SECOND_NS,
    "status --json",
    3 * SECOND_NS,
    "quit",
)


class _Box:
    """A box on the virtual bench with a journal; what it tells unasked gathers in `events`."""

    zero_ns = 0

    def __init__(self, state_dir: Path) -> None:
        store = SettingsStore(None, state_dir)
        store.set("site.timezone", "Etc/UTC")
        scene = Scene("canon-e3", flash=Flash())
        save_scene(scene, store)
        self.events: list[dict[str, Any]] = []
        self.clock = VirtualClock()
        self.stage = Stage(scene, store, self.clock, (self,), threaded=False)
        self.session = Session(lambda method, **params: self.stage.methods.call(method, params))
        self._keep_journal(state_dir / FILE)

    def _keep_journal(self, path: Path) -> None:
        box = self.stage.box
        journal = InlineJournal(
            lambda run_id, slot: self.stage.inbox.post(partial(box.engine.intent_kept, run_id, slot)),
            self.clock,
            connection=open_journal(path).connection,
            wall_ns=VIRTUAL_NOON_NS,
        )
        box.engine.keep_books(Bookkeeper(journal, "virtual", box.engine.wall.sample))
        box.journal = path
        self._stop_journal = journal.stop

    def take(self, step: str | int) -> Iterator[str]:
        """Type a line, or wait; the lines that line mode writes."""
        known = ""
        match step:
            case int():
                self._wait(step)
            case "a fault":
                self.stage.box.engine.fail("the lamps' chip has gone")
            case _:
                answer = execute(self.session, step)
                known = answer.text
                is_live = answer.then == WATCH
                yield from (f"* {known}", watch_text.ENDED.plain()) if is_live else answer.plain().splitlines()
                self._wait(0)
        told = [report.event(event) for event in self.events if not known or event.get("reason") != known]
        self.events.clear()
        yield from (f"* {sentence}" for sentence in told if sentence != known)

    def close(self) -> None:
        """Take everything apart."""
        self._stop_journal()
        self.stage.close()

    def on_notice(self, notice: Notice) -> None:
        """Note what a console would be told."""
        event = event_of(notice)
        if event is not None and event["kind"] != "set":  # which tells of other consoles
            self.events.append(event)

    def on_change(self, change: Change) -> None:
        """Nothing is told of single edges."""

    def on_exposure(self, exposure: Exposure) -> None:
        """Nor of the camera's pictures."""

    def _wait(self, for_ns: int) -> None:
        alarm = _Alarm(self.clock.now_ns() + for_ns)
        run_virtually(self.stage.parts(alarm), self.stage.inbox, self.clock, lambda: alarm.next_ns is None)


class _Alarm:
    """A part of the loop that has something due once."""

    def __init__(self, at_ns: int) -> None:
        self.next_ns: int | None = at_ns

    def step(self, _now_ns: int) -> None:
        """Ring."""
        self.next_ns = None


@contextmanager
def _box() -> Iterator[_Box]:
    """Yield a fresh box where it is noon in June, UTC."""
    zone = os.environ.get("TZ")
    with tempfile.TemporaryDirectory(prefix="backbutton-") as folder:
        _set_zone("UTC")
        box = _Box(Path(folder))
        try:
            yield box
        finally:
            box.close()
            _set_zone(zone)


def _set_zone(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    time.tzset()


def words() -> str:
    """Return the table of the words behind `error`."""
    return "\n".join(("| word | what it means |", "|---|---|", *(f"| `{word}` | {WORDS[word]} |" for word in WORDS)))


def session() -> str:
    """Return a session in line mode, what was sent behind `>`; the bench's thumb is left out."""
    with _box() as box:
        told = [(step, [*box.take(step)]) for step in _SESSION]
    return _block(line for step, lines in told for line in _sent(step, lines))


def _sent(step: str | int, lines: list[str]) -> list[str]:
    if isinstance(step, int):
        return lines
    if step.startswith("hold"):
        return lines[1:]
    return [f"> {step}", *(_in_short(lines) if step.endswith(JSON) else lines)]


def commands() -> str:
    """Return every command: its usage, what may stand in its places, and its example with the answers to it."""
    with _box() as box:
        overview = _block(["> help", *box.take("help")])
    return "\n\n".join([overview, *map(_section, COMMANDS.values())])


def _section(command: Command) -> str:
    usage = f"{command.name} {command.arguments}".strip()
    bench = " Only on the virtual bench." if command.is_for_bench else ""
    places = [f"- `{name}`: {PLACES[name].what}" for slot in command.slots for name in slot.places]
    with_json = _answered(command, f"{command.example} {JSON}") if command.has_json else []
    parts = [
        f"### {usage}",
        f"{command.help[0].upper()}{command.help[1:]}.{bench}",
        *(["\n".join(places)] if places else []),
        _block(_headed(_answered(command, command.example))),
        *([_block(_in_short(with_json))] if with_json else []),
    ]
    return "\n\n".join(parts)


def _answered(command: Command, line: str) -> list[str]:
    """Return the line and its answer, on a box where its example has something to work on."""
    with _box() as box:
        for step in _BEFORE.get(command.name, ()):
            assert not any(each.startswith("error") for each in box.take(step)), step
        lines = [each for each in box.take(line) if not each.startswith("*") or command.name == "watch"]
    assert lines[-1].startswith("ok"), lines[-1]
    return [f"> {line}", *lines]


def _headed(lines: list[str]) -> list[str]:
    """Return the lines without what is too long in their middle."""
    return lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], " ...", lines[-1]]


def _in_short(lines: list[str]) -> list[str]:
    """Return the lines, those of JSON broken into several; of a list only the beginning, of a text too."""
    told: list[str] = []
    for line in lines:
        told += _json_in_short(json.loads(line)) if line.startswith((" {", " [")) else [line]
    return told


def _json_in_short(reply: object) -> list[str]:
    text = json.dumps(_shortened(reply), ensure_ascii=False)
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=" ",
        subsequent_indent="   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _shortened(value: object) -> object:
    match value:
        case dict():
            return {key: _shortened(each) for key, each in value.items()}
        case [first, _, *_]:
            return [_shortened(first), "..."]
        case str() if len(value) > _LONGEST_TEXT:
            return f"{value[:_LONGEST_TEXT].rstrip()}..."
    return value


def _block(lines: Iterable[str]) -> str:
    return "```\n" + "\n".join(lines) + "\n```"
