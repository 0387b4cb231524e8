"""The built-in presets, made to fit the camera, and what a preset does in a few words. Pure; knows no files."""

from collections.abc import Callable, Iterator, Mapping

from config.kinds import Value
from config.presets import KEYS
from config.schema import FIELDS, Settings, value_of, with_value
from config.units import S_NS
from controller.core import checks, recipes, runplan
from controller.core.setup import Setup

Values = dict[str, Value]

MIRROR_UP_NS = 2 * S_NS
STAR_NS = 20 * S_NS
EVERY_NS = 5 * S_NS

# What one technique leaves behind must not shape the next one.
_PLAIN: Values = {
    "focus.mode": "single",
    "shot.drive": "single",
    "shot.mirror_up": 0,
    "shot.exposure_end": 0,
    "shot.ramp": (),
    "shot.steps": (),
    "shot.self_timer": 0,
    "interval.every_end": 0,
}

NOISE_REDUCTION = (
    "camera.noise_reduction is true, so a dark frame follows each exposure; for stars without gaps, switch it off on "
    "the camera, then: set camera.noise_reduction false, and preset stars again"
)


def built_in(name: str, setup: Setup) -> Values:
    """Return what a built-in preset sets on this camera, with these settings."""
    return _PLAIN | _TECHNIQUES[name](setup)


def remarks(name: str, setup: Setup) -> tuple[str, ...]:
    """Return what to do on the camera so that a built-in preset does what it is for; `setup` has it applied."""
    if name == "stars" and setup.settings.camera.noise_reduction:
        return (NOISE_REDUCTION,)
    return ()


def describe(values: Mapping[str, Value]) -> str:
    """Return what a preset does, in one line."""
    return ", ".join((*_frame(values), *_run(values), *_rest(values)))


def _landscape(setup: Setup) -> Values:
    raised: Values = {"shot.mirror_up": MIRROR_UP_NS}
    return raised if checks.refuses_frame(_with(setup, _PLAIN | raised)) is None else {}


def _action(_: Setup) -> Values:
    return {"focus.mode": "continuous", "shot.drive": "burst"}


def _stars(setup: Setup) -> Values:
    """Bulb exposures back to back: 20 s, or the longest that camera and settings allow."""
    limits_ns = (STAR_NS, setup.profile.bulb_max_ns, setup.settings.safety.max_exposure_ns)
    values: Values = {"shot.drive": "bulb", "shot.exposure": min(ns for ns in limits_ns if ns is not None)}
    with_stars = _with(setup, _PLAIN | values)
    recipe = recipes.recipe(with_stars, focus_is_held=with_stars.has_lock)
    is_wired = setup.settings.pins.sync is not None
    return values | {"interval.every": runplan.least_interval_ns(recipe, is_wired=is_wired)}


def _timelapse(_: Setup) -> Values:
    return {"interval.every": EVERY_NS}


_TECHNIQUES: dict[str, Callable[[Setup], Values]] = {
    "landscape": _landscape,
    "action": _action,
    "stars": _stars,
    "timelapse": _timelapse,
}


def _with(setup: Setup, values: Values) -> Setup:
    settings = setup.settings
    for key, value in values.items():
        settings = with_value(settings, key, value)
    return Setup(settings, setup.profile)


_DEFAULTS = Settings()
_DRIVES = {"single": "single frames", "burst": "bursts", "bracket": "the camera's own bracket"}
_DESCRIBED = {
    "focus.mode", "shot.drive", "shot.exposure", "shot.exposure_end", "shot.mirror_up", "shot.bracket",
    "shot.self_timer", "interval.every", "interval.every_end", "interval.count", "interval.start", "interval.end",
}  # fmt: skip


def _frame(values: Mapping[str, Value]) -> Iterator[str]:
    texts = _texts(values)
    drive = values.get("shot.drive")
    if drive == "bulb" and values.get("shot.ramp"):
        yield "bulb exposures"
    elif drive == "bulb":
        yield f"bulb {texts.get('shot.exposure', 'as set')}{_ramp(values, 'shot.exposure_end')}"
    elif drive == "bracket" and values.get("shot.bracket"):
        yield f"bulb bracket {texts['shot.bracket']}"
    elif drive is not None:
        yield _DRIVES[str(drive)]
    for key, words in (("shot.mirror_up", "mirror-up"), ("shot.self_timer", "self-timer")):
        if values.get(key):
            yield f"{words} {texts[key]}"
    if values.get("focus.mode") not in (None, "single"):
        yield f"focus {texts['focus.mode']}"


def _run(values: Mapping[str, Value]) -> Iterator[str]:
    texts = _texts(values)
    if "interval.every" in values:
        yield f"every {texts['interval.every']}{_ramp(values, 'interval.every_end')}"
    if values.get("interval.count"):
        yield f"{texts['interval.count']} frames"
    if texts.get("interval.start", "now") != "now":
        yield f"start {texts['interval.start']}"
    if values.get("interval.end") is not None:
        yield f"end {texts['interval.end']}"


def _rest(values: Mapping[str, Value]) -> Iterator[str]:
    """Yield the other settings that differ from the built-in values."""
    texts = _texts(values)
    for key in KEYS:
        if key in values and key not in _DESCRIBED and values[key] != value_of(_DEFAULTS, key):
            yield f"{key} {texts[key]}"


def _ramp(values: Mapping[str, Value], key: str) -> str:
    return f" to {_texts(values)[key]}" if values.get(key) else ""


def _texts(values: Mapping[str, Value]) -> dict[str, str]:
    return {key: FIELDS[key].format(value) for key, value in values.items()}
