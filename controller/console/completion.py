"""Tab completion, derived from the table of commands and from the settings. Must not know terminals."""

from collections.abc import Iterable

from controller.console.arguments import suggestions
from controller.console.commands import Session, context_after, find_command, visible_commands
from controller.console.grammar import JSON, can_end
from controller.errors import CommandError


def completions(session: Session, before: str, beginning: str) -> list[str]:
    """Return the words that can follow `before` and start with `beginning`, sorted."""
    return sorted({word for word in _words(session, before.split(), beginning) if word.startswith(beginning)})


def _words(session: Session, before: list[str], beginning: str) -> Iterable[str]:
    if not before:
        return [command.name for command in visible_commands(session)]
    try:
        command = find_command(session, before[0])
    except CommandError:
        return []
    words = before[1:]
    if beginning.startswith("-") and can_end(command.parsed_arguments, len(words)):
        return [JSON] if command.has_json else []
    arguments = command.parsed_arguments[len(words) :]
    return suggestions(arguments[0], context_after(session, words, beginning)) if arguments else []
