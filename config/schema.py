"""All settings of the box by key, as declared in `sections`; help, bounds, files and tables all derive from here.

Knows how settings depend on each other; knows neither files nor what a setting does.
"""

import dataclasses
from collections.abc import Collection, Mapping
from itertools import combinations
from operator import attrgetter
from typing import Any, TypeVar, cast

from config import listing
from config.errors import ConfigError, quoted
from config.field import Field, field_of
from config.kinds import Value
from config.moments import format_moment, needs_site
from config.sections import Settings
from config.units import MS_NS, did_you_mean
from config.when import SUN, format_when

__all__ = [
    "FIELDS",
    "SECTIONS",
    "Field",
    "Settings",
    "Value",
    "build",
    "changed_keys",
    "changes",
    "check_all",
    "default_toml",
    "find_field",
    "settings_table",
    "text_of_value",
    "value_of",
    "values_of",
    "with_value",
]


T = TypeVar("T")

_PARTS = {part.name: getattr(Settings(), part.name) for part in dataclasses.fields(Settings)}

# Section name -> one line about it, in the order of declaration.
SECTIONS = {name: str(part.__doc__) for name, part in _PARTS.items()}

FIELDS = {
    field.key: field
    for section, part in _PARTS.items()
    for field in (field_of(section, attribute) for attribute in dataclasses.fields(part))
}

_READERS: dict[str, Any] = {key: attrgetter(f"{field.section}.{field.name}") for key, field in FIELDS.items()}
_read_all: Any = attrgetter(*(f"{field.section}.{field.name}" for field in FIELDS.values()))
_SECTION_FIELDS = {name: tuple(field.name for field in dataclasses.fields(part)) for name, part in _PARTS.items()}
_PINS = tuple(key for key, field in FIELDS.items() if field.section == "pins")

# How long autofocus takes on the virtual camera; real bodies are not faster.
_QUICKEST_FOCUS_NS = 250 * MS_NS

# The first must be below the second, or may be equal where the third is true.
_BELOW = (
    ("focus.min_hold", "safety.max_hold", False),
    ("safety.max_hold", "focus.lock_limit", True),
    ("shot.exposure", "safety.max_exposure", True),
    ("shot.exposure_end", "safety.max_exposure", True),
    ("interval.tolerance", "interval.every", False),
    ("buttons.debounce", "focus.min_hold", False),
)


_SECTIONS_HINT = f"; the sections of settings are {', '.join(SECTIONS)}"


def find_field(key: str) -> Field:
    """Return the setting with that key; ConfigError with a suggestion if there is none."""
    name = key.strip().lower()
    if name in FIELDS:
        return FIELDS[name]
    if name in SECTIONS:
        members = ", ".join(field.key for field in FIELDS.values() if field.section == name)
        raise ConfigError(f"{quoted(key)} is a section, not a setting; its settings are {members}")
    raise ConfigError(f"unknown setting {quoted(key)}{did_you_mean(key, FIELDS) or _SECTIONS_HINT}")


def value_of(settings: Settings, key: str) -> Value:
    """Return the value of one setting; ConfigError with a suggestion if there is no such setting."""
    reader = _READERS.get(key) or _READERS[find_field(key).key]
    return cast("Value", reader(settings))


def text_of_value(settings: Settings, key: str) -> str:
    """Return the value of one setting as a person would write it; ConfigError as for `value_of`."""
    return find_field(key).format(value_of(settings, key))


def values_of(settings: Settings) -> tuple[Value, ...]:
    """Return the values of all settings, in the order of FIELDS."""
    return cast("tuple[Value, ...]", _read_all(settings))


def with_value(settings: Settings, key: str, value: Value) -> Settings:
    """Return the settings with one value changed; the value is not checked."""
    field = find_field(key)
    section = _replaced(getattr(settings, field.section), _SECTION_FIELDS[field.section], field.name, value)
    return _replaced(settings, tuple(_PARTS), field.section, section)


def _replaced(old: T, names: tuple[str, ...], name: str, value: object) -> T:
    """Return a copy of a dataclass with one field changed; `dataclasses.replace` took ten times as long."""
    return type(old)(*(value if each == name else getattr(old, each) for each in names))


def changed_keys(before: Settings, after: Settings) -> tuple[str, ...]:
    """Return the keys of the settings that differ between the two, in the order of FIELDS."""
    if before is after:
        return ()
    pairs = zip(FIELDS, values_of(before), values_of(after), strict=True)
    return tuple(key for key, old, new in pairs if old != new)


def changes(before: Settings, after: Settings) -> dict[str, str]:
    """Return the settings that differ between the two, by key, with the texts of their values after."""
    return {key: text_of_value(after, key) for key in changed_keys(before, after)}


def build(values: Mapping[str, object]) -> Settings:
    """Return settings with these parsed values, and defaults for the rest; only the keys are checked."""
    settings = Settings()
    for key, value in values.items():
        settings = with_value(settings, key, cast("Value", value))
    return settings


def check_all(settings: Settings, changed: Collection[str] = ()) -> tuple[str, ...]:
    """Return a sentence for each contradiction between settings; it begins with the one in `changed`."""
    return (
        *_crossed_bounds(settings, changed),
        *_too_long_bracket(settings),
        *_too_short_hold(settings),
        *_crossed_ramps(settings),
        *_missing_site(settings),
        *_shared_pins(settings, changed),
    )


def _crossed_bounds(settings: Settings, changed: Collection[str]) -> list[str]:
    faults = []
    for low_key, high_key, may_equal in _BELOW:
        low, high = _READERS[low_key](settings), _READERS[high_key](settings)
        if low > high or (low == high and not may_equal):
            low_text, high_text = FIELDS[low_key].format(low), FIELDS[high_key].format(high)
            if high_key in changed and low_key not in changed:
                rule = "must not be below" if may_equal else "must be above"
                fault = f"{high_key}: {high_text} {rule} {low_key}, which is {low_text}; raise it or lower {low_key}"
            else:
                rule = "must not be above" if may_equal else "must be below"
                fault = f"{low_key}: {low_text} {rule} {high_key}, which is {high_text}; lower it or raise {high_key}"
            faults.append(fault)
    return faults


def _too_long_bracket(settings: Settings) -> list[str]:
    """Check the exposures of a bracket, which are bulb exposures, against the longest one allowed."""
    limit_ns = settings.safety.max_exposure_ns
    longest_ns = max(settings.shot.bracket, default=0)
    if longest_ns <= limit_ns:
        return []
    longest, limit = FIELDS["shot.bracket"].format((longest_ns,)), FIELDS["safety.max_exposure"].format(limit_ns)
    remedy = "lower it or raise safety.max_exposure"
    return [f"shot.bracket: {longest} must not be above safety.max_exposure, which is {limit}; {remedy}"]


def _too_short_hold(settings: Settings) -> list[str]:
    """Where half-press focuses, check that focus cannot count as dialled in before the camera has focused."""
    if settings.camera.back_button_focus is not False or settings.focus.min_hold_ns >= _QUICKEST_FOCUS_NS:
        return []
    least, hold = (
        FIELDS["focus.min_hold"].format(_QUICKEST_FOCUS_NS),
        FIELDS["focus.min_hold"].format(settings.focus.min_hold_ns),
    )
    rule = f"{hold} is too short for a camera that focuses by half-press (camera.back_button_focus false)"
    return [f"focus.min_hold: {rule}; set it to at least {least}"]


def _missing_site(settings: Settings) -> list[str]:
    """Check that what goes by the sun has a place to compute it for."""
    if settings.site.latitude_udeg is not None and settings.site.longitude_udeg is not None:
        return []
    shot, first = settings.shot, "needs site.latitude and site.longitude; set them first"
    ends = {"interval.start": settings.interval.start, "interval.end": settings.interval.end}
    by_sun = [(key, format_when(when)) for key, when in ends.items() if when is not None and when.kind == SUN]
    by_sun += [("shot.ramp", format_moment(key.at)) for key in shot.ramp if needs_site(key.at)][:1]
    by_sun += [("shot.steps", format_moment(step.at)) for step in shot.steps if needs_site(step.at)][:1]
    faults = [f"{key}: {text} {first}" for key, text in by_sun]
    if shot.ramp and shot.ramp_shape == "sky" and not faults:
        faults.append(f"shot.ramp_shape: sky {first}, or set shot.ramp_shape even")
    return faults


def _crossed_ramps(settings: Settings) -> list[str]:
    """Check that one ramp shapes the exposures, within the longest one allowed, and that hand-steps have a ramp."""
    shot, limit_ns = settings.shot, settings.safety.max_exposure_ns
    longest = max(shot.ramp, key=lambda key: key.exposure_ns, default=None)
    faults = []
    if longest is not None and longest.exposure_ns > limit_ns:
        rule = f"must not be above safety.max_exposure, which is {FIELDS['safety.max_exposure'].format(limit_ns)}"
        faults.append(f"shot.ramp: {longest} {rule}; lower it or raise safety.max_exposure")
    if shot.ramp and shot.exposure_end_ns:
        faults.append("shot.ramp: shot.exposure_end is a ramp too; set one of them, and the other to none or 0s")
    if shot.steps and not shot.ramp:
        faults.append("shot.steps: hand-steps belong to a ramp; set shot.ramp first")
    return faults


def _shared_pins(settings: Settings, changed: Collection[str]) -> list[str]:
    values: dict[str, Value] = {key: _READERS[key](settings) for key in _PINS}
    used = [number for number in values.values() if number is not None]
    if len(used) == len(set(used)):
        return []
    pins = [(key, values[key]) for key in sorted(_PINS, key=lambda key: key in changed)]
    return [
        f"{second}: {number} is already the pin of {first}; choose another"
        for (first, taken), (second, number) in combinations(pins, 2)
        if number == taken and number is not None
    ]


def default_toml() -> str:
    """Return the default settings file: every setting with its help, bounds and default, commented out."""
    return listing.default_toml(FIELDS.values(), SECTIONS)


def settings_table() -> str:
    """Return the settings as a Markdown table."""
    return listing.settings_table(FIELDS.values())
