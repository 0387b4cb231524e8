"""The README's table of cameras by brand, from the list of bodies and the profiles of their ports."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from config.cameras import load_profile
from config.models import UNKNOWN_PORT, Model, all_models

_NAMED = 3  # bodies in one cell
_FEWEST = 20  # bodies of a brand with a row of its own
_OTHERS = "others"
_ONE_ROW = {"OM System": "Olympus, OM System", "Olympus": "Olympus, OM System"}


def table() -> str:
    """Return the table: for each brand how many bodies work, how many do not, and of how many nobody knows."""
    brands: defaultdict[str, list[Model]] = defaultdict(list)
    for model in all_models():
        brands[_ONE_ROW.get(model.brand, model.brand)].append(model)
    large = sorted((brand for brand in brands if len(brands[brand]) >= _FEWEST), key=lambda name: -len(brands[name]))
    small = [model for brand in brands if brand not in large for model in brands[brand]]
    rows = [*((brand, brands[brand]) for brand in large), (_OTHERS, small)]
    head = ("| brand | should work | no port, or one the box cannot use | port not known |", "|---|---|---|---|")
    return "\n".join((*head, *(_row(brand, models) for brand, models in rows)))


def counted() -> str:
    """Return the sentence that goes with the table."""
    models = all_models()
    usable = [model for model in models if _is_usable(model)]
    sure = sum(model.confidence == "confirmed" and not model.chart_only for model in usable)
    charts = sum(model.confidence == "confirmed" and model.chart_only for model in usable)
    return (
        f"Of {len(models)} bodies {len(usable)} should work. For {sure} of these at least two independent texts name "
        f"the port, for {charts} only two charts that may copy each other, "
        f"for {len(usable) - sure - charts} one text or none."
    )


def _row(brand: str, models: Sequence[Model]) -> str:
    unknown = [model for model in models if model.port == UNKNOWN_PORT]
    usable = [model for model in models if _is_usable(model)]
    rest = [model for model in models if model not in unknown and model not in usable]
    show_brand = brand == _OTHERS
    return f"| {brand} | {' | '.join(_cell(group, show_brand) for group in (usable, rest, unknown))} |"


def _is_usable(model: Model) -> bool:
    return model.has_profile and _is_usable_port(model.profile)


@cache
def _is_usable_port(profile: str) -> bool:
    return load_profile(profile).is_usable


def _cell(models: Iterable[Model], show_brand: bool) -> str:
    newest = sorted(models, key=lambda model: -model.year)
    if not newest:
        return "-"
    names = [str(model) if show_brand else model.name for model in newest[:_NAMED]]
    dots = ", …" if len(newest) > _NAMED else ""
    return f"{len(newest)}: {', '.join(names)}{dots}"
