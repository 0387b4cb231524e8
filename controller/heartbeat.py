"""Decides when the watchdog is fed: while main runs, and the player too. Knows neither threads nor systemd.

It is a part of main's loop: a main that hangs does not step it, so it feeds nothing.
"""

from collections.abc import Callable


class Heartbeat:
    """Every `period_ns`: feeds if the player has come round since the last time.

    `came_round` tells that, and forgets it; it wakes nobody. The player has to come round more often than that.
    """

    def __init__(self, came_round: Callable[[], bool], feed: Callable[[], None], period_ns: int, now_ns: int) -> None:
        self._came_round = came_round
        self._feed = feed
        self._period_ns = period_ns
        self.next_ns: int | None = now_ns + period_ns

    def step(self, now_ns: int) -> None:
        """Feed, if it is time."""
        if self.next_ns is None or now_ns < self.next_ns:
            return
        self.next_ns = max(self.next_ns, now_ns) + self._period_ns
        if self._came_round():
            self._feed()
