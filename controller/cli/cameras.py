"""`backbutton cameras`: lists the ports, tells all that is known of one, or checks a profile file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import ConfigError
from controller.cameras.facts import facts, summaries
from controller.cameras.text import description, table

if TYPE_CHECKING:
    from argparse import Namespace

    from config.cameras import Cameras


def run_cameras(options: "Namespace") -> int:
    """Print the list of profiles, one of them, or what a check finds; returns the exit status.

    Takes `config`, `profile`, `check` and `json` of the command line. ConfigError if there is no such profile, or
    with every fault that the check finds.
    """
    from config.cameras import Cameras, own_folder  # noqa: PLC0415 - the console needs the texts only

    cameras = Cameras(own_folder(options.config))
    if options.check is not None:
        return _check(cameras, options.check, as_json=options.json)
    reply = summaries(cameras) if options.profile is None else facts(cameras, options.profile)
    if options.json:
        print(json.dumps(reply, indent=2))
    else:
        print("\n".join(table(reply) if isinstance(reply, list) else description(reply)))
    return 0


def _check(cameras: "Cameras", path: Path, *, as_json: bool) -> int:
    if as_json:
        faults = _faults(cameras, path)
        print(json.dumps({"file": str(path), "faults": faults}, indent=2))
        return 1 if faults else 0
    from config.cameras import why_unusable  # noqa: PLC0415 - the console needs the texts only

    profile = cameras.check(path)
    print(f"{path}: no faults" + ("" if profile.is_usable else f"; but {why_unusable(profile)}"))
    return 0


def _faults(cameras: "Cameras", path: Path) -> tuple[str, ...]:
    try:
        cameras.check(path)
    except ConfigError as error:
        return error.faults
    return ()
