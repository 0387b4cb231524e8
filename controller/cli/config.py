"""`backbutton config`: prints the default settings file or the table of settings, or checks a settings file."""

import argparse
import tempfile
from pathlib import Path

from config.errors import ConfigError
from config.schema import default_toml, settings_table
from config.store import SettingsStore


def run_config(options: argparse.Namespace) -> int:
    """Do what the options ask and return 0; ConfigError with every fault of a file that `--check` names."""
    if options.check is None:
        print(default_toml() if options.default else settings_table(), end="")
        return 0
    if not options.check.exists():
        raise ConfigError(f"{options.check}: no such file")
    with tempfile.TemporaryDirectory() as empty_state_dir:
        SettingsStore(options.check, Path(empty_state_dir)).load()
    print(f"{options.check}: no faults")
    return 0
