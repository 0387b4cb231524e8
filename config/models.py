"""Camera bodies by name: which remote port each has, and how sure that is, as kept in `models.toml`.

Knows no profile's content. The file is read when somebody first asks for a body: a daemon starts without it.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

NO_PORT = "none"
UNKNOWN_PORT = "unknown"

_FILE = Path(__file__).with_name("models.toml")
_DEFAULTS: dict[str, Any] = {
    "aliases": (),
    "behaviour": "",
    "af_on": None,
    "chart_only": False,
    "bbf": "",
    "bbf_source": "",
    "note": "",
}


class Model(NamedTuple):
    """One camera body.

    `name` is the one printed on it (the international one), `aliases` the regional and short ones. `port` is the
    profile of its connector, NO_PORT (none that two contacts can use) or UNKNOWN_PORT; `behaviour` is the profile to
    use where it is another. `af_on`: has a button AF-ON, None if unknown. `bbf` is the menu path to back-button
    focus where a text, `bbf_source`, gives it for this body. `confidence` in the port is confirmed (two texts or
    more), single, inferred or unknown; `chart_only`: from compatibility charts only. `year` is for sorting.
    """

    brand: str
    name: str
    aliases: tuple[str, ...]
    port: str
    behaviour: str
    af_on: bool | None
    year: int
    confidence: str
    chart_only: bool
    bbf: str
    bbf_source: str
    source: str
    note: str

    def __str__(self) -> str:
        return self.name if self.name.startswith(self.brand) else f"{self.brand} {self.name}"

    @property
    def profile(self) -> str:
        """The id of the profile to use, NO_PORT or UNKNOWN_PORT."""
        return self.behaviour if self.behaviour and self.has_profile else self.port

    @property
    def has_profile(self) -> bool:
        """Whether there is a profile for it, usable or not."""
        return self.port not in (NO_PORT, UNKNOWN_PORT)


@cache
def all_models() -> tuple[Model, ...]:
    """Return every known body, by brand; the first call reads the file (0.1 s, a second on a small Pi)."""
    with _FILE.open("rb") as file:
        brands = tomllib.load(file)["models"]
    return tuple(_model(brand, row) for brand, rows in brands.items() for row in rows)


def models_with(profile: str) -> tuple[Model, ...]:
    """Return the bodies with that port, or that behave as that profile, the newest first."""
    models = (model for model in all_models() if profile in (model.port, model.profile))
    return tuple(sorted(models, key=lambda model: -model.year))


def _model(brand: str, row: dict[str, Any]) -> Model:
    return Model(**{**_DEFAULTS, **row, "brand": brand, "aliases": tuple(row.get("aliases", ()))})
