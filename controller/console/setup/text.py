"""The text above the prompt at each step of the set-up, and at its end. Knows the dialogue; decides nothing."""

import textwrap
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from controller.cameras.setup_guide import UNSET, dial_in, menu, paragraph, title, why_unusable
from controller.console.setup.choosing import MOST_CHOICES, brands, camera_ids
from controller.console.setup.steps import QUESTIONS, Dialogue, Step

if TYPE_CHECKING:
    from config.models import Model

HINT = "At any question, back goes back one step and quit ends the set-up."
IS_DONE = "setup is done; type setup to go through it again"
_NO_PICTURE = """\
Is there a new picture? If not: is the plug in, is the camera on, is its drive set to single? Then type fire. plan
draws what the contacts do, and backbutton doctor in the shell checks the box."""
_STILL = "Did the lens stay where it was? If it moved:"
_REAR = "Press AF-ON, or the rear button you chose: it must focus. If not, assign it in the camera's menu."
_NOISE = "Long-exposure noise reduction on? Switch it off, or set camera.noise_reduction true."
_BY_WIRE = "A focus-by-wire lens may lose its focus in the body's sleep: set camera.keep_awake true."
_NOT_KNOWN = """\
You skipped the check: until the box knows whether half-press focuses, it fires no frame. Type setup again, or set
camera.back_button_focus."""


def screen(dialogue: Dialogue) -> list[str]:
    """Return the explanation and the question of a step, in lines of at most 79 characters."""
    explanation = _EXPLANATIONS.get(dialogue.step)
    return [*(explanation(dialogue) if explanation else []), *paragraph(_question(dialogue))]


def _question(dialogue: Dialogue) -> str:
    match dialogue.step:
        case Step.CAMERA:
            return "Which camera do you have? (e.g. D850)"
        case Step.NEAR:
            return f"{dialogue.name}: did you mean {dialogue.choices[0]}?"
        case Step.CHOICE:
            return "Which one is yours? Type its number or its name; Enter if it is none of these."
        case Step.BRAND:
            return f"Which brand is your camera? {', '.join(brands(dialogue.cameras))}; or generic for any other."
        case Step.CONNECTOR:
            return "Which one is yours? Type its number; Enter if it is none of these."
    return QUESTIONS[dialogue.step].text


def _camera(dialogue: Dialogue) -> list[str]:
    if not dialogue.knows_camera:
        return paragraph(f"Type the name that is on your camera. {HINT}")
    profile = dialogue.profile
    now = profile if dialogue.model_before == UNSET else f"{dialogue.model_before} ({profile})"
    return paragraph(f"The camera is set to {now}; Enter keeps it, list shows the brands. {HINT}")


def _choices(dialogue: Dialogue) -> list[str]:
    shown, others = dialogue.choices[:MOST_CHOICES], dialogue.choices[MOST_CHOICES:]
    rows = [
        line for number, model in enumerate(shown, 1) for line in paragraph(_choice(dialogue, model), f"{number}.")
    ]
    more = paragraph(f"and {len(others)} more; type more of the name to see them.") if others else []
    return [f"{dialogue.name} could be one of these cameras:", *rows, *more]


def _choice(dialogue: Dialogue, model: "Model") -> str:
    if not model.has_profile:
        return f"{model} ({'no wired port' if model.port == 'none' else 'port not known'})"
    is_usable = dialogue.cameras[model.profile].get("is_usable", False)
    return f"{model} ({model.port}{'' if is_usable else ', which the box cannot work'})"


def _connectors(dialogue: Dialogue) -> list[str]:
    numbered = enumerate(camera_ids(dialogue.cameras, dialogue.brand), 1)
    rows = (line for number, camera_id in numbered for line in _connector(dialogue, number, camera_id))
    look = f"No text says which port the {dialogue.name} has: look at the camera. " if dialogue.name else ""
    return [*paragraph(f"{look}{dialogue.brand} has these connectors:"), *rows]


def _connector(dialogue: Dialogue, number: int, camera_id: str) -> Iterator[str]:
    facts = dialogue.cameras[camera_id]
    if "faults" in facts:
        yield from paragraph(camera_id, f"{number}.")
        return
    yield from paragraph(title(facts), f"{number}.")
    note = why_unusable(facts) or ", ".join(facts["models"])
    if note:
        yield "     " + textwrap.shorten(note, 72, placeholder=" ...")


def _menu(dialogue: Dialogue) -> list[str]:
    return menu(dialogue.facts)


def _changes(dialogue: Dialogue) -> list[str]:
    if dialogue.continuous_af == "true":
        factory = (
            "Half-press focuses, in AF-C: no focus lock can hold the focus, so the box will fire only while you hold"
            " back, in focus.mode continuous. For anything else use AF-S or One Shot, and type setup again."
        )
    else:
        factory = "Half-press focuses, so the box will hold a focus lock. Use AF-S or One Shot."
    verdicts = {
        "true": "Half-press does not move the lens: the box can fire, and the focus stays.",
        "false": factory,
    }
    verdict = verdicts.get(dialogue.back_button_focus, _NOT_KNOWN)
    rows = (
        f"  {key} {value}{'' if key in dialogue.changes else ' (as it is)'}" for key, value in dialogue.wanted.items()
    )
    others = [key for key in dialogue.unsaved if key not in dialogue.wanted]
    also = paragraph(f"Saving also keeps what you have set of: {', '.join(others)}.") if others else []
    return [*paragraph(verdict), "", "This will be set:", *rows, *also]


def _try(dialogue: Dialogue) -> list[str]:
    is_new = dialogue.previous is not None and dialogue.previous.step is Step.CONFIRM
    so_far = "It is set and saved." if is_new else "All of this is set already."
    how = f"Now, with the camera plugged in, dial focus in: {dial_in(dialogue.back_button_focus)}"
    return paragraph(f"{so_far} {how} (or type focus hold, then focus release).")


def after_frame(dialogue: Dialogue) -> list[str]:
    """Return what to look at after the test frame, and what to do if something is wrong."""
    moved = "half-press still focuses on this body: type setup, and go through its menu steps again."
    if dialogue.back_button_focus == "false":
        moved = "dial focus in again, and check that the body is on AF-S or One Shot."
    items = [*paragraph(_NO_PICTURE, "-"), *paragraph(f"{_STILL} {moved}", "-")]
    return ["The frame is fired. Look at the camera:", *items, *later(dialogue)]


def later(dialogue: Dialogue) -> list[str]:
    """Return what else to check on the camera, and the settings for it."""
    if dialogue.back_button_focus == UNSET:
        return paragraph(_NOT_KNOWN)
    has_rear_button = dialogue.back_button_focus == "true"
    rows = (f"{_REAR} {_BY_WIRE}", _NOISE) if has_rear_button else (_NOISE,)
    return ["Good to know:", *(line for row in rows for line in paragraph(row, "-"))]


_EXPLANATIONS: dict[Step, Callable[[Dialogue], list[str]]] = {
    Step.CAMERA: _camera,
    Step.CHOICE: _choices,
    Step.CONNECTOR: _connectors,
    Step.MENU: _menu,
    Step.CONFIRM: _changes,
    Step.TRY: _try,
}
