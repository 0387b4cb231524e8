"""`setup` at the prompt: asks the questions of the dialogue one by one, and acts on the answers.

Knows the methods of the control protocol by name. `dialogue` decides where an answer leads; the texts are in `text`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from config.units import did_you_mean
from controller.cameras.setup_guide import BODIES, UNSET
from controller.console.answer import NOTHING, Answer, failed
from controller.console.commands import COMMANDS
from controller.console.grammar import HELP_MARK, JSON, names_starting_with, split_line
from controller.console.setup import text
from controller.console.setup.choosing import names_camera
from controller.console.setup.dialogue import advance, after_saving, begin
from controller.console.setup.one_line import camera_settings, chosen_camera, set_all, with_camera
from controller.console.setup.steps import Dialogue, Step
from controller.errors import CommandError

Call = Callable[..., Any]
_NAME = "setup"
_YES, _NO = ("", "y", "yes"), ("n", "no", "s", "skip")
_ALLOWED_BEFORE_TEST = ("focus", "hold", "press", "release", "tap", "status", "plan")
_OFFER = (
    "This box does not know your camera yet. Setup takes two minutes: type the camera's name (e.g. D850), yes, no or"
    " any command."
)
_OFFER_PROMPT = "start setup now? (Enter is yes)> "
_DECLINED = "all right; type setup at any time"
_NOTHING_CHANGED = "setup ended; nothing was changed"


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
                if " ".join(words).lower() in _NO:
                    return Answer(text=_DECLINED)
                words = self._after_offer(words)
            if self._dialogue is not None:
                return None if self._is_command(words) else self._continue(self._dialogue, " ".join(words))
            return self._begin(" ".join(words[1:])) if _starts_dialogue(words) else None
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

    def _after_offer(self, words: list[str]) -> list[str]:
        """Return the line that an answer to the offer stands for: a camera's name begins the set-up with it."""
        line = " ".join(words)
        if line.lower() in _YES:
            return [_NAME]
        if names_starting_with(words[0].lower(), COMMANDS) or words[-1].endswith(HELP_MARK):
            return words
        is_like_command = bool(did_you_mean(words[0].lower(), COMMANDS))
        is_camera = names_camera(self._ids(), line, nearly=not is_like_command)
        return [_NAME, *words] if is_camera else words

    def _is_command(self, words: list[str]) -> bool:
        """Return whether a line is a command despite the dialogue: `cut`, or focusing before the test frame."""
        word = words[0].lower() if words else ""
        is_before_test = self._dialogue is not None and self._dialogue.step is Step.TRY
        return [word.lower() for word in words] == ["cut"] or (is_before_test and word in _ALLOWED_BEFORE_TEST)

    def _begin(self, name: str) -> Answer:
        """Start the dialogue, with a camera's name as its first answer if there is one.

        Raises CommandError if the settings cannot be changed now, as during a run.
        """
        settings = camera_settings(self._call)
        key, value = chosen_camera(settings)
        self._call("settings.set", key=key, value=value)  # changes nothing, or raises the reason
        unsaved = tuple(self._call("status")["unsaved"])
        answer = self._ask(begin(self._facts(), settings, unsaved))
        if not name or self._dialogue is None:
            return answer
        try:
            named = self._continue(self._dialogue, name)
        except CommandError as error:
            return replace(answer, word=error.word, text=error.sentence)
        return replace(named, lines=(text.HINT, *named.lines))

    def _facts(self) -> dict[str, Any]:
        """Return the facts about every profile."""
        return {camera_id: _facts(self._call, camera_id) for camera_id in self._ids()}

    def _ids(self) -> list[str]:
        return [row["id"] for row in self._call("cameras") if row["id"]]

    def _ask(self, dialogue: Dialogue) -> Answer:
        self._dialogue = dialogue
        return Answer(tuple(text.screen(dialogue)))

    def _continue(self, dialogue: Dialogue, answer: str) -> Answer:
        following = advance(dialogue, answer)
        match following.step:
            case Step.SETTING:
                return self._set_and_save(following)
            case Step.UNDOING:
                return self._undo(following)
            case Step.FIRING:
                return self._fire(dialogue)
            case Step.DONE:
                return self._finish(text.later(following))
            case Step.LEFT:
                return self._end(dialogue)
        return self._ask(following)

    def _set_and_save(self, dialogue: Dialogue) -> Answer:
        self._dialogue = None  # an error ends the dialogue
        set_all(self._call, with_camera(dialogue.changes, dialogue.wanted))
        self._call("settings.save")
        following = replace(dialogue, step=after_saving(dialogue))
        return self._finish(text.later(following)) if following.step is Step.DONE else self._ask(following)

    def _undo(self, dialogue: Dialogue) -> Answer:
        """Restore the settings as they were before, save them, and ask the question before again."""
        before = {key: dialogue.before.get(key, UNSET) for key in dialogue.changes}
        set_all(self._call, with_camera(before, dialogue.before))
        self._call("settings.save")
        assert dialogue.previous is not None
        return self._ask(dialogue.previous)

    def _fire(self, dialogue: Dialogue) -> Answer:
        """Fire the test frame; if that is refused, the same question stays open."""
        self._call("fire")
        return self._finish(text.after_frame(dialogue))

    def _finish(self, lines: list[str]) -> Answer:
        self._dialogue = None
        return Answer(tuple(lines), text=text.IS_DONE)

    def _end(self, dialogue: Dialogue) -> Answer:
        self._dialogue = None
        return Answer(text=text.IS_DONE if dialogue.step is Step.TRY else _NOTHING_CHANGED)


def _starts_dialogue(words: list[str]) -> bool:
    """Return whether a line is `setup` or `setup CAMERA`, perhaps abbreviated, without `--json` or `?`."""
    if not words or words[-1] == JSON or words[-1].endswith(HELP_MARK):
        return False
    last = words[-1].lower()
    has_body = len(words) > 2 and (last in BODIES or did_you_mean(last, BODIES))  # noqa: PLR2004 - setup CAMERA BODY
    return not has_body and names_starting_with(words[0].lower(), COMMANDS) == [_NAME]


def _facts(call: Call, camera_id: str) -> dict[str, Any]:
    """Return the facts about one camera. Reading all of them in one call would hold up the box."""
    try:
        return dict(call("cameras", profile=camera_id))
    except CommandError as error:
        if error.word == "offline":
            raise
        return {"id": camera_id, "faults": [error.sentence]}
