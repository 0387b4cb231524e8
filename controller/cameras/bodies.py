"""Camera bodies by name, as data for clients and in words: which port each has, and whether the box can fire it."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.cameras import Cameras
    from config.models import Model

Reply = dict[str, Any]

_HOW_SURE = {
    "confirmed": "two texts or more",
    "single": "one text",
    "inferred": "inferred from its siblings",
    "unknown": "port not known",
}
_CHARTS = {"confirmed": "two charts", "single": "one chart"}


def find(cameras: "Cameras", name: str) -> list[Reply]:
    """Return a row for each body that a name fits, those with exactly this name first; empty if none does."""
    from config.model_search import find_model  # noqa: PLC0415 - reads all bodies

    return _rows(cameras, find_model(name).fitting)


def every_body(cameras: "Cameras") -> list[Reply]:
    """Return a row for each known body, by brand."""
    from config.models import all_models  # noqa: PLC0415 - see above

    return _rows(cameras, all_models())


def _rows(cameras: "Cameras", models: Iterable["Model"]) -> list[Reply]:
    usable = cache(lambda profile: _is_usable(cameras, profile))
    return [row(model, is_usable=usable(model.profile)) for model in models]


def row(model: "Model", *, is_usable: bool) -> Reply:
    """Return what is known about a body; `profile` and `port` may be none or unknown."""
    known = model._asdict() | {"aliases": list(model.aliases)}
    return {"model": str(model), **known, "profile": model.profile, "usable": is_usable}


def _is_usable(cameras: "Cameras", profile: str) -> bool:
    return profile in cameras.ids() and cameras.load(profile).is_usable


def bodies_table(rows: list[Reply]) -> list[str]:
    """Return a line for each body: its name, its port, and how sure that is."""
    width = max((len(row["model"]) for row in rows), default=0)
    return [f"{row['model']:<{width}}  {_port(row)}" for row in rows]


def how_sure(row: Reply) -> str:
    """Return how sure it is that a body has its port, in words."""
    if row["chart_only"] and row["confidence"] in _CHARTS:
        return _CHARTS[row["confidence"]]
    return _HOW_SURE[row["confidence"]]


def _port(row: Reply) -> str:
    if row["port"] == "none":
        return f"no wired port ({how_sure(row)})"
    if row["port"] == "unknown":
        return "port not known: look at the camera"
    note = "" if row["usable"] else ", which the box cannot work"
    return f"{row['profile']}{note} ({how_sure(row)})"
