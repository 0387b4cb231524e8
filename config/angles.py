"""Latitudes and longitudes as people write them: decimal degrees, or degrees, minutes and seconds with a letter.

Converts text to integer millionths of a degree exactly (no floats). Knows no setting.
"""

import re
from fractions import Fraction

from config.errors import ConfigError, quoted

_UDEG = 1_000_000
_NUMBER = r"([0-9]{1,3}(?:\.[0-9]{1,12})?)"
_ANGLE = re.compile(
    rf"([+-]?)\s*{_NUMBER}\s*(?:°|deg)?\s*(?:{_NUMBER}\s*['\u2019\u2032]?\s*(?:{_NUMBER}\s*[\"\u201d\u2033]?\s*)?)?",
    re.ASCII,
)
_LETTERED = re.compile(r"(?:([nsew])\s*(.*?)|(.*?)\s*([nsew]))", re.ASCII | re.DOTALL)
_PAIR = re.compile(r"(.*[0-9'\"°nsew])\s*[,;/ ]\s*([nsew+-]?\s*[0-9].*)", re.ASCII | re.DOTALL)
_COMMA = re.compile(r"[+-]?[0-9]{1,3},[0-9]{1,12}", re.ASCII)
_LONGEST = 40


def parse_degrees(text: str, sides: tuple[str, str]) -> int:
    """Return the millionths of a degree in `47.37`, `-33.8`, `47°22'N` or `47° 22' 12" N`, rounded.

    `sides` are the letters of the positive and the negative one, like n and s. ConfigError for anything else.
    """
    words = text.strip().lower()
    angle = _angle_udeg(words, sides) if len(words) <= _LONGEST else None
    if angle is not None:
        return angle
    raise ConfigError(f"{quoted(text)} {_meant(words, sides)}")


def _angle_udeg(words: str, sides: tuple[str, str]) -> int | None:
    lettered = _LETTERED.fullmatch(words)
    letter = (lettered[1] or lettered[4]) if lettered else ""
    match = _ANGLE.fullmatch((lettered[2] or lettered[3] or "") if lettered else words)
    if (
        match is None
        or (match[3] and not letter and "°" not in words)
        or (letter and (letter not in sides or match[1]))
    ):
        return None
    degrees, minutes, seconds = (Fraction(part or 0) for part in match.group(2, 3, 4))
    if minutes >= 60 or seconds >= 60 or (match[3] and degrees.denominator > 1):  # noqa: PLR2004
        return None
    udeg = round((degrees + minutes / 60 + seconds / 3600) * _UDEG)
    return -udeg if match[1] == "-" or letter == sides[1] else udeg


def _meant(words: str, sides: tuple[str, str]) -> str:
    positive, negative = (letter.upper() for letter in sides)
    example = "47.37 or 47°22'N" if positive == "N" else "8.54 or 8°32'E"
    if _COMMA.fullmatch(words):
        return f"has a comma in the number; write {words.replace(',', '.')}"
    pair = _PAIR.fullmatch(words[:_LONGEST])
    if pair and all(any(_is_angle(part, side) for side in (("n", "s"), ("e", "w"))) for part in pair.groups()):
        return "is two numbers; set site.latitude to the first and site.longitude to the second"
    return f"is not an angle; write degrees like {example}, with a minus or {negative} for the other side, or unset"


def _is_angle(words: str, sides: tuple[str, str]) -> bool:
    return _angle_udeg(words.strip(), sides) is not None
