"""`setup` at the console: leads through a walk question by question.

Knows the methods of the control protocol by name; where an answer leads is told by `walk`, in whose words by
`walk_text` and `setup_guide`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from controller.cameras.setup_guide import PROFILE
from controller.console.answer import NOTHING, Answer, failed
from controller.console.commands import COMMANDS
from controller.console.grammar import JSON, WHAT, begun_by, words_of
from controller.console.setup import text as walk_text
from controller.console.setup.dialogue import Step, Walk, advance, begin
from controller.console.setup.one_line import camera_settings, set_all
from controller.errors import CommandError

Call = Callable[..., Any]
_NAME = "setup"
_YES, _NO = ("", "y", "yes"), ("n", "no", "s", "skip")
_MEANWHILE = ("focus", "hold", "press", "release", "tap", "status", "plan")
_OFFER = "nobody has said which camera this is, and how its body is set up; setup asks its way to it in two minutes"
_LATER = "as you like; setup begins it at any time"
_OFFER_PROMPT = "begin now? (yes, no, or any command; Enter is yes)> "
_UNCLEAR = (
    "setup: the rear button does not focus yet; go through the menu steps again, then type setup. nothing is changed"
)


class Guide:
    """Asks its way through the set-up, one answer a line; `call` is the session's."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._walk: Walk | None = None
        self._is_offering = False

    @property
    def prompt(self) -> str:
        """What stands before an answer; nothing while nobody is being led."""
        if self._is_offering:
            return _OFFER_PROMPT
        return "" if self._walk is None else self._walk.prompt

    @property
    def words(self) -> tuple[str, ...]:
        """What may be answered now; nothing while nobody is being led."""
        return () if self._walk is None else self._walk.words

    def take(self, line: str) -> Answer | None:
        """Answer a line that is for the guide, None for one that is not; `cut` never is."""
        try:
            words = words_of(line)
            if self._is_offering:
                self._is_offering = False
                said = " ".join(words).lower()
                if said in _NO:
                    return Answer(text=_LATER)
                words = [_NAME] if said in _YES else words
            if self._walk is not None:
                return None if self._is_command(words) else self._go_on(self._walk, " ".join(words))
            if not _is_for_guide(words):
                return None
            return self._ask(begin(*self._known(), *words[1:]))
        except CommandError as error:
            return failed(error.word, error.sentence)

    def offer(self, status: Mapping[str, Any]) -> Answer:
        """Offer the set-up to whoever comes to a box where nobody has said how the body is set up; else NOTHING."""
        self._is_offering = status["back_button_focus"] is None
        return Answer(text=_OFFER) if self._is_offering else NOTHING

    def leave(self) -> Answer:
        """Leave the set-up where it is; NOTHING if nobody is being led."""
        self._is_offering = False
        return NOTHING if self._walk is None else self._end(self._walk)

    def _is_command(self, words: list[str]) -> bool:
        """Tell whether a line goes past the guide: to cut, and to dial in focus before the test frame."""
        word = words[0].lower() if words else ""
        is_trying = self._walk is not None and self._walk.step is Step.TRY
        return [word.lower() for word in words] == ["cut"] or (is_trying and word in _MEANWHILE)

    def _known(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The facts of every camera, and the camera's settings; CommandError if they may not be changed now."""
        stood = camera_settings(self._call)
        self._call("settings.set", key=PROFILE, value=stood[PROFILE])  # changes nothing, or says what forbids it
        ids = [row["id"] for row in self._call("cameras") if row["id"]]
        return {each: _facts(self._call, each) for each in ids}, stood

    def _ask(self, walk: Walk) -> Answer:
        self._walk = walk
        return Answer(tuple(walk_text.told(walk)))

    def _go_on(self, walk: Walk, answer: str) -> Answer:
        then = advance(walk, answer)
        match then.step:
            case Step.SETTING:
                return self._set(then)
            case Step.SAVING:
                return self._save(then)
            case Step.FIRING:
                return self._fire(walk)
            case Step.LEFT | Step.DONE | Step.FAILED | Step.UNCLEAR:
                return self._end(walk, then.step)
        return self._ask(then)

    def _set(self, walk: Walk) -> Answer:
        self._walk = None  # whatever comes of it
        set_all(self._call, walk.changes)
        return self._ask(replace(walk, step=Step.SAVE))

    def _save(self, walk: Walk) -> Answer:
        self._walk = None
        self._call("settings.save")
        return self._ask(replace(walk, step=Step.TRY, is_kept=True))

    def _fire(self, walk: Walk) -> Answer:
        """Fire the test frame; where that is refused the question stands."""
        self._call("fire")
        return self._ask(replace(walk, step=Step.TAKEN))

    def _end(self, walk: Walk, step: Step = Step.LEFT) -> Answer:
        self._walk = None
        if step is Step.UNCLEAR:
            return Answer(text=_UNCLEAR)
        if step is Step.FAILED:
            return Answer(tuple(walk_text.failed(walk)), text="the set-up is left; what is set stays")
        if walk.is_kept:
            return Answer(text="the set-up is done; setup goes through it again")
        if walk.step in (Step.SAVE, Step.TRY, Step.TAKEN):
            return Answer(text="it is set until the box is switched off; save keeps it")
        return Answer(text="setup is left; nothing is changed")


def _is_for_guide(words: list[str]) -> bool:
    """Tell whether somebody wants to be led: `setup` or `setup ID`, perhaps short; asks for no JSON and no help."""
    if not 1 <= len(words) <= 2 or words[-1] == JSON or words[-1].endswith(WHAT):  # noqa: PLR2004 - the command, an ID
        return False
    return begun_by(words[0].lower(), COMMANDS) == [_NAME]


def _facts(call: Call, profile: str) -> dict[str, Any]:
    """One at a time, because reading all of them at once would hold up the box."""
    try:
        return dict(call("cameras", profile=profile))
    except CommandError as error:
        if error.word == "offline":
            raise
        return {"id": profile, "faults": [error.sentence]}
