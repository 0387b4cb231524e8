"""One command, as a row of the table, and the session that carries it out. Must not know commands by name.

The methods of the control protocol are called by name. The session decides how: over a socket or in this process.
"""

from collections.abc import Callable
from typing import Any

from config.record import dataclass
from controller.console.answer import Answer
from controller.console.grammar import JSON, Argument, parse_usage
from controller.errors import CommandError


@dataclass(frozen=True, slots=True)
class Session:
    """What commands work on: `call(method, **params)` returns the result or raises CommandError.

    `columns()` is the width of the terminal.
    """

    call: Callable[..., Any]
    columns: Callable[[], int] = lambda: 80

    def is_on_bench(self) -> bool:
        """Return whether the box is the virtual bench; False if it does not answer."""
        try:
            return bool(self.call("status")["bench"])
        except CommandError:
            return False


Request = Callable[[Session, list[str]], Any]
Render = Callable[[Any], Answer]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `request` takes the words and returns the reply, `render` turns the reply into an answer.

    `is_action`: it acts on the camera, a run or the settings, so it needs four letters (noise on a cable types one or
    two by accident). `has_json`: the reply can be shown as JSON.
    """

    name: str
    arguments: str
    help: str
    example: str
    request: Request
    render: Render
    has_json: bool = True
    is_for_bench: bool = False
    is_action: bool = False

    @property
    def parsed_arguments(self) -> tuple[Argument, ...]:
        """The arguments, parsed."""
        return parse_usage(self.arguments)

    @property
    def usage(self) -> str:
        """How to write it, with an example if it has arguments."""
        if not self.arguments:
            return f"{self.name} takes no arguments" + (f" except {JSON}" if self.has_json else "")
        return f"{self.name} {self.arguments}, for example: {self.example}"

    @property
    def expected(self) -> str:
        """The sentence for a line with the wrong words."""
        return f"expected: {self.usage}" if self.arguments else self.usage


def call_method(name: str, *parameters: str) -> Request:
    """Return a request that calls a method, passing the words as parameters of these names, as far as they go."""

    def request(session: Session, words: list[str]) -> object:
        return session.call(name, **dict(zip(parameters, words, strict=False)))

    return request
