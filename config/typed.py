"""Lists that people type, and text as phones and documents write it, brought to the characters of a keyboard.

Knows no setting.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from config.errors import ConfigError, quoted

_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"  # hyphens, dashes, minus signs
_ARROWS = "\u2192\u27a1\u2794\u21d2"
_UNSEEN = "\u00ad\u200b\u200e\u200f\u2060\ufe0f\ufeff"  # a soft hyphen, marks of direction, the end of an emoji
_FRACTIONS = {"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "⅙": " 1/6", "⅚": " 5/6"}
_KEYS = str.maketrans(
    dict.fromkeys(_HYPHENS, "-")
    | dict.fromkeys(_ARROWS, "->")
    | dict.fromkeys(_UNSEEN, "")
    | dict.fromkeys("\u00ba\u02da\u2218", "°")  # what stands in for a degree sign
    | dict.fromkeys("\u2044\u2215\uff0f", "/")
    | {"\uff0b": "+", "\uff0c": ",", "\uff05": "%", "\uff1a": ":", "ƒ": "f"}
    | _FRACTIONS
)
_DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]+[a-z%°]*)", re.ASCII | re.IGNORECASE)
T = TypeVar("T")


def typed(text: str) -> str:
    """Return a text with the minus sign, degree sign and comma of a keyboard, and single blanks between words."""
    return " ".join(text.translate(_KEYS).split())


def parts_of(text: str, parse: Callable[[str], T], noun: str) -> list[T]:
    """Return what `parse` makes of each part between the commas of a text, of which `noun` is the name.

    ConfigError if one is empty or wrong, with a comma or semicolon that should be something else.
    """
    words = typed(text)
    try:
        return _parts(words, parse, noun)
    except ConfigError:
        if (comma := _DECIMAL_COMMA.search(words)) and _works(_DECIMAL_COMMA.sub(r"\1.\2", words), parse, noun):
            hint = f"write {comma[1]}.{comma[2]}"
            raise ConfigError(f"{quoted(comma[0])} has a comma in the number; {hint}") from None
        if ";" in words and _works(words.replace(";", ","), parse, noun):
            raise ConfigError(f"{quoted(words)} has semicolons; write commas instead") from None
        raise


def _parts(words: str, parse: Callable[[str], T], noun: str) -> list[T]:
    parts = [part.strip() for part in words.split(",")]
    if "" in parts:
        at = parts.index("")
        where = f"after {quoted(parts[at - 1])}" if at else f"before {quoted(parts[1])}"
        raise ConfigError(f"{noun} is missing {where}; write it there, or remove the comma")
    return [parse(part) for part in parts]


def _works(words: str, parse: Callable[[str], T], noun: str) -> bool:
    try:
        _parts(words, parse, noun)
    except ConfigError:
        return False
    return True
