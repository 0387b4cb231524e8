"""Exposure times in third stops, as written on a camera's dial, and stops of light as people write them.

Knows no setting.
"""

import re
from fractions import Fraction

from config.errors import ConfigError, quoted
from config.typed import typed

_BELOW_A_MINUTE = "1s 1.3s 1.6s 2s 2.5s 3.2s 4s 5s 6s 8s 10s 13s 15s 20s 25s 30s 40s 50s"
_ABOVE = "1m 80s 100s 2m 160s 200s 4m 320s 400s 8m 640s 800s 16m 1280s 1600s 32m 2560s 3200s"

THIRD_STOPS = tuple(f"{_BELOW_A_MINUTE} {_ABOVE}".split())

STOP = 6  # sixths: cameras have third stops or half stops
_STOPS = re.compile(r"([+-]?)\s*(?:([0-9]{1,2}(?:\.[0-9]{1,4})?))?(?:\s*([1-9])\s*/\s*([1-9]))?(?:\s*(?:stops?|ev))?")
_FORMS = "+1/3, -1, +2 2/3 or 0"


def parse_stops(text: str) -> int:
    """Return the sixths of a stop in `+1/3`, `-1`, `+2 2/3`, `0.5` or `3 stops`; ConfigError for anything else.

    A decimal number means the nearest third or half that is not further than 0.04 stop away, as 0.3 means 1/3.
    """
    words = typed(text).lower()
    match = _STOPS.fullmatch(words)
    if match is None or (match[2] is None and match[3] is None):
        raise ConfigError(f"{quoted(text)} is not a number of stops; write it like {_FORMS}")
    stops = Fraction(match[2] or 0) + (Fraction(int(match[3]), int(match[4])) if match[3] else 0)
    sixths = round(stops * STOP)
    is_exact = match[3] is not None
    if abs(Fraction(sixths, STOP) - stops) > (0 if is_exact else Fraction(4, 100)):
        raise ConfigError(f"{quoted(text)} is neither thirds nor halves of a stop; write it like {_FORMS}")
    return -sixths if match[1] == "-" else sixths


def format_stops(sixths: int) -> str:
    """Return exact text with its sign that `parse_stops` reads back: +1/3, -1, +2 2/3, 0."""
    whole, rest = divmod(abs(sixths), STOP)
    part = str(Fraction(rest, STOP)) if rest else ""
    text = " ".join(filter(None, (str(whole) if whole else "", part)))
    return f"{'-' if sixths < 0 else '+'}{text}" if text else "0"
