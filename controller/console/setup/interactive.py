"""`setup` at the prompt: asks the questions of the dialogue one by one, and acts on the answers.

Knows the methods of the control protocol by name. `dialogue` decides where an answer leads; the texts are in `text`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from controller.cameras.setup_guide import PROFILE
from controller.console.answer import NOTHING, Answer, failed
from controller.console.commands import COMMANDS
from controller.console.grammar import HELP_MARK, JSON, names_starting_with, split_line
from controller.console.setup import text
from controller.console.setup.dialogue import Dialogue, Step, advance, begin
from controller.console.setup.one_line import camera_settings, set_all
from controller.errors import CommandError

Call = Callable[..., Any]
_NAME = "setup"
_YES, _NO = ("", "y", "yes"), ("n", "no", "s", "skip")
_ALLOWED_BEFORE_TEST = ("focus", "hold", "press", "release", "tap", "status", "plan")
_OFFER = "This box does not know your camera yet. Setup takes two minutes."
_OFFER_PROMPT = "start setup now? (yes, no or any command; Enter is yes)> "
_DECLINED = "all right; type setup at any time"
_UNCLEAR = (
    "setup ended, nothing was changed: the rear button does not focus yet; go through the menu steps again, then"
    " type setup"
)
_SET_NOT_SAVED = "setup ended; the settings last until the box is switched off, save keeps them"


class InteractiveSetup:
    """Runs the set-up dialogue, one answer a line; `call` is the session's."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._dialogue: Dialogue | None = None
        self._is_offering = False

    @property
    def prompt(self) -> str:
        """The prompt for the next answer; "" while no dialogue runs."""
        if self._is_offering:
            return _OFFER_PROMPT
        return "" if self._dialogue is None else self._dialogue.prompt

    @property
    def words(self) -> tuple[str, ...]:
        """The answers that Tab completes; empty while no dialogue runs."""
        return () if self._dialogue is None else self._dialogue.words

    def handle(self, line: str) -> Answer | None:
        """Answer a line that belongs to the dialogue or starts one. Returns None for any other, and for `cut`."""
        try:
            words = split_line(line)
            if self._is_offering:
                self._is_offering = False
                reply = " ".join(words).lower()
                if reply in _NO:
                    return Answer(text=_DECLINED)
                words = [_NAME] if reply in _YES else words
            if self._dialogue is not None:
                return None if self._is_command(words) else self._continue(self._dialogue, " ".join(words))
            if not _starts_dialogue(words):
                return None
            return self._ask(begin(*self._facts_and_settings(), *words[1:]))
        except CommandError as error:
            return failed(error.word, error.sentence)

    def offer(self, status: Mapping[str, Any]) -> Answer:
        """Offer the set-up if the box does not know how the body is set up; else return NOTHING."""
        self._is_offering = status["back_button_focus"] is None
        return Answer(text=_OFFER) if self._is_offering else NOTHING

    def leave(self) -> Answer:
        """End the dialogue where it is. Returns NOTHING if none runs."""
        self._is_offering = False
        return NOTHING if self._dialogue is None else self._end(self._dialogue)

    def _is_command(self, words: list[str]) -> bool:
        """Return whether a line is a command despite the dialogue: `cut`, or focusing before the test frame."""
        word = words[0].lower() if words else ""
        is_before_test = self._dialogue is not None and self._dialogue.step is Step.TRY
        return [word.lower() for word in words] == ["cut"] or (is_before_test and word in _ALLOWED_BEFORE_TEST)

    def _facts_and_settings(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the facts about every camera, and the camera's settings.

        Raises CommandError if the settings cannot be changed now, as during a run.
        """
        settings = camera_settings(self._call)
        self._call("settings.set", key=PROFILE, value=settings[PROFILE])  # changes nothing, or raises the reason
        ids = [row["id"] for row in self._call("cameras") if row["id"]]
        return {camera_id: _facts(self._call, camera_id) for camera_id in ids}, settings

    def _ask(self, dialogue: Dialogue) -> Answer:
        self._dialogue = dialogue
        return Answer(tuple(text.screen(dialogue)))

    def _continue(self, dialogue: Dialogue, answer: str) -> Answer:
        following = advance(dialogue, answer)
        match following.step:
            case Step.SETTING:
                return self._set(following)
            case Step.SAVING:
                return self._save(following)
            case Step.FIRING:
                return self._fire(dialogue)
            case Step.LEFT | Step.DONE | Step.FAILED | Step.UNCLEAR:
                return self._end(dialogue, following.step)
        return self._ask(following)

    def _set(self, dialogue: Dialogue) -> Answer:
        self._dialogue = None  # an error ends the dialogue
        set_all(self._call, dialogue.changes)
        return self._ask(replace(dialogue, step=Step.SAVE))

    def _save(self, dialogue: Dialogue) -> Answer:
        self._dialogue = None
        self._call("settings.save")
        return self._ask(replace(dialogue, step=Step.TRY, is_saved=True))

    def _fire(self, dialogue: Dialogue) -> Answer:
        """Fire the test frame; if that is refused, the same question stays open."""
        self._call("fire")
        return self._ask(replace(dialogue, step=Step.TAKEN))

    def _end(self, dialogue: Dialogue, step: Step = Step.LEFT) -> Answer:
        self._dialogue = None
        if step is Step.UNCLEAR:
            return Answer(text=_UNCLEAR)
        if step is Step.FAILED:
            return Answer(tuple(text.what_to_check(dialogue)), text="setup ended; the settings stay as they are")
        if dialogue.is_saved:
            return Answer(text="setup is done; type setup to go through it again")
        if dialogue.step in (Step.SAVE, Step.TRY, Step.TAKEN):
            return Answer(text=_SET_NOT_SAVED)
        return Answer(text="setup ended; nothing was changed")


def _starts_dialogue(words: list[str]) -> bool:
    """Return whether a line is `setup` or `setup ID`, perhaps abbreviated, without `--json` or `?`."""
    if not 1 <= len(words) <= 2 or words[-1] == JSON or words[-1].endswith(HELP_MARK):  # noqa: PLR2004 - name and ID
        return False
    return names_starting_with(words[0].lower(), COMMANDS) == [_NAME]


def _facts(call: Call, camera_id: str) -> dict[str, Any]:
    """Return the facts about one camera. Reading all of them in one call would hold up the box."""
    try:
        return dict(call("cameras", profile=camera_id))
    except CommandError as error:
        if error.word == "offline":
            raise
        return {"id": camera_id, "faults": [error.sentence]}
