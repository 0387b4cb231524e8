"""The commands of the console, one row each; help, completion and line mode all derive from the table.

Knows the methods of the control protocol by name, not how they are reached: over a socket or in this process.
"""

import json

from config.errors import quoted
from config.units import did_you_mean
from controller import __version__
from controller.console import explain, report, requests, settings_report, watch_text
from controller.console.answer import NOTHING, PLAIN, PROTOCOL, QUIT, Answer, failed
from controller.console.arguments import Here, words_in_full
from controller.console.command import Command, Session, Tell, method
from controller.console.grammar import JSON, WHAT, check_words, in_full, words_of
from controller.console.setup import one_line as setup_line
from controller.errors import CommandError

_FEWEST_LETTERS = 4  # of a command that acts, unless that is all of it: `fi` and Enter come by once in a GB of noise

__all__ = ["COMMANDS", "Command", "Session", "execute", "find_command", "here", "visible_commands"]


def execute(session: Session, line: str) -> Answer:
    """Carry out one line; an empty one is answered with NOTHING and does nothing, as does one that ends in `?`."""
    try:
        words = words_of(line)
        if not words:
            return NOTHING
        carry_out = _explain if words[-1].endswith(WHAT) else _carry_out
        return carry_out(session, words)
    except CommandError as error:
        return failed(error.word, error.sentence)


def _carry_out(session: Session, words: list[str]) -> Answer:
    name, *words = words
    command = find_command(session, name)
    if command.acts and len(name) < _FEWEST_LETTERS and name.lower() != command.name:
        raise CommandError("unknown", f"{quoted(name)} is too short for a command that acts; type {command.name}")
    wants_json = command.has_json and words[-1:] == [JSON]
    if wants_json:
        words = words[:-1]
    words = words_in_full(command.slots, here(session, words))
    check_words(command.slots, words, command.usage)
    if command.is_for_bench and not session.call("status")["bench"]:
        raise CommandError("refused", f"{command.name} is for the virtual bench; on a box, use its buttons")
    reply = command.ask(session, words)
    return Answer((json.dumps(reply),)) if wants_json else command.tell(reply)


def find_command(session: Session, name: str) -> Command:
    """The command of that name, or the only one here that begins so; CommandError `unknown` if there is none."""
    if name.lower() in COMMANDS:
        return COMMANDS[name.lower()]
    names = _names(session)
    found = COMMANDS.get(in_full(name, names))
    if found is None:
        hint = did_you_mean(name, names) or "; see help"
        raise CommandError("unknown", f"there is no command {quoted(name)}{hint}")
    return found


def visible_commands(session: Session) -> tuple[Command, ...]:
    """The commands that make sense here."""
    is_on_bench = session.is_on_bench()
    return tuple(command for command in COMMANDS.values() if is_on_bench or not command.is_for_bench)


def _names(session: Session) -> tuple[str, ...]:
    return tuple(command.name for command in visible_commands(session))


def here(session: Session, words: list[str]) -> Here:
    """The place behind a command and these words."""
    return Here(session, words, lambda: _names(session))


def _explain(session: Session, words: list[str]) -> Answer:
    """Say what may stand where the `?` does, behind what is begun of a word."""
    *before, last = words
    begun = last.removesuffix(WHAT)
    if before:
        command = find_command(session, before[0])
        return explain.what_stands(command, here(session, before[1:]), begun)
    commands = [each for each in visible_commands(session) if each.name.startswith(begun.lower())]
    if not commands:
        find_command(session, begun)
    return explain.told(explain.reply_of(commands, []))


def _help(session: Session, words: list[str]) -> explain.Reply:
    if not words:
        return explain.reply_of(visible_commands(session), [])
    name = words[0].lower()
    commands = [COMMANDS[name]] if name in COMMANDS else []
    settings = explain.settings_called(session, name)
    if not commands and not settings:
        hint = did_you_mean(name, (*COMMANDS, *explain.names())) or "; help lists the commands, show the settings"
        raise CommandError("unknown", f"there is no command, section or setting {quoted(name)}{hint}")
    return explain.reply_of(commands, settings)


def _version(_: Session, __: list[str]) -> dict[str, object]:
    return {"version": __version__, "protocol": PROTOCOL}


def _nothing(_: Session, __: list[str]) -> None:
    """Ask nobody."""


def _press(name: str, arguments: str, what: str, example: str) -> Command:
    names = [name.lower() for name in arguments.split()]
    ask, tell = method(f"thumb.{name}", *names), lambda _: Answer(text="done")
    return Command(name, arguments, what, example, ask, tell, is_for_bench=True)


def _act(name: str, what: str, tell: Tell = report.states) -> Command:
    return Command(name, "", what, name, method(name), tell, acts=True)


_ROWS = (
    Command("status", "", "what the box is doing now", "status", method("status"), report.status),
    Command(
        "watch",
        "",
        "the box live, until something is typed",
        "watch",
        method("status"),
        watch_text.begun,
        has_json=False,
    ),
    Command(
        "show",
        "[SECTION|KEY|changed]",
        "the settings, their values, and where each comes from",
        "show interval",
        requests.show,
        settings_report.settings,
    ),
    Command(
        "set",
        "KEY VALUE",
        "change a setting until the box is switched off; save keeps it",
        "set interval.every 5s",
        method("settings.set", "key", "value"),
        settings_report.setting,
    ),
    Command(
        "reset",
        "KEY",
        "give a setting back the value it has without you",
        "reset interval.every",
        method("settings.reset", "key"),
        settings_report.setting,
        acts=True,
    ),
    Command(
        "diff",
        "",
        "the settings that are changed and not saved",
        "diff",
        method("settings.diff"),
        settings_report.differences,
    ),
    Command("save", "", "keep the settings as they are now", "save", method("settings.save"), settings_report.saved),
    Command(
        "rollback",
        "[N]",
        "go back to the settings saved before, or N times before",
        "rollback 1",
        requests.rollback,
        settings_report.rolled_back,
        acts=True,
    ),
    Command(
        "focus",
        "hold|release|clear",
        "hold or let go of back, or forget the focus",
        "focus hold",
        requests.focus,
        report.states,
        acts=True,
    ),
    _act("fire", "take one frame, as the shutter button does"),
    Command(
        "start",
        "[WHEN]",
        "start a run: now, after a delay, at a time of day, or by the sun",
        "start +30s",
        method("start", "when"),
        report.started,
        acts=True,
    ),
    Command(
        "clock",
        "[set TIME]",
        "tell or set the time of day",
        requests.CLOCK_EXAMPLE,
        requests.clock,
        requests.tell_clock,
    ),
    _act("pause", "pause the run at the next gap; its time grid runs on", report.pausing),
    _act("resume", "go on with a paused run, on the same grid"),
    _act("stop", "finish this frame, then end the run", report.stopping),
    Command(
        "calibrate",
        "",
        "measure the camera's shutter lag on ten frames, by its flash contact",
        "calibrate",
        method("calibrate"),
        report.calibrating,
        acts=True,
    ),
    _act("cut", "open both contacts now and end everything; Ctrl-C does the same"),
    _act("clear", "leave a fault, once its cause is gone"),
    Command("plan", "", "what one frame does to the contacts, drawn", "plan", method("plan"), report.plan),
    Command("log", "[RUN]", "the last runs in the journal, or the end of one", "log 3", requests.log, report.log),
    Command(
        "cameras",
        "[ID]",
        "the cameras that are known, or all about one",
        "cameras canon-e3",
        requests.cameras,
        report.cameras,
    ),
    Command(
        "setup",
        "[ID] [bbf|factory|mf]",
        "say how your camera is set up: asks its way, or all in one line",
        "setup canon-e3 bbf",
        setup_line.ask,
        setup_line.tell,
    ),
    _press("press", "BUTTON", "press a button of the bench and keep it pressed", "press back"),
    _press("release", "BUTTON", "let go of a button of the bench", "release back"),
    _press("hold", "BUTTON DURATION", "press a button of the bench for a time", "hold back 500ms"),
    _press("tap", "BUTTON", "press a button of the bench shortly", "tap shutter"),
    Command(
        "help",
        "[COMMAND|SECTION|KEY]",
        "the commands, or more about one, or about settings",
        "help interval.every",
        _help,
        explain.told,
    ),
    Command(
        "version",
        "",
        "which backbutton this is, and which console protocol a script speaks to",
        "version",
        _version,
        lambda reply: Answer(text=f"backbutton {reply['version']}, console protocol {reply['protocol']}"),
    ),
    Command(
        "plain",
        "",
        "line mode, for scripts: no prompt, no echo, one ok or error a line",
        "plain",
        _nothing,
        lambda _: Answer(text="line mode", then=PLAIN),
        has_json=False,
    ),
    Command(
        "quit",
        "",
        "leave the console; the box goes on",
        "quit",
        _nothing,
        lambda _: Answer(text="goodbye", then=QUIT),
        has_json=False,
    ),
)

COMMANDS = {command.name: command for command in _ROWS}
