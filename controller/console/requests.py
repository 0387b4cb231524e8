"""What commands ask of the daemon, where their words are not simply a method's parameters.

Knows the methods of the control protocol by name.
"""

from typing import Any

from config.errors import quoted
from controller.cameras.facts import summary
from controller.console.command import Session
from controller.errors import CommandError

_WIDE = 80  # columns: replies with a drawing or a table are made for a terminal that wide
CLOCK_EXAMPLE = "clock set 2026-11-23T06:30"


def focus(session: Session, words: list[str]) -> object:
    """Hold (for some time) or release back, accept or clear the focus."""
    if len(words) > 1 and words[0] != "hold":
        raise CommandError("usage", f"focus {words[0]} takes no time; write it like: focus hold 2s")
    return session.call(f"focus.{words[0]}", **({"duration": words[1]} if words[1:] else {}))


def show(session: Session, words: list[str]) -> object:
    """Return the settings: all, of a section, a single one, or those that differ from the default."""
    if words != ["changed"]:
        return session.call("settings.show", **({"section": words[0]} if words else {}))
    return [row for row in session.call("settings.show") if row["value"] != row["default"]]


def change(session: Session, words: list[str]) -> object:
    """Change a setting, and return what was changed; without a value, return the setting as it is."""
    if len(words) > 1:
        return session.call("settings.set", key=words[0], value=words[1])
    return session.call("settings.show", section=words[0])


def rollback(session: Session, words: list[str]) -> object:
    """Go back by one save, or by as many as asked for."""
    text = words[0] if words else "1"
    if not (text.isascii() and text.isdigit() and len(text) < 4):  # noqa: PLR2004 - five saves are kept
        raise CommandError("value", f"rollback: {quoted(text)} is not a number of saves; write it like: rollback 1")
    return session.call("settings.rollback", n=int(text))


def plan(session: Session, _: list[str]) -> object:
    """Return what a frame does to the contacts."""
    return session.call("plan", **_width(session))


def log(session: Session, words: list[str]) -> object:
    """Return the last runs, or one of them."""
    if not words:
        return session.call("log", **_width(session))
    if not (words[0].isascii() and words[0].isdigit() and len(words[0]) < 10):  # noqa: PLR2004 - nobody takes so many
        raise CommandError("value", f"log: {quoted(words[0])} is not the number of a run; log lists them")
    return session.call("log", run=int(words[0]), **_width(session))


def _width(session: Session) -> dict[str, int]:
    """Return the parameter for a terminal that is narrower than usual; the last column stays free."""
    columns = session.columns()
    return {"columns": columns - 1} if columns < _WIDE else {}


def cameras(session: Session, words: list[str]) -> object:
    """Return all cameras in short, or one in full."""
    if words:
        return session.call("cameras", profile=words[0])
    return [row if "faults" in row else _camera(session, row) for row in session.call("cameras")]


def _camera(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    """Return one camera in short. They are read one by one, because reading all in one call would hold up a run."""
    try:
        return summary(session.call("cameras", profile=row["id"]))
    except CommandError as error:
        if error.word == "offline":
            raise
        return {**row, "faults": [error.sentence]}


def clock(session: Session, words: list[str]) -> object:
    """Return the box's date and time; set it first after `set TIME`."""
    if not words:
        return session.call("clock")
    _, time = words
    return session.call("clock.set", time=time)
