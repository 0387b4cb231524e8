"""What happens to every interval rule alike: how long each frame takes, how late each wait ends, one stall.

Knows integer nanoseconds and a seed; knows no rule. All of it is made up once, before anything is taken, so that
every rule meets the same.
"""

import random
from dataclasses import dataclass
from math import pow  # noqa: A004 - of floats, and a float

from hardware.clock import MILLISECOND_NS, SECOND_NS

EVERY_NS = 2 * SECOND_NS
STALL_NS = 7_300 * MILLISECOND_NS
_SEED = 2026
_US = 1_000


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture: the slot it counts as, when it was meant to begin, when it began, when it let go of the program.

    Times count from the instant at which slot 0 is due.
    """

    slot: int
    due_ns: int
    began_ns: int
    ended_ns: int


@dataclass(frozen=True, slots=True)
class World:
    """The n-th frame that is taken keeps the program for `shots_ns[n]`; the wait before it ends `lates_ns[n]` late.

    The plan is a frame every `every_ns`, as many as there are shots. In frame `stalled` the camera is busy for long.
    """

    every_ns: int
    shots_ns: tuple[int, ...]
    lates_ns: tuple[int, ...]
    stalled: int

    @property
    def count(self) -> int:
        """How many slots the plan has."""
        return len(self.shots_ns)

    def ideal_ns(self, slot: int) -> int:
        """Return when `slot` is due by the plan."""
        return slot * self.every_ns


def world(count: int) -> World:
    """Return the world of a plan of `count` slots, the same on every machine; the stall is in the middle of it.

    Only `random()` is drawn: its sequence is promised to stay, and whole microseconds hide the last bit of a power.
    """
    draw = random.Random(_SEED).random  # noqa: S311 - chance, not secrets
    shots = [_shot_ns(draw() + draw() + draw() + draw()) for _ in range(count)]
    lates = [_late_ns(draw()) for _ in range(count)]
    stalled = count // 2
    shots[stalled] = STALL_NS
    return World(EVERY_NS, tuple(shots), tuple(lates), stalled)


def _shot_ns(four: float) -> int:
    """Return 0.8 s times or by up to 2: bell-shaped over the logarithm, as the sum of four draws is, with ends."""
    return round(800_000 * pow(2, four / 2 - 1)) * _US


def _late_ns(one: float) -> int:
    """Return 50 us to 5 ms, every decade as likely: an idle machine's and a busy one's."""
    return round(50 * pow(100, one)) * _US
