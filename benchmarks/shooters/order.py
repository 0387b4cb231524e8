"""What a shooter is told, and how it answers: a program of its own that takes frames and says when.

Its arguments are the interval, the number of slots, and how long SHUTTER is held. It prints one line of JSON when it
is ready, or that it cannot be had here; begins when a line comes; and prints another with a frame for each closing.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Order:
    """What to take: so many slots, one every `every_ns`, SHUTTER closed for `hold_ns` in each."""

    every_ns: int
    slots: int
    hold_ns: int

    @classmethod
    def given(cls) -> Self:
        """Return the order on the command line."""
        return cls(*map(int, sys.argv[1:]))

    @property
    def arguments(self) -> list[str]:
        """The order as a command line has it."""
        return [str(number) for number in (self.every_ns, self.slots, self.hold_ns)]

    @property
    def lasts_ns(self) -> int:
        """How long all slots take."""
        return self.slots * self.every_ns


def await_go() -> None:
    """Say that all is ready, and wait for the word; SystemExit if it will not come."""
    print(json.dumps({"ready": True}), flush=True)
    if not sys.stdin.readline():
        raise SystemExit(1)


def absent(why: str) -> None:
    """Say that this one cannot be had here, and why."""
    print(json.dumps({"absent": why}), flush=True)


def took(frames: Iterable[tuple[int, int]], runs_as: str = "") -> None:
    """Tell the frames, each as its slot and when SHUTTER closed, and how the shooter was run if that matters."""
    print(json.dumps({"frames": list(frames), "runs_as": runs_as}), flush=True)
