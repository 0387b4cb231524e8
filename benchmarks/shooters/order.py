"""The protocol between `benchmarks.drift` and a shooter, which is a program that takes frames and reports when.

A shooter's arguments are the interval, the number of slots, and how long SHUTTER is held. It prints one line of JSON
when it is ready, or to say why it cannot run here; begins when it reads a line; and then prints a last line of JSON
with a frame for each time SHUTTER closed.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Order:
    """What to take: `slots` frames, one every `every_ns`, with SHUTTER closed for `hold_ns` in each."""

    every_ns: int
    slots: int
    hold_ns: int

    @classmethod
    def given(cls) -> Self:
        """Return the order on the command line."""
        return cls(*map(int, sys.argv[1:]))

    @property
    def arguments(self) -> list[str]:
        """The order as command-line arguments."""
        return [str(number) for number in (self.every_ns, self.slots, self.hold_ns)]

    @property
    def lasts_ns(self) -> int:
        """How long all slots take."""
        return self.slots * self.every_ns


def await_go() -> None:
    """Report readiness, and block until told to begin; raises SystemExit if stdin is closed instead."""
    print(json.dumps({"ready": True}), flush=True)
    if not sys.stdin.readline():
        raise SystemExit(1)


def absent(why: str) -> None:
    """Report that this program cannot run here, and why."""
    print(json.dumps({"absent": why}), flush=True)


def report(frames: Iterable[tuple[int, int]], runs_as: str = "") -> None:
    """Report the frames, each as its slot and when SHUTTER closed, and how the program was run if that matters."""
    print(json.dumps({"frames": list(frames), "runs_as": runs_as}), flush=True)
