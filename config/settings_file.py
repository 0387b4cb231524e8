"""Reads one settings file, with a sentence for each fault. The machine's own file may name just the camera's body."""

from collections.abc import Callable, Mapping
from pathlib import Path

from config.errors import ConfigError
from config.files import reason_of, text_of
from config.kinds import Value
from config.layer import read_layer
from config.schema import build, check_all

CAMERA = "camera.profile"
MODEL = "camera.model"


def read_machine_file(path: Path | None, look_up: Callable[[str], dict[str, Value]]) -> dict[str, Value]:
    """Return the values of a file that a person wrote; `look_up` finds the profile of a body named without one."""
    values = read_file(path)
    name = values.get(MODEL)
    if name is None or CAMERA in values:
        return values
    try:
        return values | look_up(str(name))
    except ConfigError as error:
        raise ConfigError(f"{path}: {MODEL}: {error}") from None


def contradictions(path: Path | None, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Return a sentence for each contradiction between values of a file."""
    return tuple(f"{path}: {fault}" for fault in check_all(build(values)))


def attempt(read: Callable[[], dict[str, Value]]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the values of a file, or its faults."""
    try:
        return read(), ()
    except ConfigError as error:
        return {}, error.faults


def read_file(path: Path | None) -> dict[str, Value]:
    """Return the values of a file, none if it is absent; ConfigError with its faults, each with its path."""
    if path is None:
        return {}
    try:
        return read_layer(text_of(path, "a settings file"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read, {reason_of(error)}") from None
    except ConfigError as error:
        raise ConfigError(*(f"{path}: {fault}" for fault in error.faults)) from None
