"""What the arguments of a command can be: the source of Tab completion, `?` and abbreviations.

Knows every placeholder of the table of commands, and which method lists its values. The settings are imported on
demand, because the console must start quickly.
"""

import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from config.record import dataclass
from controller.console.command import Session
from controller.console.grammar import Argument, expand_word
from controller.errors import CommandError


@dataclass(frozen=True, slots=True)
class Context:
    """Where an argument is typed: the words between the command and it, and the names of the commands available.

    `beginning` are the letters of it that are there already.
    """

    session: Session
    words: Sequence[str]
    command_names: Callable[[], Sequence[str]]
    beginning: str = ""

    def call_or_nothing(self, method: str, **params: object) -> Any:
        """Return the result of a method, or an empty list if it fails: completion shows no errors."""
        try:
            return self.session.call(method, **params)
        except CommandError:
            return []


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What a placeholder stands for, and which words to suggest for it."""

    meaning: str
    suggest: Callable[[Context], Iterable[str]]
    can_be_short: bool = False


_BUTTONS = ("back", "shutter", "run")


def _keys(_: Context) -> Iterable[str]:
    from config.schema import FIELDS  # noqa: PLC0415 - see the top of this file

    return FIELDS


def _topics(_: Context) -> Iterable[str]:
    from controller.console.topics import TOPICS  # noqa: PLC0415 - see the top of this file

    return (*TOPICS, "commands")


def _sections(_: Context) -> Iterable[str]:
    from config.schema import SECTIONS  # noqa: PLC0415 - see the top of this file

    return SECTIONS


def _values(context: Context) -> Iterable[str]:
    """Return the choices and suggestions of a setting; if it has none, its present value and its default."""
    from config.schema import FIELDS  # noqa: PLC0415 - see the top of this file

    field = FIELDS.get(context.words[0])
    if field is None:
        return ()
    if field.kind in ("camera", "model"):
        return (*field.choices[: field.kind == "model"], *_bodies(context))
    if field.kind == "zone":
        from config.zones import zone_names  # noqa: PLC0415 - the time zones are read from files

        return (*field.choices, *zone_names())
    rows = context.call_or_nothing("settings.show", section=field.key)
    return (*field.choices, *field.suggested) or [
        shlex.quote(row[name]) for row in rows for name in ("value", "default")
    ]


def _cameras(context: Context) -> Iterable[str]:
    """Ask the box: it may have camera files of its own."""
    return [row["id"] for row in context.call_or_nothing("cameras") if row["id"]]


def _bodies(context: Context) -> Iterable[str]:
    """Suggest ports, and bodies once a few letters of their name are typed: there are hundreds."""
    from config.model_search import completed  # noqa: PLC0415 - see the top of this file

    return (*_cameras(context), *completed(context.beginning))


def _saves(_: Context) -> Iterable[str]:
    from config.store import KEPT  # noqa: PLC0415 - see the top of this file

    return map(str, range(1, KEPT + 1))


def _runs(context: Context) -> Iterable[str]:
    reply = context.call_or_nothing("log")
    return [str(run["run"]) for run in reply["runs"]] if reply else []


def _trims(_: Context) -> Iterable[str]:
    return ("+1/3", "-1/3", "0")


def _phones(context: Context) -> Iterable[str]:
    reply = context.call_or_nothing("pairing.list")
    return [str(phone["number"]) for phone in reply["phones"]] if reply else []


def _starts(_: Context) -> Iterable[str]:
    from config.when import EVENTS, NOW  # noqa: PLC0415 - see the top of this file

    return (NOW, "+30s", *EVENTS)


def _time(context: Context) -> Iterable[str]:
    """Suggest the box's own time, to be corrected."""
    reply = context.call_or_nothing("clock")
    return [reply["local"][:16].replace(" ", "T")] if reply else []


def _presets(context: Context) -> Iterable[str]:
    """Suggest the presets that fit the word before: own ones to replace or delete, those to mark or to unmark."""
    reply = context.call_or_nothing("presets")
    verb = context.words[0] if context.words else ""
    return [row["name"] for row in reply["presets"] if _fits(row, verb)] if reply else []


def _seen(context: Context) -> Iterable[str]:
    """Suggest bodies for the beginning of a proof, its parts, or answers."""
    match context.words:
        case ["begin" | "again", *_]:
            return _bodies(context)
        case ["part" | "redo", *_]:
            reply = context.call_or_nothing("proof")
            return ("all", *(part["name"] for part in reply["parts"])) if reply and reply["state"] != "none" else ()
    return ("y", "n", "-", "none")


def _fits(row: dict[str, Any], verb: str) -> bool:
    return {
        "save": not row["built_in"],
        "delete": not row["built_in"],
        "mark": not row["number"],
        "unmark": bool(row["number"]),
    }.get(verb, not verb)


PLACEHOLDERS = {
    "KEY": Placeholder("a setting, like interval.every; help KEY explains it", _keys),
    "VALUE": Placeholder("the new value", _values),
    "SECTION": Placeholder("a section of the settings, like interval", _sections, can_be_short=True),
    "COMMAND": Placeholder("a command, like set", lambda context: context.command_names(), can_be_short=True),
    "TOPIC": Placeholder("what you want to do, like bulb, timelapse or sunset", _topics, can_be_short=True),
    "N": Placeholder("how many saves to go back; 1 if you leave it out", _saves),
    "PHONE": Placeholder("the number of a phone, as in page list; all of them if you leave it out", _phones),
    "RUN": Placeholder("the number of a run; log lists them", _runs),
    "CAMERA": Placeholder("a camera like D850, or the ID of a port; cameras lists those", _bodies),
    "PRESET": Placeholder("a preset, like dusk; preset lists them all", _presets),
    "COUNT": Placeholder("a number of frames, before every", lambda _: ()),
    "WHEN": Placeholder(
        "now, a delay like +30s, a time like 06:30 or 2026-11-23T06:30, or by the sun, like sunset-20m",
        _starts,
    ),
    "TIME": Placeholder("a time like 21:30 for today, or a date and a time like 2026-11-23T06:30", _time),
    "BUTTON": Placeholder("a button of the box", lambda _: _BUTTONS, can_be_short=True),
    "SEEN": Placeholder(
        "after begin or again, the name of your body; after answer, what you saw, in the order asked: a number, y, "
        "n, or - if you do not know; none if your camera has no such setting; after part or redo, a part of a proof",
        _seen,
    ),
    "STOPS": Placeholder("stops brighter or darker than planned, like +1/3 or -1; 0: as planned", _trims),
    "DURATION": Placeholder("a time with its unit, like 500ms, 1.5s or 2m", lambda _: ("500ms", "1s", "2s")),
}


def suggestions(argument: Argument, context: Context) -> list[str]:
    """Return the words to suggest for an argument."""
    return [
        *argument.literals,
        *(word for name in argument.placeholders for word in PLACEHOLDERS[name].suggest(context)),
    ]


def expand_words(arguments: Sequence[Argument], context: Context) -> list[str]:
    """Return the words with abbreviations expanded. Raises CommandError where one fits several names."""
    known = [_expand(word, argument, context) for word, argument in zip(context.words, arguments, strict=False)]
    return [*known, *context.words[len(known) :]]


def _expand(word: str, argument: Argument, context: Context) -> str:
    placeholders = (PLACEHOLDERS[name] for name in argument.placeholders if PLACEHOLDERS[name].can_be_short)
    names = (name for placeholder in placeholders for name in placeholder.suggest(context))
    return expand_word(word, [*argument.literals, *names])
