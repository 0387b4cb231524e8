"""A command as a row of a table, and the session it is carried out in. Knows no command by name.

Methods of the control protocol are called by name; how they are reached, over a socket or in this process, is the
session's.
"""

from collections.abc import Callable
from typing import Any

from config.record import dataclass
from controller.console.answer import Answer
from controller.console.grammar import JSON, Slot, slots_of
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
    """A command: `ask` gets the reply to its words, `tell` says it; `has_json` unless there is nothing to reply.

    One that `acts`, on the camera or on a run, is not guessed from a letter or two: noise on a cable makes those.
    """

    name: str
    arguments: str
    help: str
    example: str
    ask: Ask
    tell: Tell
    has_json: bool = True
    is_for_bench: bool = False
    acts: bool = False

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


def method(name: str, *parameters: str) -> Ask:
    """An `ask` that calls a method, the words its parameters of these names, as far as there are words."""

    def ask(session: Session, words: list[str]) -> object:
        return session.call(name, **dict(zip(parameters, words, strict=False)))

    return ask
