"""The time of day, and whether it can be trusted: a Pi starts with the time of its last shutdown, or that of 1970.

Knows the kernel's clock discipline, the hardware clock and the machine's time zone; knows nothing of runs.
"""

import ctypes
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from hardware.clock import SECOND_NS, ClockSample, read_both_clocks
from hardware.errors import ClockError

# What a kernel says that nobody has disciplined since it started: 16 s in us (NTP_PHASE_LIMIT of <linux/timex.h>).
# The flag STA_UNSYNC is not asked: chrony leaves it set where it does not keep the hardware clock (systemd, pull
# request 13245, which asks as we do). The error grows by 500 us a second, so it takes 9 hours offline to get there.
_UNDISCIPLINED_US = 16_000_000
# A hardware clock without a battery starts in 1970 (Pi 5), in 2000 (DS3231) or where its driver says.
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
# The kernel sets the time of day by the hardware clock when it starts, to the second; then both drift.
_AGREE_NS = 30 * SECOND_NS


class _Timex(ctypes.Structure):
    """The head of struct timex (adjtimex(2)); the kernel writes 208 bytes at most."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("rest", ctypes.c_char * 256),
    )


def estimated_error_us() -> int | None:
    """Return the error the kernel gives its time of day at most, in microseconds; None if it does not tell.

    It does not where a service is denied the question (ProtectClock= of systemd).
    """
    timex = _Timex()  # modes 0: change nothing
    adjtimex = getattr(ctypes.CDLL(None, use_errno=True), "adjtimex", None)
    if adjtimex is None or adjtimex(ctypes.byref(timex)) < 0:
        return None
    return int(timex.maxerror)


def machine_zone(localtime: Path = Path("/etc/localtime")) -> tzinfo:
    """Return the time zone of the machine; UTC if it names none, as libc has it."""
    try:
        with localtime.open("rb") as file:
            return ZoneInfo.from_file(file, "local")
    except (OSError, ValueError):
        return UTC


def zone_named(name: str | None) -> tzinfo:
    """Return the time zone of that name, that of the machine if None; ClockError where the machine has none such."""
    if name is None:
        return machine_zone()
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ClockError(f"this machine has no time zone {name}; install tzdata") from None


class WallTime:
    """Reads the time of day; believes it once it was synchronised, agrees with a hardware clock, or was set by hand.

    What it once believed it goes on believing: without a network the clock of a Pi drifts by a second or two a day.
    A time set by hand is that of this object alone, on the monotonic clock, until the machine's is synchronised.
    """

    def __init__(
        self,
        rtc: Path = Path("/sys/class/rtc/rtc0/since_epoch"),
        synchronised: Path = Path("/run/systemd/timesync/synchronized"),
    ) -> None:
        self._rtc = rtc
        self._synchronised = synchronised
        self._is_trusted = False  # the time of day of the machine
        self._apart_ns: int | None = None  # what was set by hand, less the monotonic clock

    def set_by_hand(self, wall_ns: int) -> None:
        """Take it that it is `wall_ns` (UTC since 1970) now; ClockError where the clock is synchronised already."""
        if self._is_synchronised():
            raise ClockError("the clock is synchronised over the network; it is not set by hand")
        self._apart_ns, self._is_trusted = wall_ns - read_both_clocks()[1], False

    def sample(self) -> ClockSample:
        """Return both clocks as they are now, and whether the time of day is believed."""
        wall_ns, monotonic_ns = read_both_clocks()
        if not self._is_trusted:
            if self._is_synchronised():
                self._is_trusted, self._apart_ns = True, None
            elif self._apart_ns is None:
                self._is_trusted = self._agrees_with_rtc(wall_ns)
        if self._apart_ns is not None:
            return ClockSample(monotonic_ns + self._apart_ns, monotonic_ns, is_trusted=True)
        return ClockSample(wall_ns, monotonic_ns, self._is_trusted)

    def _is_synchronised(self) -> bool:
        error_us = estimated_error_us()
        return self._synchronised.exists() or (error_us is not None and error_us < _UNDISCIPLINED_US)

    def _agrees_with_rtc(self, wall_ns: int) -> bool:
        try:
            seconds = int(self._rtc.read_text(encoding="ascii"))
        except (OSError, ValueError):  # there is none, or its time was never set
            return False
        return seconds >= _EARLIEST.timestamp() and abs(seconds * SECOND_NS - wall_ns) < _AGREE_NS
