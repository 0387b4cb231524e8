"""Which press to ask next: the one whose answer is expected to tell most, among those that are still open.

First the set-up: which contacts fire the body, what a half-press does, and what is wrong with how it was left. Then
the parts: what a held FOCUS does, bulb, mirror and the ladders; at the end a rehearsal of frames as the box would
fire them, and the lag.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from controller.prove.belief import gain, press_again
from controller.prove.body import BODY, NO_FOCUS, SINGLE_AF
from controller.prove.parts import OPEN, SAME_MOST, UNKNOWN_MOST, together
from controller.prove.press import PARTS, SETUP, Press
from controller.prove.proof import Proof
from controller.prove.reading import LOOKS, REARS, SURE, Reading

# What has to be known before a part can be asked, beside the set-up.
_NEEDS: Mapping[str, tuple[str, ...]] = {"gap": ("press", "lead"), "rehearsal": ("held", "press", "lead", "gap")}
_LATE = ("rehearsal", "lag")  # only when nothing else is open

# Limits, so that a proof ends whatever the answers are.
_SETUP_MOST = 16  # questions about the set-up
_AGAIN_MOST = 4  # second looks at answers that do not fit
_SUSPICION = 0.1  # of swapped wires; without it nobody is asked for the wrong order


def next_question(proof: Proof) -> Press | None:
    """Return the press that tells most next, of the proof's part or of all; None if there is none left to ask.

    Of a part that rests on others, what is not known of these is asked first.
    """
    reading = Reading(proof)
    press = _setup(reading)
    if press is None and may_go_on(reading):
        press = _best(reading)
    return press and replace(press, put_right=together(reading.put_right, press.put_right), swaps=reading.swaps)


def _best(reading: Reading) -> Press | None:
    """Return the press with the greatest gain, of the first group that has one."""
    for parts in _groups(reading.proof.part):
        found = [pair for each in parts for pair in OPEN[each](reading)]
        if found:
            return max(found, key=lambda pair: pair[1])[0]
    return None


def _groups(part: str) -> Iterator[Sequence[str]]:
    """Yield the parts that are asked, those together whose order does not matter."""
    if part:
        yield from (_NEEDS.get(part, ()), (part,))
        return
    yield [each for each in PARTS if each not in _LATE]
    yield from ((each,) for each in _LATE)


def may_go_on(reading: Reading) -> bool:
    """Whether enough is known of the set-up to press on: both wires are right, and somebody saw it fire."""
    return reading.wires_are_right and reading.saw_it_fire


# -- the set-up ------------------------------------------------------------------------------------------------


def is_settled(reading: Reading) -> bool:
    """Whether everything about the set-up is known that the rest needs."""
    if reading.is_cut:
        return True
    knows_fire = reading.fires_alone is not None and reading.wires_are_right
    if not knows_fire or reading.wrong_now > 0.1 or reading.focuses is None:  # noqa: PLR2004
        return False
    if _unanswered(reading) or not reading.saw_it_fire:
        return False
    if reading.focuses:
        return reading.af is not None and (reading.af != SINGLE_AF or reading.is_single_af)
    return _has_looked(reading)


def _has_looked(reading: Reading) -> bool:
    return len(reading.looks) >= LOOKS and len(reading.rears) >= REARS


def _unanswered(reading: Reading) -> list[str]:
    """Return which of the first three presses nobody has answered: each contact alone, and both."""
    return [kind for kind in ("alone", "focus", "both") if not reading.said(kind)]


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
        basics = [kind for kind in _unanswered(reading) if kind in open_kinds]
        is_known = reading.fires_alone is not None and reading.focuses is not None
        if is_known and not reading.saw_it_fire:  # what is known came from the lens, or from before it was set right
            kinds = ("on MF", "both") if reading.af == NO_FOCUS else ("both", "on MF")
            basics = [kind for kind in kinds if kind in open_kinds]
        if basics and is_known:
            return Press(basics[0])
        if reading.af == SINGLE_AF and reading.fires_alone is not None and _may_ask(reading, "capped"):
            return Press("capped")
        presses = [reading.now(Press(kind)) for kind in open_kinds]
        if presses:
            return max(presses, key=lambda press: gain(BODY, reading.weights, press))
    return _second_look(reading, SETUP, reading.misfits)


def _is_sensible(reading: Reading, kind: str) -> bool:
    """Whether a person would see the sense of it: some presses are only for a suspicion."""
    match kind:
        case "reversed":
            return reading.is_swapped > _SUSPICION
        case "capped" | "on MF" | "alone on MF":
            return reading.focuses is not False and reading.saw_it_move
        case _:
            return True


def _may_ask(reading: Reading, kind: str) -> bool:
    """Whether to ask a kind of press again: not too often with the camera set the same."""
    setting = (kind, reading.put_right, reading.swaps)
    same = [entry for entry in reading.proof.entries if _setting(entry.press) == setting]
    return len(same) < SAME_MOST and sum(entry.answer.is_empty for entry in same) < UNKNOWN_MOST


def _setting(press: Press) -> tuple[str, tuple[str, ...], int]:
    """Return how the camera is set for a press of the set-up."""
    return press.kind, press.put_right, press.swaps


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
