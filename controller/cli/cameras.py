"""`backbutton cameras`: lists the camera ports, describes one, or finds a body; shares a proof, or checks a file."""

import argparse
import json
import sys
from pathlib import Path

from config.cameras import Cameras, own_folder, why_unusable
from config.errors import ConfigError
from config.naming import camera_called, model_called
from config.store import SettingsStore
from controller.cameras.bodies import Reply, bodies_table, every_body, find
from controller.cameras.facts import facts, summaries
from controller.cameras.text import description, table
from controller.cli.proof_file import is_sent, read_sent, share
from controller.cli.proof_text import sent_lines, sent_reply
from controller.errors import CommandError


def run_cameras(options: argparse.Namespace) -> int:
    """Print the list of profiles, one profile, a proof to send in, or the result of a check; returns the exit status.

    ConfigError if there is no such profile, if it is not proven, or with every fault of a file that `--check` names.
    """
    _refuse_ignored(options)
    name = options.profile or options.called
    cameras = SettingsStore(options.config, options.state_dir).cameras
    if options.models or options.find is not None:
        return _print_bodies(cameras, every_body(cameras) if options.models else find(cameras, options.find), options)
    if options.check is not None:
        return _check_as_json(cameras, options.check) if options.json else _check(cameras, options)
    if options.share is not None:
        return _share(cameras, options.share)
    reply = summaries(cameras) if name is None else facts(cameras, name)
    if options.json:
        print(json.dumps(reply, indent=2))
    else:
        print("\n".join(table(reply) if isinstance(reply, list) else description(reply, options.body)))
    return 0


def _refuse_ignored(options: argparse.Namespace) -> None:
    """CommandError for options of which one would be ignored."""
    others = [name for name in ("check", "find", "models", "profile", "share") if getattr(options, name)]
    if options.called and others:
        raise CommandError(
            "usage", "--camera does not go with --check, --find, --models, --share or another camera; choose one"
        )
    if options.body and (options.json or not (options.profile or options.called)):
        raise CommandError(
            "usage", "--body needs a camera to describe, and no --json; like: cameras D850 --body factory"
        )

    if options.share is not None and options.json:
        raise CommandError("usage", "--share prints a file to send in, so it does not go with --json; leave that out")


def _print_bodies(cameras: Cameras, rows: list[Reply], options: argparse.Namespace) -> int:
    """Print bodies; a sentence on what may have been meant instead, and status 1, if there is none."""
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0 if rows else 1
    if not rows:
        model_called(cameras, options.find)  # raises
    print("\n".join(bodies_table(rows)))
    return 0


def _share(cameras: Cameras, name: str) -> int:
    """Print the file alone, so that it can be redirected; what a person should know goes to standard error."""
    profile_id = camera_called(cameras, name).profile
    text, left_out = share(cameras, profile_id)
    print(text, end="")
    for sentence in left_out:
        print(f"backbutton: {sentence}", file=sys.stderr)
    if sys.stdout.isatty():
        how = f"backbutton cameras --share {profile_id} > my.toml"
        print(
            f"backbutton: to send it in, write it to a file ({how}), and attach that to an issue in the project's "
            "issue tracker",
            file=sys.stderr,
        )
    return 0


def _check(cameras: Cameras, options: argparse.Namespace) -> int:
    path = options.check
    if is_sent(path):
        print("\n".join(sent_lines(path, read_sent(path), own_folder(options.config))))
        return 0
    profile = cameras.check(path)
    print(f"{path}: no faults" + ("" if profile.is_usable else f"; but {why_unusable(profile)}"))
    return 0


def _check_as_json(cameras: Cameras, path: Path) -> int:
    reply: Reply = {"file": str(path), "faults": []}
    try:
        if is_sent(path):
            reply["proof"] = sent_reply(read_sent(path))
        else:
            cameras.check(path)
    except ConfigError as error:
        reply["faults"] = error.faults
    print(json.dumps(reply, indent=2))
    return 1 if reply["faults"] else 0
