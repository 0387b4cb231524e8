"""The list of known camera ports, and everything known about one, as data for clients.

`backbutton cameras` and (through the control socket) the console use the same replies; `text` puts them into words.
"""

from typing import TYPE_CHECKING, Any

from config.errors import ConfigError
from controller.cameras.bodies import Reply, row

if TYPE_CHECKING:
    from config.cameras import Cameras

_SUMMARY = (
    "id",
    "origin",
    "is_own",
    "brand",
    "connector",
    "supported",
    "is_usable",
    "why_not",
    "confidence",
    "proof",
)
_PAIRS = (
    "remarks",
    "how_sure",
    "flash_sync",
    "line",
    "ladder_ohm",
    "proof",
)  # pairs of name and text: objects in JSON


def index(cameras: "Cameras") -> list[Reply]:
    """Return the id and origin of each profile, from file names only; a misnamed file has `faults`."""
    rows: list[Reply] = [{"id": profile_id, **_origin(cameras, profile_id)} for profile_id in cameras.ids()]
    return rows + [{"id": "", "origin": "", "is_own": True, "faults": [sentence]} for sentence in cameras.misnamed()]


def _origin(cameras: "Cameras", profile_id: str) -> Reply:
    """Return where a profile comes from; what a proof wrote is not `is_own`, though it is a file of this box."""
    from config.cameras import BUILT_IN  # noqa: PLC0415 - the console needs the texts only

    origin = cameras.origin(profile_id)
    return {"origin": origin, "is_own": origin != BUILT_IN and origin.rpartition("/")[0] != str(cameras.proven)}


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

    `proven` has a row for each key that was proven, with its value in the file's unit and the one shipped.
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
    models = [*reply["models"], *(other.name for other in models_with(reply["id"]))]
    return {**reply, "models": models, "body": body, "proven": _proven(cameras, reply) if reply["proof"] else []}


def _of_port(cameras: "Cameras", profile_id: str) -> Reply:
    from config.profile import SUPPORTED  # noqa: PLC0415 - the console needs the texts only

    profile = cameras.load(profile_id)
    known = {name: _plain(getattr(profile, name), name) for name in profile.__slots__}
    verdict = SUPPORTED[profile.supported]
    return {**known, **_origin(cameras, profile_id), "is_usable": profile.is_usable, "verdict": verdict}


def _proven(cameras: "Cameras", reply: Reply) -> list[Reply]:
    """Return key, value, shipped value (that or the default; None if there is none) and how, for each proven key."""
    from config.profile_keys import flattened  # noqa: PLC0415 - see above
    from config.profile_rules import value_of  # noqa: PLC0415

    flat, shipped = flattened(cameras.layer(reply["id"]).facts), _shipped(cameras, reply["id"])
    remarks = [entry.partition(" (") for grade, entry in reply["doubts"] if grade == "proven"]
    how = {key: remark.removesuffix(")") for key, _, remark in remarks}
    keys = [key for key in flat if reply["how_sure"].get(key) == "proven" and not isinstance(flat[key], dict)]
    return [
        {"key": key, "value": flat[key], "shipped": value_of(shipped, key), "how": how.get(key, "")} for key in keys
    ]


def _shipped(cameras: "Cameras", profile_id: str) -> dict[str, object]:
    """Return the facts, flat, of the shipped profile that a profile extends, if any, or that has its id."""
    from config.cameras import Cameras, profile_ids  # noqa: PLC0415 - see above
    from config.profile_keys import flattened  # noqa: PLC0415

    shipped, base = profile_ids(), profile_id
    while base not in shipped:
        facts = cameras.layer(base).facts
        if "extends" not in facts:
            return {}
        base = str(facts["extends"])
    return flattened(Cameras().layer(base).facts)


def _plain(value: Any, name: str) -> Any:
    if name in _PAIRS:
        return dict(value)
    names = getattr(value, "_fields", getattr(value, "__slots__", None))
    if names and not isinstance(value, str):
        return {field: _plain(getattr(value, field), field) for field in names}
    return [_plain(member, "") for member in value] if isinstance(value, tuple) else value
