"""Reads and writes one layer of settings as TOML text.

Knows sections, keys and the format of the file; knows neither where the file is kept nor the other layers.
"""

from collections.abc import Iterator, Mapping

from config.errors import ConfigError, quoted
from config.files import toml_of
from config.kinds import Value
from config.schema import FIELDS, SECTIONS, find_field
from config.units import did_you_mean

_HEAD = "# Written by backbutton. Holds only what differs from the defaults and from the machine's own file.\n"


def read_layer(text: str) -> dict[str, Value]:
    """Return the values in a settings file, by key; ConfigError with all its faults."""
    values, faults = parse_layer(text)
    if faults:
        raise ConfigError(*faults)
    return values


def parse_layer(text: str) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the values of a settings file that can be read, and the faults of the others.

    ConfigError if nothing in it can be read.
    """
    faults: list[str] = []
    values: dict[str, Value] = {}
    for key, raw in _entries(toml_of(text, "a settings file"), faults):
        try:
            field = find_field(key)
            values[field.key] = field.check(raw)
        except ConfigError as error:
            faults.extend(error.faults)
    return values, tuple(faults)


def _entries(document: Mapping[str, object], faults: list[str]) -> Iterator[tuple[str, object]]:
    """Yield each key with its raw value; add unknown sections to `faults`."""
    for name, raw in document.items():
        if not isinstance(raw, dict):
            yield name, raw
        elif name in SECTIONS:
            yield from ((f"{name}.{tail}", value) for tail, value in raw.items())
        else:
            faults.append(f"unknown section {quoted(name)}{did_you_mean(name, SECTIONS)}")


def write_layer(values: Mapping[str, Value], head: str = _HEAD) -> str:
    """Return a settings file that holds these values, in the order of declaration, below a comment."""
    lines = [head]
    section = ""
    for field in (FIELDS[key] for key in FIELDS if key in values):
        if field.section != section:
            section = field.section
            lines.append(f"\n[{section}]\n")
        lines.append(f"{field.key.partition('.')[2]} = {field.literal(values[field.key])}\n")
    return "".join(lines)
