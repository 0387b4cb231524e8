"""The command `clock`: asks for the time of day, or sets it by hand. Knows two methods of the protocol, no clock."""

from typing import Any

from controller.console.answer import Answer
from controller.console.command import Session

EXAMPLE = "clock set 2026-11-23T06:30"


def ask(session: Session, words: list[str]) -> object:
    """Ask for the time of day; after `set TIME`, set it."""
    if not words:
        return session.call("clock")
    _, time = words
    return session.call("clock.set", time=time)


def tell(reply: dict[str, Any]) -> Answer:
    """Tell what time it is, and whether runs can start by it."""
    if reply["is_trusted"]:
        return Answer(text=f"it is {reply['local']}")
    return Answer(text=f"it may be {reply['local']}, but nobody knows; set it like: {EXAMPLE}")
