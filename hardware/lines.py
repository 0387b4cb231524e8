"""The two output lines. Above this module a line is closed or open; high and low end here.

Active-high only: a pin that pulls down at reset then means an open contact at boot, crash and halt.
"""

from typing import Any, Protocol

from gpiozero import DigitalOutputDevice

from hardware.errors import UnsafePinError
from hardware.timeline import Line

# These pull up from power-on until somebody says otherwise (BCM2835's table of reset pulls): a closed contact.
_PULLED_UP_AT_RESET = range(9)
_UART = (14, 15)  # 14 is driven high while the Pi boots


class Lines(Protocol):
    """Two contacts that can be closed and opened."""

    def write(self, line: Line, closed: bool) -> None:
        """Close or open one line, at once."""

    def open_all(self) -> None:
        """Open both lines, SHUTTER first, at once; safe from a signal handler and any number of times."""


class GpioLines:
    """The two lines on gpiozero output devices; both are open from the moment they are claimed.

    UnsafePinError, before anything is claimed, for a pin that would close a contact at boot.
    """

    def __init__(self, focus_pin: int, shutter_pin: int, pin_factory: Any) -> None:
        check_line_pins(focus_pin, shutter_pin)
        self._devices = {
            Line.SHUTTER: DigitalOutputDevice(shutter_pin, initial_value=False, pin_factory=pin_factory),
            Line.FOCUS: DigitalOutputDevice(focus_pin, initial_value=False, pin_factory=pin_factory),
        }
        self._pins = {line: device.pin for line, device in self._devices.items()}

    def write(self, line: Line, closed: bool) -> None:
        """Close or open one line, at once."""
        self._pins[line].state = closed

    def open_all(self) -> None:
        """Open both lines, SHUTTER first, at once; a pin that fails does not keep the other closed."""
        try:
            self._open(Line.SHUTTER)
        finally:
            self._open(Line.FOCUS)

    def is_closed(self, line: Line) -> bool:
        """Read a line back from its pin."""
        return bool(self._pins[line].state)

    def close(self) -> None:
        """Open both lines, then give the pins back; gpiozero's own close leaves the level as it is.

        After that `open_all` is nothing, and so is another `close`.
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
    """Raise UnsafePinError, with the key of the setting, for a pin that would close a contact at boot."""
    check_line_pin(Line.FOCUS, focus_pin)
    check_line_pin(Line.SHUTTER, shutter_pin)


def check_line_pin(line: Line, pin: int) -> None:
    """Raise UnsafePinError for one line, as `check_line_pins` does for both."""
    if pin in _PULLED_UP_AT_RESET:
        why = "pulls up at reset, so the contact would be closed while the Pi boots"
    elif pin in _UART:
        why = "is the serial port's, and goes high while the Pi boots"
    else:
        return
    raise UnsafePinError(f"pins.{line.value}: GPIO{pin} {why}; choose from 9 to 13 and 16 to 27")


class Latch:
    """The emergency latch: one way, from any thread or signal handler, both lines open and nothing closes.

    The player is the only other writer of the lines; it reads `tripped` before every closing edge and opens
    both again when it sees it, so a write that raced with the trip does not stand.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.tripped = False

    def trip(self) -> None:
        """Open both lines now and for good."""
        self.tripped = True
        self._lines.open_all()
