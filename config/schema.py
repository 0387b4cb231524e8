"""Every setting of the box, declared once; help, bounds, files and tables all derive from here.

Knows which settings there are and how they depend on each other; knows neither files nor what a value causes.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import cast

from config import listing
from config.cameras import profile_ids
from config.errors import ConfigError, quoted
from config.field import Field, camera, choice, declared, duration, durations, pin, start, statement, switch, whole
from config.kinds import Value
from config.stops import THIRD_STOPS
from config.units import MS_NS, did_you_mean

__all__ = [
    "FIELDS",
    "SECTIONS",
    "Field",
    "Settings",
    "Value",
    "build",
    "check_all",
    "default_toml",
    "find_field",
    "settings_table",
    "value_of",
    "with_value",
]


@dataclass(frozen=True, slots=True)
class FocusSettings:
    """What the back button does."""

    mode: str = choice(
        "single",
        ("single", "continuous", "trim"),
        "single: focus, let go, shoot; continuous: shoot while focusing too; trim: then turn the ring, tap",
    )
    min_hold_ns: int = duration("300ms", "50ms", "5s", "a back press shorter than this is a tap")
    double_tap_ns: int = duration("400ms", "100ms", "2s", "two taps no further apart than this clear the focus")
    expires_ns: int = duration("0s", "0s", "24h", "dialled-in focus is cleared after this time; 0s is never")
    lock_limit_ns: int = duration(
        "4h", "1m", "24h", "a focus lock is opened after this time, whatever happens", in_run=True
    )
    interlock: bool = switch(True, "release only what is dialled in; false makes a plain remote", in_run=True)


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """How long a contact may stay closed."""

    max_hold_ns: int = duration(
        "30s", "1s", "10m", "a contact held by a button is opened after this time", in_run=True
    )
    max_exposure_ns: int = duration("1h", "1s", "24h", "no bulb exposure may be longer", in_run=True)


@dataclass(frozen=True, slots=True)
class ShotSettings:
    """What one release does."""

    drive: str = choice(
        "single",
        ("single", "burst", "bulb", "bracket"),
        "as the dial of the camera: single, burst (the shutter follows the button), bulb, bracket",
        in_run=True,
    )
    exposure_ns: int = duration(
        "30s", "1ms", "24h", "how long a bulb exposure lasts", suggested=THIRD_STOPS, in_run=True
    )
    mirror_up_ns: int = duration(
        "0s",
        "0s",
        "25s",
        "raise the mirror by a press of its own, and let it settle for this; 0s is off",
        in_run=True,
    )
    bracket: tuple[int, ...] = durations(
        "1ms", "24h", 15, "the bulb exposures of a bracket; none: the body's own bracketing set", in_run=True
    )
    bracket_hold_ns: int = duration(
        "3s", "100ms", "10m", "how long the body's own bracketing set takes; SHUTTER is held for it", in_run=True
    )
    self_timer_ns: int = duration("0s", "0s", "1m", "wait this long before a release; 0s is off", in_run=True)


@dataclass(frozen=True, slots=True)
class IntervalSettings:
    """How a run goes on."""

    every_ns: int = duration("5s", "100ms", "24h", "from the start of a frame to the next", in_run=True)
    count: int = whole(0, 0, 1_000_000, "number of frames; 0 goes on until stopped", in_run=True)
    tolerance_ns: int = duration("50ms", "0s", "10s", "a frame later than this is skipped", in_run=True)
    overrun: str = choice(
        "skip",
        ("skip", "stop"),
        "after a frame that cannot be on time: skip it and go on, or stop",
        in_run=True,
    )
    start_delay_ns: int = start("start", "24h", "when a run begins: now, or after a delay like +30s", in_run=True)


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """Which camera is connected, and how its body is set up."""

    profile: str = camera(
        "generic", profile_ids(), "the connector of the camera; the command cameras lists them", in_run=True
    )
    back_button_focus: bool | None = statement(
        "true: half-press does not focus (or the lens is at MF); false: it does; unset: not said yet",
        in_run=True,
    )
    shutter_lag_ns: int = duration(
        "0s",
        "0s",
        "10s",
        "from SHUTTER to the exposure, see calibrate; 0s is not measured; only shown, nothing uses it yet",
        in_run=True,
    )

    close_lag_ns: int = duration(
        "0s",
        "0s",
        "1s",
        "from the end of a bulb's SHUTTER to the end of the exposure; 0s is not measured",
        in_run=True,
    )
    noise_reduction: bool = switch(
        False, "after a bulb exposure the body takes a dark frame as long as that", in_run=True
    )
    wake: bool = switch(True, "wake a body that may have gone to sleep before a frame", in_run=True)
    keep_awake: bool = switch(
        False, "half-press now and then while focus is dialled in, so that the body stays awake", in_run=True
    )


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """How the buttons are read."""

    debounce_ns: int = duration("20ms", "1ms", "100ms", "after an edge, ignore a button's contact for this time")


@dataclass(frozen=True, slots=True)
class PinSettings:
    """Where things are connected, in BCM numbers."""

    focus: int = whole(17, 0, 27, "FOCUS contact, BCM number", restart=True)
    shutter: int = whole(27, 0, 27, "SHUTTER contact, BCM number", restart=True)
    back_button: int = whole(5, 0, 27, "button back, BCM number", restart=True)
    shutter_button: int = whole(6, 0, 27, "button shutter, BCM number", restart=True)
    run_button: int = whole(12, 0, 27, "button run, BCM number", restart=True)
    ready_lamp: int | None = pin(22, "lamp ready (green), BCM number")
    busy_lamp: int | None = pin(23, "lamp busy (amber), BCM number")
    fault_lamp: int | None = pin(24, "lamp refused / fault (red), BCM number")
    sync: int | None = pin(None, "sync input (flash contact through an opto), BCM number; 25 is free")
    buzzer: int | None = pin(None, "active buzzer, BCM number; it repeats what the red lamp says")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, a section each; `Settings()` is what the box does when nobody has said anything."""

    focus: FocusSettings = FocusSettings()
    safety: SafetySettings = SafetySettings()
    shot: ShotSettings = ShotSettings()
    interval: IntervalSettings = IntervalSettings()
    camera: CameraSettings = CameraSettings()
    buttons: ButtonSettings = ButtonSettings()
    pins: PinSettings = PinSettings()


_PARTS = {part.name: getattr(Settings(), part.name) for part in dataclasses.fields(Settings)}

# Section name -> what it is about, in the order of declaration.
SECTIONS = {name: str(part.__doc__) for name, part in _PARTS.items()}

FIELDS = {
    field.key: field
    for section, part in _PARTS.items()
    for field in (declared(section, attribute) for attribute in dataclasses.fields(part))
}

# What autofocus takes on the virtual camera; real bodies take longer rather than less.
_QUICKEST_FOCUS_NS = 250 * MS_NS

# The first must be below the second; where the third is true it may also be equal.
_BELOW = (
    ("focus.min_hold", "safety.max_hold", False),
    ("safety.max_hold", "focus.lock_limit", True),
    ("shot.exposure", "safety.max_exposure", True),
    ("interval.tolerance", "interval.every", False),
    ("buttons.debounce", "focus.min_hold", False),
)


def find_field(key: str) -> Field:
    """The setting of that key; ConfigError with a suggestion if there is none."""
    if key in FIELDS:
        return FIELDS[key]
    if key in SECTIONS:
        members = ", ".join(field.key for field in FIELDS.values() if field.section == key)
        raise ConfigError(f"{quoted(key)} is a section, not a setting; its settings are {members}")
    raise ConfigError(f"unknown setting {quoted(key)}{did_you_mean(key, FIELDS)}")


def value_of(settings: Settings, key: str) -> Value:
    """The value a setting has."""
    field = find_field(key)
    return cast("Value", getattr(getattr(settings, field.section), field.name))


def with_value(settings: Settings, key: str, value: Value) -> Settings:
    """The same settings with one value changed, unchecked."""
    field = find_field(key)
    section = dataclasses.replace(getattr(settings, field.section), **{field.name: value})
    return dataclasses.replace(settings, **{field.section: section})


def build(values: Mapping[str, object]) -> Settings:
    """Settings with these values (parsed, by key), defaults for the rest; only the keys are checked."""
    settings = Settings()
    for key, value in values.items():
        settings = with_value(settings, key, cast("Value", value))
    return settings


def check_all(settings: Settings) -> tuple[str, ...]:
    """Every contradiction between two settings, a sentence each."""
    return (
        *_crossed_bounds(settings),
        *_too_long(settings),
        *_too_quick(settings),
        *_shared_pins(settings),
    )


def _crossed_bounds(settings: Settings) -> list[str]:
    faults = []
    for low_key, high_key, may_equal in _BELOW:
        low, high = cast("int", value_of(settings, low_key)), cast("int", value_of(settings, high_key))
        if low > high or (low == high and not may_equal):
            rule = "must not be above" if may_equal else "must be below"
            low_text, high_text = FIELDS[low_key].format(low), FIELDS[high_key].format(high)
            remedy = f"lower it or raise {high_key}"
            faults.append(f"{low_key}: {low_text} {rule} {high_key}, which is {high_text}; {remedy}")
    return faults


def _too_long(settings: Settings) -> list[str]:
    """The exposures of a bracket are bulb exposures."""
    limit_ns = settings.safety.max_exposure_ns
    longest_ns = max(settings.shot.bracket, default=0)
    if longest_ns <= limit_ns:
        return []
    told, limit = FIELDS["shot.bracket"].format((longest_ns,)), FIELDS["safety.max_exposure"].format(limit_ns)
    remedy = "lower it or raise safety.max_exposure"
    return [f"shot.bracket: {told} must not be above safety.max_exposure, which is {limit}; {remedy}"]


def _too_quick(settings: Settings) -> list[str]:
    """Where half-press focuses, `dialled in` must not come before the camera can have focused."""
    if settings.camera.back_button_focus is not False or settings.focus.min_hold_ns >= _QUICKEST_FOCUS_NS:
        return []
    least, told = (
        FIELDS["focus.min_hold"].format(_QUICKEST_FOCUS_NS),
        FIELDS["focus.min_hold"].format(settings.focus.min_hold_ns),
    )
    rule = f"{told} is too short for a camera that focuses by half-press (camera.back_button_focus false)"
    return [f"focus.min_hold: {rule}; set it to at least {least}"]


def _shared_pins(settings: Settings) -> list[str]:
    pins = [(key, value_of(settings, key)) for key, field in FIELDS.items() if field.section == "pins"]
    return [
        f"{second}: {number} is the pin of {first} already; choose another"
        for (first, taken), (second, number) in combinations(pins, 2)
        if number == taken and number is not None
    ]


def default_toml() -> str:
    """The commented default file: every setting with its help, bounds and default, commented out."""
    return listing.default_toml(FIELDS.values(), SECTIONS)


def settings_table() -> str:
    """The settings as a Markdown table."""
    return listing.settings_table(FIELDS.values())
