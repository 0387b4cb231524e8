"""The words of a proof: what to do for a press, what the box closes, what to look for; and what is concluded."""

from collections.abc import Iterator, Mapping

from controller.prove.body import CONTINUOUS_AF, NO_FOCUS, SINGLE_AF
from controller.prove.press import (
    ASLEEP,
    CAPPED,
    CONTINUOUS,
    FLASHES,
    HOLD_MS,
    LAGS,
    LATE,
    LEAD_MS,
    LIT,
    LONG,
    MANUAL,
    MIRROR,
    MOVED,
    NO_MIRROR_UP,
    NOT_BULB,
    ON_BULB,
    ON_MF,
    PICTURES,
    REHEARSED,
    REVIEW_OFF,
    TIMER,
    WAKE_MS,
    WITH_MIRROR_UP,
    Press,
)
from controller.prove.reading import Reading

DESCRIBED: Mapping[str, str] = {
    "alone": "SHUTTER alone, twice",
    "focus": "FOCUS alone",
    "both": "FOCUS, then SHUTTER, twice",
    "reversed": "SHUTTER, then FOCUS, twice",
    "own": "the camera's own button, twice",
    "rear": "the camera's rear button that focuses",
    "capped": "FOCUS, then SHUTTER, twice, with the lens covered",
    "on MF": "FOCUS, then SHUTTER, twice, with the lens on MF",
    "alone on MF": "SHUTTER alone, twice, with the lens on MF",
    "held": "FOCUS, and SHUTTER three times over it",
    "press": "ever shorter presses",
    "long press": "ever shorter long presses",
    "lead": "presses with ever shorter leads of FOCUS",
    "gap": "presses after ever shorter gaps",
    "bulb": "a long press and a short one, on B",
    "short bulb": "ever shorter presses, on B",
    "mirror": "two presses, with mirror-up",
    "mirror wait": "one press, with mirror-up, and a wait of 34 s",
    "sleep": "presses after ever longer waits",
    "wake": "presses of a sleeping camera, with ever less time to wake",
    "rehearsal": f"{REHEARSED} frames as the box would fire them",
    "locked rehearsal": f"{REHEARSED} frames over a focus lock",
    "flash": f"{FLASHES} frames, for the flash contact",
    "lamp": "a frame, with the box's lamp in the picture",
}
_SET: Mapping[str, str] = {
    ON_BULB: "Set the camera to bulb (B).",
    WITH_MIRROR_UP: "Set the camera to mirror-up (mirror lock-up, Mup).",
    ON_MF: "Put the lens on MF.",
    CAPPED: "Cover the lens, with its cap or your hand.",
}
_SET_FOR: Mapping[str, str] = {
    "lamp": "Set 1/1000 s or shorter, and aim at the box so that the picture shows whether its amber lamp is lit.",
    "flash": "Plug the flash contact in, and use the mechanical shutter: an electronic one does not close it.",
}
_RIGHT: Mapping[str, str] = {
    MANUAL: "Look at the switch of the lens: it has to be on AF, not on MF.",
    ASLEEP: "The camera seems to sleep: half-press its own button just before.",
    TIMER: "The self-timer seems to be on: switch it off.",
    REVIEW_OFF: "The screen seems to stay dark: switch picture review on.",
    CONTINUOUS: "The camera seems to be set to continuous: set it to single frames.",
    MIRROR: "The camera seems to be set to mirror-up: set it to single frames.",
    NOT_BULB: "The camera seems not to be on B: set it.",
    NO_MIRROR_UP: "The camera seems not to be set to mirror-up: set it.",
}
ASKS: Mapping[str, str] = {
    PICTURES: "How many pictures are new?",
    MOVED: "Did the lens move?",
    LATE: "Did the first one come late, more than 2 s after its press?",
    LONG: "Is one of them a long exposure, of about 3 s?",
    LIT: "Is the lamp lit in the picture?",
    LAGS: "You need not look for anything: the flash contact measures the lag.",
}


PARTS: Mapping[str, str] = {
    "set-up": "what fires it, and what a half-press does",
    "held": "whether FOCUS has to open between two frames",
    "press": "the shortest press",
    "lead": "how far ahead FOCUS has to close",
    "gap": "the shortest gap between two frames",
    "bulb": "bulb",
    "mirror": "mirror-up",
    "sleep": "when it falls asleep, and how long it takes to wake",
    "rehearsal": "frames as the box would fire them",
    "lag": "how late it exposes",
}

_NOT_WOKEN = ("alone", "alone on MF", "focus")


def described(press: Press) -> str:
    """Return what a press is, in a few words."""
    return DESCRIBED[press.kind]


def to_set(press: Press, told: tuple[str, ...] = (), swaps: int = 0) -> list[str]:
    """Return what to set on the camera, a sentence each; of what to put right, only what was not `told` before."""
    needs = press.rule.needs
    usual = "Set single frames, review on, no self-timer; put the lens on AF and turn it well out of focus."
    right = [_RIGHT[each] for each in press.put_right if each not in told]
    if press.swaps != swaps:
        right.insert(
            0,
            "The two wires seem to be swapped: exchange FOCUS and SHUTTER at the plug, unless you did so for "
            "this question already.",
        )
    return [*right, usual if not needs else "", *(_SET[each] for each in needs), _SET_FOR.get(press.kind, "")]


def closes(press: Press) -> str:
    """Return what the box will close, and for how long."""
    timeline = press.timeline
    if timeline is None:
        own = "Half-press the camera's own button, then press it fully for a second; twice."
        return own if press.kind == "own" else "Press the camera's rear button that focuses (AF-ON or the like)."
    seconds = f"{timeline.end_ns / 1e9:.3g} s"
    steps = ", ".join(f"{step / 1000:g} s" if step >= HOLD_MS else f"{step} ms" for step in press.steps_ms)
    detail = {
        "alone": f"SHUTTER for {HOLD_MS // 1000} s, twice",
        "focus": f"FOCUS for {HOLD_MS // 1000} s",
        "held": f"FOCUS, and over it SHUTTER for {press.hold_ms} ms, three times",
        "bulb": "SHUTTER for 3 s, and again for a moment",
    }.get(press.kind, described(press) + (f": {steps}" if steps else ""))
    wake = "" if press.kind in _NOT_WOKEN else f"; FOCUS first wakes the camera, within {WAKE_MS // LEAD_MS} s"
    return f"The box closes {detail}{wake}. All is open after {seconds}."


def looks_for(press: Press) -> list[str]:
    """Return the questions about a press."""
    return [ASKS[each] for each in press.rule.asks]


def said_of_body(reading: Reading) -> Iterator[str]:
    """Yield what is concluded about the set-up and why, a sentence each."""
    if reading.is_cut:
        yield "No contact reaches the camera: check plug and wires."
        return
    if not reading.wires_are_right:
        yield "It is not proven that both wires go where they should."
        return
    if reading.fires_alone is not None:
        yield "It fires on SHUTTER alone." if reading.fires_alone else "It fires only while FOCUS is closed too."
    moved = sum(reading.looks)
    if reading.is_still:
        yield f"A half-press does not focus: the lens stayed in {len(reading.looks)} of {len(reading.looks)} looks."
    elif reading.focuses:
        yield f"A half-press focuses: the lens moved in {moved} of {len(reading.looks)} looks."
    else:
        yield "It is not proven what a half-press does to the lens."
    yield from {
        SINGLE_AF: ["It is in AF-S: with the lens covered it does not fire."] if reading.is_single_af else [],
        CONTINUOUS_AF: ["It is in AF-C, or fires without focus: with the lens covered it fires."],
        NO_FOCUS: ["Autofocus finds nothing; on MF it fires."],
    }.get(reading.af or "", [])
