"""What may stand in the places of a command: the one source of what Tab offers, `?` tells and a word is short for.

Knows each name in capitals of the table, and whom to ask for its words. The settings are read in only when asked for:
a console starts before anyone asks.
"""

import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from config.record import dataclass
from controller.cameras.setup_guide import PROFILE
from controller.console import requests
from controller.console.command import Session
from controller.console.grammar import Slot, in_full
from controller.errors import CommandError


@dataclass(frozen=True, slots=True)
class Here:
    """Where a word is to stand: the words between the command and it; `commands` tells those that make sense here."""

    session: Session
    words: Sequence[str]
    commands: Callable[[], Sequence[str]]

    def asked(self, method: str, **params: object) -> Any:
        """The reply of a method, nothing where there is none: who looks for a word is not told why."""
        try:
            return self.session.call(method, **params)
        except CommandError:
            return []


@dataclass(frozen=True, slots=True)
class Place:
    """What a name stands for, and the words that come to mind; `can_be_short` where they may be abbreviated."""

    what: str
    offers: Callable[[Here], Iterable[str]]
    can_be_short: bool = False


_AT_HAND = ("value", "default")
_BUTTONS = ("back", "shutter", "run")


def _keys(_: Here) -> Iterable[str]:
    from config.schema import FIELDS  # noqa: PLC0415 - see the top of this file

    return FIELDS


def _sections(_: Here) -> Iterable[str]:
    from config.schema import SECTIONS  # noqa: PLC0415 - see the top of this file

    return SECTIONS


def _values(here: Here) -> Iterable[str]:
    """What may be chosen or is suggested; of a value that is free, the one of now and the built-in one."""
    from config.schema import FIELDS  # noqa: PLC0415 - see the top of this file

    field = FIELDS.get(here.words[0])
    if field is None:
        return ()
    if field.key == PROFILE:
        return _cameras(here)
    if field.kind == "zone":
        from config.zones import zone_names  # noqa: PLC0415 - the zones of the world are files

        return (*field.choices, *zone_names())
    rows = here.asked("settings.show", section=field.key)
    return (*field.choices, *field.suggested) or [shlex.quote(row[each]) for row in rows for each in _AT_HAND]


def _cameras(here: Here) -> Iterable[str]:
    """Which the box knows: it may have some of its own."""
    return [row["id"] for row in here.asked("cameras") if row["id"]]


def _saves(_: Here) -> Iterable[str]:
    from config.store import KEPT  # noqa: PLC0415 - see the top of this file

    return map(str, range(1, KEPT + 1))


def _runs(here: Here) -> Iterable[str]:
    reply = here.asked("log")
    return [str(each["run"]) for each in reply["runs"]] if reply else []


def _starts(_: Here) -> Iterable[str]:
    from config.when import EVENTS, NOW  # noqa: PLC0415 - see the top of this file

    return (NOW, "+30s", *EVENTS)


def _time(here: Here) -> Iterable[str]:
    """The time that the box believes it is, to be amended."""
    reply = here.asked("clock")
    return [reply["local"][:16].replace(" ", "T")] if reply else []


PLACES = {
    "KEY": Place("a setting, like interval.every; help KEY tells about one", _keys),
    "VALUE": Place("what it shall be", _values),
    "SECTION": Place("a section of the settings, like interval", _sections, can_be_short=True),
    "COMMAND": Place("a command, like set", lambda here: here.commands(), can_be_short=True),
    "N": Place("how many saves to go back, 1 if it is left out", _saves),
    "RUN": Place("the number of a run, as log lists them", _runs),
    "ID": Place("a camera, as the command cameras lists them", _cameras),
    "WHEN": Place(
        "now, a delay like +30s, a time like 06:30 or 2026-11-23T06:30, or by the sun, like sunset-20m",
        _starts,
    ),
    "TIME": Place(f"a day and a time, as in {requests.CLOCK_EXAMPLE}", _time),
    "BUTTON": Place("a button of the box", lambda _: _BUTTONS, can_be_short=True),
    "DURATION": Place("a time with its unit, like 500ms, 1.5s or 2m", lambda _: ("500ms", "1s", "2s")),
}


def offered(slot: Slot, here: Here) -> list[str]:
    """The words that come to mind for a slot."""
    return [*slot.words, *(word for name in slot.places for word in PLACES[name].offers(here))]


def words_in_full(slots: Sequence[Slot], here: Here) -> list[str]:
    """The words for these slots, those that are short for something in full; CommandError where that is not clear."""
    known = [_in_full(word, slot, here) for word, slot in zip(here.words, slots, strict=False)]
    return [*known, *here.words[len(known) :]]


def _in_full(word: str, slot: Slot, here: Here) -> str:
    short = (PLACES[name] for name in slot.places if PLACES[name].can_be_short)
    return in_full(word, [*slot.words, *(each for place in short for each in place.offers(here))])
