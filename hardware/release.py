"""Opens both contacts after the daemon has died: drives the pins of the two lines low.

A Raspberry Pi's kernel leaves an output driven after its process dies. This program runs next, so it must be quick:
no gpiozero, no settings schema. It takes the pins from the record that the last daemon wrote, else from the settings
files, else the built-in ones.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hardware.errors import HardwareError

DEFAULT_PINS = (17, 27)  # the defaults of pins.focus and pins.shutter; a test compares
KEYS = ("focus", "shutter")
HEADER_PINS = range(28)
HEADER_LABELS = ("pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1")  # as in hardware.chip_find; a test compares
CONSUMER = "backbutton-release"
_LARGEST_BYTES = 1 << 20  # of a settings file

Pins = tuple[int, int]


@contextmanager
def pin_record(pins: Pins, record: Path) -> Iterator[None]:
    """Keep a file that names the driven pins while inside: by the time of a crash the settings may name others.

    Raises OSError if the file cannot be written.
    """
    new = record.with_name(f"{record.name}.new")
    new.write_text(f"{pins[0]} {pins[1]}\n", encoding="ascii")
    new.replace(record)
    yield
    record.unlink(missing_ok=True)  # not after an exception: release_lines will need it


def release_lines(
    record: Path, settings: Sequence[Path], *, open_chip: Callable[[str], Any] | None = None, root: Path = Path("/")
) -> str:
    """Drive the lines low. Returns one sentence about what went wrong, "" if they are low or there is no chip.

    `settings` are files; a later one overrides an earlier one.
    """
    pins, warning = _line_pins(record, settings)
    try:
        chip = _header_chip(root, open_chip)
        if chip is None:
            return ""
        with chip:
            failures = [failure for pin in pins if (failure := _drive_low(chip, pin))]
    except (HardwareError, OSError) as error:
        return str(error)
    return "; ".join(failures) or warning


def _line_pins(record: Path, settings: Sequence[Path]) -> tuple[Pins, str]:
    """Return the pins, and a warning if they may be the wrong ones."""
    pins = _recorded(record)
    if pins is not None:
        return pins, ""
    try:
        return _pins_from_settings(settings), ""
    except (OSError, ValueError) as error:
        pins, problem = _line_pins(record, settings[:-1]) if settings else (DEFAULT_PINS, "")
        kind = "built-in pins" if pins == DEFAULT_PINS else "pins"
        return pins, problem or f"{error}; the {kind} {pins[0]} and {pins[1]} were driven low instead"


def _recorded(record: Path) -> Pins | None:
    with suppress(OSError, ValueError):
        focus, shutter = map(int, record.read_text(encoding="ascii").split())
        if focus in HEADER_PINS and shutter in HEADER_PINS:
            return focus, shutter
    return None


def _pins_from_settings(settings: Sequence[Path]) -> Pins:
    """Return the pins in the settings; raises OSError or ValueError if a file cannot be read."""
    pins: dict[str, int] = {}
    for path in settings:
        with suppress(FileNotFoundError):
            pins |= _pins_in(path)
    focus, shutter = (pins.get(key, default) for key, default in zip(KEYS, DEFAULT_PINS, strict=True))
    return focus, shutter


def _content(path: Path) -> bytes:
    """Return the start of a file, without waiting for one that blocks its reader, such as a pipe."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(descriptor, _LARGEST_BYTES)
    finally:
        os.close(descriptor)


def _pins_in(path: Path) -> dict[str, int]:
    import tomllib  # noqa: PLC0415 - a fifth of the start-up time, and mostly there is a record

    try:
        pins = tomllib.loads(_content(path).decode("utf-8-sig")).get("pins", {})
    except ValueError as error:
        raise ValueError(f"{path} is not a TOML file") from error
    line_pins = {key: pins[key] for key in KEYS if key in pins} if isinstance(pins, dict) else {}
    for key, pin in line_pins.items():
        if type(pin) is not int or pin not in HEADER_PINS:
            raise ValueError(f"{path}: pins.{key} is not a pin of the header")
    return line_pins


def _header_chip(root: Path, open_chip: Callable[[str], Any] | None) -> Any:
    """Open the chip of the header; None if there is none. Raises HardwareError if it may be one that did not open."""
    paths = sorted((root / "dev").glob("gpiochip*"))
    if not paths:
        return None
    denied = None
    for path in paths:
        try:
            chip = (open_chip or _gpiod().Chip)(str(path))
        except OSError as error:
            denied = f"{path}: {error.strerror or error}; sudo backbutton release-lines"
            continue
        if chip.get_info().label in HEADER_LABELS:
            return chip
        chip.close()
    if denied is not None:
        raise HardwareError(denied)
    return None


def _drive_low(chip: Any, pin: int) -> str:
    """Drive a pin low; returns a sentence if that fails, else ""."""
    gpiod = _gpiod()
    low = gpiod.LineSettings(direction=gpiod.line.Direction.OUTPUT, output_value=gpiod.line.Value.INACTIVE)
    try:
        chip.request_lines(config={pin: low}, consumer=CONSUMER).release()
    except OSError as error:
        if error.errno != errno.EBUSY:
            return f"GPIO{pin} cannot be driven: {error.strerror or error}"
        holder = chip.get_line_info(pin).consumer or "another program"
        return f"GPIO{pin} is held by {holder}; stop it first: sudo systemctl stop backbutton"
    return ""


def _gpiod() -> Any:
    try:
        import gpiod  # noqa: PLC0415 - half of the start-up time, and useless without a chip
    except ImportError as error:
        raise HardwareError("the package gpiod is missing; run: sudo apt install python3-libgpiod") from error
    return gpiod
