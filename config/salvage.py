"""Reads what it can of a saved settings file with faults, so that the box starts all the same.

Knows values, rules and profiles; writes nothing. The machine's own file has no such grace: a person edits it, and it
names the pins.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from config.cameras import Profile
from config.errors import ConfigError
from config.files import reason_of, text_of
from config.kinds import Value
from config.layer import parse_layer
from config.record import dataclass
from config.schema import FIELDS, build, check_all

_CAMERA = "camera.profile"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The saved values that the box can work by, their camera's profile, and a sentence for each fault."""

    values: dict[str, Value]
    profile: Profile
    faults: tuple[str, ...]


def salvage(path: Path, machine: Mapping[str, Value], read_profile: Callable[[str], Profile]) -> Salvaged:
    """Read the saved file over the machine's values, without the keys that cannot be used.

    A camera that cannot be used is unset, and with it what was said about it. `read_profile` raises ConfigError for
    such a profile, and must not for the built-in one.
    """
    values, faults = _readable(path)
    if any(fault.startswith(f"{_CAMERA}: ") for fault in faults):
        values |= _no_camera()
    values, contradictions = _consistent(machine, values)
    try:
        profile = read_profile(_camera_of(machine, values))
        damaged: tuple[str, ...] = ()
    except ConfigError as error:
        damaged = (*(f"{_CAMERA}: {fault}" for fault in error.faults), "the camera is unset; run setup")
        values, more = _consistent(machine, values | _no_camera())
        contradictions += more
        profile = read_profile(_camera_of(machine, values))
    return Salvaged(values, profile, tuple(f"{path}: {fault}" for fault in (*faults, *contradictions, *damaged)))


def report(path: Path, faults: Sequence[str], earlier: Iterable[Path]) -> tuple[str, ...]:
    """Return what was left out of the saved settings, and what a person can do about it; () if nothing was."""
    if not faults:
        return ()
    kept = sum(map(os.path.exists, earlier))
    back = f"; rollback 1 brings back the save before it ({kept} kept)" if kept else ""
    remedy = f"save replaces {path.name} without these, and keeps the old file beside it{back}"
    return (*(f"not in force: {fault}" for fault in faults), f"the saved settings have faults: {remedy}")


def _readable(path: Path) -> tuple[dict[str, Value], tuple[str, ...]]:
    try:
        return parse_layer(text_of(path, "a settings file"))
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        return {}, (f"cannot be read, {reason_of(error)}",)
    except ConfigError as error:
        return {}, error.faults


def _consistent(machine: Mapping[str, Value], saved: dict[str, Value]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the saved values without those that contradict others, and the contradictions."""
    found: tuple[str, ...] = ()
    while faults := check_all(build({**machine, **saved}), saved):
        found += tuple(fault for fault in faults if fault not in found)
        saved = _without_one(machine, saved, len(faults))
    return saved, found


def _without_one(machine: Mapping[str, Value], saved: dict[str, Value], before: int) -> dict[str, Value]:
    """Return the saved values without one that takes part in a contradiction; none at all if it takes several."""
    for key in reversed(saved):
        rest = {other: value for other, value in saved.items() if other != key}
        if len(check_all(build({**machine, **rest}), rest)) < before:
            return rest
    return {}


def _camera_of(machine: Mapping[str, Value], saved: Mapping[str, Value]) -> str:
    return build({**machine, **saved}).camera.profile


def _no_camera() -> dict[str, Value]:
    return {field.key: field.default for field in FIELDS.values() if field.section == "camera"}
