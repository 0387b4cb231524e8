"""The time zone of the box, for commands that tell times of day without asking the daemon."""

from datetime import tzinfo
from pathlib import Path

from config.errors import ConfigError
from config.store import SettingsStore
from hardware.walltime import machine_zone, zone_or


def zone_of_box(config: Path, state_dir: Path) -> tzinfo:
    """Return the zone in the settings files; the machine's if there is none, or if they cannot be read."""
    store = SettingsStore(config, state_dir)
    try:
        name = store.load_usable().site.timezone
    except ConfigError:  # `config --check` reports it
        name = None
    return zone_or(name, machine_zone())
