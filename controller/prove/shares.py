"""Which of the hypotheses about the body something holds for, and how likely that is; each is added up once."""

from collections.abc import Callable, Mapping  # noqa: TC003 - one import block
from functools import lru_cache

from controller.prove.belief import Said
from controller.prove.body import BODY, Body
from controller.prove.press import ASLEEP

Key = tuple[str, str, frozenset[str], int]  # the arguments of `where`


@lru_cache(maxsize=512)
def where(name: str, what: str, told: frozenset[str], swaps: int) -> tuple[int, ...]:
    """Return the numbers of the hypotheses about the body for which something holds."""
    holds: Mapping[str, Callable[[Body], bool]] = {
        "alone": lambda body: body.fires_alone,
        "af": lambda body: body.af == what,
        "wires": lambda body: body.wires_after(swaps) == what,
        "wrong": lambda body: what in body.wrong_after(()),
        "anything wrong": lambda body: bool(body.wrong_after(told) - {ASLEEP}),
    }
    return tuple(number for number, body in enumerate(BODY.hypotheses) if holds[name](body))


@lru_cache(maxsize=8)
def shares(_said: tuple[Said, ...]) -> dict[Key, float]:
    """Return where the shares of hypotheses after these answers are kept."""
    return {}
