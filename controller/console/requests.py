"""What commands ask the daemon for, where their words are not simply its parameters. Knows its methods by name."""

from typing import Any

from config.errors import quoted
from controller.cameras.facts import summary
from controller.console.answer import Answer
from controller.console.command import Session
from controller.errors import CommandError

CLOCK_EXAMPLE = "clock set 2026-11-23T06:30"


def focus(session: Session, words: list[str]) -> object:
    """Hold, release or clear."""
    return session.call(f"focus.{words[0]}")


def show(session: Session, words: list[str]) -> object:
    """Ask for the settings, of a section, of a key, or those whose value is not the built-in one."""
    if words != ["changed"]:
        return session.call("settings.show", **({"section": words[0]} if words else {}))
    return [row for row in session.call("settings.show") if row["value"] != row["default"]]


def rollback(session: Session, words: list[str]) -> object:
    """Go back by one save, or by as many as are said."""
    text = words[0] if words else "1"
    if not (text.isascii() and text.isdigit() and len(text) < 4):  # noqa: PLR2004 - five versions are kept
        raise CommandError("value", f"rollback: {quoted(text)} is no number of versions; write it like: rollback 1")
    return session.call("settings.rollback", n=int(text))


def log(session: Session, words: list[str]) -> object:
    """Ask for the last runs, or for one."""
    if not words:
        return session.call("log")
    if not (words[0].isascii() and words[0].isdigit() and len(words[0]) < 10):  # noqa: PLR2004 - nobody takes so many
        raise CommandError("value", f"log: {quoted(words[0])} is no number of a run; log lists them")
    return session.call("log", run=int(words[0]))


def cameras(session: Session, words: list[str]) -> object:
    """Ask for all cameras, or for one."""
    if words:
        return session.call("cameras", profile=words[0].lower())
    return [row if "faults" in row else _camera(session, row) for row in session.call("cameras")]


def _camera(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    """Ask for one camera by itself, because reading all of them at once would hold up a run."""
    try:
        return summary(session.call("cameras", profile=row["id"]))
    except CommandError as error:
        if error.word == "offline":
            raise
        return {**row, "faults": [error.sentence]}


def clock(session: Session, words: list[str]) -> object:
    """Ask for the time of day; after `set TIME`, set it."""
    if not words:
        return session.call("clock")
    _, time = words
    return session.call("clock.set", time=time)


def tell_clock(reply: dict[str, Any]) -> Answer:
    """Tell what time it is, and whether runs can start by it."""
    if reply["is_trusted"]:
        return Answer(text=f"it is {reply['local']}")
    return Answer(text=f"it may be {reply['local']}, but nobody knows; set it like: {CLOCK_EXAMPLE}")
