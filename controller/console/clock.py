"""The command `clock`: asks for the time of day, or sets it by hand. Knows two methods of the protocol, no clock."""

from typing import TYPE_CHECKING, Any

from controller.console.answer import Answer
from controller.errors import CommandError

if TYPE_CHECKING:  # the table of commands has this one in it
    from controller.console.commands import Session

EXAMPLE = "clock set 2026-11-23T06:30"


def ask(session: "Session", words: list[str]) -> object:
    """Ask for the time of day; after `set TIME`, set it."""
    if not words:
        return session.call("clock")
    if len(words) == 1:
        raise CommandError("usage", f"clock set needs a day and a time, for example: {EXAMPLE}")
    return session.call("clock.set", time=words[1])


def tell(reply: dict[str, Any]) -> Answer:
    """Tell what time it is, and whether runs can start by it."""
    if reply["is_trusted"]:
        return Answer(text=f"it is {reply['local']}")
    return Answer(text=f"it may be {reply['local']}, but nobody knows; set it like: {EXAMPLE}")
