"""Lamps and a buzzer on pins. Knows names and pins, not what they show.

Nothing here blinks or beeps by itself: gpiozero's `blink` and `beep` start threads.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from gpiozero import LED, Buzzer


class GpioLamps:
    """Lamps by name, and a buzzer, dark and silent from the moment they are claimed; a pin of None is none."""

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
        """Light a lamp or put it out; one that this box does not have is nothing."""
        device = self._devices.get(name)
        if device is not None:
            device.value = lit

    def close(self) -> None:
        """Put all out, then give the pins back, which leaves their level as it is; again is nothing.

        One that fails does not keep another lit.
        """
        devices, self._devices = self._devices, {}
        with ExitStack() as stack:
            for device in devices.values():
                stack.callback(device.close)
            for device in devices.values():
                stack.callback(device.off)
