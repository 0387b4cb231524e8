"""The commands of the console, one row each; help, completion and line mode all derive from the table.

Knows the methods of the control protocol by name, not how they are reached: over a socket or in this process.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config.errors import quoted
from config.units import did_you_mean
from controller import cameras
from controller.console import clock, guide, report
from controller.console.answer import NOTHING, PLAIN, QUIT, Answer, failed
from controller.console.grammar import JSON, Slot, check_words, slots_of, words_of
from controller.errors import CommandError


@dataclass(frozen=True, slots=True)
class Session:
    """What commands work on: `call(method, **params)` returns a result or raises CommandError."""

    call: Callable[..., Any]

    def is_on_bench(self) -> bool:
        """Tell whether the box is the virtual bench; no, if it cannot be asked."""
        try:
            return bool(self.call("status")["bench"])
        except CommandError:
            return False


Ask = Callable[[Session, list[str]], Any]
Tell = Callable[[Any], Answer]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `ask` gets the reply to its words, `tell` says it; `has_json` where a script would want it."""

    name: str
    arguments: str
    help: str
    example: str
    ask: Ask
    tell: Tell
    has_json: bool = False
    is_for_bench: bool = False

    @property
    def slots(self) -> tuple[Slot, ...]:
        """What it takes."""
        return slots_of(self.arguments)

    @property
    def usage(self) -> str:
        """How it is written, with an example where it takes anything."""
        if not self.arguments:
            return f"{self.name} takes nothing after it" + (f" but {JSON}" if self.has_json else "")
        return f"{self.name} {self.arguments}, for example: {self.example}"


def execute(session: Session, line: str) -> Answer:
    """Carry out one line; an empty one is answered with NOTHING and does nothing."""
    try:
        words = words_of(line)
        if not words:
            return NOTHING
        return _carry_out(session, find_command(words[0]), words[1:])
    except CommandError as error:
        return failed(error.word, error.sentence)


def _carry_out(session: Session, command: Command, words: list[str]) -> Answer:
    wants_json = command.has_json and words[-1:] == [JSON]
    if wants_json:
        words = words[:-1]
    check_words(command.slots, words, command.usage)
    if command.is_for_bench and not session.is_on_bench():
        raise CommandError("refused", f"{command.name} is for the virtual bench; on a box, use its buttons")
    reply = command.ask(session, words)
    return Answer((json.dumps(reply),)) if wants_json else command.tell(reply)


def find_command(name: str) -> Command:
    """The command of that name; CommandError `unknown`, with a suggestion, if there is none."""
    command = COMMANDS.get(name.lower())
    if command is None:
        begun = [each for each in COMMANDS if each.startswith(name.lower())]
        hint = f"; did you mean {begun[0]}?" if len(begun) == 1 else did_you_mean(name, COMMANDS)
        raise CommandError("unknown", f"there is no command {quoted(name)}{hint or '; see help'}")
    return command


def visible_commands(session: Session) -> tuple[Command, ...]:
    """The commands that make sense here."""
    is_on_bench = session.is_on_bench()
    return tuple(command for command in COMMANDS.values() if is_on_bench or not command.is_for_bench)


def _method(method: str, *names: str) -> Ask:
    """Call a method with the words as its parameters of these names, as far as there are words."""

    def ask(session: Session, words: list[str]) -> object:
        return session.call(method, **dict(zip(names, words, strict=False)))

    return ask


def _focus(session: Session, words: list[str]) -> object:
    return session.call(f"focus.{words[0]}")


def _rollback(session: Session, words: list[str]) -> object:
    text = words[0] if words else "1"
    if not (text.isascii() and text.isdigit() and len(text) < 4):  # noqa: PLR2004 - five versions are kept
        raise CommandError("value", f"rollback: {quoted(text)} is no number of versions; write it like: rollback 1")
    return session.call("settings.rollback", n=int(text))


def _log(session: Session, words: list[str]) -> object:
    if not words:
        return session.call("log")
    if not (words[0].isascii() and words[0].isdigit() and len(words[0]) < 10):  # noqa: PLR2004 - nobody takes so many
        raise CommandError("value", f"log: {quoted(words[0])} is no number of a run; log lists them")
    return session.call("log", run=int(words[0]))


def _cameras(session: Session, words: list[str]) -> object:
    if words:
        return session.call("cameras", profile=words[0].lower())
    return [row if "faults" in row else _camera(session, row) for row in session.call("cameras")]


def _camera(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    """Ask for one camera by itself, because reading all of them at once would hold up a run."""
    try:
        return cameras.summary(session.call("cameras", profile=row["id"]))
    except CommandError as error:
        if error.word == "offline":
            raise
        return {**row, "faults": [error.sentence]}


def _help(session: Session, words: list[str]) -> tuple[Command, ...]:
    return (find_command(words[0]),) if words else visible_commands(session)


def _tell_help(commands: tuple[Command, ...]) -> Answer:
    if len(commands) > 1:
        rows = [(f"{command.name} {command.arguments}", command.help) for command in commands]
        return Answer(tuple(report.columns(rows)), text="help COMMAND tells more about one")
    command = commands[0]
    usage = f"{command.name} {command.arguments}".strip() + (f" [{JSON}]" if command.has_json else "")
    return Answer((usage, command.help, f"for example: {command.example}"), text=command.name)


def _nothing(_: Session, __: list[str]) -> None:
    """Ask nobody."""


def _press(name: str, arguments: str, what: str, example: str) -> Command:
    names = [name.lower() for name in arguments.split()]
    ask, tell = _method(f"thumb.{name}", *names), lambda _: Answer(text="done")
    return Command(name, arguments, what, example, ask, tell, is_for_bench=True)


def _act(name: str, what: str) -> Command:
    return Command(name, "", what, name, _method(name), report.states)


_ROWS = (
    Command("status", "", "what the box is doing now", "status", _method("status"), report.status, has_json=True),
    Command(
        "show",
        "[SECTION|KEY]",
        "the settings, their values, and where each comes from",
        "show interval",
        _method("settings.show", "section"),
        report.settings,
        has_json=True,
    ),
    Command(
        "set",
        "KEY VALUE",
        "change a setting until the box is switched off; save keeps it",
        "set interval.every 5s",
        _method("settings.set", "key", "value"),
        report.setting,
    ),
    Command(
        "reset",
        "KEY",
        "give a setting back the value it has without you",
        "reset interval.every",
        _method("settings.reset", "key"),
        report.setting,
    ),
    Command(
        "diff",
        "",
        "the settings that are changed and not saved",
        "diff",
        _method("settings.diff"),
        report.differences,
        has_json=True,
    ),
    Command("save", "", "keep the settings as they are now", "save", _method("settings.save"), report.saved),
    Command(
        "rollback",
        "[N]",
        "go back to the settings saved before, or N times before",
        "rollback 1",
        _rollback,
        report.rolled_back,
    ),
    Command(
        "focus",
        "hold|release|clear",
        "hold or let go of back, or forget the focus",
        "focus hold",
        _focus,
        report.states,
    ),
    _act("fire", "take one frame, as the shutter button does"),
    Command(
        "start",
        "[WHEN]",
        "start a run: now, after a delay, at a time of day, or by the sun",
        "start +30s",
        _method("start", "when"),
        report.started,
    ),
    Command("clock", "[set] [TIME]", "tell or set the time of day", clock.EXAMPLE, clock.ask, clock.tell),
    _act("pause", "pause the run at the next gap; its time grid runs on"),
    _act("resume", "go on with a paused run, on the same grid"),
    _act("stop", "finish this frame, then end the run"),
    Command(
        "calibrate",
        "",
        "measure the camera's shutter lag on ten frames, by its flash contact",
        "calibrate",
        _method("calibrate"),
        report.calibrating,
    ),
    _act("cut", "open both contacts now and end everything; Ctrl-C does the same"),
    _act("clear", "leave a fault, once its cause is gone"),
    Command(
        "plan", "", "what one frame does to the contacts, drawn", "plan", _method("plan"), report.plan, has_json=True
    ),
    Command("log", "[RUN]", "the last runs in the journal, or the end of one", "log 3", _log, report.log),
    Command(
        "cameras",
        "[ID]",
        "the cameras that are known, or all about one",
        "cameras canon-e3",
        _cameras,
        report.cameras,
        has_json=True,
    ),
    Command(
        "setup",
        "[ID] [bbf|factory|mf]",
        "say how your camera is set up: asks its way, or all in one line",
        "setup canon-e3 bbf",
        guide.ask,
        guide.tell,
    ),
    _press("press", "BUTTON", "press a button of the bench and keep it pressed", "press back"),
    _press("release", "BUTTON", "let go of a button of the bench", "release back"),
    _press("hold", "BUTTON DURATION", "press a button of the bench for a time", "hold back 500ms"),
    _press("tap", "BUTTON", "press a button of the bench shortly", "tap shutter"),
    Command("help", "[COMMAND]", "the commands, or more about one", "help set", _help, _tell_help),
    Command(
        "plain",
        "",
        "line mode, for scripts: no prompt, no echo, one ok or error a line",
        "plain",
        _nothing,
        lambda _: Answer(text="line mode", then=PLAIN),
    ),
    Command(
        "quit",
        "",
        "leave the console; the box goes on",
        "quit",
        _nothing,
        lambda _: Answer(text="goodbye", then=QUIT),
    ),
)

COMMANDS = {command.name: command for command in _ROWS}
