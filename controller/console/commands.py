"""The commands of the console, one row each; help, Tab completion and line mode all derive from this table.

Knows the methods of the control protocol by name, not how they are reached: over a socket or in this process.
"""

import json

from config.errors import quoted
from config.units import did_you_mean
from controller import __version__
from controller.console import explain, phones, presets, report, requests, settings_report, watch_text
from controller.console.answer import NOTHING, PLAIN, PROTOCOL, QUIT, Answer, failed
from controller.console.arguments import Context, expand_words
from controller.console.command import Command, Render, Session, call_method
from controller.console.grammar import HELP_MARK, JSON, check_words, expand_word, join_last, split_line
from controller.console.prove import one_line as prove_line
from controller.console.setup import one_line as setup_line
from controller.console.topics import TOPICS
from controller.errors import CommandError

# An action needs this many letters, or its full name: noise on a cable types `fi` and Enter about once in a GB.
_FEWEST_LETTERS = 4
_ALL = "commands"
_ALIASES = {"exit": "quit"}

__all__ = ["COMMANDS", "Command", "Session", "context_after", "execute", "find_command", "visible_commands"]


def execute(session: Session, line: str) -> Answer:
    """Carry out one line. An empty line returns NOTHING; a line that ends in `?` is explained and does nothing."""
    try:
        words = split_line(line)
        if not words:
            return NOTHING
        carry_out = _explain if words[-1].endswith(HELP_MARK) else _carry_out
        return carry_out(session, words)
    except CommandError as error:
        return failed(error.word, error.sentence)


def _carry_out(session: Session, words: list[str]) -> Answer:
    name, *words = words
    command = find_command(session, name)
    _check_length(command, name)
    wants_json = command.has_json and words[-1:] == [JSON]
    if wants_json:
        words = words[:-1]
    words = join_last(command.parsed_arguments, words)
    words = expand_words(command.parsed_arguments, context_after(session, words))
    check_words(command.parsed_arguments, words, command.expected)
    if command.is_for_bench and not session.call("status")["bench"]:
        raise CommandError("refused", f"{command.name} works on the virtual bench only; on a box, press the button")
    reply = command.request(session, words)
    return Answer((json.dumps(reply),)) if wants_json else command.render(reply)


def _check_length(command: Command, name: str) -> None:
    """Raise CommandError for an action that is abbreviated too much."""
    if command.is_action and len(name) < _FEWEST_LETTERS and name.lower() != command.name:
        sentence = f"{quoted(name)} is too short: {command.name} needs {_FEWEST_LETTERS} letters or more"
        raise CommandError("unknown", sentence)


def find_command(session: Session, name: str) -> Command:
    """Return the command of that name, or the only one that starts with it. Raises CommandError `unknown`."""
    word = _ALIASES.get(name.lower(), name.lower())
    if word in COMMANDS:
        return COMMANDS[word]
    names = _names(session)
    command = COMMANDS.get(expand_word(name, names))
    if command is None:
        hint = did_you_mean(name, names) or "; see help"
        raise CommandError("unknown", f"there is no command {quoted(name)}{hint}")
    return command


def visible_commands(session: Session) -> tuple[Command, ...]:
    """Return the commands that work on this box: those for the bench are hidden elsewhere."""
    is_on_bench = session.is_on_bench()
    return tuple(command for command in COMMANDS.values() if is_on_bench or not command.is_for_bench)


def _names(session: Session) -> tuple[str, ...]:
    return tuple(command.name for command in visible_commands(session))


def context_after(session: Session, words: list[str], beginning: str = "") -> Context:
    """Return the context of the argument after these words, which follow a command."""
    return Context(session, words, lambda: _names(session), beginning)


def _explain(session: Session, words: list[str]) -> Answer:
    """Explain what can stand at the `?`; letters before it narrow that down."""
    *before, last = words
    beginning = last.removesuffix(HELP_MARK)
    if before:
        command = find_command(session, before[0])
        return explain.explain_argument(command, context_after(session, before[1:], beginning), beginning)
    if not beginning:
        return explain.render(_help(session, []))
    commands = [command for command in visible_commands(session) if command.name.startswith(beginning.lower())]
    if not commands:
        find_command(session, beginning)
    return explain.render(explain.help_reply(commands, []))


def _help(session: Session, words: list[str]) -> explain.Reply:
    name = words[0].lower() if words else _ALL
    if name == _ALL:
        return explain.help_reply(visible_commands(session), []) | {"is_overview": not words}
    commands = [COMMANDS[name]] if name in COMMANDS else []
    if name in TOPICS:
        return explain.help_reply(commands, [], name)
    settings = explain.settings_named(session, name)
    if not commands and not settings:
        hint = did_you_mean(name, (*COMMANDS, *explain.setting_names()))
        hint = hint or "; help lists the commands, show the settings"
        raise CommandError("unknown", f"there is no command, section or setting {quoted(name)}{hint}")
    return explain.help_reply(commands, settings)


def _version(_: Session, __: list[str]) -> dict[str, object]:
    return {"version": __version__, "protocol": PROTOCOL}


def _no_request(_: Session, __: list[str]) -> None:
    """Do nothing: some commands concern the console alone."""


def _press(name: str, arguments: str, what: str, example: str) -> Command:
    parameters = [parameter.lower() for parameter in arguments.split()]
    request = call_method(f"thumb.{name}", *parameters)
    return Command(name, arguments, what, example, request, lambda _: Answer(text="done"), is_for_bench=True)


def _action(name: str, what: str, render: Render = report.did) -> Command:
    return Command(name, "", what, name, call_method(name), render, is_action=True)


_ROWS = (
    Command("status", "", "show what the box is doing", "status", call_method("status"), report.status),
    Command(
        "watch",
        "",
        "show the box live until you press a key",
        "watch",
        call_method("status"),
        watch_text.started,
        has_json=False,
    ),
    Command(
        "show",
        "[SECTION|KEY|changed]",
        "show settings and where each value comes from",
        "show interval",
        requests.show,
        settings_report.settings,
    ),
    Command(
        "set",
        "KEY [VALUE]",
        "change a setting until power-off, or show its range",
        "set interval.every 5s",
        requests.change,
        settings_report.setting,
    ),
    Command(
        "reset",
        "KEY",
        "reset a setting to the box's own value or the default",
        "reset interval.every",
        call_method("settings.reset", "key"),
        settings_report.setting,
        is_action=True,
    ),
    Command(
        "diff",
        "",
        "list the changes that are not saved",
        "diff",
        call_method("settings.diff"),
        settings_report.differences,
    ),
    Command("save", "", "save the settings", "save", call_method("settings.save"), settings_report.saved),
    Command(
        "rollback",
        "[N]",
        "go back to the previous save, or N saves back",
        "rollback 1",
        requests.rollback,
        settings_report.rolled_back,
        is_action=True,
    ),
    *presets.ROWS,
    *phones.ROWS,
    Command(
        "focus",
        "hold|release|accept|clear [DURATION]",
        "hold (for some time) or release back, accept or clear the focus",
        "focus hold 2s",
        requests.focus,
        report.did,
        is_action=True,
    ),
    _action("fire", "take one frame, like the shutter button"),
    Command(
        "start",
        "[WHEN|COUNT] [every DURATION]",
        "start a run: now, later, by the sun, or 24 every 5s",
        "start 24 every 5s",
        presets.start,
        report.started,
        is_action=True,
    ),
    Command(
        "clock",
        "[set TIME]",
        "show or set the date and time",
        requests.CLOCK_EXAMPLE,
        requests.clock,
        report.clock,
    ),
    _action("pause", "pause the run before its next frame"),
    _action("resume", "continue a paused run on its schedule"),
    _action("stop", "end the run after this frame; without a run, end a bulb now"),
    _action("step", "say that a hand-step is done on the camera"),
    Command(
        "trim",
        "STOPS",
        "make the rest of a bulb run brighter or darker, smoothly",
        "trim +1/3",
        call_method("trim", "stops"),
        report.did,
        is_action=True,
    ),
    _action("calibrate", "measure the shutter lag (needs the flash contact)", report.calibrating),
    _action("cut", "open both contacts and end everything, like Ctrl-C"),
    _action("clear", "clear a fault once its cause is gone"),
    Command("plan", "", "draw what a frame does to the contacts", "plan", requests.plan, report.plan),
    Command("log", "[RUN]", "list the last runs, or show one", "log 3", requests.log, report.log),
    Command(
        "cameras",
        "[CAMERA]",
        "list the camera ports, or show one in full",
        "cameras D850",
        requests.cameras,
        report.cameras,
    ),
    Command(
        "setup",
        "[CAMERA] [bbf|factory|mf]",
        "set up your camera, step by step",
        "setup D850 bbf",
        setup_line.request,
        setup_line.render,
    ),
    *prove_line.ROWS,
    _press("press", "BUTTON", "press a button and keep it down", "press back"),
    _press("release", "BUTTON", "let go of a button", "release back"),
    _press("hold", "BUTTON DURATION", "press a button for some time", "hold back 500ms"),
    _press("tap", "BUTTON", "press a button briefly", "tap shutter"),
    Command(
        "help",
        "[COMMAND|SECTION|KEY|TOPIC]",
        "list the commands, or explain one, a setting or a topic",
        "help interval.every",
        _help,
        explain.render,
    ),
    Command(
        "version",
        "",
        "show the version and the console protocol",
        "version",
        _version,
        lambda reply: Answer(text=f"backbutton {reply['version']}, console protocol {reply['protocol']}"),
    ),
    Command(
        "plain",
        "",
        "switch to line mode, for scripts",
        "plain",
        _no_request,
        lambda _: Answer(text="line mode", then=PLAIN),
        has_json=False,
    ),
    Command(
        "quit",
        "",
        "leave the console; the box keeps running",
        "quit",
        _no_request,
        lambda _: Answer(text="goodbye", then=QUIT),
        has_json=False,
    ),
)

COMMANDS = {command.name: command for command in _ROWS}
