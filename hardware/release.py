"""Opens both contacts without the daemon, whatever became of it: drives the pins of the two lines low.

A Raspberry Pi's kernel leaves an output driven after its process dies. This runs after it, so it must be quick:
no gpiozero, no settings schema. Which pins: those the last daemon wrote down that it drives, else those of the
settings files, else the built-in ones.
"""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hardware.errors import HardwareError

DEFAULT_PINS = (17, 27)  # pins.focus and pins.shutter as they are built in; a test compares
KEYS = ("focus", "shutter")
HEADER_PINS = range(28)
HEADER_LABELS = ("pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1")  # as in hardware.chip_find; a test compares
CONSUMER = "backbutton-release"

Pins = tuple[int, int]


@contextmanager
def pin_record(pins: Pins, record: Path) -> Iterator[None]:
    """Keep a record of the pins that are driven while inside: settings may name others by the time of a crash.

    OSError if it cannot be written.
    """
    new = record.with_name(f"{record.name}.new")
    new.write_text(f"{pins[0]} {pins[1]}\n", encoding="ascii")
    new.replace(record)
    yield
    record.unlink(missing_ok=True)  # only if all went well: after an exception somebody may want to know


def release_lines(
    record: Path, settings: Sequence[Path], *, open_chip: Callable[[str], Any] | None = None, root: Path = Path("/")
) -> str:
    """Drive the lines low; returns one sentence about what is in the way, "" if they are low or there is no chip.

    `settings` are the files, the later above the earlier.
    """
    pins, doubt = _line_pins(record, settings)
    try:
        chip = _header_chip(root, open_chip)
        if chip is None:
            return ""
        with chip:
            troubles = [trouble for pin in pins if (trouble := _drive_low(chip, pin))]
    except (HardwareError, OSError) as error:
        return str(error)
    return "; ".join(troubles) or doubt


def _line_pins(record: Path, settings: Sequence[Path]) -> tuple[Pins, str]:
    """Return the pins, and a sentence if they may be others."""
    pins = _recorded(record)
    if pins is not None:
        return pins, ""
    try:
        return _set(settings), ""
    except (OSError, ValueError) as error:
        focus, shutter = DEFAULT_PINS
        return DEFAULT_PINS, f"{error}; the built-in pins {focus} and {shutter} were driven low instead"


def _recorded(record: Path) -> Pins | None:
    with suppress(OSError, ValueError):
        focus, shutter = map(int, record.read_text(encoding="ascii").split())
        if focus in HEADER_PINS and shutter in HEADER_PINS:
            return focus, shutter
    return None


def _set(settings: Sequence[Path]) -> Pins:
    """Return the pins of the settings; OSError or ValueError where a file cannot be read."""
    named: dict[str, int] = {}
    for path in settings:
        with suppress(FileNotFoundError):
            named |= _named(path)
    focus, shutter = (named.get(key, default) for key, default in zip(KEYS, DEFAULT_PINS, strict=True))
    return focus, shutter


def _named(path: Path) -> dict[str, int]:
    import tomllib  # noqa: PLC0415 - a fifth of what this program takes to start, and mostly there is a record

    try:
        pins = tomllib.loads(path.read_bytes().decode("utf-8-sig")).get("pins", {})
    except ValueError as error:
        raise ValueError(f"{path}: this is not TOML") from error
    found = {key: pins[key] for key in KEYS if key in pins} if isinstance(pins, dict) else {}
    for key, pin in found.items():
        if type(pin) is not int or pin not in HEADER_PINS:
            raise ValueError(f"{path}: pins.{key} is no pin of the header")
    return found


def _header_chip(root: Path, open_chip: Callable[[str], Any] | None) -> Any:
    """Open the chip behind the header; None if there is none, HardwareError if it cannot be told."""
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
    """Drive a pin low; returns a sentence if that cannot be."""
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
        import gpiod  # noqa: PLC0415 - half of what this program takes to start, and of no use without a chip
    except ImportError as error:
        raise HardwareError("the package gpiod is missing; run: sudo apt install python3-libgpiod") from error
    return gpiod
