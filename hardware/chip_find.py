"""Finds the chip behind the Pi's header, and tells what board it is on. Knows /dev, /sys and the header, no lines.

The header's chip is known by its label and never by its number: that has been 0 and 4 on a Pi 5, by kernel.
"""

import errno
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gpiozero import PinUnknownPi
from gpiozero.pins.local import get_pi_revision

from hardware.errors import HardwareError

# Labels of the chip behind the header, by the drivers of the kernel: Pi 0 to 3, Pi 4, Pi 5.
HEADER_LABELS = ("pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1")
# Other than /proc this is still there in a unit with ProcSubset=pid.
SYS_REVISION = "sys/firmware/devicetree/base/system/linux,revision"
NEW_STYLE = 0x800000  # a revision of this style tells the board's features in its bits
LAST_PULLED_UP = 8  # at reset; 9 to 27 are pulled down (BCM2835 peripherals, table 6-31; RP1 the same)
LAST_HEADER_PIN = 27  # above: of a Compute Module, each its own

ChipOpener = Callable[[str], Any]


class NoChipError(HardwareError, FileNotFoundError):
    """There is no GPIO chip with a Pi's header."""


class ChipPermissionError(HardwareError, PermissionError):
    """This user may not open the GPIO chip."""


class ChipLostError(HardwareError, OSError):
    """The GPIO chip went away while it was in use."""


class LineBusyError(HardwareError, OSError):
    """Another program has the line."""


class EdgesMissedError(HardwareError, OSError):
    """The kernel had to drop edges of an input, for they were not read in time."""


class BoardUnknownError(HardwareError, PinUnknownPi):
    """Nothing tells which Raspberry Pi this is."""


def open_header_chip(root: Path, open_chip: ChipOpener) -> Any:
    """Open the chip behind the header; NoChipError or ChipPermissionError, with what was found instead."""
    seen, closed = [], []
    for path in sorted((root / "dev").glob("gpiochip*"), key=lambda path: (len(path.name), path.name)):
        try:
            chip = open_chip(str(path))
        except PermissionError:
            closed.append(path.name)
            continue
        except OSError as error:
            seen.append(f"{path.name} ({error.strerror})")
            continue
        label = _label(chip)
        if label in HEADER_LABELS:
            return chip
        chip.close()
        seen.append(f"{path.name} ({label})")
    raise _not_found(seen, closed)


def _label(chip: Any) -> str:
    try:
        return str(chip.get_info().label)
    except OSError as error:  # it went away in this moment
        return str(error.strerror)


def _not_found(seen: list[str], closed: list[str]) -> HardwareError:
    if closed:
        return ChipPermissionError(
            f"this user may not open {', '.join(f'/dev/{name}' for name in closed)}; "
            "add it to the group gpio and log in again: sudo usermod -aG gpio NAME"
        )
    if seen:
        return NoChipError(
            f"none of the GPIO chips is a Raspberry Pi's header: {', '.join(seen)}; "
            f"it would be called {', '.join(HEADER_LABELS[:-1])} or {HEADER_LABELS[-1]}"
        )
    return NoChipError(
        "there is no GPIO chip, no /dev/gpiochip*: this is no Raspberry Pi, or its kernel has no driver"
    )


def line_error(pin: str, chip: Any, number: int, error: OSError) -> HardwareError:
    """Say what the kernel meant when it refused something of a line."""
    if error.errno == errno.EBUSY:
        consumer = chip.get_line_info(number).consumer
        who = f'"{consumer}"' if consumer else "another program"
        return LineBusyError(f"{pin} is in use by {who}; stop that program, or choose another pin")
    if error.errno in {errno.ENODEV, errno.ENXIO}:
        return ChipLostError(f"{pin} is gone: the kernel has lost its GPIO chip; switch the Pi off and on")
    return HardwareError(f"{pin} cannot be used: the kernel says: {error.strerror}")


def board_revision(root: Path) -> int:
    """Return the revision code of the Pi, from /sys or the way gpiozero finds it; BoardUnknownError if neither."""
    try:
        (revision,) = struct.unpack(">L", (root / SYS_REVISION).read_bytes())
    except (OSError, struct.error):
        return _gpiozero_revision()
    return int(revision if revision & NEW_STYLE else revision & 0xFFFF)  # above: a Pi 1 that was overvolted


def _gpiozero_revision() -> int:
    try:
        return int(get_pi_revision())
    except (OSError, PinUnknownPi):
        raise BoardUnknownError("nothing tells which Raspberry Pi this is; give its revision code") from None


def board_of(factory: Any) -> Any:
    """Return gpiozero's data of the board: `board_info` of gpiozero 2, `pi_info` of 1.6."""
    return factory.board_info if hasattr(factory, "board_info") else factory.pi_info


def board_pull(pin: Any) -> str:
    """Return "up" for a pin that the board pulls up with a resistor of its own (GPIO2 and 3), else ""."""
    if hasattr(pin, "info"):
        return str(pin.info.pull)
    return "up" if pin.factory.pi_info.pulled_up(repr(pin)) else ""


def reset_pull(number: int) -> str:
    """Return the pull that every Pi gives a pin of its header at reset."""
    if number > LAST_HEADER_PIN:
        return "unknown"
    return "up" if number <= LAST_PULLED_UP else "down"
