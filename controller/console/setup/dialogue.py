"""The set-up of a camera as questions: the present step, the possible answers, and where each answer leads.

Pure: a Dialogue is a value, and `advance` returns the next one. Knows the facts about the cameras and the settings
before the dialogue; makes no calls and changes no settings.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from enum import Enum, auto
from typing import NamedTuple

from config.errors import quoted
from config.record import dataclass
from config.units import did_you_mean
from controller.cameras.setup_guide import BACK_BUTTON_FOCUS, CONTINUOUS_AF, PROFILE, Reply, why_unusable
from controller.errors import CommandError

_GENERIC = "generic"
_NOISE, _AWAKE = "camera.noise_reduction", "camera.keep_awake"
_ABBREVIATIONS = {"y": "yes", "n": "no", "s": "skip", "q": "quit"}


class Step(Enum):
    """A step of the set-up. The console acts at SETTING, SAVING and FIRING; the last four end it."""

    CAMERA = auto()
    BRAND = auto()
    CONNECTOR = auto()
    MENU = auto()
    ADVICE = auto()
    HALF_PRESS = auto()
    REAR_BUTTON = auto()
    MANUAL = auto()
    AF_MODE = auto()
    NOISE = auto()
    BY_WIRE = auto()
    CONFIRM = auto()
    SETTING = auto()
    SAVE = auto()
    SAVING = auto()
    TRY = auto()
    FIRING = auto()
    TAKEN = auto()
    DONE = auto()
    FAILED = auto()
    UNCLEAR = auto()
    LEFT = auto()


class Question(NamedTuple):
    """The question of a step, the answer that Enter gives, and where each answer leads.

    An answer leads to a step, and may give a value to the setting that `_SETTING_OF` names for this step.
    """

    text: str
    enter: str
    leads: Mapping[str, tuple[Step, str]]


def _always(step: Step) -> dict[str, tuple[Step, str]]:
    return dict.fromkeys(("yes", "no", "skip"), (step, ""))


QUESTIONS = {
    Step.MENU: Question("Press Enter when that is done.", "yes", _always(Step.ADVICE)),
    Step.ADVICE: Question("Press Enter for the check.", "yes", _always(Step.HALF_PRESS)),
    Step.HALF_PRESS: Question(
        "Half-press the camera's own shutter button. Does the lens move, or focus?",
        "skip",
        {"yes": (Step.NOISE, "false"), "no": (Step.REAR_BUTTON, ""), "skip": (Step.NOISE, "")},
    ),
    Step.REAR_BUTTON: Question(
        "Now press AF-ON, or the rear button you chose. Does the camera focus?",
        "skip",
        {"yes": (Step.NOISE, "true"), "no": (Step.MANUAL, ""), "skip": (Step.NOISE, "")},
    ),
    Step.MANUAL: Question(
        "Neither button focuses. Is the lens, or the body, set to MF?",
        "skip",
        {"yes": (Step.NOISE, "true"), "no": (Step.UNCLEAR, ""), "skip": (Step.NOISE, "")},
    ),
    Step.AF_MODE: Question(
        "Is its AF mode AF-C or AI Servo? (The box's focus lock needs AF-S or One Shot.)",
        "skip",
        {"yes": (Step.NOISE, "true"), "no": (Step.NOISE, "false"), "skip": (Step.NOISE, "")},
    ),
    Step.NOISE: Question(
        "Is long-exposure noise reduction on? (It adds a dark frame to each long one.)",
        "skip",
        {"yes": (Step.BY_WIRE, "true"), "no": (Step.BY_WIRE, "false"), "skip": (Step.BY_WIRE, "")},
    ),
    Step.BY_WIRE: Question(
        "Does the lens lose its focus when the body sleeps? (Focus-by-wire lenses may.)",
        "skip",
        {"yes": (Step.CONFIRM, "true"), "no": (Step.CONFIRM, "false"), "skip": (Step.CONFIRM, "")},
    ),
    Step.CONFIRM: Question(
        "Set this now?", "yes", {"yes": (Step.SETTING, ""), "no": (Step.LEFT, ""), "skip": (Step.LEFT, "")}
    ),
    Step.SAVE: Question(
        "It is set until the box is switched off. Save it, so that it stays?",
        "yes",
        {"yes": (Step.SAVING, ""), "no": (Step.TRY, ""), "skip": (Step.TRY, "")},
    ),
    Step.TRY: Question(
        "Then take a test frame: Enter fires it.",
        "fire",
        {"fire": (Step.FIRING, ""), "yes": (Step.FIRING, ""), "no": (Step.DONE, ""), "skip": (Step.DONE, "")},
    ),
    Step.TAKEN: Question(
        "The frame is fired. Did the camera take it, and did the lens stay where it was?",
        "yes",
        {"yes": (Step.DONE, ""), "no": (Step.FAILED, ""), "skip": (Step.DONE, "")},
    ),
}
_SETTING_OF = {
    Step.HALF_PRESS: BACK_BUTTON_FOCUS,
    Step.REAR_BUTTON: BACK_BUTTON_FOCUS,
    Step.MANUAL: BACK_BUTTON_FOCUS,
    Step.AF_MODE: CONTINUOUS_AF,
    Step.NOISE: _NOISE,
    Step.BY_WIRE: _AWAKE,
}
_ENTER = {Step.CAMERA: "yes", Step.BRAND: "skip", Step.CONNECTOR: "skip"}
_CHOICES_SHOWN = {
    Step.CAMERA: "yes, no, ID",
    Step.BRAND: "brand, ID, skip",
    Step.CONNECTOR: "number, ID, no, skip",
    Step.TRY: "fire, skip",
}


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The state of the set-up.

    `cameras` holds the facts about each camera by ID, or its `faults`. `before` holds the camera's settings when the
    dialogue began, `wanted` those that the answers ask for; both as text by key. `is_saved`: they are saved.
    """

    cameras: Mapping[str, Reply]
    before: Mapping[str, str]
    step: Step = Step.CAMERA
    brand: str = ""
    wanted: Mapping[str, str] = field(default_factory=dict)
    is_saved: bool = False

    @property
    def profile(self) -> str:
        """The ID of the camera chosen so far."""
        return self.wanted.get(PROFILE, self.before[PROFILE])

    @property
    def back_button_focus(self) -> str:
        """Whether the body uses back-button focus, as far as known: true, false or unset."""
        return self.wanted.get(BACK_BUTTON_FOCUS, self.before[BACK_BUTTON_FOCUS])

    @property
    def continuous_af(self) -> str:
        """Whether the AF mode is AF-C, as far as known: true, false or unset."""
        return self.wanted.get(CONTINUOUS_AF, self.before[CONTINUOUS_AF])

    @property
    def changes(self) -> dict[str, str]:
        """The settings to change, in this order."""
        return {key: value for key, value in self.wanted.items() if self.before[key] != value}

    @property
    def words(self) -> tuple[str, ...]:
        """The answers that Tab completes; a camera's ID or brand may be possible too."""
        if self.step in QUESTIONS:
            return (*QUESTIONS[self.step].leads, "quit")
        return ("yes", "no", "skip", "quit")

    @property
    def prompt(self) -> str:
        """The prompt of this step."""
        if self.step in (Step.MENU, Step.ADVICE):
            return "setup (Enter or quit)> "
        choices = _CHOICES_SHOWN.get(self.step) or ", ".join(QUESTIONS[self.step].leads)
        enter = _ENTER.get(self.step) or QUESTIONS[self.step].enter
        return f"setup ({choices} or quit; Enter is {enter})> "


def begin(cameras: Mapping[str, Reply], before: Mapping[str, str], profile: str = "") -> Dialogue:
    """Return the first step; with a camera's ID, the one after choosing it. Raises CommandError if it is unusable."""
    dialogue = Dialogue(cameras, before)
    if profile:
        return _choose_camera(dialogue, profile)
    return replace(dialogue, step=Step.BRAND) if dialogue.profile == _GENERIC else dialogue


def advance(dialogue: Dialogue, answer: str) -> Dialogue:
    """Return the dialogue after an answer. Raises CommandError for an answer that is not possible here."""
    word = answer.strip().lower()
    word = _ABBREVIATIONS.get(word, word)
    if word == "quit":
        return replace(dialogue, step=Step.LEFT)
    if dialogue.step in QUESTIONS:
        return _answer_question(dialogue, word)
    word = word or _ENTER[dialogue.step]
    if word == "skip" or (dialogue.step is Step.CAMERA and word == "yes"):
        return _choose_camera(dialogue, dialogue.profile)
    if word == "no":
        return replace(dialogue, step=Step.BRAND)
    return _choose_brand(dialogue, word) if dialogue.step is Step.BRAND else _choose_connector(dialogue, word)


def _answer_question(dialogue: Dialogue, word: str) -> Dialogue:
    question = QUESTIONS[dialogue.step]
    word = word or question.enter
    if word not in question.leads:
        sentence = f"{quoted(word)} is not an answer here; type {', '.join(question.leads)} or quit"
        raise CommandError("usage", sentence)
    step, value = question.leads[word]
    if value:
        dialogue = replace(dialogue, wanted={**dialogue.wanted, _SETTING_OF[dialogue.step]: value})
    if step is Step.NOISE and dialogue.step is not Step.AF_MODE and dialogue.back_button_focus == "false":
        step = Step.AF_MODE
    if step is Step.BY_WIRE and dialogue.back_button_focus != "true":  # keep_awake needs back-button focus
        step = Step.CONFIRM
    if step is Step.CONFIRM and not dialogue.changes:
        return replace(dialogue, step=Step.TRY, is_saved=True)
    return replace(dialogue, step=step)


def _choose_brand(dialogue: Dialogue, word: str) -> Dialogue:
    if word in dialogue.cameras:
        return _choose_camera(dialogue, word)
    brand = _find_brand(dialogue, word)
    ids = camera_ids(dialogue.cameras, brand)
    if len(ids) == 1:
        return _choose_camera(dialogue, ids[0])
    return replace(dialogue, step=Step.CONNECTOR, brand=brand)


def _find_brand(dialogue: Dialogue, word: str) -> str:
    """Return the brand of that name, or the only one that starts with it. Raises CommandError."""
    names = brands(dialogue.cameras)
    matches = [brand for brand in names if brand.lower() == word]
    matches = matches or [brand for brand in names if brand.lower().startswith(word)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        hint = f"; did you mean {' or '.join(matches)}?"
    else:
        hint = did_you_mean(word, (*map(str.lower, names), *dialogue.cameras)) or "; type generic for any other"
    raise CommandError("unknown", f"there is no brand or ID {quoted(word)}{hint}")


def _choose_connector(dialogue: Dialogue, word: str) -> Dialogue:
    ids = camera_ids(dialogue.cameras, dialogue.brand)
    if dialogue.step is Step.CONNECTOR and word.isascii() and word.isdigit():
        if not 1 <= int(word) <= len(ids):
            raise CommandError("value", f"there is no number {quoted(word)}; choose from 1 to {len(ids)}")
        word = ids[int(word) - 1]
    return _choose_camera(dialogue, word)


def _choose_camera(dialogue: Dialogue, profile: str) -> Dialogue:
    profile = profile.lower()
    facts = dialogue.cameras.get(profile)
    if facts is None:
        hint = did_you_mean(profile, dialogue.cameras) or "; answer no to choose by brand"
        raise CommandError("unknown", f"there is no camera {quoted(profile)}{hint}")
    if "faults" in facts:
        raise CommandError("value", "; ".join(facts["faults"]))
    if not facts["is_usable"]:
        raise CommandError("value", f"{why_unusable(facts)}; choose another")
    return replace(dialogue, step=Step.MENU, wanted={**dialogue.wanted, PROFILE: profile})


def brands(cameras: Mapping[str, Reply]) -> list[str]:
    """Return all brands, sorted; one camera file can be for several, as `Olympus/OM`."""
    names = {name for camera_id, facts in cameras.items() if camera_id != _GENERIC for name in _brands_of(facts)}
    return sorted(names, key=str.lower)


def _brands_of(facts: Reply) -> list[str]:
    return [name.strip() for name in facts.get("brand", "").split("/") if name.strip()]


def camera_ids(cameras: Mapping[str, Reply], brand: str) -> list[str]:
    """Return the IDs of a brand, one for each connector."""
    return [camera_id for camera_id, facts in cameras.items() if camera_id != _GENERIC and brand in _brands_of(facts)]
