"""SHUTTER for the shooters that only know gpiozero: a mock pin that records when it closed."""

import time
from typing import Any

from gpiozero import LED
from gpiozero.pins.mock import MockFactory, MockPin


class RecordingPin(MockPin):
    """A mock pin that records the monotonic time after each closing, as the box's player does."""

    def __init__(self, factory: Any, info: Any) -> None:
        super().__init__(factory, info)
        self.closings_ns: list[int] = []

    def _change_state(self, value: bool) -> bool:
        changed = bool(super()._change_state(value))
        if changed and value:
            self.closings_ns.append(time.monotonic_ns())
        return changed


def shutter() -> LED:
    """Return SHUTTER as a gpiozero LED; its `pin` is a RecordingPin."""
    return LED(27, pin_factory=MockFactory(pin_class=RecordingPin))
