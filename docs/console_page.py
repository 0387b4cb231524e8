"""Runs the console's commands on the virtual bench, for the generated parts of `console.md`.

Nothing in them is made up: the real methods carry out each line, on the virtual clock, on a fresh box.
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
from controller.console import watch_text
from controller.console.answer import ERROR_WORDS, WATCH
from controller.console.arguments import PLACEHOLDERS
from controller.console.command import Command, Session
from controller.console.commands import COMMANDS, execute
from controller.console.grammar import JSON
from controller.console.news import sentences
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.journal import InlineJournal
from controller.journal.schema import FILE, open_journal
from controller.simulate.stage import Scene, Stage, save_scene
from hardware.clock import SECOND_NS, VirtualClock
from hardware.virtual.camera import Exposure
from hardware.virtual.flash import Flash
from hardware.waveform import Change

_WIDTH = 110
_MOST_LINES = 24  # of an answer
_LONGEST_TEXT = 40  # in JSON
_FOCUSED = ("hold back 400ms", SECOND_NS)
_RUNNING = (*_FOCUSED, "set interval.count 20", "start", 7 * SECOND_NS)
_BULBS = (*_FOCUSED, "set shot.drive bulb", "set shot.exposure 2s", "set interval.every 10s", "set interval.count 20")
_A_RUN = ("start", 30 * SECOND_NS)
_CHANGED = ("set interval.count 20",)
_SAVED = ("set interval.count 20", "save", "set interval.count 300", "save")

# What to type before the example of a command, and how long to wait, so that it has something to work on.
_BEFORE: dict[str, tuple[str | int, ...]] = {
    "watch": _RUNNING,
    "diff": _CHANGED,
    "save": _CHANGED,
    "rollback": _SAVED,
    "fire": _FOCUSED,
    "start": _FOCUSED,
    "pause": _RUNNING,
    "resume": (*_RUNNING, "pause"),
    "stop": _RUNNING,
    "calibrate": _FOCUSED,
    "cut": _RUNNING,
    "clear": ("a fault",),
    "log": (*_FOCUSED, "set interval.count 4", *_A_RUN, *_A_RUN, *_A_RUN),
    "release": ("press back",),
    "trim": (*_BULBS, "start", 12 * SECOND_NS),
    "step": (
        *_BULBS,
        "set shot.ramp_shape even",
        "set shot.ramp 0% 1s, 100% 8s",
        "set shot.steps 10% ISO 100-200",
        "start",
        30 * SECOND_NS,
    ),
    "page": ("a phone",),
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
    """A box on the virtual bench with a journal; collects the events in `events`."""

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
            lambda run_id, slot: self.stage.inbox.post(partial(box.engine.intent_saved, run_id, slot)),
            self.stage.wall.sample,
            connection=open_journal(path).connection,
        )
        box.engine.keep_books(Bookkeeper(journal, "virtual"))
        box.journal = path
        self._stop_journal = journal.stop

    def run(self, step: str | int) -> Iterator[str]:
        """Type a line, or wait for nanoseconds; yield the lines that line mode writes."""
        text = ""
        match step:
            case int():
                self._wait(step)
            case "a phone":
                code = self.session.call("pairing.link")["code"]
                self.session.call("pairing.redeem", code=code, name="iPhone")
            case "a fault":
                self.stage.box.engine.fail("the lamps' chip has gone")
            case _:
                answer = execute(self.session, step)
                text = answer.text
                is_live = answer.then == WATCH
                live = (f"* {text}", watch_text.ENDED.for_scripts())
                yield from live if is_live else answer.for_scripts().splitlines()
                self._wait(0)
        yield from (f"* {sentence}" for sentence in sentences(self.events, text))
        self.events.clear()

    def close(self) -> None:
        """Stop the journal and the bench."""
        self._stop_journal()
        self.stage.close()

    def on_notice(self, notice: Notice) -> None:
        """Collect the events that a console would receive."""
        event = event_of(notice)
        if event is not None and event["kind"] != "set":  # it is about other consoles
            self.events.append(event)

    def on_change(self, change: Change) -> None:
        """Ignore single edges."""

    def on_exposure(self, exposure: Exposure) -> None:
        """Ignore the camera's pictures."""

    def _wait(self, for_ns: int) -> None:
        alarm = _Alarm(self.clock.now_ns() + for_ns)
        run_virtually(self.stage.parts(alarm), self.stage.inbox, self.clock, lambda: alarm.next_ns is None)


class _Alarm:
    """A part of the loop that is due once."""

    def __init__(self, at_ns: int) -> None:
        self.next_ns: int | None = at_ns

    def step(self, _now_ns: int) -> None:
        """Be done."""
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
    rows = (f"| `{word}` | {meaning} |" for word, meaning in ERROR_WORDS.items())
    return "\n".join(("| word | what it means |", "|---|---|", *rows))


def session() -> str:
    """Return a session in line mode, with `>` before what was sent; the bench's buttons are left out."""
    with _box() as box:
        answers = [(step, [*box.run(step)]) for step in _SESSION]
    return _block(line for step, lines in answers for line in _exchange(step, lines))


def _exchange(step: str | int, lines: list[str]) -> list[str]:
    if isinstance(step, int):
        return lines
    if step.startswith("hold"):
        return lines[1:]
    return [f"> {step}", *(_shorten_json(lines) if step.endswith(JSON) else lines)]


def commands() -> str:
    """Return every command: its usage, its placeholders, and its example with the answers."""
    with _box() as box:
        overview = _block(["> help", *box.run("help")])
    return "\n\n".join([overview, *map(_section, COMMANDS.values())])


def _section(command: Command) -> str:
    usage = f"{command.name} {command.arguments}".strip()
    bench = " Only on the virtual bench." if command.is_for_bench else ""
    names = [name for argument in command.parsed_arguments for name in argument.placeholders]
    placeholders = [f"- `{name}`: {PLACEHOLDERS[name].meaning}" for name in dict.fromkeys(names)]
    with_json = _answered(command, f"{command.example} {JSON}") if command.has_json else []
    parts = [
        f"### {usage}",
        f"{command.help[0].upper()}{command.help[1:]}.{bench}",
        *(["\n".join(placeholders)] if placeholders else []),
        _block(_cut_middle(_answered(command, command.example))),
        *([_block(_shorten_json(with_json))] if with_json else []),
    ]
    return "\n\n".join(parts)


def _answered(command: Command, line: str) -> list[str]:
    """Return the line and its answer, on a box prepared for this command."""
    with _box() as box:
        for step in _BEFORE.get(command.name, ()):
            assert not any(reply.startswith("error") for reply in box.run(step)), step
        lines = [reply for reply in box.run(line) if not reply.startswith("*") or command.name == "watch"]
    assert lines[-1].startswith("ok"), lines[-1]
    return [f"> {line}", *lines]


def _cut_middle(lines: list[str]) -> list[str]:
    """Return the lines; of a long answer only the beginning and the last line."""
    return lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], " ...", lines[-1]]


def _shorten_json(lines: list[str]) -> list[str]:
    """Return the lines, JSON wrapped, with only the beginning of its lists and long texts."""
    shortened: list[str] = []
    for line in lines:
        shortened += _json_lines(json.loads(line)) if line.startswith((" {", " [")) else [line]
    return shortened


def _json_lines(reply: object) -> list[str]:
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
            return {key: _shortened(item) for key, item in value.items()}
        case [first, _, *_]:
            return [_shortened(first), "..."]
        case str() if len(value) > _LONGEST_TEXT:
            return f"{value[:_LONGEST_TEXT].rstrip()}..."
    return value


def _block(lines: Iterable[str]) -> str:
    return "```\n" + "\n".join(lines) + "\n```"
