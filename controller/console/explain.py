"""Help: the commands, all about one, what a setting takes, what may stand in a place.

Knows what commands, places and settings say of themselves; carries nothing out.
"""

from collections.abc import Iterable
from typing import Any

from config.errors import ConfigError
from controller.console.answer import Answer
from controller.console.arguments import PLACES, Here, offered
from controller.console.command import Command, Session
from controller.console.grammar import JSON
from controller.console.report import entries, in_rows
from controller.console.settings_report import about, heading
from controller.errors import CommandError

Reply = dict[str, Any]


def reply_of(commands: Iterable[Command], settings: list[Reply]) -> Reply:
    """What `help` replies about these."""
    return {"commands": [_described(each) for each in commands], "settings": settings}


def _described(command: Command) -> Reply:
    places = {name: PLACES[name].what for slot in command.slots for name in slot.places}
    return {
        "name": command.name,
        "arguments": command.arguments,
        "help": command.help,
        "example": command.example,
        "json": command.has_json,
        "places": places,
    }


def settings_called(session: Session, name: str) -> list[Reply]:
    """The settings of a section, or the one of that key; without their values where the box cannot be asked."""
    from config.listing import facts  # noqa: PLC0415 - a console starts before anyone asks for settings
    from config.schema import FIELDS  # noqa: PLC0415 - the same

    rows = [facts(field) for key, field in FIELDS.items() if name in (key, field.section)]
    values = {row["key"]: row for row in _shown(session, name)} if rows else {}
    return [row | values.get(row["key"], {}) for row in rows]


def _shown(session: Session, name: str) -> list[Reply]:
    try:
        return list(session.call("settings.show", section=name))
    except CommandError as error:
        if error.word != "offline":
            raise
        return []


def _setting(session: Session, key: str) -> Reply:
    """CommandError if there is none of that key."""
    from config.schema import find_field  # noqa: PLC0415 - the same

    try:
        (row,) = settings_called(session, find_field(key).key)
    except ConfigError as error:
        raise CommandError("value", str(error)) from error
    return row


def names() -> list[str]:
    """What there is to ask about among the settings."""
    from config.schema import FIELDS, SECTIONS  # noqa: PLC0415 - the same

    return [*SECTIONS, *FIELDS]


def told(reply: Reply) -> Answer:
    """The commands and settings that somebody asked about."""
    commands, settings = reply["commands"], reply["settings"]
    if len(commands) > 1:
        rows = [(f"{each['name']} {each['arguments']}".strip(), each["help"]) for each in commands]
        return Answer(tuple(entries(rows)), text="help COMMAND tells more; ? at the end, what may stand there")
    lines = [line for each in commands for line in _command(each)]
    if len(settings) == 1:
        return Answer((*lines, *about(settings[0])), text=settings[0]["key"])
    if settings:
        section = settings[0]["key"].partition(".")[0]
        lines += [heading(section), *entries((f"  {each['key']}", each["help"]) for each in settings)]
    return Answer(tuple(lines), text=commands[0]["name"] if commands else "help KEY tells more about one")


def _command(command: Reply) -> list[str]:
    usage = f"{command['name']} {command['arguments']}".strip() + (f" [{JSON}]" if command["json"] else "")
    places = entries((f"  {name}", what) for name, what in command["places"].items())
    return [usage, command["help"], *places, f"for example: {command['example']}"]


def what_stands(command: Command, here: Here, begun: str) -> Answer:
    """What may stand behind the words of `here`, as far as it begins so."""
    return Answer((command.help, *_next(command, here, begun)), text=command.usage)


def _next(command: Command, here: Here, begun: str) -> list[str]:
    if len(here.words) >= len(command.slots):
        return [f"  nothing more{f', or {JSON}' if command.has_json else ''}"] if command.slots else []
    slot = command.slots[len(here.words)]
    if slot.places == ("VALUE",):
        return about(_setting(here.session, here.words[0]))
    places = entries((f"  {name}", PLACES[name].what) for name in slot.places)
    words = [word for word in offered(slot, here) if word.startswith(begun)]
    return [*places, *in_rows(words), *(["  or nothing"] if slot.is_optional else [])]
