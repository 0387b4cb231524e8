"""Random lines for the console: each command with arguments that are right, wrong, abbreviated or asked about."""

import random

from random_profiles import OWN

from config.cameras import profile_ids
from config.presets import BUILT_IN
from config.schema import FIELDS, SECTIONS, Field
from controller.console.commands import COMMANDS

_CAMERAS = (*profile_ids(), OWN, "self")
_BODIES = ("bbf", "factory", "mf", "dslr")
_BUTTONS = ("back", "shutter", "run", "fire")
_DURATIONS = ("0s", "1ms", "100ms", "310ms", "1s", "1.6s", "5s", "40s", "soon")
_WHEN = (
    "now",
    "+2s",
    "+30s",
    "12:01",
    "23:59",
    "sunset",
    "sunset-7h",
    "dawn+10m",
    "13:00:05",
    "+25h",
    "later",
    "sunset 20m",
)
_SERIES = ("3 every 2s", "2 every 5 s", "0 every 1s", "24 every 100ms", "3 every 25h", "x every 2s", "7 ev 700ms")
_PRESETS = (*BUILT_IN, "dusk", "dusk", "night-2", "Dusk", "d", "nix")
_TIMES = (
    "2026-06-21T12:30",
    "2026-06-21T11:59:30",
    "12:00:10",
    "2026-10-25T02:30+01:00",
    "2025-01-01T00:00",
    "25:00",
)
_KEYS = (*FIELDS, "shot.exposre")
# How the camera is set up. What they say may be wrong about the body on the bench.
STATEMENTS = (
    "set camera.back_button_focus true",
    "set camera.back_button_focus false",
    "set camera.back_button_focus unset",
    "set camera.continuous_af true",
    "set camera.continuous_af false",
    "set camera.continuous_af unset",
    "reset camera.back_button_focus",
    "reset camera.profile",
)
_VALUES = (
    "",
    "unset",
    "none",
    "-1",
    "0",
    "1",
    "0s",
    "1ms",
    "300ms",
    "2s",
    "1m",
    "24h",
    "25h",
    "true",
    "maybe",
    '"1s, 2s"',
    "é",
)


def command(draw: random.Random) -> str:
    """Draw a line; every command of the console is as likely as the others."""
    name = draw.choice((*COMMANDS, "set", "set", "frie"))
    words = [name if draw.random() < 0.9 else name[: draw.randint(1, len(name))], *_arguments(draw, name)]
    mark = draw.random()
    if mark < 0.04:
        return " ".join(words) + " ?"
    if mark < 0.06:
        return f"{words[0]} {draw.choice(_VALUES)} {draw.choice(_VALUES)} x"
    if mark < 0.16:
        words.append("--json")
    return " ".join(words)


def statement(draw: random.Random) -> str:
    """Draw a line that says which camera is connected, or how it is set up."""
    way = draw.random()
    if way < 0.5:
        return draw.choice(STATEMENTS)
    if way < 0.7:
        return f"set camera.profile {draw.choice(_CAMERAS)}"
    return f"setup {draw.choice(_CAMERAS)} {draw.choice(_BODIES)}"


def preset(draw: random.Random) -> str:
    """Draw a line that sets several settings at once."""
    name = draw.choice(("preset", "preset", "preset", "bulb", "start"))
    return " ".join([name, *_arguments(draw, name)]) if name != "start" else f"start {draw.choice(_SERIES)}"


def _preset(draw: random.Random) -> list[str]:
    way = draw.random()
    if way < 0.1:
        return []
    name = draw.choice(_PRESETS)
    return [name] if way < 0.5 else [draw.choice(("save", "save", "delete", "mark", "mark", "unmark")), name]


def _arguments(draw: random.Random, name: str) -> list[str]:
    def maybe(*choices: str) -> list[str]:
        return [draw.choice(choices)] if draw.random() < 0.7 else []

    choices = {
        "show": lambda: maybe(*SECTIONS, *_KEYS, "changed", *COMMANDS),
        "help": lambda: maybe(*SECTIONS, *_KEYS, "changed", *COMMANDS),
        "set": lambda: _setting(draw),
        "reset": lambda: [draw.choice(_KEYS)],
        "rollback": lambda: maybe("1", "2", "3", "9", "0", "x"),
        "log": lambda: maybe("1", "2", "9", "x"),
        "focus": lambda: [draw.choice(("hold", "release", "accept", "clear", "rel"))],
        "start": lambda: maybe(*_WHEN, *_SERIES),
        "preset": lambda: _preset(draw),
        "bulb": lambda: [draw.choice(_DURATIONS)],
        "clock": lambda: ["set", draw.choice(_TIMES)] if draw.random() < 0.5 else [],
        "cameras": lambda: maybe(*_CAMERAS),
        "setup": lambda: [*maybe(*_CAMERAS), *maybe(*_BODIES)],
        "press": lambda: [draw.choice(_BUTTONS)],
        "release": lambda: [draw.choice(_BUTTONS)],
        "tap": lambda: [draw.choice(_BUTTONS)],
        "hold": lambda: [draw.choice(_BUTTONS), draw.choice(_DURATIONS)],
    }
    return choices[name]() if name in choices else []


def _setting(draw: random.Random) -> list[str]:
    key = draw.choice(_KEYS)
    return [key, value(draw, FIELDS.get(key))]


def value(draw: random.Random, field: Field | None) -> str:
    """Draw a value for a setting: its default, its bounds, one of its words, something near, or nonsense."""
    if field is None or draw.random() < 0.15:
        return draw.choice(_VALUES)
    values = [field.format(field.default), *field.choices, *field.suggested[:3]]
    bounds = [bound for bound in (field.minimum, field.maximum) if bound is not None]
    values += [field.format((bound,) if field.longest else bound) for bound in bounds]
    if field.kind == "duration":
        values += _DURATIONS
    if field.kind == "switch":
        values += ["true", "false"]
    if field.kind == "camera":
        values = list(_CAMERAS)
    if field.kind in ("start", "end"):
        values = list(_WHEN)
    if field.kind == "zone":
        values = ["Europe/Zurich", "Asia/Tokyo", "GMT+2", "unset"]
    return _quoted(draw.choice(values))


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
