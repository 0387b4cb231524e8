"""`backbutton cameras`: which ports are known, and all that is known of one, as data.

The same replies serve the command line and, through the control socket, the console; what they look like to a person
is in `camera_text`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import ConfigError
from controller.camera_text import Reply, description, table

if TYPE_CHECKING:
    from argparse import Namespace

    from config.cameras import Cameras

_SUMMARY = ("id", "origin", "brand", "connector", "supported", "is_usable", "why_not", "confidence")
_PAIRS = ("remarks", "how_sure", "flash_sync", "line", "ladder_ohm")  # names with texts: objects in JSON


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


def index(cameras: "Cameras") -> list[Reply]:
    """Which profiles there are, and where each comes from, by file names only; a misnamed file has `faults`."""
    rows: list[Reply] = [{"id": each, "origin": cameras.origin(each)} for each in cameras.ids()]
    return rows + [{"id": "", "origin": "", "faults": [sentence]} for sentence in cameras.misnamed()]


def summaries(cameras: "Cameras") -> list[Reply]:
    """A row for each profile: `id`, `origin`, and what the list tells, or its `faults`."""
    return [row if "faults" in row else _read_row(cameras, row) for row in index(cameras)]


def _read_row(cameras: "Cameras", row: Reply) -> Reply:
    try:
        return summary(facts(cameras, row["id"]))
    except ConfigError as error:
        return {**row, "faults": list(error.faults)}


def summary(reply: Reply) -> Reply:
    """What the list tells of the facts of one."""
    return {key: reply[key] for key in _SUMMARY}


def facts(cameras: "Cameras", profile_id: str) -> Reply:
    """Everything known of one port, for JSON; times in integer nanoseconds. ConfigError as `Cameras.load`."""
    from config.profile import SUPPORTED  # noqa: PLC0415 - the console needs the texts only

    profile = cameras.load(profile_id)
    known = {name: _plain(getattr(profile, name), name) for name in profile.__slots__}
    origin, verdict = cameras.origin(profile_id), SUPPORTED[profile.supported]
    return {**known, "origin": origin, "is_usable": profile.is_usable, "verdict": verdict}


def _plain(value: Any, name: str) -> Any:
    if name in _PAIRS:
        return dict(value)
    names = getattr(value, "_fields", getattr(value, "__slots__", None))
    if names and not isinstance(value, str):
        return {each: _plain(getattr(value, each), each) for each in names}
    return [_plain(each, "") for each in value] if isinstance(value, tuple) else value
