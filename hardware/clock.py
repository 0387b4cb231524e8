"""Clocks. Only this module reads time; everything else gets it as an argument, in integer nanoseconds."""

import time
from typing import Protocol

from config.record import dataclass
from hardware.errors import ClockError

SECOND_NS = 1_000_000_000
MILLISECOND_NS = 1_000_000
_MOST_READINGS = 4


class Clock(Protocol):
    """CLOCK_MONOTONIC, or the clock of a virtual world."""

    def now_ns(self) -> int:
        """Return the current time; it never decreases."""


class SystemClock:
    """CLOCK_MONOTONIC, the clock of the kernel's edge events."""

    now_ns = staticmethod(time.monotonic_ns)


class VirtualClock:
    """A clock that stands still between jumps."""

    def __init__(self, now_ns: int = 0) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        """Return the time of the last jump."""
        return self._now_ns

    def jump_to(self, at_ns: int) -> None:
        """Set the time to `at_ns`; raises ClockError if that lies in the past."""
        if at_ns < self._now_ns:
            raise ClockError(f"cannot jump from {self._now_ns} ns back to {at_ns} ns")
        self._now_ns = at_ns


@dataclass(frozen=True, slots=True)
class ClockSample:
    """The time of day (UTC since 1970) and the monotonic clock at one instant, and whether to trust the former."""

    wall_ns: int
    monotonic_ns: int
    is_trusted: bool


class WallClock(Protocol):
    """The time of day, and whether it can be trusted."""

    def sample(self) -> ClockSample:
        """Return the current time of both clocks."""

    def set_by_hand(self, wall_ns: int) -> None:
        """Set the time of day to `wall_ns` (UTC since 1970); raises ClockError if the clock is synchronised."""


class VirtualWall:
    """The time of day of a virtual world: it follows that world's clock, and jumps when it is set."""

    def __init__(self, clock: Clock, wall_ns: int, *, is_trusted: bool = True) -> None:
        self._clock = clock
        self._offset_ns = wall_ns - clock.now_ns()
        self._is_trusted = is_trusted

    def set(self, wall_ns: int, *, is_trusted: bool = True) -> None:
        """Set the time of day; no check of its own."""
        self._offset_ns = wall_ns - self._clock.now_ns()
        self._is_trusted = is_trusted

    def set_by_hand(self, wall_ns: int) -> None:
        """Set the time of day."""
        self.set(wall_ns)

    def sample(self) -> ClockSample:
        """Return the current time of both clocks."""
        now_ns = self._clock.now_ns()
        return ClockSample(now_ns + self._offset_ns, now_ns, self._is_trusted)


def read_both_clocks() -> tuple[int, int]:
    """Return CLOCK_REALTIME and CLOCK_MONOTONIC, read at nearly the same instant.

    The monotonic time is the middle of two readings. A reading that took more than 1 ms was interrupted, and is
    retried a few times.
    """
    for _ in range(_MOST_READINGS):
        before_ns = time.monotonic_ns()
        wall_ns = time.time_ns()
        after_ns = time.monotonic_ns()
        if after_ns - before_ns < MILLISECOND_NS:
            break
    return wall_ns, (before_ns + after_ns) // 2


def date_stamp() -> str:
    """Return the machine's local time as YYYYmmdd-HHMMSS, for names of files only: `ls -l` shows the same clock.

    A wrong or reset clock may repeat it.
    """
    return time.strftime("%Y%m%d-%H%M%S")
