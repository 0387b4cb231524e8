"""The two output lines. Above this module a line is closed or open; only this module knows high and low.

Lines are active-high, on pins that pull down at reset, so that boot, crash and halt mean open contacts.
"""

from typing import Any, Protocol

from gpiozero import DigitalOutputDevice

from hardware.errors import UnsafePinError
from hardware.timeline import Line

# These pins pull up from power-on until software changes it (BCM2835's table of reset pulls): a closed contact.
_PULLED_UP_AT_RESET = range(9)
_UART = (14, 15)  # the Pi drives 14 high while it boots


class Lines(Protocol):
    """The two contacts."""

    def write(self, line: Line, closed: bool) -> None:
        """Close or open one line now."""

    def open_all(self) -> None:
        """Open both lines now, SHUTTER first; idempotent, and safe in a signal handler."""


class GpioLines:
    """The two lines on gpiozero output devices; both are open from the moment they are claimed.

    Raises UnsafePinError, before it claims anything, for a pin that would close a contact at boot.
    """

    def __init__(self, focus_pin: int, shutter_pin: int, pin_factory: Any) -> None:
        check_line_pins(focus_pin, shutter_pin)
        self._devices = {
            Line.SHUTTER: DigitalOutputDevice(shutter_pin, initial_value=False, pin_factory=pin_factory),
            Line.FOCUS: DigitalOutputDevice(focus_pin, initial_value=False, pin_factory=pin_factory),
        }
        self._pins = {line: device.pin for line, device in self._devices.items()}

    def write(self, line: Line, closed: bool) -> None:
        """Close or open one line now."""
        self._pins[line].state = closed

    def open_all(self) -> None:
        """Open both lines now, SHUTTER first; a pin that fails does not keep the other line closed."""
        try:
            self._open(Line.SHUTTER)
        finally:
            self._open(Line.FOCUS)

    def is_closed(self, line: Line) -> bool:
        """Return whether a line is closed, read back from its pin."""
        return bool(self._pins[line].state)

    def close(self) -> None:
        """Open both lines, then release the pins; gpiozero's own close would keep their level. Idempotent.

        After that `open_all` does nothing.
        """
        self.open_all()
        self._pins.clear()
        for device in self._devices.values():
            device.close()

    def _open(self, line: Line) -> None:
        pin = self._pins.get(line)
        if pin is not None:
            pin.state = False


def check_line_pins(focus_pin: int, shutter_pin: int) -> None:
    """Raise UnsafePinError, with the name of the setting, for a pin that would close a contact at boot."""
    check_line_pin(Line.FOCUS, focus_pin)
    check_line_pin(Line.SHUTTER, shutter_pin)


def check_line_pin(line: Line, pin: int) -> None:
    """Check the pin of one line, as `check_line_pins` does for both."""
    if pin in _PULLED_UP_AT_RESET:
        reason = "pulls up at reset, so the contact would be closed while the Pi boots"
    elif pin in _UART:
        reason = "belongs to the serial port, and goes high while the Pi boots"
    else:
        return
    raise UnsafePinError(f"pins.{line.value}: GPIO{pin} {reason}; choose from 9 to 13 and 16 to 27")


class Latch:
    """The emergency latch: once tripped, both lines are open and the player closes nothing any more.

    Any thread or signal handler may trip it. The player, the only other writer of the lines, reads `tripped` before
    every closing and after every edge, and opens both lines if it is set: a write that raced with the trip is undone.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.tripped = False

    def trip(self) -> None:
        """Open both lines now, for the rest of this process; idempotent."""
        self.tripped = True
        self._lines.open_all()
