"""Reports the daemon's state to the service manager: sd_notify(3) without its library. Knows datagrams, no camera.

`Heartbeat`, a part of main's loop, feeds the watchdog, and only while the player runs too. A main that hangs steps
nothing, so it feeds nothing.
"""

import os
import socket
from collections.abc import Callable, Mapping

NANOSECONDS = 1_000  # of a microsecond
# Of the watchdog's timeout: 2 s of the 5 s in our unit, so that one message may be lost.
FED_SHARE = (2, 5)


class Notifier:
    """Sends messages to the manager at `address` (NOTIFY_SOCKET); does nothing if that is None.

    `watchdog_ns` is how often to feed the watchdog, None if there is none.
    """

    def __init__(self, address: str | None, watchdog_ns: int | None = None) -> None:
        self._socket = None if address is None else _connected(address)
        self.watchdog_ns = None if self._socket is None else watchdog_ns

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Notifier":
        """Return a notifier for the manager that these environment variables name."""
        return cls(environment.get("NOTIFY_SOCKET"), _feeding_period_ns(environment))

    def ready(self, status: str) -> None:
        """Report that the start is over. Blocks until the manager has the message."""
        self._send(f"READY=1\nSTATUS={status}", 0)

    def stopping(self) -> None:
        """Report that the shutdown has begun. Never blocks."""
        self._send("STOPPING=1", socket.MSG_DONTWAIT)

    def feed(self) -> None:
        """Feed the watchdog. Never blocks: a message that cannot be sent at once is dropped."""
        self._send("WATCHDOG=1", socket.MSG_DONTWAIT)

    def close(self) -> None:
        """Close the socket; later messages are dropped."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _send(self, message: str, flags: int) -> None:
        if self._socket is None:
            return
        try:
            self._socket.send(message.encode(), flags)
        except OSError:
            return  # a manager that does not listen must not stop a run; its watchdog will notice


class Heartbeat:
    """Feeds the watchdog every `period_ns`, if the player has looped since the last time.

    `has_looped` says so and resets; it wakes no thread. The player has to loop more often than that.
    """

    def __init__(self, has_looped: Callable[[], bool], feed: Callable[[], None], period_ns: int, now_ns: int) -> None:
        self._has_looped = has_looped
        self._feed = feed
        self._period_ns = period_ns
        self.next_ns: int | None = now_ns + period_ns

    def step(self, now_ns: int) -> None:
        """Feed, if the period is over and the player has looped."""
        if self.next_ns is None or now_ns < self.next_ns:
            return
        self.next_ns = max(self.next_ns, now_ns) + self._period_ns
        if self._has_looped():
            self._feed()


def _connected(address: str) -> socket.socket | None:
    """Return a socket to the manager; None if the kind of address is unknown or nothing listens there."""
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
    """Return how often this process has to feed the watchdog; None if there is none."""
    patience_us = environment.get("WATCHDOG_USEC", "")
    if not patience_us.isdecimal() or int(patience_us) == 0:
        return None
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    part, whole = FED_SHARE
    return int(patience_us) * NANOSECONDS * part // whole
