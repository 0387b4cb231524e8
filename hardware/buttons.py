"""Push buttons: raw edges and their times. Knows no debouncing and no gestures; both are recognised above."""

from collections.abc import Callable
from typing import Any

from gpiozero import DigitalInputDevice


class PushButton(DigitalInputDevice):
    """A button from its pin to ground, pulled up inside the Pi.

    Calls `on_change(pressed, ticks)` for every edge, bounces included, with the pin factory's own timestamp:
    gpiozero's debouncing drops edges, and its `when_activated` passes no time.
    """

    def __init__(self, pin: int, on_change: Callable[[bool, Any], None], pin_factory: Any) -> None:
        self._on_change = on_change
        super().__init__(pin, pull_up=True, pin_factory=pin_factory)

    def _pin_changed(self, ticks: Any, state: Any) -> None:
        self._on_change(not state, ticks)
