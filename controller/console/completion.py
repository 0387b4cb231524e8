"""What Tab offers: derived from the table of commands and from the settings. Knows no terminal."""

from collections.abc import Iterable

from controller.console.commands import COMMANDS, Session, visible_commands
from controller.console.grammar import JSON
from controller.errors import CommandError

_BUTTONS = ("back", "shutter", "run")


def candidates(session: Session, before: str, begun: str) -> list[str]:
    """The words that can follow `before` and start with `begun`, sorted."""
    return sorted(word for word in _words(session, before.split(), begun) if word.startswith(begun))


def _words(session: Session, before: list[str], begun: str) -> Iterable[str]:
    if not before:
        return [command.name for command in visible_commands(session)]
    command = COMMANDS.get(before[0].lower())
    if command is None:
        return []
    if begun.startswith("-"):
        return [JSON] if command.has_json else []
    place = len(before) - 1
    if place >= len(command.slots):
        return []
    names = command.slots[place].names
    return [word for name in names for word in _meanings(name, before[1:], session)]


def _meanings(name: str, arguments: list[str], session: Session) -> Iterable[str]:
    """What a name in a signature can stand for; a lower-case name stands for itself."""
    match name:
        case "KEY" | "SECTION" | "VALUE":
            return _from_settings(name, arguments, session)
        case "COMMAND":
            return [command.name for command in visible_commands(session)]
        case "BUTTON":
            return _BUTTONS
        case "WHEN":
            return ["now"]
        case "ID":
            return _cameras(session)
    return [name] if name.islower() else []


def _cameras(session: Session) -> Iterable[str]:
    """Which the box knows: it may have some of its own."""
    try:
        return [row["id"] for row in session.call("cameras") if row["id"]]
    except CommandError:
        return []


def _from_settings(name: str, arguments: list[str], session: Session) -> Iterable[str]:
    from config.schema import FIELDS, SECTIONS  # noqa: PLC0415 - a console starts before anyone presses Tab

    if name == "VALUE" and arguments == ["camera.profile"]:
        return _cameras(session)
    if name == "VALUE":
        field = FIELDS.get(arguments[0])
        return (*field.choices, *field.suggested) if field else ()
    return FIELDS if name == "KEY" else SECTIONS
