"""Which camera is meant: by the name of a body, a profile's id, or brand and connector.

Each function returns the dialogue after the answer, without its `previous`, or raises CommandError with the reason.
Pure, but for the list of bodies, which is read the first time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from config.errors import quoted
from config.units import did_you_mean
from controller.cameras.bodies import Reply
from controller.cameras.setup_guide import MODEL, PROFILE, UNSET, why_unusable
from controller.console.setup.steps import ENTER, GENERIC, LIST, Dialogue, Step
from controller.errors import CommandError

if TYPE_CHECKING:
    from config.model_search import Found
    from config.models import Model

_SHORTEST_BRAND = 4  # letters of a brand that is not complete, like fuji
MOST_CHOICES = 17  # shown; as many as fit on a screen


def choose(dialogue: Dialogue, answer: str) -> Dialogue:
    """Return the dialogue after an answer to one of the questions for the camera."""
    word = answer.lower() or ENTER[dialogue.step]
    if word.isascii() and word.isdigit() and dialogue.step in (Step.CHOICE, Step.CONNECTOR):
        return _choose_number(dialogue, int(word))
    match dialogue.step, word:
        case (Step.CAMERA, _) if dialogue.knows_camera and answer in ("", "yes", "skip"):
            return _keep(dialogue)
        case (Step.CAMERA, "list" | "no") | (Step.CHOICE, "none" | "no"):
            return replace(dialogue, step=Step.BRAND)
        case (Step.NEAR, "yes"):
            return _choose_body(dialogue, dialogue.choices[0])
        case (Step.NEAR, "no"):
            return replace(dialogue, step=Step.CAMERA)
    return _choose_name(dialogue, answer or word)


def names_camera(ids: Sequence[str], name: str, *, nearly: bool = False) -> bool:
    """Return whether a profile, body or brand has that name, or begins with it; `nearly`: or has a similar one."""
    from config.model_search import find_model  # noqa: PLC0415 - reads all bodies

    found = find_model(name)
    return name.lower() in ids or bool(found.fitting or (nearly and found.near))


def _keep(dialogue: Dialogue) -> Dialogue:
    """Choose the camera that is set."""
    from config.model_search import find_model  # noqa: PLC0415 - reads all bodies

    model = None if dialogue.model_before == UNSET else find_model(dialogue.model_before).choice
    if model is not None and model.profile == dialogue.before[PROFILE]:
        return _choose_body(dialogue, model)
    return _choose_profile(dialogue, dialogue.before[PROFILE], dialogue.model_before)


def _choose_number(dialogue: Dialogue, number: int) -> Dialogue:
    ids = camera_ids(dialogue.cameras, dialogue.brand)
    most = min(len(dialogue.choices), MOST_CHOICES) if dialogue.step is Step.CHOICE else len(ids)
    if not 1 <= number <= most:
        raise CommandError("value", f"there is no number {quoted(str(number))}; choose from 1 to {most}")
    if dialogue.step is Step.CHOICE:
        return _choose_body(dialogue, dialogue.choices[number - 1])
    return _choose_profile(dialogue, ids[number - 1])


def _choose_name(dialogue: Dialogue, name: str) -> Dialogue:
    from config.model_search import find_model  # noqa: PLC0415 - reads all bodies

    if name.lower() in dialogue.cameras:
        return _choose_profile(dialogue, name.lower())
    brand = _brand_called(dialogue.cameras, name)
    if brand:
        return _show_connectors(dialogue, brand)
    listed = [model for model in dialogue.choices if name.lower() in (str(model).lower(), model.name.lower())]
    if len(listed) == 1:
        return _choose_body(dialogue, listed[0])
    found = find_model(name)
    if found.choice is not None:
        return _choose_body(dialogue, found.choice)
    return _ask_which(dialogue, name, found)


def _ask_which(dialogue: Dialogue, name: str, found: "Found") -> Dialogue:
    """Ask which of the bodies is meant that a name fits, or that it is near to."""
    meant = "" if found.fitting else did_you_mean(name.lower(), (*dialogue.cameras, *_brand_words(dialogue.cameras)))
    models = () if meant else found.fitting or found.near
    if not models:
        remedy = meant or f"; type {LIST} to choose by brand and plug"
        raise CommandError("unknown", f"no camera is called {quoted(name)}{remedy}")
    step = Step.NEAR if len(models) == 1 else Step.CHOICE
    return replace(dialogue, step=step, name=name, choices=models)


def _choose_body(dialogue: Dialogue, model: "Model") -> Dialogue:
    from config.models import UNKNOWN_PORT  # noqa: PLC0415 - the console must start quickly
    from config.naming import why_no_profile  # noqa: PLC0415

    if model.port == UNKNOWN_PORT:
        asking = replace(dialogue, name=str(model), choices=(model,))
        return _show_connectors(asking, _brand_of(dialogue.cameras, model), of_body=True)
    if not model.has_profile:
        raise CommandError("value", why_no_profile(model))
    facts = dialogue.cameras[model.profile]
    _check_usable(facts, f"the {model} cannot be used: its port ")
    wanted = {MODEL: str(model), PROFILE: model.profile}
    return replace(dialogue, step=Step.MENU, body=model, wanted=wanted)


def _choose_profile(dialogue: Dialogue, profile: str, model: str = UNSET) -> Dialogue:
    facts = dialogue.cameras.get(profile)
    if facts is None:
        raise CommandError(
            "unknown", f"there is no camera {quoted(profile)}{did_you_mean(profile, dialogue.cameras)}"
        )
    _check_usable(facts, "")
    no_model = {MODEL: model} if dialogue.model_before != UNSET else {}
    return replace(dialogue, step=Step.MENU, body=None, wanted={**no_model, PROFILE: profile})


def _check_usable(facts: Reply, head: str) -> None:
    if "faults" in facts:
        raise CommandError("value", "; ".join(facts["faults"]))
    if not facts["is_usable"]:
        raise CommandError("value", f"{head}{why_unusable(facts)}; choose another")


def _show_connectors(dialogue: Dialogue, brand: str, *, of_body: bool = False) -> Dialogue:
    """Ask for the connector, unless the brand has only one."""
    ids = camera_ids(dialogue.cameras, brand)
    if len(ids) == 1 and not of_body:
        return _choose_profile(dialogue, ids[0])
    name = dialogue.name if of_body else ""
    return replace(dialogue, step=Step.CONNECTOR if ids else Step.BRAND, brand=brand, name=name)


def _brand_called(cameras: Mapping[str, Reply], name: str) -> str:
    """Return the brand of that name, or the only one that starts with it; "" if there is none."""
    word, names = name.lower(), brands(cameras)
    exact = [brand for brand in names if brand.lower() == word]
    starting = [brand for brand in names if len(word) >= _SHORTEST_BRAND and brand.lower().startswith(word)]
    matches = exact or starting
    return matches[0] if len(matches) == 1 else ""


def _brand_of(cameras: Mapping[str, Reply], model: "Model") -> str:
    """Return the brand of a body as the profiles call it; "" if none is of that brand."""
    names = brands(cameras)
    alike = (brand for brand in names if model.brand.startswith(brand) or brand.startswith(model.brand))
    return next(alike, "")


def _brand_words(cameras: Mapping[str, Reply]) -> list[str]:
    return [brand.lower() for brand in brands(cameras)]


def brands(cameras: Mapping[str, Reply]) -> list[str]:
    """Return all brands, sorted; one camera file can be for several, as `Olympus/OM`."""
    names = {name for camera_id, facts in cameras.items() if camera_id != GENERIC for name in _brands_of(facts)}
    return sorted(names, key=str.lower)


def _brands_of(facts: Reply) -> list[str]:
    return [name.strip() for name in facts.get("brand", "").split("/") if name.strip()]


def camera_ids(cameras: Mapping[str, Reply], brand: str) -> list[str]:
    """Return the ids of a brand, one for each connector."""
    return [camera_id for camera_id, facts in cameras.items() if camera_id != GENERIC and brand in _brands_of(facts)]
