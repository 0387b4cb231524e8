"""When a run starts or ends, as data: at once, after a delay, by the clock, or by the sun.

Parses and formats starts and ends. Does not know today's date, the place or the time zone, so it cannot tell which
instant is meant.
"""

import contextlib
import re
from datetime import date, time

from config.errors import ConfigError, quoted
from config.record import dataclass
from config.units import HOUR_NS, did_you_mean, format_duration, near_miss, parse_duration

NOW, DELAY, CLOCK, SUN = "now", "delay", "clock", "sun"
NONE = "none"
EVENTS = ("dawn", "sunrise", "sunset", "dusk")

LONGEST_DELAY_NS = 24 * HOUR_NS  # for a later start, give a clock time
LONGEST_RUN_NS = 31 * 24 * HOUR_NS
LONGEST_OFFSET_NS = 24 * HOUR_NS  # from a sun event; further away, the next event is nearer
_YEARS = range(2000, 2200)  # where calendars and date arithmetic agree

STARTS = (NOW, "+30s", "06:30", "2026-11-23T06:30", "sunrise", "sunset-20m", "dawn+1h", "dusk")
ENDS = (NONE, "+2h", *STARTS[2:])

_CLOCK = re.compile(r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})(?: +|t))?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)
_SUN = re.compile(rf"({'|'.join(EVENTS)})(?:\s*([+-])(.*))?", re.ASCII | re.DOTALL)
_WORD = re.compile(r"[a-z]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class When:
    """A start or an end; ValueError if the fields do not fit the kind.

    `now` has no other fields. `delay`: `offset_ns` later. `clock`: the next time that clocks show `at`, or `at` on
    `day`, both local and without a time zone. `sun`: `offset_ns` after the next `event` (before it if negative).
    """

    kind: str
    offset_ns: int = 0
    at: time | None = None
    day: date | None = None
    event: str | None = None

    def __post_init__(self) -> None:
        fits = {
            NOW: not self.offset_ns,
            DELAY: self.offset_ns > 0,
            CLOCK: not self.offset_ns,
            SUN: abs(self.offset_ns) <= LONGEST_OFFSET_NS and self.event in EVENTS,
        }.get(self.kind, False)
        if not fits or (self.at is None) != (self.kind != CLOCK) or (self.event is None) != (self.kind != SUN):
            raise ValueError(f"not a valid start or end: {self!r}")
        if self.day is not None and (self.at is None or self.day.year not in _YEARS):
            raise ValueError(f"not a valid day for a start or an end: {self!r}")

    @property
    def needs_clock(self) -> bool:
        """Whether the instant depends on the time of day."""
        return self.kind in {CLOCK, SUN}


AT_ONCE = When(NOW)


def parse_when(text: str) -> When:
    """Return the start in `now`, `+30s`, `06:30`, `2026-11-23 06:30` (or with T), `sunset-20m`; else ConfigError."""
    words = text.strip().lower()
    if words == NOW:
        return AT_ONCE
    if words.startswith("+"):
        delay_ns = _bounded(parse_duration(words[1:]), LONGEST_DELAY_NS, "+")
        return When(DELAY, delay_ns) if delay_ns else AT_ONCE
    return _by_clock_or_sun(text, "a start", STARTS)


def parse_end(text: str) -> When | None:
    """Return the end in `none` (None), `+2h` after the start, or a form `parse_when` reads; else ConfigError."""
    words = text.strip().lower()
    if words == NONE:
        return None
    if words.startswith("+"):
        length_ns = _bounded(parse_duration(words[1:]), LONGEST_RUN_NS, "+")
        if not length_ns:
            raise ConfigError(f"{quoted(text)} would end a run at its start; write a length like +2h, or none")
        return When(DELAY, length_ns)
    return _by_clock_or_sun(text, "an end", ENDS)


def format_when(when: When | None) -> str:
    """Return exact text that `parse_when` or `parse_end` reads back."""
    if when is None:
        return NONE
    match when.kind:
        case "delay":
            return f"+{format_duration(when.offset_ns)}"
        case "clock":
            day = f"{when.day} " if when.day else ""
            return f"{day}{_clock_text(when.at)}"
        case "sun":
            sign = "-" if when.offset_ns < 0 else "+"
            return f"{when.event}{sign}{format_duration(abs(when.offset_ns))}" if when.offset_ns else str(when.event)
    return NOW


def _clock_text(at: time | None) -> str:
    return "" if at is None else at.isoformat("seconds" if at.second else "minutes")


def _by_clock_or_sun(text: str, noun: str, examples: tuple[str, ...]) -> When:
    words = text.strip().lower()
    if match := _CLOCK.fullmatch(words):
        return When(CLOCK, at=parse_time(text, *match.group(2, 3, 4)), day=parse_day(match[1]) if match[1] else None)
    if match := _SUN.fullmatch(words):
        offset_ns = _bounded(parse_duration(match[3]), LONGEST_OFFSET_NS, f"{match[1]}{match[2]}") if match[2] else 0
        return When(SUN, -offset_ns if match[2] == "-" else offset_ns, event=match[1])
    forms = f"{', '.join(examples[:-1])} or {examples[-1]}"
    raise ConfigError(f"{quoted(text)} is not {noun}; write it like {forms}{_suggestion(words, examples)}")


def parse_time(text: str, hour: str, minute: str, second: str | None) -> time:
    """Return the time of day with these digits; ConfigError about `text` if there is none."""
    try:
        return time(int(hour), int(minute), int(second or 0))
    except ValueError:
        raise ConfigError(f"{quoted(text)} is not a time of day; choose from 00:00 to 23:59") from None


def parse_day(text: str) -> date:
    """Return the day in `2026-11-23`; ConfigError if there is none, or it is centuries away."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{quoted(text)} is not a date; write it like 2026-11-23") from None
    if day.year not in _YEARS:
        raise ConfigError(f"{quoted(text)} is out of range; choose from the years {_YEARS[0]} to {_YEARS[-1]}")
    return day


def _bounded(ns: int, most_ns: int, before: str) -> int:
    if ns > most_ns:
        most = f"{before}{format_duration(most_ns)}"
        raise ConfigError(f"{before}{format_duration(ns)} is above {most}; choose at most {most}")
    return ns


def _suggestion(words: str, examples: tuple[str, ...]) -> str:
    """Return what was probably meant, to end a sentence with: a delay without its sign, or a mistyped word."""
    with contextlib.suppress(ConfigError):
        return f"; did you mean +{format_duration(parse_duration(words))}?"
    word = _WORD.match(words)
    if word is None:
        return ""
    known = [example for example in (*EVENTS, *examples) if example.isalpha()]
    event = word[0] if word[0] in EVENTS else near_miss(word[0], known)
    return _with_offset(event, words[word.end() :]) if event in EVENTS else did_you_mean(word[0], known)


def _with_offset(event: str | None, rest: str) -> str:
    """Return a sun event that was probably meant, with the offset that stands behind it."""
    sign, span = (rest.strip()[:1], rest.strip()[1:]) if rest.strip()[:1] in {"+", "-"} else ("", rest)
    with contextlib.suppress(ConfigError):
        offset = format_duration(parse_duration(span))
        meant = f"{event}{sign}{offset}" if sign else f"{event}-{offset} or {event}+{offset}"
        return f"; did you mean {meant}?"
    return f"; did you mean {event}?"
