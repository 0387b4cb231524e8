"""Which value of each key makes the box more careful, and why: the table that an overlay may not go against.

More careful never means a better photograph. It means: the box moves no lens that it would not have moved, fires no
frame that it would not have fired, and waits or holds at least as long.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

from config.profile_keys import Facts
from config.profile_rules import value_of


class Rule(NamedTuple):
    """How two values of a key compare, and why.

    `care` orders values: the greater, the more careful; None if neither of two values is. `may_loosen`: a less
    careful value is taken if every press that bears on it agrees. `baseline` is what the box goes by without the key.
    """

    care: Callable[[object], float] | None
    why: str
    may_loosen: bool = True
    baseline: Callable[[Facts], object] | None = None


def _longer(value: object) -> float:
    return float(cast("int", value or 0))


def _shorter(value: object) -> float:
    return -_longer(value)


def _true(value: object) -> float:
    return float(value is True)


def _none(value: object) -> float:
    return float(value in ("none", None))


def _hold_ms(facts: Facts) -> object:
    return facts.get("shutter_min_ms", value_of(facts, "shutter_default_ms"))


METER_OFF_S = 5  # what the core assumes where a profile does not say (wake_pulses)

RULES: Mapping[str, Rule] = {
    "focus_held_during_release": Rule(
        _true,
        "A box that closes FOCUS to fire refuses until its owner has said that a half-press does not focus; one that "
        "closes SHUTTER alone only warns. Most bodies focus on SHUTTER alone, so this key guards the lens.",
        may_loosen=False,
    ),
    "shutter_alone_fires": Rule(
        None,
        "A fact that no decision rests on by itself: FOCUS is left open only by focus_held_during_release.",
    ),
    "release_focus_between_shots": Rule(
        _true,
        "It makes the box refuse a focus lock, over which such a body fires only once. The lens stays either way.",
    ),
    "half_press_lead_ms": Rule(
        _longer,
        "A body that hears SHUTTER too soon after FOCUS does not fire. A longer lead moves no lens: the box closes "
        "FOCUS only around presses that its owner's statement allows; over a lock there is no lead.",
    ),
    "half_press_lead_min_ms": Rule(_longer, "As half_press_lead_ms, whose lower bound it is."),
    "shutter_min_ms": Rule(
        _longer,
        "A press that is too short takes no picture. Bulb exposures and frames that are ended early rest on it.",
        baseline=_hold_ms,
    ),
    "shutter_default_ms": Rule(
        _longer,
        "The same for ordinary frames. A shorter one gains nothing, so it is never shortened.",
        may_loosen=False,
    ),
    "min_gap_ms": Rule(_longer, "A press that comes too soon after the last one takes no picture."),
    "wake.lead_ms": Rule(
        _longer, "A body that is still waking takes no picture. Not rehearsed, so never shortened.", may_loosen=False
    ),
    "wake.meter_off_default_s": Rule(
        _shorter,
        "A box that thinks that the body sleeps wakes it by a half-press, and only if its owner has said that this "
        "does not focus. One that thinks that it is awake may fire at a sleeping body. Never made longer.",
        may_loosen=False,
        baseline=lambda facts: facts.get("wake.meter_off_default_s", METER_OFF_S),
    ),
    "bulb": Rule(
        _none,
        "Taken for the other kind, a bulb either goes on after SHUTTER has opened or becomes two short pictures; "
        "with none the box refuses bulb exposures.",
    ),
    "bulb_min_ms": Rule(_longer, "A bulb that is shorter than the body can take is no picture; the box refuses it."),
    "mirror_up.kind": Rule(
        _none, "Where presses do not raise the mirror, each takes a picture; with none the box refuses mirror-up."
    ),
    "mirror_up.on_timeout": Rule(
        lambda value: float(value == "exposes"),
        "An owner who expects the picture that nobody asked for is not surprised by it. No decision rests on it.",
    ),
    "exposure_lag_ms": Rule(
        None,
        "It makes SHUTTER stay closed longer, for exact bulb exposures: too long is as wrong as too short.",
    ),
}


class Care(NamedTuple):
    """How a value compares with what the box goes by now: more careful 1, the same 0, less -1, None if neither."""

    sign: int | None
    before: object


def compared(key: str, value: object, facts: Facts) -> Care:
    """Return how careful a value is beside that of the profile, whose facts are given flat."""
    rule = RULES[key]
    before = rule.baseline(facts) if rule.baseline is not None else value_of(facts, key)
    if value == before:
        return Care(0, before)
    if rule.care is None:
        return Care(None, before)
    difference = rule.care(value) - rule.care(before)
    if difference == 0:  # two values of the same care, like hold and toggle; false and unknown are the same
        return Care(0 if isinstance(value, bool) and before is None else None, before)
    return Care(1 if difference > 0 else -1, before)


def may_take(key: str, care: Care, *, agrees: bool) -> bool:
    """Return whether an overlay may have a value: a more careful one always, any other only if all presses agree."""
    if care.sign == 1:
        return True
    return agrees and (care.sign != -1 or RULES[key].may_loosen)
