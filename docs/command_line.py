"""Reads the table of commands and options, for the man page and the shell completion."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from controller.cli.options import make_parser


@dataclass(frozen=True, slots=True)
class Option:
    """An option or an argument: its `names` (none for an argument), its value's placeholder, choices, and help."""

    names: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    help: str

    @property
    def usage(self) -> str:
        """How to write it."""
        return " ".join((*self.names[-1:], *filter(None, (self.value,))))


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the command line."""

    name: str
    summary: str
    example: str
    options: tuple[Option, ...]


def commands() -> Iterator[Command]:
    """Yield the commands in the order of --help."""
    (subparsers,) = (action for action in _actions(make_parser()) if isinstance(action.choices, dict))
    for name, parser in subparsers.choices.items():
        options = (_option(action) for action in _actions(parser) if not isinstance(action, argparse._HelpAction))  # noqa: SLF001 - argparse has no public name for it
        yield Command(name, parser.description, parser.epilog.removeprefix("example: "), tuple(options))


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001 - argparse has no public list of its options


def _option(action: argparse.Action) -> Option:
    choices = tuple(map(str, action.choices or ()))
    value = action.metavar or ("|".join(choices) if choices else action.dest.upper())
    takes_value = not action.option_strings or action.nargs != 0
    return Option(tuple(action.option_strings), str(value) if takes_value else "", choices, action.help or "")
