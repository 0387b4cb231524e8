"""The kinds of values a setting can have, and how each is read from text and shown as text.

Knows no setting by name, no bounds and no file.
"""

import re
from collections.abc import Callable
from typing import cast

from config.errors import ConfigError, quoted
from config.ramp import Key, format_ramp, parse_ramp
from config.record import dataclass
from config.steps import Step, format_steps, parse_steps
from config.units import did_you_mean, format_duration, parse_duration
from config.when import AT_ONCE, NONE, When, format_when, parse_end, parse_when

Value = str | int | bool | tuple[int, ...] | tuple[Key, ...] | tuple[Step, ...] | When | None

UNSET = "unset"
DEGREE_UDEG = 1_000_000
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_LONGEST_MODEL = 60
_LARGEST_SHOWN = 10**18


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value.

    `read` turns text into a value and raises ConfigError for invalid text; `show` turns a value into text. `wanted`
    describes a valid value in a TOML file, for error messages.
    """

    read: Callable[[str, tuple[str, ...]], Value]
    show: Callable[[Value], str]
    native_types: tuple[type, ...]  # TOML types accepted besides text
    is_text_in_toml: bool
    wanted: str


def _read_duration(text: str, _: tuple[str, ...]) -> Value:
    return parse_duration(text)


def _show_duration(value: Value) -> str:
    return format_duration(value) if isinstance(value, int) else format_duration(0)


def _read_durations(text: str, _: tuple[str, ...]) -> Value:
    if text.strip().lower() in (NONE, ""):
        return ()
    parts = text.split(",") if "," in text else text.split()  # "1m 30s, 3m" is two durations
    return tuple(parse_duration(part.strip()) for part in parts)


def _show_durations(value: Value) -> str:
    return ", ".join(format_duration(ns) for ns in cast("tuple[int, ...]", value or ())) or NONE


def _read_ramp(text: str, _: tuple[str, ...]) -> Value:
    return parse_ramp(text)


def _show_ramp(value: Value) -> str:
    return format_ramp(cast("tuple[Key, ...]", value or ()))


def _read_steps(text: str, _: tuple[str, ...]) -> Value:
    return parse_steps(text)


def _show_steps(value: Value) -> str:
    return format_steps(cast("tuple[Step, ...]", value or ()))


def _read_start(text: str, _: tuple[str, ...]) -> Value:
    return parse_when(text)


def _show_start(value: Value) -> str:
    return format_when(value if isinstance(value, When) else AT_ONCE)


def _read_end(text: str, _: tuple[str, ...]) -> Value:
    return parse_end(text)


def _show_end(value: Value) -> str:
    return format_when(value if isinstance(value, When) else None)


def _read_latitude(text: str, _: tuple[str, ...]) -> Value:
    return _read_angle(text, ("n", "s"))


def _read_longitude(text: str, _: tuple[str, ...]) -> Value:
    return _read_angle(text, ("e", "w"))


def _read_angle(text: str, sides: tuple[str, str]) -> Value:
    if text.strip().lower() == UNSET:
        return None
    from config.angles import parse_degrees  # noqa: PLC0415 - few boxes are ever told their place

    return parse_degrees(text, sides)


def _show_degrees(value: Value) -> str:
    if not isinstance(value, int):
        return UNSET
    whole, rest = divmod(abs(value), DEGREE_UDEG)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest:06}".rstrip("0").rstrip(".")


def _read_zone(text: str, _: tuple[str, ...]) -> Value:
    if text.strip().lower() == UNSET:
        return None
    from config.zones import zone_name  # noqa: PLC0415 - reads the zone database

    return zone_name(text.strip())


def _read_choice(text: str, choices: tuple[str, ...]) -> Value:
    word = text.strip().lower()
    if word in choices:
        return word
    hint = did_you_mean(word, choices)
    raise ConfigError(f"{quoted(text)} is not one of {', '.join(choices)}{hint}")


def _read_camera(text: str, _: tuple[str, ...]) -> Value:
    return text.strip().lower()  # only the store knows which profiles exist: a box may have its own


def _read_model(text: str, _: tuple[str, ...]) -> Value:
    name = text.strip()
    if name.lower() in (UNSET, ""):
        return None
    if len(name) > _LONGEST_MODEL or not name.isprintable():
        raise ConfigError(f"{quoted(text)} is no name of a camera; write one of at most {_LONGEST_MODEL} characters")
    return name  # the list of cameras is read only where somebody sets one


def _read_whole(text: str, _: tuple[str, ...]) -> Value:
    if not _WHOLE.fullmatch(text.strip()):
        raise ConfigError(f"{quoted(text)} is not a whole number")
    return int(text)


def _read_pin(text: str, choices: tuple[str, ...]) -> Value:
    return None if text.strip().lower() == UNSET else _read_whole(text, choices)


def _read_boolean(text: str, choices: tuple[str, ...]) -> Value:
    word = text.strip().lower()
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    raise ConfigError(f"{quoted(text)} is not one of {', '.join(choices)}")


def _read_statement(text: str, choices: tuple[str, ...]) -> Value:
    return None if text.strip().lower() == UNSET else _read_boolean(text, choices)


def _show_word(value: Value) -> str:
    if value is None:
        return UNSET
    return str(value).lower() if isinstance(value, bool) else str(value)


KINDS = {
    "choice": Kind(_read_choice, _show_word, (), is_text_in_toml=True, wanted="text in quotes"),
    "camera": Kind(_read_camera, _show_word, (), is_text_in_toml=True, wanted="text in quotes"),
    "model": Kind(_read_model, _show_word, (), is_text_in_toml=True, wanted="text in quotes"),
    "duration": Kind(_read_duration, _show_duration, (), is_text_in_toml=True, wanted="text with a unit"),
    "durations": Kind(_read_durations, _show_durations, (), is_text_in_toml=True, wanted="text with units"),
    "ramp": Kind(_read_ramp, _show_ramp, (), is_text_in_toml=True, wanted="text in quotes"),
    "steps": Kind(_read_steps, _show_steps, (), is_text_in_toml=True, wanted="text in quotes"),
    "start": Kind(_read_start, _show_start, (), is_text_in_toml=True, wanted="text in quotes"),
    "end": Kind(_read_end, _show_end, (), is_text_in_toml=True, wanted="text in quotes"),
    "latitude": Kind(
        _read_latitude,
        _show_degrees,
        (),
        is_text_in_toml=True,
        wanted='degrees in quotes, like "47.37", or "unset"',
    ),
    "longitude": Kind(
        _read_longitude,
        _show_degrees,
        (),
        is_text_in_toml=True,
        wanted='degrees in quotes, like "47.37", or "unset"',
    ),
    "zone": Kind(_read_zone, _show_word, (), is_text_in_toml=True, wanted="text in quotes"),
    "int": Kind(_read_whole, _show_word, (int,), is_text_in_toml=False, wanted="a whole number without quotes"),
    "pin": Kind(
        _read_pin, _show_word, (int,), is_text_in_toml=True, wanted='a whole number without quotes or "unset"'
    ),
    "bool": Kind(_read_boolean, _show_word, (bool,), is_text_in_toml=False, wanted="true or false without quotes"),
    "statement": Kind(_read_statement, _show_word, (bool,), is_text_in_toml=True, wanted='true, false or "unset"'),
}


def in_sentence(raw: object) -> str:
    """Return a value from a TOML file as text short enough to quote in a sentence."""
    match raw:
        case str():
            return quoted(raw)
        case bool():
            return str(raw).lower()
        case int():
            return str(raw) if abs(raw) < _LARGEST_SHOWN else "a huge number"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(raw)
