"""Mock pins on the bench's clock. They keep no history, so that a night of frames costs no memory."""

from collections import defaultdict
from collections.abc import Callable
from threading import RLock
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

from hardware.clock import SECOND_NS, Clock

PinWatcher = Callable[[Any, bool, int], None]


class BenchPin(MockPin):
    """A mock pin that stamps changes with the bench's clock and reports those of outputs to a watcher."""

    _state: bool

    def clear_states(self) -> None:
        """Keep no history; gpiozero calls this when it makes a pin."""
        self._last_change = self.factory.clock.now_ns()
        self.states: list[Any] = []

    def _set_pull(self, value: str) -> None:
        if value != self._pull:  # setting the same pull again must not override a closed contact
            super()._set_pull(value)

    def _change_state(self, value: bool) -> bool:
        if self._state == value:
            return False
        self._state = value
        self._last_change = self.factory.clock.now_ns()
        if self._function == "output":
            self.factory.watcher(self, bool(value), self._last_change)
        return True


class BenchFactory(MockFactory):
    """Makes bench pins. Calls `watcher(pin, level, at_ns)` for every change of an output, in the writing thread."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.watcher: PinWatcher = _ignore
        super().__init__(pin_class=BenchPin)
        # gpiozero 1.6 shares these among all factories of a process; two benches have no pin in common.
        self.pins: dict[int, BenchPin] = {}
        self._reservations: dict[int, list[Any]] = defaultdict(list)
        self._res_lock = RLock()  # the garbage collector may close an old device while a new one reserves its pin

    def ticks(self) -> int:
        """Return the bench's time in nanoseconds."""
        return self.clock.now_ns()

    @staticmethod
    def ticks_diff(later: int, earlier: int) -> float:
        """Return the seconds between two ticks, as gpiozero requires."""
        return (later - earlier) / SECOND_NS


def _ignore(_pin: Any, _level: bool, _at_ns: int) -> None:
    """Ignore a change: there is no watcher yet."""
