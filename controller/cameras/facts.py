"""Which ports are known, and all that is known of one, as data for clients.

The same replies serve `backbutton cameras` and, through the control socket, the console; `text` puts them in words.
"""

from typing import TYPE_CHECKING, Any

from config.errors import ConfigError
from controller.cameras.text import Reply

if TYPE_CHECKING:
    from config.cameras import Cameras

_SUMMARY = ("id", "origin", "brand", "connector", "supported", "is_usable", "why_not", "confidence")
_PAIRS = ("remarks", "how_sure", "flash_sync", "line", "ladder_ohm")  # names with texts: objects in JSON


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
