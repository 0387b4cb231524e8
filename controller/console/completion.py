"""What Tab offers: derived from the table of commands and from the settings. Knows no terminal."""

from collections.abc import Iterable

from controller.console.arguments import offered
from controller.console.commands import Session, find_command, here, visible_commands
from controller.console.grammar import JSON, can_end
from controller.errors import CommandError


def candidates(session: Session, before: str, begun: str) -> list[str]:
    """The words that can follow `before` and start with `begun`, sorted."""
    return sorted({word for word in _words(session, before.split(), begun) if word.startswith(begun)})


def _words(session: Session, before: list[str], begun: str) -> Iterable[str]:
    if not before:
        return [command.name for command in visible_commands(session)]
    try:
        command = find_command(session, before[0])
    except CommandError:
        return []
    place = here(session, before[1:])
    if begun.startswith("-") and can_end(command.slots, len(before) - 1):
        return [JSON] if command.has_json else []
    slots = command.slots[len(before) - 1 :]
    return offered(slots[0], place) if slots else []
