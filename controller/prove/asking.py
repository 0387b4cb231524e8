"""Which press to ask next: the one whose answer is expected to tell most, among those that are still open.

First the set-up: which contacts fire the body, what a half-press does, and what is wrong with how it was left. Then
the parts, each of which can be asked alone: what a held FOCUS does, bulb, mirror and the ladders; at the end a
rehearsal of frames as the box would fire them, and the lag.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from controller.prove.belief import Topic, gain, press_again, weigh
from controller.prove.body import BODY, SINGLE_AF
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
from controller.prove.proof import Proof
from controller.prove.reading import LOOKS, SETUP, SURE, Reading
from controller.prove.topics import (
    BULB,
    HELD,
    LADDERS,
    LAMP,
    LAMP_STEP_MS,
    MIRROR_UP,
    MIRROR_WAIT,
    ladder,
)

# The parts of a proof, in the order in which they make sense; each can be asked alone, later, or again.
PARTS = ("set-up", "held", "press", "lead", "gap", "bulb", "mirror", "sleep", "rehearsal", "lag")

# Limits, so that a proof ends whatever the answers are.
_SETUP_MOST = 16  # questions about the set-up
_SAME_MOST = 3  # times that the same press is asked
_UNKNOWN_MOST = 2  # times that a press is asked which is answered with "I don't know"
_AGAIN_MOST = 4  # second looks at answers that do not fit
_LAMP_MOST = 10
_SUSPICION = 0.1  # of swapped wires; without it nobody is asked for the wrong order
_LAMP_SURE = 0.9  # that the lag lies within three steps


def next_question(proof: Proof, part: str | None = None) -> Press | None:
    """Return the press that tells most next, of one part or of all; None if there is none left to ask."""
    reading = Reading(proof)
    press = _setup(reading) if part in (None, "set-up") else None
    if press is None and part != "set-up" and may_go_on(reading):
        press = _best(reading, part)
    return press and replace(press, put_right=_together(reading.put_right, press.put_right), swaps=reading.swaps)


def may_go_on(reading: Reading) -> bool:
    """Whether enough is known of the set-up to press on: both wires are right, so something fires."""
    return reading.wires_are_right


# -- the set-up ------------------------------------------------------------------------------------------------


def is_settled(reading: Reading) -> bool:
    """Whether everything about the set-up is known that the rest needs."""
    if reading.is_cut:
        return True
    knows_fire = reading.fires_alone is not None and reading.wires_are_right
    if not knows_fire or reading.wrong_now > 0.1 or reading.focuses is None:  # noqa: PLR2004
        return False
    if reading.focuses:
        return reading.af is not None and (reading.af != SINGLE_AF or reading.is_single_af)
    return _has_looked(reading)


def _has_looked(reading: Reading) -> bool:
    return len(reading.looks) >= LOOKS and any(said.answer.moved is not None for said in reading.said("rear"))


def _setup(reading: Reading) -> Press | None:
    proof = reading.proof
    if proof.asked(*SETUP) < _SETUP_MOST and not is_settled(reading):
        open_kinds = [kind for kind in SETUP if _is_sensible(reading, kind) and _may_ask(reading, kind)]
        if reading.focuses is False and reading.fires_alone is not None and reading.wrong_now <= 1 - SURE:
            wanted = [kind for kind in ("focus", "both", "own") if len(reading.looks) < LOOKS]
            wanted = wanted or (["rear"] if not _has_looked(reading) else [])
            open_kinds = [kind for kind in wanted if kind in open_kinds] or open_kinds
            open_kinds.sort(key=proof.asked)
            return Press(open_kinds[0]) if open_kinds else None
        if reading.af == SINGLE_AF and reading.fires_alone is not None and _may_ask(reading, "capped"):
            return Press("capped")
        presses = [_now(reading, Press(kind)) for kind in open_kinds]
        if presses:
            return max(presses, key=lambda press: gain(BODY, reading.weights, press))
    return _second_look(reading, SETUP, reading.misfits)


def _is_sensible(reading: Reading, kind: str) -> bool:
    """Whether a person would see the sense of it: some presses are only for a suspicion."""
    match kind:
        case "reversed":
            return reading.is_swapped > _SUSPICION
        case "capped" | "on MF":
            return reading.focuses is not False and reading.saw_it_move
        case _:
            return True


def _may_ask(reading: Reading, kind: str) -> bool:
    """Whether to ask a kind of press again: not too often with the camera set the same."""
    now = _now(reading, Press(kind))
    same = [entry for entry in reading.proof.entries if replace(entry.press, again=None) == now]
    return len(same) < _SAME_MOST and sum(entry.answer.is_empty for entry in same) < _UNKNOWN_MOST


def _now(reading: Reading, press: Press) -> Press:
    return replace(press, put_right=reading.put_right, swaps=reading.swaps)


def _second_look(reading: Reading, kinds: tuple[str, ...], misfits: tuple[int, ...]) -> Press | None:
    """Return the press of an answer that does not fit, to be asked again, unless that was done often enough."""
    proof = reading.proof
    looks = [entry.press for entry in proof.entries if entry.press.again is not None and entry.press.kind in kinds]
    for number in misfits:
        press = proof.entries[number].press
        first = press.again if press.again is not None else number
        if len(looks) < _AGAIN_MOST and sum(look.again == first for look in looks) < 2:  # noqa: PLR2004
            return press_again(press, first)
    return None


# -- the parts -------------------------------------------------------------------------------------------------


def _best(reading: Reading, part: str | None) -> Press | None:
    """Return the press with the greatest gain; a rehearsal only when nothing else is open but the lag."""
    parts = [part] if part is not None else [each for each in PARTS if each not in ("rehearsal", "lag", "set-up")]
    found = [pair for each in parts for pair in _PARTS[each](reading)]
    if found:
        return max(found, key=lambda pair: pair[1])[0]
    if part is None:
        late = [pair for each in ("rehearsal", "lag") for pair in _PARTS[each](reading)]
        return late[0][0] if late else None
    return None


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
        press = replace(press, put_right=_together(reading.put_right, (NOT_BULB,)))
    yield from _of_topic(reading, BULB, press, least=1 if best.kind == reading.proof.bulb else 2)
    if best.kind == "hold" and reading.said("bulb") and not best.is_off | _is_open(reading, BULB, press, 1):
        yield from _of_ladder(reading, "short bulb", _frame(reading, "short bulb"))


def _mirror(reading: Reading) -> Found:
    if _cannot(reading, "mirror"):
        return
    best, _, _ = reading.weigh(MIRROR_UP, "mirror")
    press = _frame(reading, "mirror")
    if reading.said("mirror") and (best.is_off or not best.is_raised):
        press = replace(press, put_right=_together(reading.put_right, (NO_MIRROR_UP,)))
    is_as_known = best.is_raised == (reading.proof.mirror == "press-press")
    least = 1 if is_as_known else 2
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
    press, gap = reading.used_ms(reading.shortest_press, "press"), reading.used_ms(reading.count("gap"), "gap")
    lead = reading.used_ms(reading.count("lead"), "lead") if reading.fires_alone is False else LEAD_MS
    if press is None or gap is None or lead is None or reading.proof.asked("rehearsal", "locked rehearsal") > 1:
        return
    kind = rehearsal_kind(reading)
    done = [said.answer.pictures for said in reading.said("rehearsal", "locked rehearsal")]
    if kind is not None and not any(pictures is not None for pictures in done):
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
        if not reading.said("flash") and proof.asked("flash") < _UNKNOWN_MOST:
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


_PARTS: Mapping[str, Callable[[Reading], Found]] = {
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
    hold_ms = max(RELEASE_MS, reading.used_ms(reading.shortest_press, "press") or HOLD_MS)
    lead_ms = reading.used_ms(reading.count("lead"), "lead") or LEAD_MS
    press = Press(kind, reading.fires_alone is True, LADDERS.get(kind, ()), hold_ms, lead_ms, REST_MS)
    return _now(reading, press)


def _of_ladder(reading: Reading, kind: str, press: Press) -> Found:
    """Ask a ladder, and again if its answers disagree."""
    counts = reading.counts(kind)
    count = reading.count(kind)
    is_open = not counts or (count is not None and not count.agrees and len(counts) < _SAME_MOST)
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
    return wants_more and len(said) <= _SAME_MOST and _is_worth(reading, press.kind, len(said))


def _is_worth(reading: Reading, kind: str, known: int) -> bool:
    """Whether to ask once more although some answers were "I don't know"."""
    return reading.proof.asked(kind) - known < _UNKNOWN_MOST


def _cannot(reading: Reading, kind: str) -> bool:
    return any(said.answer.cannot for said in reading.said(kind))


def _together(told: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return (*told, *(each for each in more if each not in told))
