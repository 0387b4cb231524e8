"""The parts of a proof after the set-up: for each, which presses are still open, and how much each would tell.

A ladder or a look is asked once; again if its answers disagree, or if it departs from the profile.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from controller.prove.belief import Topic, gain, weigh
from controller.prove.body import SINGLE_AF
from controller.prove.press import (
    HOLD_MS,
    LEAD_MS,
    NO_MIRROR_UP,
    NOT_BULB,
    RELEASE_MS,
    REST_MS,
    SEPARATION_MS,
    Press,
)
from controller.prove.reading import Reading
from controller.prove.topics import BULB, HELD, LADDERS, LAMP, LAMP_STEP_MS, MIRROR_UP, MIRROR_WAIT, ladder

SAME_MOST = 3  # times that the same press is asked
UNKNOWN_MOST = 2  # times that a press is asked which is answered with "I don't know"
OTHER_BULB = 3  # answers that must agree on another kind of bulb than the profile has
_LAMP_MOST = 14
_LAMP_SURE = 0.97  # that the lag lies within three steps: so one answer alone sets no bound

Found = Iterator[tuple[Press, float]]


def _held(reading: Reading) -> Found:
    yield from _of_topic(reading, HELD, _frame(reading, "held"))


def _press(reading: Reading) -> Found:
    yield from _of_ladder(reading, "press", _frame(reading, "press"))
    short = reading.count("press")
    if short is not None and short.works_ms is None and short.agrees:
        yield from _of_ladder(reading, "long press", _frame(reading, "long press"))


def _lead(reading: Reading) -> Found:
    if reading.fires_alone is False:
        yield from _of_ladder(reading, "lead", _frame(reading, "lead"))


def _gap(reading: Reading) -> Found:
    if reading.shortest_press is None or (reading.fires_alone is False and reading.count("lead") is None):
        return
    press = _frame(reading, "gap")
    least_ms = 0 if press.fires_alone else press.lead_ms + 2 * SEPARATION_MS
    steps = tuple(step for step in LADDERS["gap"] if step >= least_ms)
    yield from _of_ladder(reading, "gap", replace(press, steps_ms=steps))


def _bulb(reading: Reading) -> Found:
    if _cannot(reading, "bulb"):
        return
    best, _, _ = reading.weigh(BULB, "bulb")
    press = _frame(reading, "bulb")
    if reading.said("bulb") and (best.is_off or best.kind == "none"):
        press = replace(press, put_right=together(reading.put_right, (NOT_BULB,)))
    least = 1 if best.kind == reading.proof.bulb else OTHER_BULB
    least += len(reading.said("bulb")) - shown(reading, "bulb")
    yield from _of_topic(reading, BULB, press, least)
    is_set = not best.is_off or NOT_BULB in reading.put_right
    if best.kind == "hold" and reading.said("bulb") and is_set and not _is_open(reading, BULB, press, 1):
        yield from _of_ladder(reading, "short bulb", _frame(reading, "short bulb"))


def _mirror(reading: Reading) -> Found:
    if _cannot(reading, "mirror"):
        return
    best, _, _ = reading.weigh(MIRROR_UP, "mirror")
    press = _frame(reading, "mirror")
    if reading.said("mirror") and (best.is_off or not best.is_raised):
        press = replace(press, put_right=together(reading.put_right, (NO_MIRROR_UP,)))
    is_as_known = best.is_raised == (reading.proof.mirror == "press-press")
    least = 1 if is_as_known else 2 + len(reading.said("mirror")) - shown(reading, "mirror")
    yield from _of_topic(reading, MIRROR_UP, press, least)
    if best.is_raised and reading.said("mirror") and not _is_open(reading, MIRROR_UP, press, least):
        yield from _of_topic(reading, MIRROR_WAIT, _frame(reading, "mirror wait"))


def _sleep(reading: Reading) -> Found:
    press = _frame(reading, "sleep")
    yield from _of_ladder(reading, "sleep", press)
    asleep = reading.count("sleep")
    if asleep is not None and asleep.fails_ms is not None and asleep.agrees:
        yield from _of_ladder(reading, "wake", replace(_frame(reading, "wake"), gap_ms=asleep.fails_ms))


def _rehearsal(reading: Reading) -> Found:
    press, gap = reading.used_press_ms, reading.used_ms(reading.count("gap"), "gap")
    lead = reading.used_lead_ms if reading.fires_alone is False else LEAD_MS
    if press is None or gap is None or lead is None or reading.proof.asked("rehearsal", "locked rehearsal") > 1:
        return
    kind = rehearsal_kind(reading)
    said = [each.answer for each in reading.said("rehearsal", "locked rehearsal")]
    looks = kind != "rehearsal" or any(each.moved is not None for each in said)
    if kind is not None and not (looks and any(each.pictures is not None for each in said)):
        yield Press(kind, bool(reading.fires_alone), hold_ms=press, lead_ms=lead, gap_ms=gap), 1


def rehearsal_kind(reading: Reading) -> str | None:
    """Return how the frames of this body are rehearsed: plainly, or over a focus lock; None if neither would tell."""
    if reading.focuses is False:
        return "rehearsal"
    held, chance, _ = reading.weigh(HELD, "held")
    is_free = bool(reading.said("held")) and not held.must_open and chance > 0.8  # noqa: PLR2004
    return "locked rehearsal" if reading.af == SINGLE_AF and is_free else None


def _lag(reading: Reading) -> Found:
    proof = reading.proof
    if proof.has_flash:
        if not reading.said("flash") and proof.asked("flash") < UNKNOWN_MOST:
            yield _frame(reading, "flash"), 1
        return
    said = reading.said("lamp")
    weights = weigh(LAMP, said)
    if proof.asked("lamp") >= _LAMP_MOST or lag_of(weights)[1] >= _LAMP_SURE:
        return
    yield replace(_frame(reading, "lamp"), steps_ms=(_middle_ms(weights),)), 1


def _middle_ms(weights: Sequence[float]) -> int:
    """Return when to light the lamp: the time that the lag is as likely to exceed as not, which tells most."""
    sums = list(accumulate(weights))
    best = min(range(1, len(sums)), key=lambda step: abs(sums[step - 1] - 0.5))
    return LAMP_STEP_MS * best


def lag_of(weights: Sequence[float]) -> tuple[int, float]:
    """Return the middle of the three steps in which the lag most likely lies, in ms, and how likely that is."""
    sums = [sum(weights[at : at + 3]) for at in range(len(weights) - 2)]
    best = max(range(len(sums)), key=sums.__getitem__)
    return LAMP_STEP_MS * best + LAMP_STEP_MS * 3 // 2, sums[best]


OPEN: Mapping[str, Callable[[Reading], Found]] = {
    "set-up": lambda _: iter(()),
    "held": _held,
    "press": _press,
    "lead": _lead,
    "gap": _gap,
    "bulb": _bulb,
    "mirror": _mirror,
    "sleep": _sleep,
    "rehearsal": _rehearsal,
    "lag": _lag,
}


def _frame(reading: Reading, kind: str) -> Press:
    """Return a press that fires as this body does, with times that are long enough for all that is known of it."""
    hold_ms = max(RELEASE_MS, reading.used_press_ms or HOLD_MS)
    lead_ms = reading.used_lead_ms or LEAD_MS
    steps = LADDERS.get(kind, ())
    right, swaps = reading.put_right, reading.swaps
    return Press(kind, reading.fires_alone is True, steps, hold_ms, lead_ms, REST_MS, right, swaps)


def _of_ladder(reading: Reading, kind: str, press: Press) -> Found:
    """Ask a ladder, and again if its answers disagree."""
    counts = reading.counts(kind)
    count = reading.count(kind)
    is_open = not counts or (count is not None and not count.agrees and len(counts) < SAME_MOST)
    if is_open and _is_worth(reading, kind, len(counts)):
        topic = ladder(kind, press.steps_ms)
        yield press, gain(topic, weigh(topic, reading.said(kind)), press)


def _of_topic(reading: Reading, topic: Topic, press: Press, least: int = 1) -> Found:
    if _is_open(reading, topic, press, least):
        said = [each for each in reading.said(press.kind) if not each.answer.cannot]
        yield press, gain(topic, weigh(topic, said), press)


def _is_open(reading: Reading, topic: Topic, press: Press, least: int) -> bool:
    said = reading.said(press.kind)
    _, chance, wrong = reading.weigh(topic, press.kind)
    wants_more = len(said) < least or chance < 0.8 or bool(wrong)  # noqa: PLR2004
    return wants_more and len(said) <= SAME_MOST and _is_worth(reading, press.kind, len(said))


def _is_worth(reading: Reading, kind: str, known: int) -> bool:
    """Whether to ask once more although some answers were "I don't know"."""
    return reading.proof.asked(kind) - known < UNKNOWN_MOST


def shown(reading: Reading, kind: str) -> int:
    """Return how many answers show the setting at work: a bulb that is long, two presses that take one picture.

    One that says that it was not set, or not how many pictures there are, tells nothing of how it works.
    """
    said = [each.answer for each in reading.said(kind) if each.answer.pictures is not None]
    return sum(each.pictures == 1 if kind == "mirror" else each.is_long is True for each in said)


def _cannot(reading: Reading, kind: str) -> bool:
    return any(said.answer.cannot for said in reading.said(kind))


def together(told: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Return both without doubles."""
    return (*told, *(each for each in more if each not in told))
