"""Help: lists the commands, explains a command or a setting, and shows what can stand at a `?`.

Reads the descriptions of commands, placeholders and settings; carries nothing out.
"""

from collections.abc import Collection, Iterable
from typing import Any

from config.errors import ConfigError
from controller.console.answer import Answer
from controller.console.arguments import PLACEHOLDERS, Context, suggestions
from controller.console.command import Command, Session
from controller.console.grammar import JSON
from controller.console.report import two_columns, word_rows
from controller.console.settings_report import about, heading
from controller.console.topics import GROUPS, TOPICS
from controller.errors import CommandError

Reply = dict[str, Any]


def help_reply(commands: Iterable[Command], settings: list[Reply], topic: str = "") -> Reply:
    """Return the reply of `help` about these commands and settings, and a topic."""
    described = [_description(command) for command in commands]
    return {"commands": described, "settings": settings, "topic": {topic: TOPICS[topic]} if topic else {}}


def _description(command: Command) -> Reply:
    names = [name for argument in command.parsed_arguments for name in argument.placeholders]
    return {
        "name": command.name,
        "arguments": command.arguments,
        "help": command.help,
        "example": command.example,
        "json": command.has_json,
        "places": {name: PLACEHOLDERS[name].meaning for name in names},
    }


def settings_named(session: Session, name: str) -> list[Reply]:
    """Return the settings of a section, or the one with that key; without their values if the box is offline."""
    from config.listing import facts  # noqa: PLC0415 - the console must start quickly, and rarely needs this
    from config.schema import FIELDS  # noqa: PLC0415 - the same

    rows = [facts(field) for key, field in FIELDS.items() if name in (key, field.section)]
    values = {row["key"]: row for row in _values(session, name)} if rows else {}
    return [row | values.get(row["key"], {}) for row in rows]


def _values(session: Session, name: str) -> list[Reply]:
    try:
        return list(session.call("settings.show", section=name))
    except CommandError as error:
        if error.word != "offline":
            raise
        return []


def _setting(session: Session, key: str) -> Reply:
    """Return the setting with that key. Raises CommandError if there is none."""
    from config.schema import find_field  # noqa: PLC0415 - the same

    try:
        (row,) = settings_named(session, find_field(key).key)
    except ConfigError as error:
        raise CommandError("value", str(error)) from error
    return row


def setting_names() -> list[str]:
    """Return every section, key and topic that `help` can explain."""
    from config.schema import FIELDS, SECTIONS  # noqa: PLC0415 - the same

    return [*SECTIONS, *FIELDS, *TOPICS]


def render(reply: Reply) -> Answer:
    """Return the answer to `help`."""
    commands, settings = reply["commands"], reply["settings"]
    if reply.get("is_overview"):
        return _overview([command["name"] for command in commands])
    if len(commands) > 1:
        return _listed(commands)
    lines = [line for command in commands for line in _command(command)]
    if reply["topic"]:
        ((topic, text),) = reply["topic"].items()
        return Answer((*lines, *text), text=topic)
    if len(settings) == 1:
        return Answer((*lines, *about(settings[0])), text=settings[0]["key"])
    if settings:
        section = settings[0]["key"].partition(".")[0]
        lines += [heading(section), *two_columns((f"  {row['key']}", row["help"]) for row in settings)]
    return Answer(tuple(lines), text=commands[0]["name"] if commands else "help KEY explains one of them")


def _overview(names: Collection[str]) -> Answer:
    """Return what the commands of these names are for, on one screen, and the topics."""
    groups = [(group, [name for name in members if name in names]) for group, members in GROUPS]
    rows = [(group, ", ".join(members)) for group, members in groups if members]
    lines = two_columns([*rows, ("topics", ", ".join(TOPICS))])
    return Answer(tuple(lines), text="help WORD explains one; help commands describes each; show lists the settings")


def _listed(commands: list[Reply]) -> Answer:
    lines = two_columns((command["name"], command["help"]) for command in commands)
    return Answer(tuple(lines), text="help COMMAND explains one; a ? at the end of a line shows what can stand there")


def _command(command: Reply) -> list[str]:
    usage = f"{command['name']} {command['arguments']}".strip() + (f" [{JSON}]" if command["json"] else "")
    placeholders = two_columns((f"  {name}", meaning) for name, meaning in command["places"].items())
    return [usage, command["help"], *placeholders, f"for example: {command['example']}"]


def explain_argument(command: Command, context: Context, beginning: str) -> Answer:
    """Explain what can follow the words of `context`; suggest only words that start with `beginning`."""
    return Answer((command.help, *_next_argument(command, context, beginning)), text=command.usage)


def _next_argument(command: Command, context: Context, beginning: str) -> list[str]:
    arguments = command.parsed_arguments
    if len(context.words) >= len(arguments):
        return [f"  nothing more{f', or {JSON}' if command.has_json else ''}"] if arguments else []
    argument = arguments[len(context.words)]
    if argument.placeholders == ("VALUE",):
        return about(_setting(context.session, context.words[0]))
    placeholders = two_columns((f"  {name}", PLACEHOLDERS[name].meaning) for name in argument.placeholders)
    words = [word for word in suggestions(argument, context) if word.startswith(beginning)]
    return [*placeholders, *word_rows(words), *(["  or nothing"] if argument.is_optional else [])]
