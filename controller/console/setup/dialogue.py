"""The set-up of a camera as questions: where somebody is, what may be answered, and where each answer leads.

Pure: a walk is a value, `advance` gives the next one. Knows the facts of the profiles and the settings as they stood
when it began; asks nobody and sets nothing.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from enum import Enum, auto
from typing import NamedTuple

from config.errors import quoted
from config.record import dataclass
from config.units import did_you_mean
from controller.cameras.setup_guide import PROFILE, STATEMENT, Reply, why_unusable
from controller.errors import CommandError

_GENERIC = "generic"
_NOISE, _AWAKE = "camera.noise_reduction", "camera.keep_awake"
_WORDS = {"y": "yes", "n": "no", "s": "skip", "q": "quit"}


class Step(Enum):
    """Where somebody is in the set-up. The console acts at SETTING, SAVING and FIRING; the last four are ends."""

    CAMERA = auto()
    BRAND = auto()
    CONNECTOR = auto()
    MENU = auto()
    ADVICE = auto()
    HALF_PRESS = auto()
    REAR_BUTTON = auto()
    MANUAL = auto()
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
    """What is asked at a step, what Enter stands for, and where each answer leads.

    Beside the next step stands the value that the setting of this step, in `_SETS`, shall become, if any.
    """

    text: str
    enter: str
    leads: Mapping[str, tuple[Step, str]]


def _on_to(step: Step) -> dict[str, tuple[Step, str]]:
    return dict.fromkeys(("yes", "no", "skip"), (step, ""))


QUESTIONS = {
    Step.MENU: Question("Enter goes on when that is done.", "yes", _on_to(Step.ADVICE)),
    Step.ADVICE: Question("Enter goes on to the check.", "yes", _on_to(Step.HALF_PRESS)),
    Step.HALF_PRESS: Question(
        "Half-press the camera's own shutter button. Does the lens move, or focus?",
        "skip",
        {"yes": (Step.NOISE, "false"), "no": (Step.REAR_BUTTON, ""), "skip": (Step.NOISE, "")},
    ),
    Step.REAR_BUTTON: Question(
        "Now press AF-ON, or the rear button that you chose. Does the camera focus?",
        "skip",
        {"yes": (Step.NOISE, "true"), "no": (Step.MANUAL, ""), "skip": (Step.NOISE, "")},
    ),
    Step.MANUAL: Question(
        "Neither of them focuses. Is the lens, or the body, switched to MF?",
        "skip",
        {"yes": (Step.NOISE, "true"), "no": (Step.UNCLEAR, ""), "skip": (Step.NOISE, "")},
    ),
    Step.NOISE: Question(
        "Is long-exposure noise reduction on? (A dark frame follows each long one.)",
        "skip",
        {"yes": (Step.BY_WIRE, "true"), "no": (Step.BY_WIRE, "false"), "skip": (Step.BY_WIRE, "")},
    ),
    Step.BY_WIRE: Question(
        "Does the lens lose its focus when the body sleeps, as lenses that focus by wire may?",
        "skip",
        {"yes": (Step.CONFIRM, "true"), "no": (Step.CONFIRM, "false"), "skip": (Step.CONFIRM, "")},
    ),
    Step.CONFIRM: Question(
        "Set that now?", "yes", {"yes": (Step.SETTING, ""), "no": (Step.LEFT, ""), "skip": (Step.LEFT, "")}
    ),
    Step.SAVE: Question(
        "It is set. Save it, so that it stays after a restart?",
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
_SETS = {
    Step.HALF_PRESS: STATEMENT,
    Step.REAR_BUTTON: STATEMENT,
    Step.MANUAL: STATEMENT,
    Step.NOISE: _NOISE,
    Step.BY_WIRE: _AWAKE,
}
_ENTER = {Step.CAMERA: "yes", Step.BRAND: "skip", Step.CONNECTOR: "skip"}
_OFFERED = {
    Step.CAMERA: "yes, no, ID",
    Step.BRAND: "brand, ID, skip",
    Step.CONNECTOR: "number, ID, no, skip",
    Step.TRY: "fire, skip",
}


@dataclass(frozen=True, slots=True)
class Walk:
    """Somebody's way through the set-up.

    `cameras` are the facts of each profile, or its `faults`; `stood` the settings of the camera as they stood, as
    text by key; `said` what they shall become, and `is_kept` that it is saved.
    """

    cameras: Mapping[str, Reply]
    stood: Mapping[str, str]
    step: Step = Step.CAMERA
    brand: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def profile(self) -> str:
        """The profile chosen so far."""
        return self.said.get(PROFILE, self.stood[PROFILE])

    @property
    def statement(self) -> str:
        """What is said of the body so far: true, false or unset."""
        return self.said.get(STATEMENT, self.stood[STATEMENT])

    @property
    def changes(self) -> dict[str, str]:
        """What is to be set, in this order."""
        return {key: value for key, value in self.said.items() if self.stood[key] != value}

    @property
    def words(self) -> tuple[str, ...]:
        """What may be answered here, apart from a camera's own name."""
        if self.step in QUESTIONS:
            return (*QUESTIONS[self.step].leads, "quit")
        return ("yes", "no", "skip", "quit")

    @property
    def prompt(self) -> str:
        """What stands before the answer."""
        if self.step in (Step.MENU, Step.ADVICE):
            return "setup (Enter or quit)> "
        offered = _OFFERED.get(self.step) or ", ".join(QUESTIONS[self.step].leads)
        enter = _ENTER.get(self.step) or QUESTIONS[self.step].enter
        return f"setup ({offered} or quit; Enter is {enter})> "


def begin(cameras: Mapping[str, Reply], stood: Mapping[str, str], profile: str = "") -> Walk:
    """Begin, with a camera if one is named; CommandError if it cannot be chosen."""
    walk = Walk(cameras, stood)
    if profile:
        return _chosen(walk, profile)
    return replace(walk, step=Step.BRAND) if walk.profile == _GENERIC else walk


def advance(walk: Walk, answer: str) -> Walk:
    """The walk after an answer; CommandError, and nothing is different, if it is none that can be given here."""
    word = answer.strip().lower()
    word = _WORDS.get(word, word)
    if word == "quit":
        return replace(walk, step=Step.LEFT)
    if walk.step in QUESTIONS:
        return _led(walk, word)
    word = word or _ENTER[walk.step]
    if word == "skip" or (walk.step is Step.CAMERA and word == "yes"):
        return _chosen(walk, walk.profile)
    if word == "no":
        return replace(walk, step=Step.BRAND)
    return _of_brand(walk, word) if walk.step is Step.BRAND else _named(walk, word)


def _led(walk: Walk, word: str) -> Walk:
    question = QUESTIONS[walk.step]
    word = word or question.enter
    if word not in question.leads:
        raise CommandError("usage", f"{quoted(word)} is no answer here; say {', '.join(question.leads)} or quit")
    step, value = question.leads[word]
    if value:
        walk = replace(walk, said={**walk.said, _SETS[walk.step]: value})
    if step is Step.BY_WIRE and walk.statement != "true":  # it works with back-button focus only
        step = Step.CONFIRM
    if step is Step.CONFIRM and not walk.changes:
        return replace(walk, step=Step.TRY, is_kept=True)
    return replace(walk, step=step)


def _of_brand(walk: Walk, word: str) -> Walk:
    if word in walk.cameras:
        return _chosen(walk, word)
    names = brands(walk.cameras)
    meant = [brand for brand in names if brand.lower() == word]
    meant = meant or [brand for brand in names if brand.lower().startswith(word)]
    if len(meant) != 1:
        hint = (
            f"; did you mean {' or '.join(meant)}?"
            if meant
            else did_you_mean(word, (*map(str.lower, names), *walk.cameras))
        )
        raise CommandError("unknown", f"no brand or ID {quoted(word)}{hint or '; say generic for any other'}")
    ports = ports_of(walk.cameras, meant[0])
    if len(ports) == 1:
        return _chosen(walk, ports[0])
    return replace(walk, step=Step.CONNECTOR, brand=meant[0])


def _named(walk: Walk, word: str) -> Walk:
    ports = ports_of(walk.cameras, walk.brand)
    if walk.step is Step.CONNECTOR and word.isascii() and word.isdigit():
        if not 1 <= int(word) <= len(ports):
            raise CommandError("value", f"there is no number {quoted(word)}; choose from 1 to {len(ports)}")
        word = ports[int(word) - 1]
    return _chosen(walk, word)


def _chosen(walk: Walk, profile: str) -> Walk:
    profile = profile.lower()
    facts = walk.cameras.get(profile)
    if facts is None:
        hint = did_you_mean(profile, walk.cameras) or "; no asks for the brand"
        raise CommandError("unknown", f"unknown camera profile {quoted(profile)}{hint}")
    if "faults" in facts:
        raise CommandError("value", "; ".join(facts["faults"]))
    if not facts["is_usable"]:
        raise CommandError("value", f"{why_unusable(facts)}; choose another")
    return replace(walk, step=Step.MENU, said={**walk.said, PROFILE: profile})


def brands(cameras: Mapping[str, Reply]) -> list[str]:
    """The brands there are; a profile can be of several, `Olympus/OM`."""
    names = {name for each, facts in cameras.items() if each != _GENERIC for name in _names(facts)}
    return sorted(names, key=str.lower)


def _names(facts: Reply) -> list[str]:
    return [name.strip() for name in facts.get("brand", "").split("/") if name.strip()]


def ports_of(cameras: Mapping[str, Reply], brand: str) -> list[str]:
    """The profiles of a brand."""
    return [each for each, facts in cameras.items() if each != _GENERIC and brand in _names(facts)]
