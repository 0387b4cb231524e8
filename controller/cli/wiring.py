"""`backbutton wiring`: shows the Pi's header with the pins of the settings on it, and warns of unsuitable pins.

Knows the header and the circuits of docs/build-the-box.md. Touches no pin, and runs on any computer.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from config.record import dataclass
from config.schema import FIELDS, Settings, value_of
from config.store import SettingsStore
from hardware.errors import UnsafePinError
from hardware.lines import check_line_pin
from hardware.timeline import Line

# Pins 1 to 40, the same on every Pi since the B+ (Raspberry Pi documentation, "GPIO and the 40-pin header");
# a test compares gpiozero's.
HEADER = (
    "3V3", "5V", "GPIO2", "5V", "GPIO3", "GND", "GPIO4", "GPIO14", "GND", "GPIO15",
    "GPIO17", "GPIO18", "GPIO27", "GND", "GPIO22", "GPIO23", "3V3", "GPIO24", "GPIO10", "GND",
    "GPIO9", "GPIO25", "GPIO11", "GPIO8", "GND", "GPIO7", "GPIO0", "GPIO1", "GPIO5", "GND",
    "GPIO6", "GPIO12", "GPIO13", "GND", "GPIO19", "GPIO16", "GPIO26", "GPIO20", "GND", "GPIO21",
)  # fmt: skip

# What the firmware and common overlays use a pin for (the same page, and raspberrypi/firmware overlays/README).
_OTHER_USES = {
    **dict.fromkeys((0, 1), "on which the Pi looks for a HAT's EEPROM at boot"),
    **dict.fromkeys((2, 3), "of I2C (dtparam=i2c_arm)"),
    **dict.fromkeys(range(7, 12), "of SPI (dtparam=spi)"),
    **dict.fromkeys((14, 15), "of the serial port (enable_uart)"),
}

_LINES = {f"pins.{line.value}": line for line in Line}

# By the last word of the setting's name; docs/build-the-box.md explains the values.
_CONTACT = "470 ohm to an opto's LED; 10 k to ground"
_CIRCUITS = {
    "focus": _CONTACT,
    "shutter": _CONTACT,
    "button": "push button to ground, nothing else",
    "lamp": "470 ohm, then an LED to ground",
    "buzzer": "1 k to an NPN's base; buzzer on 5V",
    "sync": "an opto's transistor to ground",
}


@dataclass(frozen=True, slots=True)
class Connection:
    """A part and where it is connected: its setting, name, BCM number and header pin (None if unset), and circuit."""

    setting: str
    what: str
    bcm: int | None
    pin: int | None
    circuit: str


def run_wiring(options: argparse.Namespace) -> int:
    """Print the header and the connections of the settings files, as text or JSON, and return 0."""
    settings = SettingsStore(options.config, options.state_dir).load()
    print(as_json(settings) if options.json else as_text(settings))
    return 0


def connections(settings: Settings) -> tuple[Connection, ...]:
    """Return a connection for each pin setting, in the order of declaration."""
    return tuple(
        _connection(field.key, field.name, value_of(settings, field.key))
        for field in FIELDS.values()
        if field.section == "pins"
    )


def header_pin(bcm: int) -> int:
    """Return the header pin of a BCM number from 0 to 27."""
    return HEADER.index(f"GPIO{bcm}") + 1


def warnings(settings: Settings) -> tuple[str, ...]:
    """Return a sentence for each pin that is unsuitable for a contact, or that the Pi may use for something else."""
    return tuple(sentence for connection in connections(settings) for sentence in _warning(connection))


def as_text(settings: Settings) -> str:
    """Return the header seen from above and the list of connections, in 80 columns; then a line for each warning."""
    warning_lines = [f"warning: {sentence}" for sentence in warnings(settings)]
    blank = [""] if warning_lines else []
    return "\n".join((*header_lines(settings), "", *_list_lines(settings), *blank, *warning_lines))


def as_json(settings: Settings) -> str:
    """Return the same as a JSON object with `header`, `connections` and `warnings`."""
    parts = _parts_by_pin(settings)
    header = [{"pin": pin, "name": name, "what": parts.get(pin)} for pin, name in enumerate(HEADER, 1)]
    rows = [asdict(connection) for connection in connections(settings)]
    return json.dumps({"header": header, "connections": rows, "warnings": warnings(settings)}, indent=2)


def header_lines(settings: Settings) -> Iterator[str]:
    """Yield the header, two pins a line, with the SD card slot at the top and the edge of the board on the right."""
    parts = _parts_by_pin(settings)
    for odd in range(1, len(HEADER), 2):
        left, right = parts.get(odd, ""), parts.get(odd + 1, "")
        names = f"{HEADER[odd - 1]:>6}  ({odd:2}) ({odd + 1:2})  {HEADER[odd]:<6}"
        yield f"{left:>16}  {names}  {right}".rstrip()


def _parts_by_pin(settings: Settings) -> dict[int | None, str]:
    return {connection.pin: connection.what for connection in connections(settings)}


def _connection(setting: str, name: str, value: object) -> Connection:
    bcm = value if isinstance(value, int) else None
    words = name.split("_")
    what = name.upper() if setting in _LINES else " ".join(reversed(words))
    return Connection(setting, what, bcm, None if bcm is None else header_pin(bcm), _CIRCUITS[words[-1]])


def _list_lines(settings: Settings) -> Iterator[str]:
    yield f"{'setting':<20}  {'BCM':<6}  {'pin':>3}  what to connect"
    for connection in connections(settings):
        bcm, pin = ("unset", "-") if connection.bcm is None else (f"GPIO{connection.bcm}", connection.pin)
        yield f"{connection.setting:<20}  {bcm:<6}  {pin:>3}  {connection.circuit}"


def _warning(connection: Connection) -> Iterator[str]:
    if connection.bcm is None:
        return
    if connection.setting in _LINES:
        try:
            check_line_pin(_LINES[connection.setting], connection.bcm)
        except UnsafePinError as error:
            yield str(error)
            return
    if connection.bcm in _OTHER_USES:
        use = f"GPIO{connection.bcm} is also a pin {_OTHER_USES[connection.bcm]}"
        yield f"{connection.setting}: {use}; keep that switched off, or choose another pin"
