"""`backbutton setup`: prints how to set up a camera for the box."""

import argparse

from config.errors import ConfigError
from config.store import SettingsStore
from controller.cameras.facts import facts
from controller.cameras.setup_guide import guide, why_unusable
from controller.errors import CommandError


def run_setup(options: argparse.Namespace) -> int:
    """Print the guide for a body or a port, by default the one in the settings, and return 0.

    ConfigError if there is no such camera, if the box cannot use it, or if the settings cannot be read; CommandError
    if two cameras are named.
    """
    if options.profile and options.called:
        raise CommandError("usage", "--camera does not go with another camera; name one")
    name = options.profile or options.called
    if name is None:
        camera = SettingsStore(options.config, options.state_dir).load().camera
        name = camera.model or camera.profile
    known = facts(SettingsStore(options.config, options.state_dir).cameras, name)
    if not known["is_usable"]:
        raise ConfigError(f"{why_unusable(known)}; choose another")
    print(
        "\n".join(
            [*guide(known, options.body), "For a step-by-step set-up: start backbutton console and type setup."]
        )
    )
    return 0
