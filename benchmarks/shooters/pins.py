"""A line for the shooters that know gpiozero only: its own mock pin, which notes when it closed."""

import time
from typing import Any

from gpiozero import LED
from gpiozero.pins.mock import MockFactory, MockPin


class NotingPin(MockPin):
    """A mock pin that notes the monotonic time of each closing, once it is closed, as the box's player does."""

    def __init__(self, factory: Any, info: Any) -> None:
        super().__init__(factory, info)
        self.closings_ns: list[int] = []

    def _change_state(self, value: bool) -> bool:
        changed = bool(super()._change_state(value))
        if changed and value:
            self.closings_ns.append(time.monotonic_ns())
        return changed


def shutter() -> LED:
    """Return SHUTTER as gpiozero has it; its `pin` is a NotingPin."""
    return LED(27, pin_factory=MockFactory(pin_class=NotingPin))
