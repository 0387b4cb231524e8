"""The time of day, and whether to trust it: a Pi boots with the time of its last shutdown, or with 1970.

Knows the kernel's clock discipline, the hardware clock and the machine's time zone; knows nothing of runs.
"""

import ctypes
import os
import threading
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.record import dataclass
from hardware.clock import SECOND_NS, ClockSample, read_both_clocks
from hardware.errors import ClockError

# The kernel's maximum error until something disciplines the clock: 16 s in us (NTP_PHASE_LIMIT of <linux/timex.h>).
# We do not test the flag STA_UNSYNC: chrony leaves it set if it does not keep the hardware clock (systemd tests the
# error too, see its pull request 13245). The error grows by 500 us a second: 9 hours offline until the limit.
_UNDISCIPLINED_US = 16_000_000
# A hardware clock without a battery starts in 1970 (Pi 5), in 2000 (DS3231) or at a year set by its driver.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
# The kernel sets the time of day from the hardware clock at boot, to the second; then both drift.
_AGREE_NS = 30 * SECOND_NS


_BOOT = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str:
    """Return the id of this boot of the machine, and so of its monotonic clock; "" if the kernel does not tell."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


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
    """Return the kernel's maximum error of its time of day, in microseconds; None if it refuses to answer.

    It refuses in a systemd service with ProtectClock=.
    """
    timex = _Timex()  # modes 0: change nothing
    adjtimex = _libc_adjtimex()
    if adjtimex is None or adjtimex(ctypes.byref(timex)) < 0:
        return None
    return int(timex.maxerror)


@cache
def _libc_adjtimex() -> Any:
    return getattr(ctypes.CDLL(None, use_errno=True), "adjtimex", None)


def machine_zone(localtime: Path = Path("/etc/localtime")) -> tzinfo:
    """Return the time zone of the machine; UTC if it has none, as in libc.

    The file is parsed once, and again only after it has changed: the core asks for the zone at every event.
    """
    try:
        stat = os.stat(localtime)  # noqa: PTH116 - Path.stat takes three times as long
    except OSError:
        return UTC
    return _parsed_zone(localtime, (stat.st_dev, stat.st_ino, stat.st_mtime_ns))


@lru_cache(maxsize=4)
def _parsed_zone(localtime: Path, _identity: tuple[int, int, int]) -> tzinfo:
    try:
        with localtime.open("rb") as file:
            return ZoneInfo.from_file(file, "local")
    except (OSError, ValueError):
        return UTC


def zone_named(name: str | None) -> tzinfo:
    """Return the named time zone, the machine's own for None; raises ClockError if the machine does not have it."""
    if name is None:
        return machine_zone()
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ClockError(f"this machine has no time zone {name}; install tzdata") from None


def zone_or(name: str | None, other: tzinfo) -> tzinfo:
    """Return the named time zone, or `other` for None and where this machine does not have it."""
    try:
        return other if name is None else zone_named(name)
    except ClockError:
        return other


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the time of day comes from: the machine, or set by hand `offset_ns` ahead of the monotonic clock."""

    is_machine_trusted: bool = False
    offset_ns: int | None = None


class WallTime:
    """Reads the time of day; trusts it once it is synchronised, agrees with a hardware clock, or was set by hand.

    Trust is never withdrawn: without a network a Pi's clock drifts by only a second or two a day. A time set by hand
    belongs to this object alone and follows the monotonic clock, until the machine's own clock is synchronised.
    Thread-safe: main and the journal's thread read it.
    """

    def __init__(
        self,
        rtc: Path = Path("/sys/class/rtc/rtc0/since_epoch"),
        synchronised: Path = Path("/run/systemd/timesync/synchronized"),
    ) -> None:
        self._rtc = rtc
        self._synchronised = synchronised
        self._changing = threading.Lock()  # held for an assignment only: main must wait for no file
        self._source = _Source()

    def set_by_hand(self, wall_ns: int) -> None:
        """Set the time of day to `wall_ns` (UTC since 1970); raises ClockError if the clock is synchronised."""
        if self._is_synchronised():
            raise ClockError("the clock is synchronised over the network, so it cannot be set by hand")
        with self._changing:
            self._source = _Source(offset_ns=wall_ns - read_both_clocks()[1])

    def sample(self) -> ClockSample:
        """Return the current time of both clocks, and whether to trust the time of day."""
        wall_ns, monotonic_ns = read_both_clocks()
        source = self._source
        if not source.is_machine_trusted:
            source = self._change(source, self._judged(source, wall_ns))
        if source.offset_ns is not None:
            return ClockSample(monotonic_ns + source.offset_ns, monotonic_ns, is_trusted=True)
        return ClockSample(wall_ns, monotonic_ns, source.is_machine_trusted)

    def _judged(self, source: _Source, wall_ns: int) -> _Source:
        if self._is_synchronised():
            return _Source(is_machine_trusted=True)
        if source.offset_ns is None:
            return _Source(self._agrees_with_rtc(wall_ns))
        return source

    def _change(self, before: _Source, after: _Source) -> _Source:
        """Use `after`, unless another thread has changed the source since it was `before`; return what is in use."""
        with self._changing:
            if self._source is before:
                self._source = after
            return self._source

    def _is_synchronised(self) -> bool:
        error_us = estimated_error_us()
        is_marked = os.path.exists(self._synchronised)  # noqa: PTH110 - asked at every event; a Path takes longer
        return is_marked or (error_us is not None and error_us < _UNDISCIPLINED_US)

    def _agrees_with_rtc(self, wall_ns: int) -> bool:
        try:
            seconds = int(self._rtc.read_text(encoding="ascii"))
        except (OSError, ValueError):  # there is no hardware clock, or it was never set
            return False
        return seconds >= EARLIEST.timestamp() and abs(seconds * SECOND_NS - wall_ns) < _AGREE_NS
