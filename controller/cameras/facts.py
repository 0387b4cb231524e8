"""The list of known camera ports, and everything known about one, as data for clients.

`backbutton cameras` and (through the control socket) the console use the same replies; `text` puts them into words.
"""

from typing import TYPE_CHECKING, Any

from config.errors import ConfigError
from controller.cameras.text import Reply

if TYPE_CHECKING:
    from config.cameras import Cameras

_SUMMARY = ("id", "origin", "brand", "connector", "supported", "is_usable", "why_not", "confidence")
_PAIRS = ("remarks", "how_sure", "flash_sync", "line", "ladder_ohm")  # pairs of name and text: objects in JSON


def index(cameras: "Cameras") -> list[Reply]:
    """Return the id and origin of each profile, from file names only; a misnamed file has `faults`."""
    rows: list[Reply] = [{"id": profile_id, "origin": cameras.origin(profile_id)} for profile_id in cameras.ids()]
    return rows + [{"id": "", "origin": "", "faults": [sentence]} for sentence in cameras.misnamed()]


def summaries(cameras: "Cameras") -> list[Reply]:
    """Return a row for each profile with what the list shows, or with `id`, `origin` and its `faults`."""
    return [row if "faults" in row else _summary_or_faults(cameras, row) for row in index(cameras)]


def _summary_or_faults(cameras: "Cameras", row: Reply) -> Reply:
    try:
        return summary(facts(cameras, row["id"]))
    except ConfigError as error:
        return {**row, "faults": list(error.faults)}


def summary(reply: Reply) -> Reply:
    """Return the part of the facts about one port that the list shows."""
    return {key: reply[key] for key in _SUMMARY}


def facts(cameras: "Cameras", profile_id: str) -> Reply:
    """Return everything known about one port, ready for JSON, times in nanoseconds; ConfigError as `Cameras.load`."""
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
        return {field: _plain(getattr(value, field), field) for field in names}
    return [_plain(member, "") for member in value] if isinstance(value, tuple) else value
