"""Clocks. The one place that reads time; everything else gets it as an argument, in integer nanoseconds."""

import time
from typing import TYPE_CHECKING, Protocol

from config.record import dataclass
from hardware.errors import ClockError

if TYPE_CHECKING:
    from datetime import datetime

SECOND_NS = 1_000_000_000
MILLISECOND_NS = 1_000_000
_READINGS = 4


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


@dataclass(frozen=True, slots=True)
class ClockSample:
    """The time of day (UTC since 1970) and the monotonic clock at one instant, and whether the former is right."""

    wall_ns: int
    monotonic_ns: int
    is_trusted: bool


class WallClock(Protocol):
    """Tells the time of day, and whether it can be relied on."""

    def sample(self) -> ClockSample:
        """Return both clocks as they are now."""

    def set_by_hand(self, wall_ns: int) -> None:
        """Take it that it is `wall_ns` (UTC since 1970) now; ClockError where that is known better already."""


class VirtualWall:
    """The time of day of a virtual world: it goes with that world's clock, and jumps when it is set."""

    def __init__(self, clock: Clock, wall_ns: int, *, is_trusted: bool = True) -> None:
        self._clock = clock
        self._apart_ns = wall_ns - clock.now_ns()
        self._is_trusted = is_trusted

    def set(self, wall_ns: int, *, is_trusted: bool = True) -> None:
        """Set the time of day, as somebody does who knows it."""
        self._apart_ns = wall_ns - self._clock.now_ns()
        self._is_trusted = is_trusted

    def set_by_hand(self, wall_ns: int) -> None:
        """Set the time of day."""
        self.set(wall_ns)

    def sample(self) -> ClockSample:
        """Return both clocks as they are now."""
        now_ns = self._clock.now_ns()
        return ClockSample(now_ns + self._apart_ns, now_ns, self._is_trusted)


def read_both_clocks() -> tuple[int, int]:
    """Return CLOCK_REALTIME and CLOCK_MONOTONIC, read so close together that neither was set or passed over between.

    The monotonic time is the middle of two readings; a reading that was interrupted for more than 1 ms is repeated,
    a few times.
    """
    for _ in range(_READINGS):
        before_ns = time.monotonic_ns()
        wall_ns = time.time_ns()
        after_ns = time.monotonic_ns()
        if after_ns - before_ns < MILLISECOND_NS:
            break
    return wall_ns, (before_ns + after_ns) // 2


def date_stamp() -> str:
    """Return the local time of day as YYYYmmdd-HHMMSS, for the name of a file; it may be wrong, and may repeat."""
    return time.strftime("%Y%m%d-%H%M%S")


def utc_now() -> "datetime":
    """Return the time of day, in UTC; a Pi that has not been told the time has a wrong one."""
    from datetime import UTC, datetime  # noqa: PLC0415 - a console asks the daemon for the time

    return datetime.now(UTC)
