"""Tells the service manager how the daemon is: sd_notify(3) without its library. Knows datagrams, no camera.

The watchdog is fed by `Heartbeat`, a part of main's loop, and only while the player runs too: a main that hangs steps
nothing, so it feeds nothing.
"""

import os
import socket
from collections.abc import Callable, Mapping

NANOSECONDS = 1_000  # of a microsecond
# Of the time after which the manager loses patience: 2 s of the 5 s in our unit, so that one may be lost.
FED_SHARE = (2, 5)


class Notifier:
    """Tells the manager behind `address` (NOTIFY_SOCKET); tells nobody where that is None.

    `watchdog_ns` is how often the watchdog is to be fed, None if there is none.
    """

    def __init__(self, address: str | None, watchdog_ns: int | None = None) -> None:
        self._socket = None if address is None else _connected(address)
        self.watchdog_ns = None if self._socket is None else watchdog_ns

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Notifier":
        """Return a notifier for the manager that has set up this environment."""
        return cls(environment.get("NOTIFY_SOCKET"), _feeding_period_ns(environment))

    def ready(self, status: str) -> None:
        """Tell that the start is over; waits until that is heard."""
        self._tell(f"READY=1\nSTATUS={status}", 0)

    def stopping(self) -> None:
        """Tell that the end has begun."""
        self._tell("STOPPING=1", socket.MSG_DONTWAIT)

    def feed(self) -> None:
        """Tell the watchdog that all is well; one that cannot be told at once is left out."""
        self._tell("WATCHDOG=1", socket.MSG_DONTWAIT)

    def close(self) -> None:
        """Tell nobody from now on."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _tell(self, message: str, flags: int) -> None:
        if self._socket is None:
            return
        try:
            self._socket.send(message.encode(), flags)
        except OSError:
            return  # a manager that does not listen is no reason to stop a run; it has the watchdog to find out


class Heartbeat:
    """Every `period_ns`: feeds if the player has come round since the last time.

    `has_looped` tells that, and forgets it; it wakes nobody. The player has to come round more often than that.
    """

    def __init__(self, has_looped: Callable[[], bool], feed: Callable[[], None], period_ns: int, now_ns: int) -> None:
        self._has_looped = has_looped
        self._feed = feed
        self._period_ns = period_ns
        self.next_ns: int | None = now_ns + period_ns

    def step(self, now_ns: int) -> None:
        """Feed, if it is time."""
        if self.next_ns is None or now_ns < self.next_ns:
            return
        self.next_ns = max(self.next_ns, now_ns) + self._period_ns
        if self._has_looped():
            self._feed()


def _connected(address: str) -> socket.socket | None:
    """Return a socket to the manager; None for a kind of address that we do not speak, or nobody there."""
    if address[:1] not in ("/", "@"):
        return None
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        wire.connect("\0" + address[1:] if address.startswith("@") else address)
    except OSError:
        wire.close()
        return None
    return wire


def _feeding_period_ns(environment: Mapping[str, str]) -> int | None:
    """Return how often the watchdog wants to be fed by this process; None if it does not."""
    patience_us = environment.get("WATCHDOG_USEC", "")
    if not patience_us.isdecimal() or int(patience_us) == 0:
        return None
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    part, whole = FED_SHARE
    return int(patience_us) * NANOSECONDS * part // whole
