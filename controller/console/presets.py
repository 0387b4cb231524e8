"""The commands that set several settings at once: presets, and the short forms of a bulb exposure and of a run.

Knows the methods of the control protocol by name, and the shape of their replies.
"""

from typing import Any

from config.errors import quoted
from controller.console.answer import Answer
from controller.console.command import Command, Session, call_method
from controller.console.report import two_columns
from controller.errors import CommandError

Reply = dict[str, Any]

_BY_BUTTON = "holding run for 1.5 s steps through those with a number"


def start(session: Session, words: list[str]) -> object:
    """Start a run now or later, or one of so many frames at that interval."""
    if len(words) <= 1:
        return session.call("start", **({"when": words[0]} if words else {}))
    count, _, every = words
    if not (count.isascii() and count.isdigit()):
        rule = "write the number of frames before every, like: start 24 every 5s"
        raise CommandError("value", f"start: {quoted(count)} is not a number of frames; {rule}")
    return session.call("start", count=count, every=every)


def _request(session: Session, words: list[str]) -> object:
    if not words:
        return session.call("presets")
    from config.presets import VERBS  # noqa: PLC0415 - the console must start quickly, and rarely needs this

    first, *rest = words
    if first not in VERBS:
        if rest:
            raise CommandError("usage", f"preset {first} takes no second name; to keep a preset: preset save NAME")
        return session.call("preset.apply", name=first)
    if not rest:
        raise CommandError("usage", f"preset {first} needs the name of a preset, like: preset {first} dusk")
    if first in ("mark", "unmark"):
        return session.call("preset.mark", name=rest[0], is_marked=first == "mark")
    return session.call(f"preset.{first}", name=rest[0])


def _answer(reply: Reply) -> Answer:
    if "presets" in reply:
        return _list(reply)
    if "did" in reply:
        return Answer(text=reply["did"])
    warnings = tuple(f"warning: {warning}" for warning in reply["warnings"])
    return Answer(warnings, text=f"preset {reply['preset']}: {_values(reply) or 'nothing had to be changed'}")


def _list(reply: Reply) -> Answer:
    rows = two_columns((_name(row), row["does"]) for row in reply["presets"])
    faults = [f"warning: {fault}" for fault in reply["faults"]]
    is_any_marked = any(row["number"] for row in reply["presets"])
    text = _BY_BUTTON if is_any_marked else "none is marked; preset mark NAME lets the run button step to it"
    return Answer((*rows, *faults), text=f"{len(reply['presets'])} presets; {text}")


def _name(row: Reply) -> str:
    """Return the name of a preset, with its number among those marked."""
    return f"{row['number'] or ' '} {row['name']}"


def _bulb(reply: Reply) -> Answer:
    return Answer(tuple(f"warning: {warning}" for warning in reply["warnings"]), text=_values(reply))


def _values(reply: Reply) -> str:
    return ", ".join(f"{key} is {value}" for key, value in reply["values"].items())


ROWS = (
    Command(
        "preset",
        "[save|delete|mark|unmark|PRESET] [PRESET]",
        "list the presets, apply one, or keep the settings as one",
        "preset save dusk",
        _request,
        _answer,
        is_action=True,
    ),
    Command(
        "bulb",
        "DURATION",
        "change to bulb exposures of that length",
        "bulb 2m",
        call_method("bulb", "exposure"),
        _bulb,
        is_action=True,
    ),
)
