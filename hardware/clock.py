"""Clocks. The one place that reads time; everything else gets it as an argument, in integer nanoseconds."""

import time
from datetime import UTC, datetime
from typing import Protocol

from hardware.errors import ClockError

SECOND_NS = 1_000_000_000
MILLISECOND_NS = 1_000_000


class Clock(Protocol):
    """Tells the time of CLOCK_MONOTONIC, or of a world that has its own."""

    def now_ns(self) -> int:
        """Return the time now; it never decreases."""


class SystemClock:
    """CLOCK_MONOTONIC, the clock of the kernel's edge events."""

    now_ns = staticmethod(time.monotonic_ns)


class VirtualClock:
    """A clock that stands still until it is told to jump."""

    def __init__(self, now_ns: int = 0) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        """Return the time of the last jump."""
        return self._now_ns

    def jump_to(self, at_ns: int) -> None:
        """Move on to `at_ns`; ClockError if that lies in the past."""
        if at_ns < self._now_ns:
            raise ClockError(f"cannot jump from {self._now_ns} ns back to {at_ns} ns")
        self._now_ns = at_ns


def date_stamp() -> str:
    """Return the local time of day as YYYYmmdd-HHMMSS, for the name of a file; it may be wrong, and may repeat."""
    return time.strftime("%Y%m%d-%H%M%S")


def wall_clock() -> datetime:
    """Return the time of day, in UTC; a Pi that has not been told the time has a wrong one."""
    return datetime.now(UTC)
