"""The hand-steps of a run, as data: moments at which the photographer changes ISO, aperture or a filter by hand.

Parses and formats steps, in stops or in the camera's own terms. Does not know when a moment comes.
"""

import re
from bisect import bisect_left
from math import log2

from config.errors import ConfigError, quoted
from config.moments import FORMS, Moment, format_moment, is_moment, parse_moment, split_moment
from config.record import dataclass
from config.stops import STOP, format_stops, parse_stops
from config.typed import parts_of, typed

NONE = "none"
EXAMPLE = "-4deg ISO 100-800, -7deg f/8-f/2.8"
MOST = 8
LARGEST = 12 * STOP  # from ISO 100 to ISO 409600

_TO = r"\s*(?:-+>?|to|\.\.+)\s*"
_ISO_NUMBER, _F_NUMBER = r"([0-9]{1,7})", r"([0-9]{1,3}(?:\.[0-9]{1,2})?)"
_ISO = re.compile(rf"iso\s*{_ISO_NUMBER}(?:{_TO}(?:iso\s*)?{_ISO_NUMBER})?", re.ASCII)
_APERTURE = re.compile(rf"f\s*/?\s*{_F_NUMBER}(?:{_TO}(?:f\s*/?\s*)?{_F_NUMBER})?", re.ASCII)
_LIKE_STOPS = re.compile(r"[+-]?\s*[0-9.][0-9./ ]*(?:stops?|ev)?", re.ASCII)
# The apertures engraved on lenses, in third stops from f/0.7 (ISO 517 has how they are rounded), and in half stops.
_ENGRAVED = (
    "0.7 0.8 0.9 1 1.1 1.2 1.4 1.6 1.8 2 2.2 2.5 2.8 3.2 3.5 4 4.5 5 5.6 6.3 7.1 8 9 10 11 13 14 16 18 20 22 25 29 "
    "32 36 40 45"
)
_FIRST_THIRD = -3
_HALVES = {"0.95": -1, "1.7": 9, "2.4": 15, "3.3": 21, "4.8": 27, "6.7": 33, "9.5": 39, "19": 51, "27": 57}
_SIXTHS = {text: 2 * third for third, text in enumerate(_ENGRAVED.split(), _FIRST_THIRD)} | _HALVES
_SLOWEST, _FASTEST = 6, 4_000_000  # ISO
_CHANGES = "ISO 100-800, f/8-f/2.8, or stops like +1/3, -1 or +2 2/3"


@dataclass(frozen=True, slots=True)
class Step:
    """At that moment the camera is set to gather more light by `sixths` of a stop; less if it is negative.

    `setting` is the change in the camera's own terms, like `ISO 100-800`; empty where it was given in stops.
    """

    at: Moment
    sixths: int
    setting: str = ""

    def __str__(self) -> str:
        return f"{format_moment(self.at)} {self.setting or format_stops(self.sixths)}"


def parse_steps(text: str) -> tuple[Step, ...]:
    """Return the steps in `-4deg ISO 100-800, -7deg f/8-f/2.8, 21:30 +1 1/3`, or none of them in `none`.

    ConfigError for anything else.
    """
    if typed(text).lower() in (NONE, ""):
        return ()
    steps = tuple(parts_of(text, _step, "a hand-step"))
    if len(steps) > MOST:
        raise ConfigError(f"{len(steps)} hand-steps are too many; choose at most {MOST}")
    return steps


def format_steps(steps: tuple[Step, ...]) -> str:
    """Return exact text that `parse_steps` reads back."""
    return ", ".join(map(str, steps)) or NONE


def _step(part: str) -> Step:
    found = split_moment(part, _change)
    if found is not None:
        at, (sixths, setting) = found
        return Step(at, sixths, setting)
    if is_moment(part):
        shown = format_moment(parse_moment(part))
        raise ConfigError(f"{quoted(part)} has no change; write it like {shown} ISO 100-800, or {shown} +3")
    hint = f"a moment ({FORMS}) and a change, like {EXAMPLE}"
    raise ConfigError(f"{quoted(part)} is not a hand-step; write {hint}")


def _change(text: str) -> tuple[int, str]:
    """Return how much light a change brings, in sixths of a stop, and its text in the camera's terms."""
    sixths, setting = _change_of(text)
    if not sixths:
        raise ConfigError(f"{quoted(text)} changes nothing; write a change like {_CHANGES}")
    if abs(sixths) > LARGEST:
        stops = format_stops(abs(sixths)).lstrip("+")
        raise ConfigError(f"{quoted(text)} is a change of {stops} stops; choose at most {LARGEST // STOP}")
    return sixths, setting


def _change_of(text: str) -> tuple[int, str]:
    words = text.lower()
    if match := _ISO.fullmatch(words):
        return _iso_change(text, *match.group(1, 2))
    if match := _APERTURE.fullmatch(words):
        return _aperture_change(text, *match.group(1, 2))
    if not _LIKE_STOPS.fullmatch(words):
        raise ConfigError(f"{quoted(text)} is not a change of the camera; write it like {_CHANGES}")
    return parse_stops(text), ""


def _iso_change(text: str, before: str, after: str | None) -> tuple[int, str]:
    if after is None:
        raise ConfigError(f"{quoted(text)} is a single ISO; write the one before and the one after, like ISO 100-800")
    numbers = int(before), int(after)
    if not all(_SLOWEST <= iso <= _FASTEST for iso in numbers):
        raise ConfigError(f"{quoted(text)} has no such ISO; choose from ISO {_SLOWEST} to {_FASTEST}")
    # In sixths: dials have thirds or halves, and 140 stands for 141.
    return round(STOP * log2(numbers[1] / numbers[0])), f"ISO {numbers[0]}-{numbers[1]}"


def _aperture_change(text: str, before: str, after: str | None) -> tuple[int, str]:
    if after is None:
        raise ConfigError(
            f"{quoted(text)} is a single aperture; write the one before and the one after, like f/8-f/2.8"
        )
    wide, narrow = _aperture(before), _aperture(after)
    return _SIXTHS[wide] - _SIXTHS[narrow], f"f/{wide}-f/{narrow}"


def _aperture(text: str) -> str:
    """Return the engraved number that is meant; ConfigError with the nearest ones if there is none."""
    number = f"{float(text):g}"
    if number in _SIXTHS:
        return number
    known = sorted(map(float, _SIXTHS))
    at = bisect_left(known, float(text))
    near = " or ".join(f"f/{each:g}" for each in known[max(0, at - 1) : at + 1])
    raise ConfigError(f"f/{text} is not an aperture in thirds or halves of a stop; choose {near}")
