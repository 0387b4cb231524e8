"""Lamps and a buzzer on pins. Knows names and pins; must not know what a lamp means.

Nothing here blinks or beeps by itself: gpiozero's `blink` and `beep` start threads.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from gpiozero import LED, Buzzer


class GpioLamps:
    """Lamps by name, and a buzzer; off from the moment they are claimed. A pin of None means that there is none."""

    def __init__(self, lamp_pins: Mapping[str, int | None], buzzer_pin: int | None, pin_factory: Any) -> None:
        self._devices: dict[str, Any] = {}
        try:
            for name, pin in lamp_pins.items():
                if pin is not None:
                    self._devices[name] = LED(pin, initial_value=False, pin_factory=pin_factory)
            if buzzer_pin is not None:
                self._devices["buzzer"] = Buzzer(buzzer_pin, initial_value=False, pin_factory=pin_factory)
        except Exception:
            self.close()
            raise

    def show(self, name: str, lit: bool) -> None:
        """Switch a lamp on or off; ignores a lamp that this box does not have."""
        device = self._devices.get(name)
        if device is not None:
            device.value = lit

    def close(self) -> None:
        """Switch everything off, then release the pins, which keeps their level; idempotent.

        A lamp that fails does not keep the others on.
        """
        devices, self._devices = self._devices, {}
        with ExitStack() as stack:
            for device in devices.values():
                stack.callback(device.close)
            for device in devices.values():
                stack.callback(device.off)
