"""The sync input: when a contact to ground closes. Knows no frames; what a closing confirms is decided above."""

from collections.abc import Callable
from typing import Any

from gpiozero import DigitalInputDevice


class SyncInput(DigitalInputDevice):
    """An opto's transistor (or a contact) from its pin to ground, pulled up inside the Pi.

    Calls `on_closed(ticks)` for every closing, bounces included, with the pin factory's own timestamp. Ignores
    openings: no standard says how long a flash contact stays closed.
    """

    def __init__(self, pin: int, on_closed: Callable[[Any], None], pin_factory: Any) -> None:
        self._on_closed = on_closed
        super().__init__(pin, pull_up=True, pin_factory=pin_factory)

    def _pin_changed(self, ticks: Any, state: Any) -> None:
        if not state:
            self._on_closed(ticks)
