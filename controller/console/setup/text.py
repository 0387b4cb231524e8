"""The text above the prompt at each step of the set-up. Knows the dialogue; decides nothing."""

import textwrap
from collections.abc import Callable, Iterator

from controller.cameras.setup_guide import (
    BACK_BUTTON_FOCUS,
    CHECK,
    advice,
    dial_in,
    menu,
    paragraph,
    title,
    why_unusable,
)
from controller.console.setup.dialogue import QUESTIONS, Dialogue, Step, brands, camera_ids


def screen(dialogue: Dialogue) -> list[str]:
    """Return the explanation and the question of a step, in lines of at most 79 characters."""
    explanation = _EXPLANATIONS.get(dialogue.step)
    return [*(explanation(dialogue) if explanation else []), *paragraph(_question(dialogue))]


def _question(dialogue: Dialogue) -> str:
    match dialogue.step:
        case Step.CAMERA:
            return "Is that your camera?"
        case Step.BRAND:
            return f"Which brand is your camera? {', '.join(brands(dialogue.cameras))}; or generic for any other."
        case Step.CONNECTOR:
            return "Which one is yours? Answer no to go back to the brands."
    return QUESTIONS[dialogue.step].text


def _camera(dialogue: Dialogue) -> list[str]:
    facts = dialogue.cameras[dialogue.profile]
    return paragraph(f"The camera is set to {dialogue.profile if 'faults' in facts else title(facts)}.")


def _connectors(dialogue: Dialogue) -> list[str]:
    numbered = enumerate(camera_ids(dialogue.cameras, dialogue.brand), 1)
    rows = (line for number, camera_id in numbered for line in _connector(dialogue, number, camera_id))
    return [f"{dialogue.brand} has these connectors:", *rows]


def _connector(dialogue: Dialogue, number: int, camera_id: str) -> Iterator[str]:
    facts = dialogue.cameras[camera_id]
    yield from paragraph(title(facts), f"{number}.")
    note = why_unusable(facts) or ", ".join(facts["models"])
    if note:
        yield "     " + textwrap.shorten(note, 72, placeholder=" ...")


def _menu(dialogue: Dialogue) -> list[str]:
    return [*menu(dialogue.cameras[dialogue.profile]), ""]


def _advice(dialogue: Dialogue) -> list[str]:
    return [*advice(dialogue.cameras[dialogue.profile]), ""]


def _check(_: Dialogue) -> list[str]:
    return [CHECK, ""]


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
    skipped = f"You skipped the check: {BACK_BUTTON_FOCUS} stays {dialogue.back_button_focus}."
    verdict = verdicts.get(dialogue.wanted.get(BACK_BUTTON_FOCUS, ""), skipped)
    rows = (
        f"  {key} {value}{'' if key in dialogue.changes else ' (as it is)'}" for key, value in dialogue.wanted.items()
    )
    return [*paragraph(verdict), "This will be set:", *rows]


def _try(dialogue: Dialogue) -> list[str]:
    if dialogue.is_saved:
        so_far = "It is saved." if dialogue.changes else "All of this is set already."
    else:
        so_far = "It is set until the box is switched off; save keeps it."
    how = f"Now dial focus in: {dial_in(dialogue.back_button_focus)}"
    return paragraph(f"{so_far} {how} (or type focus hold, then focus release).")


def what_to_check(dialogue: Dialogue) -> list[str]:
    """Return what to check after a test frame that was not taken, or that moved the lens."""
    moved = "half-press still focuses on this body: type setup, and go through its menu steps again"
    if dialogue.back_button_focus == "false":
        moved = "dial focus in again, and check that the body is on AF-S or One Shot"
    no_picture = (
        "No picture: is the plug in, is the camera on, is its drive set to single? Then type fire."
        " plan draws what the contacts do, and backbutton doctor in the shell checks the box."
    )
    return [*paragraph(no_picture, "-"), *paragraph(f"The lens moved: {moved}.", "-")]


_EXPLANATIONS: dict[Step, Callable[[Dialogue], list[str]]] = {
    Step.CAMERA: _camera,
    Step.CONNECTOR: _connectors,
    Step.MENU: _menu,
    Step.ADVICE: _advice,
    Step.HALF_PRESS: _check,
    Step.CONFIRM: _changes,
    Step.TRY: _try,
}
