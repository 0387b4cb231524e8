"""A box on real pins: those of the Pi's header, or of the gpiozero factory that GPIOZERO_PIN_FACTORY names.

Knows which errors pins may raise, and turns them into sentences; knows neither sockets nor signals.
"""

import os
from typing import Any

from gpiozero import Device, GPIOZeroError

from config.store import SettingsStore
from controller.box.assembly import assemble
from controller.box.loop import Inbox, Part
from controller.box.methods import Methods
from controller.errors import DaemonError
from hardware.clock import SystemClock
from hardware.errors import HardwareError
from hardware.lines import GpioLines


class Pins:
    """A box on the pins of the Pi's header, or of the gpiozero factory that GPIOZERO_PIN_FACTORY names."""

    def __init__(self, store: SettingsStore, clock: SystemClock) -> None:
        self.inbox = Inbox()
        self.factory = _pin_factory()
        try:
            self._claim(store, clock)
        except _errors_of_pins() as error:
            self.factory.close()  # and its pins: every line that has been claimed is an open contact
            raise DaemonError(f"the pins cannot be used: {error}; see: backbutton config --keys") from error
        self.methods = Methods(self.box, None)

    def _claim(self, store: SettingsStore, clock: SystemClock) -> None:
        pins = store.current.pins
        self._lines = GpioLines(pins.focus, pins.shutter, self.factory)
        self.box = assemble(store, clock, self.inbox, self._lines, self.factory, threaded=True)

    def parts(self) -> tuple[Part, ...]:
        """Return the parts that the loop has to step."""
        return tuple(part for part in (self.box.engine, self.box.lamps) if part is not None)

    def close(self) -> None:
        """Open both lines and release the pins."""
        self.box.close()
        self._lines.close()
        self.factory.close()


def _pin_factory() -> Any:
    if "GPIOZERO_PIN_FACTORY" not in os.environ:
        return _chip_factory()
    try:
        return Device._default_pin_factory()  # noqa: SLF001 - gpiozero offers no public way to ask for it
    except Exception as error:
        name = os.environ["GPIOZERO_PIN_FACTORY"]
        remedy = "unset it to use backbutton's own"
        raise DaemonError(
            f"the pin factory of GPIOZERO_PIN_FACTORY={name} cannot be used: {error}; {remedy}"
        ) from error


def _errors_of_pins() -> tuple[type[Exception], ...]:
    """Return the errors that pins may raise; for a factory that is not ours that can be any."""
    return (Exception,) if "GPIOZERO_PIN_FACTORY" in os.environ else (GPIOZeroError, HardwareError)


def _chip_factory() -> Any:
    try:
        from hardware.chip import ChipFactory  # noqa: PLC0415 - gpiod may be missing where there are no pins

        return ChipFactory()
    except ImportError as error:
        raise DaemonError("the package gpiod is missing; run: sudo apt install python3-libgpiod") from error
    except (GPIOZeroError, HardwareError) as error:
        raise DaemonError(f"{error}; to try the box without pins: backbutton run --bench") from error
