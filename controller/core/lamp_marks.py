"""What the lamps mean, in words.

Pure: derives it from the signs of a state, so that no lamp has to be switched for them. A lamp that
blinks is described so once: text is not redrawn at every blink.
"""

from collections.abc import Iterator, Mapping

from controller.core.lamps import (
    BUSY_SIGNS,
    CALL,
    CODES,
    DARK,
    FAULT,
    PAIRING,
    READY_SIGNS,
    WARNING,
    Lamp,
    Sign,
    View,
)
from controller.core.states import Release
from controller.core.words import Reason

COLOURS = {Lamp.READY: "green", Lamp.BUSY: "amber", Lamp.FAULT: "red"}
_ALL_IS_WELL = Sign(DARK, "no warning")
_LEFT_TO_THE_FAULT = Sign(DARK, "see the red lamp")


def signs_of(view: View) -> dict[Lamp, Sign]:
    """Return what each lamp shows during this state, and what it means."""
    if view.release is Release.FAULT:
        return {Lamp.READY: _LEFT_TO_THE_FAULT, Lamp.BUSY: _LEFT_TO_THE_FAULT, Lamp.FAULT: FAULT}
    if view.is_pairing:
        return dict.fromkeys((Lamp.READY, Lamp.BUSY, Lamp.FAULT), PAIRING)
    fault = WARNING if view.is_warned else _ALL_IS_WELL
    ready = CALL if view.calls_step else READY_SIGNS[view.focus]
    return {Lamp.READY: ready, Lamp.BUSY: BUSY_SIGNS[view.release], Lamp.FAULT: fault}


def looks_of(signs: Mapping[Lamp, Sign]) -> dict[str, str]:
    """Return how each lamp looks, by its colour: green on, amber blinks slowly, red dark."""
    return {COLOURS[lamp]: sign.pattern.look for lamp, sign in signs.items()}


def changes(before: Mapping[Lamp, Sign], now: Mapping[Lamp, Sign]) -> Iterator[str]:
    """Yield a phrase for each lamp that looks different: how, and what that means."""
    for lamp, sign in now.items():
        if sign.pattern != before[lamp].pattern:
            yield f"{COLOURS[lamp]} {sign.pattern.look} ({sign.meaning.replace('`', '')})"


def code_in_words(reason: str) -> str | None:
    """Return how often the red lamp blinks for this refusal, and what that means; None if it does not blink."""
    code = CODES.get(reason.why) if isinstance(reason, Reason) else None
    if code is None:
        return None
    times = "once" if code.blinks == 1 else f"{code.blinks} times"
    return f"red blinks {times}: refused, {code.meaning}"
