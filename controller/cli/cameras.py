"""`backbutton cameras`: lists the camera ports, describes one, finds a body, or checks a profile file."""

import argparse
import json
from pathlib import Path

from config.cameras import Cameras, own_folder, why_unusable
from config.errors import ConfigError
from config.naming import model_called
from controller.cameras.bodies import Reply, bodies_table, every_body, find
from controller.cameras.facts import facts, summaries
from controller.cameras.text import description, table
from controller.errors import CommandError


def run_cameras(options: argparse.Namespace) -> int:
    """Print the list of profiles, one profile, or the result of a check; returns the exit status.

    ConfigError if there is no such profile, or with every fault of a file that `--check` names.
    """
    _refuse_ignored(options)
    name = options.profile or options.called
    cameras = Cameras(own_folder(options.config))
    if options.models or options.find is not None:
        return _print_bodies(cameras, every_body(cameras) if options.models else find(cameras, options.find), options)
    if options.check is not None:
        return _check_as_json(cameras, options.check) if options.json else _check(cameras, options.check)
    reply = summaries(cameras) if name is None else facts(cameras, name)
    if options.json:
        print(json.dumps(reply, indent=2))
    else:
        print("\n".join(table(reply) if isinstance(reply, list) else description(reply, options.body)))
    return 0


def _refuse_ignored(options: argparse.Namespace) -> None:
    """CommandError for options of which one would be ignored."""
    others = [name for name in ("check", "find", "models", "profile") if getattr(options, name)]
    if options.called and others:
        raise CommandError(
            "usage", "--camera does not go with --check, --find, --models or another camera; choose one"
        )
    if options.body and (options.json or not (options.profile or options.called)):
        raise CommandError(
            "usage", "--body needs a camera to describe, and no --json; like: cameras D850 --body factory"
        )


def _print_bodies(cameras: Cameras, rows: list[Reply], options: argparse.Namespace) -> int:
    """Print bodies; a sentence on what may have been meant instead, and status 1, if there is none."""
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0 if rows else 1
    if not rows:
        model_called(cameras, options.find)  # raises
    print("\n".join(bodies_table(rows)))
    return 0


def _check(cameras: Cameras, path: Path) -> int:
    profile = cameras.check(path)
    print(f"{path}: no faults" + ("" if profile.is_usable else f"; but {why_unusable(profile)}"))
    return 0


def _check_as_json(cameras: Cameras, path: Path) -> int:
    faults: tuple[str, ...] = ()
    try:
        cameras.check(path)
    except ConfigError as error:
        faults = error.faults
    print(json.dumps({"file": str(path), "faults": faults}, indent=2))
    return 1 if faults else 0
