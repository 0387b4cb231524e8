"""The Pi's header with the settings' pins on it: what goes where, and what had better go elsewhere.

Knows the header and the circuits of docs/build-the-box.md; touches no pin and runs on any computer.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict

from config.record import dataclass
from config.schema import FIELDS, Settings, value_of
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

# What the firmware and the usual overlays do with a pin (the same page, and raspberrypi/firmware overlays/README).
_ALSO = {
    **dict.fromkeys((0, 1), "where a HAT's EEPROM is asked for at boot"),
    **dict.fromkeys((2, 3), "of I2C (dtparam=i2c_arm)"),
    **dict.fromkeys(range(7, 12), "of SPI (dtparam=spi)"),
    **dict.fromkeys((14, 15), "of the serial port (enable_uart)"),
}

_LINES = {f"pins.{line.value}": line for line in Line}

# By the last word of a setting's name; values and reasons in docs/build-the-box.md.
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
    """One of the box's pins: its setting, its BCM number and header pin (None: unset), and its circuit."""

    setting: str
    what: str
    bcm: int | None
    pin: int | None
    circuit: str


def connections(settings: Settings) -> tuple[Connection, ...]:
    """Every pin setting there is, in the order of their declaration."""
    return tuple(
        _connection(field.key, field.name, value_of(settings, field.key))
        for field in FIELDS.values()
        if field.section == "pins"
    )


def header_pin(bcm: int) -> int:
    """The header's pin of a BCM number from 0 to 27."""
    return HEADER.index(f"GPIO{bcm}") + 1


def warnings(settings: Settings) -> tuple[str, ...]:
    """A sentence for every pin that cannot be used for a contact, or that the Pi may want for itself."""
    return tuple(sentence for each in connections(settings) for sentence in _warning(each))


def as_text(settings: Settings) -> str:
    """The header as one looks down on it and the list of connections, in 80 columns; then a line a warning."""
    caution = [f"warning: {sentence}" for sentence in warnings(settings)]
    return "\n".join((*header_lines(settings), "", *_list_lines(settings), *([""] if caution else []), *caution))


def as_json(settings: Settings) -> str:
    """The same for a script: an object of `header`, `connections` and `warnings`."""
    ours = {each.pin: each.what for each in connections(settings)}
    header = [{"pin": pin, "name": name, "what": ours.get(pin)} for pin, name in enumerate(HEADER, 1)]
    found = [asdict(each) for each in connections(settings)]
    return json.dumps({"header": header, "connections": found, "warnings": warnings(settings)}, indent=2)


def header_lines(settings: Settings) -> Iterator[str]:
    """The header, two pins a line: card slot above, the edge of the board at the right."""
    ours = {each.pin: each.what for each in connections(settings)}
    for odd in range(1, len(HEADER), 2):
        left, right = ours.get(odd, ""), ours.get(odd + 1, "")
        names = f"{HEADER[odd - 1]:>6}  ({odd:2}) ({odd + 1:2})  {HEADER[odd]:<6}"
        yield f"{left:>16}  {names}  {right}".rstrip()


def _connection(setting: str, name: str, value: object) -> Connection:
    bcm = value if isinstance(value, int) else None
    words = name.split("_")
    what = name.upper() if setting in _LINES else " ".join(reversed(words))
    return Connection(setting, what, bcm, None if bcm is None else header_pin(bcm), _CIRCUITS[words[-1]])


def _list_lines(settings: Settings) -> Iterator[str]:
    yield f"{'setting':<20}  {'BCM':<6}  {'pin':>3}  what goes there"
    for each in connections(settings):
        bcm, pin = ("unset", "-") if each.bcm is None else (f"GPIO{each.bcm}", each.pin)
        yield f"{each.setting:<20}  {bcm:<6}  {pin:>3}  {each.circuit}"


def _warning(each: Connection) -> Iterator[str]:
    if each.bcm is None:
        return
    if each.setting in _LINES:
        try:
            check_line_pin(_LINES[each.setting], each.bcm)
        except UnsafePinError as error:
            yield str(error)
            return
    if each.bcm in _ALSO:
        yield f"{each.setting}: GPIO{each.bcm} is also a pin {_ALSO[each.bcm]}; leave that off, or choose another pin"
