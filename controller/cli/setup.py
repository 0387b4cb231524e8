"""`backbutton setup`: prints how to set up a camera for the box."""

import argparse

from config.cameras import Cameras, own_folder
from config.errors import ConfigError
from config.store import SettingsStore
from controller.cameras.facts import facts
from controller.cameras.setup_guide import guide, why_unusable


def run_setup(options: argparse.Namespace) -> int:
    """Print the guide for a camera, by default the one in the settings, and return 0.

    ConfigError if there is no such profile, if the box cannot use it, or if the settings cannot be read.
    """
    profile = options.profile
    if profile is None:
        profile = SettingsStore(options.config, options.state_dir).load().camera.profile
    known = facts(Cameras(own_folder(options.config)), profile)
    if not known["is_usable"]:
        raise ConfigError(f"{why_unusable(known)}; choose another")
    print("\n".join([*guide(known), "For a step-by-step set-up: start backbutton console and type setup."]))
    return 0
