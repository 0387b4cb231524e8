"""Decides when the watchdog is fed: while main runs, and the player answers. Knows neither threads nor systemd.

It is a part of main's loop: a main that hangs does not step it, so it feeds nothing.
"""

from collections.abc import Callable


class Heartbeat:
    """Every `period_ns`: feeds if the player has answered the last ping, and pings it again.

    A player that does not answer is not pinged again, and nothing is fed until it does. The answer comes in the
    player's thread; it wakes nobody.
    """

    def __init__(
        self, ping: Callable[[Callable[[], None]], None], feed: Callable[[], None], period_ns: int, now_ns: int
    ) -> None:
        self._ping = ping
        self._feed = feed
        self._period_ns = period_ns
        self._has_answered = False
        self.next_ns: int | None = now_ns + period_ns
        ping(self._answer)

    def step(self, now_ns: int) -> None:
        """Feed and ping, if it is time."""
        if self.next_ns is None or now_ns < self.next_ns:
            return
        self.next_ns = max(self.next_ns, now_ns) + self._period_ns
        if self._has_answered:
            self._has_answered = False
            self._feed()
            self._ping(self._answer)

    def _answer(self) -> None:
        self._has_answered = True
