"""The list of known camera ports, and everything known about one, as data for clients.

`backbutton cameras` and (through the control socket) the console use the same replies; `text` puts them into words.
"""

from typing import TYPE_CHECKING, Any

from config.errors import ConfigError
from controller.cameras.bodies import Reply, row

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
    return [entry if "faults" in entry else _summary_or_faults(cameras, entry) for entry in index(cameras)]


def _summary_or_faults(cameras: "Cameras", entry: Reply) -> Reply:
    try:
        return summary(_of_port(cameras, entry["id"]))
    except ConfigError as error:
        return {**entry, "faults": list(error.faults)}


def summary(reply: Reply) -> Reply:
    """Return the part of the facts about one port that the list shows."""
    return {key: reply[key] for key in _SUMMARY}


def facts(cameras: "Cameras", name: str) -> Reply:
    """Return everything known about one port, ready for JSON, times in nanoseconds; `body` is the one that was named.

    The name is that of a profile or a body. ConfigError as `Cameras.load` and `model_called`, or if the body
    has no port with a profile.
    """
    from config.models import models_with  # noqa: PLC0415 - reads all bodies
    from config.naming import model_called, why_no_use  # noqa: PLC0415

    if name.lower() in cameras.ids():
        reply, body = _of_port(cameras, name.lower()), None
    else:
        model = model_called(cameras, name)
        if not model.has_profile:
            raise ConfigError(why_no_use(model, cameras))
        reply = _of_port(cameras, model.profile)
        body = row(model, is_usable=reply["is_usable"]) | {"connector": cameras.load(model.port).connector}
    return {**reply, "models": [*reply["models"], *(other.name for other in models_with(reply["id"]))], "body": body}


def _of_port(cameras: "Cameras", profile_id: str) -> Reply:
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
