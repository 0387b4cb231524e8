"""Durations as people write them, and suggestions for mistyped names.

Converts between text and integer nanoseconds exactly (no floats). Knows no setting, file or camera.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from config.errors import ConfigError, quoted

if TYPE_CHECKING:
    from fractions import Fraction

US_NS = 1_000
MS_NS = 1_000_000
S_NS = 1_000_000_000
MINUTE_NS = 60 * S_NS
HOUR_NS = 60 * MINUTE_NS

LONGEST_NS = 366 * 24 * HOUR_NS  # one year; anything longer is a typing mistake
_LONGEST_TEXT = 40
_LONGEST_NAME = 60
_SHORTEST_PREFIX = 3  # letters

_UNIT_NS = {
    "ns": 1,
    "us": US_NS,
    "ms": MS_NS,
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), S_NS),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE_NS),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR_NS),
}
_TERM = re.compile(
    r"\s*([0-9]+(?:\.[0-9]+)?|[0-9]+\s*/\s*[0-9]*[1-9][0-9]*)\s*"
    rf"({'|'.join(sorted(_UNIT_NS, key=len, reverse=True))})(?![a-z])"
)
_CLOCK = re.compile(r"([0-9]{1,3}):([0-9]{2})")
_COMMA = re.compile(r"([0-9]+),([0-9]+)(?=\s*[a-z])")
_ZERO = re.compile(r"0+(\.0+)?")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]+\s*/\s*[0-9]+")
_EXAMPLES = "write it like 250ms, 1.5s, 1/60s or 2h"


def parse_duration(text: str) -> int:
    """Return the nanoseconds, rounded, in `250ms`, `1.5s`, `1/60s`, `1h30m` or `0`; ConfigError for anything else."""
    words = " ".join(text.lower().split())
    if _ZERO.fullmatch(words) and len(words) <= _LONGEST_TEXT:
        return 0
    if len(words) <= _LONGEST_TEXT and _NUMBER.fullmatch(words):
        minutes = "" if "/" in words else f", or {words}m for minutes"
        raise ConfigError(f"{quoted(text)} has no unit; write {words}s for seconds{minutes}")
    terms = _terms(words)
    if not terms:
        raise ConfigError(f"{quoted(text)} {_meant(words) or f'is not a duration; {_EXAMPLES}'}")
    total_ns = round(sum(amount * unit_ns for amount, unit_ns in terms))
    if total_ns > LONGEST_NS:
        raise ConfigError(f"{quoted(text)} is too long; the longest duration is {format_duration(LONGEST_NS)}")
    return total_ns


def _meant(words: str) -> str:
    """Return what was probably meant by a text that is no duration, to go on after it; "" if that is not known."""
    if len(words) > _LONGEST_TEXT:  # the patterns take quadratic time
        return ""
    if clock := _CLOCK.fullmatch(words):
        large, small = int(clock[1]), int(clock[2])
        return f"may be hours or minutes; write {large}h {small}m or {large}m {small}s"
    if unit := next((unit for unit in "ms" if _terms(words + unit)), ""):
        return f"has a number without a unit; write {words}{unit}"
    if _terms(point := _COMMA.sub(r"\1.\2", words)):
        return f"has a comma in the number; write {point}"
    return ""


def _terms(words: str) -> "list[tuple[Fraction, int]]":
    """Return pairs of amount and unit, or an empty list unless the text is such terms only, largest unit first."""
    from fractions import Fraction  # noqa: PLC0415 - most consoles only show durations

    terms: list[tuple[Fraction, int]] = []
    at = 0
    while at < len(words) <= _LONGEST_TEXT:
        match = _TERM.match(words, at)
        if match is None:
            return []
        terms.append((Fraction("".join(match[1].split())), _UNIT_NS[match[2]]))
        at = match.end()
    units_ns = [unit_ns for _, unit_ns in terms]
    return terms if units_ns == sorted(set(units_ns), reverse=True) else []


def format_duration(ns: int) -> str:
    """Return exact text that `parse_duration` reads back.

    Whole seconds use the largest unit that leaves no fraction (2h, 90m, 90s). Anything else is a decimal number of
    the largest unit that fits (1.5s, 333.333333ms, 20us).
    """
    for unit, unit_ns in (("h", HOUR_NS), ("m", MINUTE_NS), ("s", S_NS)):
        if ns and ns % unit_ns == 0:
            return f"{ns // unit_ns}{unit}"
    for unit, unit_ns in (("s", S_NS), ("ms", MS_NS), ("us", US_NS)):
        if ns >= unit_ns:
            return f"{_decimal(ns, unit_ns)}{unit}"
    return f"{ns}ns" if ns else "0s"


def format_long(ns: int) -> str:
    """Return exact text split into hours, minutes and seconds, like 28m 3.53s; `parse_duration` reads it back."""
    hours, rest_ns = divmod(ns, HOUR_NS)
    minutes, rest_ns = divmod(rest_ns, MINUTE_NS)
    parts = [f"{hours}h"] * bool(hours) + [f"{minutes}m"] * bool(minutes)
    return " ".join([*parts, format_duration(rest_ns)] if rest_ns or not parts else parts)


def third_digit_ns(ns: int) -> int:
    """Return what one in the third digit of a time is worth: exposures are rounded to that where people read them."""
    return int(10 ** max(0, len(str(ns)) - 3))


def _decimal(ns: int, unit_ns: int) -> str:
    whole, rest = divmod(ns, unit_ns)
    digits = str(rest).rjust(len(str(unit_ns)) - 1, "0").rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def near_miss(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that was probably meant: same last part (`mode` for `focus.mode`), or similar."""
    import difflib  # noqa: PLC0415 - needed only after a typing mistake

    known = [known_name for known_name in names if known_name != name.strip()]  # a typed word is no suggestion
    wanted = name.strip().lower()[:_LONGEST_NAME]
    tails = {full.rpartition(".")[2]: full for full in reversed(known)}
    close = difflib.get_close_matches(wanted, known, n=1)
    completions = [full for full in known if _is_prefix(wanted, full)]
    close_tails = [tails[tail] for tail in difflib.get_close_matches(wanted, tails, n=1)]
    exact = [tails[wanted]] if wanted in tails else []
    return next(iter([*exact, *close, *sorted(completions, key=len), *close_tails]), None)


def _is_prefix(wanted: str, name: str) -> bool:
    is_long_enough = len(wanted) >= _SHORTEST_PREFIX
    return is_long_enough and (name.startswith(wanted) or name.rpartition(".")[2].startswith(wanted))


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return `; did you mean focus.mode?` to end a sentence with, or an empty string."""
    meant = near_miss(name, names)
    return f"; did you mean {meant}?" if meant else ""
