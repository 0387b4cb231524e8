"""The set-up of a camera as a dialogue: `begin` returns its first step, `advance` the one after an answer.

Pure: makes no calls and changes no settings. The steps are in `steps`, which camera is meant is found in `choosing`.
"""

from collections.abc import Mapping
from dataclasses import replace

from config.errors import quoted
from controller.cameras.bodies import Reply
from controller.console.setup.choosing import choose
from controller.console.setup.steps import AS_IT_IS, QUESTIONS, SETTING_OF, Dialogue, Step
from controller.errors import CommandError

_ABBREVIATIONS = {
    "y": "yes",
    "n": "no",
    "s": "skip",
    "q": "quit",
    "b": "back",
    "as": AS_IT_IS,
    "asis": AS_IT_IS,
    "as it is": AS_IT_IS,
}
# Other words for an answer, by step.
_SAME = {Step.CONFIRM: {"skip": "no"}, Step.TRY: {"yes": "fire", "no": "skip"}}


def begin(cameras: Mapping[str, Reply], before: Mapping[str, str], unsaved: tuple[str, ...] = ()) -> Dialogue:
    """Return the first step: the question for the camera."""
    return Dialogue(cameras, before, unsaved)


def advance(dialogue: Dialogue, answer: str) -> Dialogue:
    """Return the dialogue after an answer. Raises CommandError for an answer that is not possible here."""
    answer = " ".join(answer.split())
    word = _ABBREVIATIONS.get(answer.lower(), answer.lower())
    if word == "quit":
        return replace(dialogue, step=Step.LEFT)
    if word == "back":
        return _go_back(dialogue)
    if dialogue.step in QUESTIONS:
        following = _answer_question(dialogue, word)
    else:
        following = choose(dialogue, word if word in ("yes", "no") else answer)
    return replace(following, previous=dialogue)


def _go_back(dialogue: Dialogue) -> Dialogue:
    """Return the dialogue before the last answer; after a change of settings, at the step that restores them."""
    if dialogue.previous is None:
        raise CommandError("usage", "this is the first question; type quit to leave the set-up")
    if dialogue.previous.step is Step.CONFIRM:
        return replace(dialogue, step=Step.UNDOING)
    return dialogue.previous


def _answer_question(dialogue: Dialogue, word: str) -> Dialogue:
    question = QUESTIONS[dialogue.step]
    word = _SAME.get(dialogue.step, {}).get(word, word) or question.enter
    if word not in question.leads:
        choices = ", ".join((*question.leads, "back"))
        raise CommandError("usage", f"{quoted(word)} is not an answer here; type {choices} or quit")
    step, value = question.leads[word]
    if value:
        dialogue = replace(dialogue, wanted={**dialogue.wanted, SETTING_OF[dialogue.step]: value})
    if step is Step.CONFIRM and dialogue.step is Step.MENU and dialogue.back_button_focus == "false":
        return replace(dialogue, step=Step.AF_MODE)
    if step is Step.CONFIRM and dialogue.is_settled:
        step = after_saving(dialogue)
    return replace(dialogue, step=step)


def after_saving(dialogue: Dialogue) -> Step:
    """Return the step after the settings are saved: a test frame, if the box knows enough to fire one."""
    return Step.DONE if dialogue.back_button_focus == "unset" else Step.TRY
