"""A moment of a run, as data: by the sun's height, by its events or the clock, or as a share of the frames.

Parses and formats moments. Does not know today's date, the place, or the run: it cannot tell which instant is meant.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from config.errors import ConfigError, quoted
from config.record import dataclass
from config.typed import typed
from config.when import CLOCK, NOW, SUN, When, format_when, parse_when

T = TypeVar("T")

HIGHEST_UDEG = 90_000_000
DEGREE_UDEG = 1_000_000
WHOLE_PPM = 1_000_000

_HEIGHT = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?)\s*(?:deg|degrees?|°)", re.ASCII)
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,12})?)\s*%", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?", re.ASCII)
_LONGEST_TEXT = 60
_MOST_WORDS = 12  # of a moment: 2026-11-23 21:30, sunset - 1 h 30 m 15 s
EXAMPLE = "-6deg"
FORMS = "-6deg, sunset, dusk-10m, 21:30, +1h30m or 50%"

# From the sentences of `parse_when`: one ends with what was meant, and this one says only that it is no start.
_NO_START, _MEANT = "is not a start;", "; did you mean "


@dataclass(frozen=True, slots=True)
class Height:
    """When the centre of the sun is so high, in millionths of a degree above the horizon, refraction left out."""

    udeg: int

    def __str__(self) -> str:
        return f"{_decimal(self.udeg, DEGREE_UDEG)}deg"


@dataclass(frozen=True, slots=True)
class Share:
    """After this share of the frames of a run, in millionths: 0 is the first frame, WHOLE_PPM the last."""

    ppm: int

    def __str__(self) -> str:
        return f"{_decimal(self.ppm, WHOLE_PPM // 100)}%"


Moment = Height | Share | When


def parse_moment(text: str) -> Moment:
    """Return the moment in `-6deg`, `sunset`, `dusk-10m`, `21:30`, `+1h30m` after the first frame, or `50%`.

    ConfigError for anything else.
    """
    words = typed(text).lower()
    if len(words) > _LONGEST_TEXT:
        raise _no_moment(text, "")
    if match := _HEIGHT.fullmatch(words):
        return Height(_within(match[1], DEGREE_UDEG, -HIGHEST_UDEG, HIGHEST_UDEG, "-90deg to 90deg", text))
    if match := _SHARE.fullmatch(words):
        return Share(_within(match[1], WHOLE_PPM // 100, 0, WHOLE_PPM, "0% to 100%", text))
    if words == NOW:
        raise _no_moment(text, "0%")
    try:
        when = parse_when(words)
    except ConfigError as error:
        if _NUMBER.fullmatch(words):
            raise _no_moment(text, f"{words}deg" if words[0] in "+-" else f"{words}% or {words}deg") from None
        sentence, _, meant = str(error).partition(_MEANT)
        raise _no_moment(text, meant.rstrip("?")) if _NO_START in sentence else error from None
    return when if when.kind != NOW else Share(0)


def split_moment(text: str, parse_rest: Callable[[str], T]) -> tuple[Moment, T] | None:
    """Return the longest moment that a text begins with, and what `parse_rest` makes of the rest of it.

    None if the text is a single word or nothing but a moment. ConfigError says what is wrong with one of the two.
    """
    words = typed(text).split()
    for length in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
        moment = _or_none(parse_moment, " ".join(words[:length]))
        if moment is None:
            continue
        rest = " ".join(words[length:])
        if _or_none(parse_rest, rest) is None and is_moment(text):  # `dusk + 10m`
            return None
        return moment, parse_rest(rest)
    if _or_none(parse_rest, text) is not None:
        raise ConfigError(f"{quoted(text)} has no moment; write one before it, like {EXAMPLE} {' '.join(words)}")
    if len(words) <= 1:
        return None
    starts = range(1, min(len(words), _MOST_WORDS))
    rest_at = next((at for at in starts if _or_none(parse_rest, " ".join(words[at:])) is not None), 1)
    parse_moment(" ".join(words[:rest_at]))  # raises ConfigError: no moment was found
    return None


def is_moment(text: str) -> bool:
    """Return whether `parse_moment` reads the text."""
    return _or_none(parse_moment, text) is not None


def format_moment(moment: Moment) -> str:
    """Return exact text that `parse_moment` reads back."""
    return format_when(moment) if isinstance(moment, When) else str(moment)


def needs_clock(moment: Moment) -> bool:
    """Return whether the instant depends on the time of day."""
    return isinstance(moment, Height) or (isinstance(moment, When) and moment.kind in {CLOCK, SUN})


def needs_site(moment: Moment) -> bool:
    """Return whether the instant depends on the place."""
    return isinstance(moment, Height) or (isinstance(moment, When) and moment.kind == SUN)


def _no_moment(text: str, meant: str) -> ConfigError:
    hint = f"{_MEANT}{meant}?" if meant else ""
    return ConfigError(f"{quoted(text)} is not a moment of a run; write it like {FORMS}{hint}")


def _or_none(parse: Callable[[str], T], text: str) -> T | None:
    try:
        return parse(text)
    except ConfigError:
        return None


def _within(digits: str, scale: int, least: int, most: int, allowed: str, text: str) -> int:
    value = round(Fraction(digits) * scale)
    if not least <= value <= most:
        raise ConfigError(f"{quoted(text)} is out of range; choose from {allowed}")
    return value


def _decimal(value: int, scale: int) -> str:
    """Return `value / scale` exactly, without trailing zeros."""
    whole, rest = divmod(abs(value), scale)
    digits = str(rest).rjust(len(str(scale)) - 1, "0").rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' if digits else ''}{digits}"
