"""The simulated world that every interval rule meets: how long each frame takes, how late each wait ends, one stall.

Knows integer nanoseconds and a seed; knows no rule. It is generated once, before any frame is taken, so that every
rule meets exactly the same.
"""

import random
from dataclasses import dataclass
from math import pow  # noqa: A004 - for floats, unlike the built-in one

from hardware.clock import MILLISECOND_NS, SECOND_NS

EVERY_NS = 2 * SECOND_NS
STALL_NS = 7_300 * MILLISECOND_NS
_SEED = 2026
_US = 1_000


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: the slot it counts as, when it was due, when it began, and when the program was free again.

    Times count from the instant at which slot 0 is due.
    """

    slot: int
    due_ns: int
    began_ns: int
    ended_ns: int


@dataclass(frozen=True, slots=True)
class World:
    """The n-th frame taken keeps the program busy for `shots_ns[n]`; the wait before it ends `lates_ns[n]` late.

    The plan is one frame every `every_ns`, as many as there are shots. In frame `stalled` the camera is very slow.
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
        """Return when `slot` is due according to the plan."""
        return slot * self.every_ns


def world(count: int) -> World:
    """Return the world of a plan of `count` slots, with the stall in the middle; it is the same on every machine.

    Python guarantees the sequence of `random()` and of nothing else in that module, so only that is used; rounding to
    microseconds hides differences in the last bit of `pow`.
    """
    draw = random.Random(_SEED).random  # noqa: S311 - chance, not secrets
    shots = [_shot_ns(draw() + draw() + draw() + draw()) for _ in range(count)]
    lates = [_late_ns(draw()) for _ in range(count)]
    stalled = count // 2
    shots[stalled] = STALL_NS
    return World(EVERY_NS, tuple(shots), tuple(lates), stalled)


def _shot_ns(sum_of_four: float) -> int:
    """Return 0.4 to 1.6 s, bell-shaped over the logarithm around 0.8 s, as the sum of four random numbers is."""
    return round(800_000 * pow(2, sum_of_four / 2 - 1)) * _US


def _late_ns(fraction: float) -> int:
    """Return 50 us to 5 ms, every decade equally likely, as on an idle and on a busy machine."""
    return round(50 * pow(100, fraction)) * _US
