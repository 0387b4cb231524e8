"""The steps of the set-up and their questions: the present step, the possible answers, and where each answer leads.

Pure: a Dialogue is a value. Knows the facts about the cameras and the settings before the dialogue; makes no calls
and changes no settings.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from config.record import dataclass
from controller.cameras.bodies import Reply, row
from controller.cameras.setup_guide import BACK_BUTTON_FOCUS, CONTINUOUS_AF, MODEL, PROFILE, UNSET

if TYPE_CHECKING:
    from config.models import Model

GENERIC = "generic"
LIST, NONE, AS_IT_IS = "list", "none", "as is"


class Step(Enum):
    """A step of the set-up. The console acts at SETTING, UNDOING and FIRING; DONE and LEFT end it."""

    CAMERA = auto()
    NEAR = auto()
    CHOICE = auto()
    BRAND = auto()
    CONNECTOR = auto()
    MENU = auto()
    NOT_TAKEN = auto()
    AF_MODE = auto()
    CONFIRM = auto()
    SETTING = auto()
    UNDOING = auto()
    TRY = auto()
    FIRING = auto()
    DONE = auto()
    LEFT = auto()


class Question(NamedTuple):
    """The question of a step, the answer that Enter gives, and where each answer leads.

    An answer leads to a step, and may give a value to the setting that `SETTING_OF` names for this step.
    """

    text: str
    enter: str
    leads: Mapping[str, tuple[Step, str]]


QUESTIONS = {
    Step.MENU: Question(
        "Do this on the camera, then half-press its shutter button: does the lens still focus?",
        "skip",
        {"yes": (Step.NOT_TAKEN, "false"), "no": (Step.CONFIRM, "true"), "skip": (Step.CONFIRM, "")},
    ),
    Step.NOT_TAKEN: Question(
        "The menu step has not taken. Show it again, or use the camera as it is?",
        "again",
        {"again": (Step.MENU, ""), AS_IT_IS: (Step.AF_MODE, "")},
    ),
    Step.AF_MODE: Question(
        "Is its AF mode AF-C or AI Servo? (The box's focus lock needs AF-S or One Shot.)",
        "skip",
        {"yes": (Step.CONFIRM, "true"), "no": (Step.CONFIRM, "false"), "skip": (Step.CONFIRM, "")},
    ),
    Step.CONFIRM: Question("Set and save this?", "yes", {"yes": (Step.SETTING, ""), "no": (Step.LEFT, "")}),
    Step.TRY: Question(
        "Enter fires a test frame; skip leaves it out.",
        "fire",
        {"fire": (Step.FIRING, ""), "skip": (Step.DONE, "")},
    ),
}
SETTING_OF = {Step.MENU: BACK_BUTTON_FOCUS, Step.AF_MODE: CONTINUOUS_AF}
# At the other steps: the answers that are no names, and what Enter is. Prompt and answer fit in 40 columns.
_WORDS = {
    Step.CAMERA: ("name", "list"),
    Step.NEAR: ("yes", "no", "name"),
    Step.CHOICE: ("number", "name"),
    Step.BRAND: ("brand",),
    Step.CONNECTOR: ("number",),
}
ENTER = {Step.CAMERA: LIST, Step.NEAR: "yes", Step.CHOICE: NONE, Step.BRAND: GENERIC, Step.CONNECTOR: GENERIC}
ALWAYS = ("back", "quit")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The state of the set-up.

    `cameras` holds the facts about each profile by id, or its `faults`. `before` holds the camera's settings when the
    dialogue began, `wanted` those that the answers ask for; both as text by key. `unsaved` are the keys that were not
    saved when it began. `body` is the camera chosen by its name; `name` is what was typed, and `choices` are the
    bodies it may mean; `brand` is the one whose connectors are shown. `previous` is the dialogue before the last
    answer.
    """

    cameras: Mapping[str, Reply]
    before: Mapping[str, str]
    unsaved: tuple[str, ...] = ()
    step: Step = Step.CAMERA
    name: str = ""
    choices: tuple["Model", ...] = ()
    brand: str = ""
    body: "Model | None" = None
    wanted: Mapping[str, str] = field(default_factory=dict)
    previous: "Dialogue | None" = None

    @property
    def profile(self) -> str:
        """The id of the profile chosen so far."""
        return self._value(PROFILE)

    @property
    def back_button_focus(self) -> str:
        """Whether the body uses back-button focus, as far as known: true, false or unset."""
        return self._value(BACK_BUTTON_FOCUS)

    @property
    def continuous_af(self) -> str:
        """Whether the AF mode is AF-C, as far as known: true, false or unset."""
        return self._value(CONTINUOUS_AF)

    @property
    def knows_camera(self) -> bool:
        """Whether a camera was set before."""
        return self.model_before != UNSET or self.before[PROFILE] != GENERIC

    @property
    def model_before(self) -> str:
        """The name of the body that was set before, or `unset`."""
        return self.before.get(MODEL, UNSET)

    @property
    def facts(self) -> Reply:
        """The facts about the chosen camera: of its profile, and of its body if it was named."""
        facts, model = self.cameras[self.profile], self.body
        if model is None:
            return {**facts, "body": None}
        connector = self.cameras[model.port]["connector"]
        return {**facts, "body": row(model, is_usable=facts["is_usable"]) | {"connector": connector}}

    @property
    def changes(self) -> dict[str, str]:
        """The settings that differ from those before, in this order."""
        return {key: value for key, value in self.wanted.items() if self.before.get(key, UNSET) != value}

    @property
    def is_settled(self) -> bool:
        """Whether all that is wanted was set and saved before."""
        return not self.changes and not set(self.wanted) & set(self.unsaved)

    @property
    def words(self) -> tuple[str, ...]:
        """The answers that Tab completes; the name of a camera or brand may be possible too."""
        if self.step in QUESTIONS:
            return (*QUESTIONS[self.step].leads, *ALWAYS)
        words = {Step.CAMERA: (LIST,), Step.NEAR: ("yes", "no"), Step.CHOICE: (NONE,)}
        return (*words.get(self.step, (GENERIC,)), *ALWAYS)

    @property
    def prompt(self) -> str:
        """The prompt of this step."""
        if self.step is Step.CAMERA:
            return f"camera (Enter {'keeps it' if self.knows_camera else 'lists brands'})> "
        if self.step is Step.TRY:
            return "test frame (Enter fires)> "  # short: focus release is typed here
        is_question = self.step in QUESTIONS
        words = tuple(QUESTIONS[self.step].leads) if is_question else _WORDS[self.step]
        enter = QUESTIONS[self.step].enter if is_question else ENTER[self.step]
        choices = " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
        return f"{choices} (Enter is {enter})> "

    def _value(self, key: str) -> str:
        return self.wanted.get(key, self.before.get(key, UNSET))
