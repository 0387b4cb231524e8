"""The other topics, each apart: what a held FOCUS does, bulb and mirror, the ladders, and the lag."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from controller.prove.belief import NOTHING, Shown, Topic
from controller.prove.press import LIT, LONG, NO_MIRROR_UP, NOT_BULB, PICTURES, Press

# The ladders, longest first, as their presses go; a count is the number of steps that the body takes.
LADDERS: Mapping[str, tuple[int, ...]] = {
    "press": (200, 100, 70, 50, 30, 20, 10),
    "long press": (1_000, 700, 500, 400, 300),
    "lead": (500, 300, 200, 100, 50, 20, 10),
    "gap": (1_500, 1_000, 700, 500, 330, 200, 100),
    "short bulb": (1_000, 700, 500, 300, 200, 100, 50),
    "sleep": (3_000, 5_000, 8_000, 12_000, 20_000, 30_000),
    "wake": (3_000, 2_000, 1_500, 1_000, 700, 500, 300),
}
# How many pictures a ladder shows beside those of its steps.
FIRST: Mapping[str, int] = {"gap": 1, "sleep": 1}

LAMP_STEP_MS = 5
LAMP_MOST_MS = 320


class Held(NamedTuple):
    """Whether FOCUS has to open between two frames."""

    must_open: bool


class Bulb(NamedTuple):
    """How SHUTTER works in bulb: hold, toggle or none; `is_off`: the dial is not on B until it is put right."""

    kind: str
    is_off: bool


class MirrorUp(NamedTuple):
    """Whether a press raises the mirror; `is_off`: it is not set until it is put right."""

    is_raised: bool
    is_off: bool


def _held(held: Held, press: Press) -> Shown:
    return ((PICTURES, frozenset([1 if held.must_open else 3])),) if press.kind == "held" else NOTHING


def _bulb(bulb: Bulb, press: Press) -> Shown:
    if press.kind != "bulb":
        return NOTHING
    kind = "none" if bulb.is_off and NOT_BULB not in press.put_right else bulb.kind
    pictures = {"hold": 2, "toggle": 1, "none": 2}[kind]
    return (PICTURES, frozenset([pictures])), (LONG, frozenset([kind != "none"]))


def _mirror(mirror: MirrorUp, press: Press) -> Shown:
    if press.kind != "mirror":
        return NOTHING
    is_raised = mirror.is_raised and not (mirror.is_off and NO_MIRROR_UP not in press.put_right)
    return ((PICTURES, frozenset([1 if is_raised else 2])),)


def _wait(exposes: bool, press: Press) -> Shown:
    return ((PICTURES, frozenset([int(exposes)])),) if press.kind == "mirror wait" else NOTHING


HELD = Topic("held", (Held(False), Held(True)), (0.8, 0.2), _held)
BULB = Topic(
    "bulb",
    tuple(Bulb(kind, is_off) for kind in ("hold", "toggle", "none") for is_off in (False, True)),
    (0.75, 0.09, 0.1, 0.01, 0.05, 0.0001),
    _bulb,
)
MIRROR_UP = Topic(
    "mirror",
    (MirrorUp(True, False), MirrorUp(True, True), MirrorUp(False, False)),
    (0.5, 0.1, 0.4),
    _mirror,
)
MIRROR_WAIT = Topic("mirror wait", (False, True), (0.5, 0.5), _wait)


@cache
def ladder(kind: str, steps_ms: tuple[int, ...]) -> Topic:
    """Return the topic of a ladder with these steps: how many of them the body takes."""

    def predict(count: int, press: Press) -> Shown:
        return ((PICTURES, frozenset([count + FIRST.get(kind, 0)])),) if press.kind == kind else NOTHING

    counts = tuple(range(len(steps_ms) + 1))
    return Topic(f"{kind} {steps_ms}", counts, (1 / len(counts),) * len(counts), predict)


def _lamp(lag_ms: int, press: Press) -> Shown:
    return ((LIT, frozenset([lag_ms >= press.steps_ms[0]])),) if press.kind == "lamp" else NOTHING


_LAGS_MS = tuple(range(0, LAMP_MOST_MS, LAMP_STEP_MS))
LAMP = Topic("lamp", _LAGS_MS, (1 / len(_LAGS_MS),) * len(_LAGS_MS), _lamp)  # the lag, rounded down to a step
