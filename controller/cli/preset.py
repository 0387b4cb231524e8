"""`--preset NAME`: what a preset sets on a camera. Reads the box's own presets from its state directory."""

from collections.abc import Callable
from pathlib import Path

from config.kinds import Value
from config.presets import BUILT_IN, PresetStore
from controller.core import presets
from controller.core.setup import Setup

Preset = Callable[[Setup], dict[str, Value]]


def preset_named(name: str | None, folder: Path) -> Preset:
    """Return what that preset sets, for a set-up; None sets nothing. ConfigError if there is no such preset."""
    if name is None:
        return lambda _: {}
    store = PresetStore(folder)
    store.load()
    found = store.find(name)
    if found in BUILT_IN:
        return lambda setup: presets.built_in(found, setup)
    return lambda _: dict(store.files.own[found])
