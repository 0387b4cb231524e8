"""Proves the camera on the virtual bench: asks the questions of a proof and has the virtual owner answer them."""

from collections.abc import Callable

from controller.prove.answer import Answer
from controller.prove.asking import next_question
from controller.prove.press import CAPPED, ON_BULB, ON_MF, WITH_MIRROR_UP, Press
from controller.prove.proof import Proof, answered
from hardware.clock import MILLISECOND_NS
from hardware.virtual.camera import SHUTTER_SPEED_NS, Dials, Drive
from hardware.virtual.owner import Task, VirtualOwner

_LAMP_SPEED_NS = MILLISECOND_NS  # a photograph of the lamp is short, so that it tells when it was taken
_MOST_QUESTIONS = 100


def prove(proof: Proof, owner: VirtualOwner, asked: Callable[[Press, Answer], None] | None = None) -> Proof:
    """Return the proof with all its questions answered by this owner; tells each to `asked`."""
    for _ in range(_MOST_QUESTIONS):
        press = next_question(proof)
        if press is None:
            return proof
        answer = answer_of(owner, press)
        if asked is not None:
            asked(press, answer)
        proof = answered(proof, press, answer)
    raise AssertionError("a proof asks without end")


def answer_of(owner: VirtualOwner, press: Press) -> Answer:
    """Return this owner's answer to a press."""
    owner.put_right(press.put_right, press.swaps)
    needs = press.rule.needs
    dials = Dials(
        Drive.BULB if ON_BULB in needs else Drive.SINGLE,
        mirror_up=WITH_MIRROR_UP in needs,
        speed_ns=SHUTTER_SPEED_NS if press.lamp_ns is None else _LAMP_SPEED_NS,
    )
    seen = owner.do(
        Task(
            press.rule.asks,
            press.timeline,
            by_hand=press.kind == "own",
            dials=dials,
            is_on_mf=ON_MF in needs,
            is_capped=CAPPED in needs,
            lamp_ns=press.lamp_ns,
            watch_ns=press.watch_ms * MILLISECOND_NS,
            most=press.rule.most,
        )
    )
    return Answer(seen.pictures, seen.moved, seen.late, seen.is_long, seen.lit, seen.cannot, seen.lags_ns)
