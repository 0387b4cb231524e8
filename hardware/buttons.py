"""Push buttons: raw edges with their time, nothing else. What they mean is found out above."""

from collections.abc import Callable
from typing import Any

from gpiozero import DigitalInputDevice


class PushButton(DigitalInputDevice):
    """A button from its pin to ground, pulled up inside the Pi.

    Every change is told to `on_change(pressed, ticks)` with the pin factory's own time stamp, bounces
    included: gpiozero's debouncing drops edges and its `when_activated` passes no time.
    """

    def __init__(self, pin: int, on_change: Callable[[bool, Any], None], pin_factory: Any) -> None:
        self._on_change = on_change
        super().__init__(pin, pull_up=True, pin_factory=pin_factory)

    def _pin_changed(self, ticks: Any, state: Any) -> None:
        self._on_change(not state, ticks)
