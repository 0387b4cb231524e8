"""Finds the GPIO chip of the Pi's header, and which board this is. Knows /dev, /sys and the header, not lines.

The label identifies the chip, never the number: on a Pi 5 that has been 0 and 4, depending on the kernel.
"""

import errno
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gpiozero import PinUnknownPi
from gpiozero.pins.local import get_pi_revision

from hardware.errors import HardwareError

# Labels that the kernel's drivers give the header's chip: Pi 0 to 3, Pi 4, Pi 5.
HEADER_LABELS = ("pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1")
# Unlike /proc, it is readable in a unit with ProcSubset=pid.
SYS_REVISION = "sys/firmware/devicetree/base/system/linux,revision"
NEW_STYLE = 0x800000  # this bit is set if the revision's bits encode the board's features
LAST_PULLED_UP = 8  # at reset; 9 to 27 are pulled down (BCM2835 peripherals, table 6-31; RP1 the same)
LAST_HEADER_PIN = 27  # higher ones are on Compute Modules, where each differs

ChipOpener = Callable[[str], Any]


class NoChipError(HardwareError, FileNotFoundError):
    """No GPIO chip belongs to a Pi's header."""


class ChipPermissionError(HardwareError, PermissionError):
    """This user may not open the GPIO chip."""


class ChipLostError(HardwareError, OSError):
    """The GPIO chip disappeared while in use."""


class LineBusyError(HardwareError, OSError):
    """Another program holds the line."""


class EdgesMissedError(HardwareError, OSError):
    """The kernel dropped edges of an input, because they were not read in time."""


class BoardUnknownError(HardwareError, PinUnknownPi):
    """This Raspberry Pi's revision cannot be read."""


def open_header_chip(root: Path, open_chip: ChipOpener) -> Any:
    """Open the header's chip; raises NoChipError or ChipPermissionError, with the chips found instead."""
    others, denied = [], []
    for path in sorted((root / "dev").glob("gpiochip*"), key=lambda path: (len(path.name), path.name)):
        try:
            chip = open_chip(str(path))
        except PermissionError:
            denied.append(path.name)
            continue
        except OSError as error:
            others.append(f"{path.name} ({error.strerror})")
            continue
        label = _label(chip)
        if label in HEADER_LABELS:
            return chip
        chip.close()
        others.append(f"{path.name} ({label})")
    raise _not_found(others, denied)


def _label(chip: Any) -> str:
    try:
        return str(chip.get_info().label)
    except OSError as error:  # it has just disappeared
        return str(error.strerror)


def _not_found(others: list[str], denied: list[str]) -> HardwareError:
    if denied:
        return ChipPermissionError(
            f"this user may not open {', '.join(f'/dev/{name}' for name in denied)}; "
            "add it to the group gpio and log in again: sudo usermod -aG gpio NAME"
        )
    if others:
        return NoChipError(
            f"none of the GPIO chips is a Raspberry Pi's header: {', '.join(others)}; "
            f"it would be called {', '.join(HEADER_LABELS[:-1])} or {HEADER_LABELS[-1]}"
        )
    return NoChipError(
        "there is no GPIO chip, no /dev/gpiochip*: this is no Raspberry Pi, or its kernel has no driver"
    )


def line_error(pin: str, chip: Any, number: int, error: OSError) -> HardwareError:
    """Return an error that explains why the kernel refused something about a line."""
    if error.errno == errno.EBUSY:
        consumer = chip.get_line_info(number).consumer
        holder = f'"{consumer}"' if consumer else "another program"
        return LineBusyError(f"{pin} is in use by {holder}; stop that program, or choose another pin")
    if error.errno in {errno.ENODEV, errno.ENXIO}:
        return ChipLostError(f"{pin} is gone: the kernel has lost its GPIO chip; switch the Pi off and on")
    return HardwareError(f"{pin} cannot be used; the kernel says: {error.strerror}")


def board_revision(root: Path) -> int:
    """Return the Pi's revision code, from /sys or as gpiozero finds it; raises BoardUnknownError if both fail."""
    try:
        (revision,) = struct.unpack(">L", (root / SYS_REVISION).read_bytes())
    except (OSError, struct.error):
        return _gpiozero_revision()
    # The higher bits of an old-style code say that the Pi 1 was overvolted.
    return int(revision if revision & NEW_STYLE else revision & 0xFFFF)


def _gpiozero_revision() -> int:
    try:
        return int(get_pi_revision())
    except (OSError, PinUnknownPi):
        raise BoardUnknownError("the revision of this Raspberry Pi cannot be read; pass its revision code") from None


def board_pull(pin: Any) -> str:
    """Return "up" for a pin with a pull-up resistor on the board (GPIO2 and 3), else ""."""
    if hasattr(pin, "info"):
        return str(pin.info.pull)
    return "up" if pin.factory.pi_info.pulled_up(repr(pin)) else ""


def reset_pull(number: int) -> str:
    """Return the pull of a header pin at reset, the same on every Pi."""
    if number > LAST_HEADER_PIN:
        return "unknown"
    return "up" if number <= LAST_PULLED_UP else "down"
