"""Reads what nmcli and iw print. Pure.

`nmcli -t` prints a table with a row a line, its cells separated by colons, or properties with one a line. Colons and
backslashes are escaped in tables only (nmcli(1), `--escape`).
"""

from config.record import dataclass

WIFI = "wifi"
DEVICE_FIELDS = ("DEVICE", "TYPE", "STATE", "CON-UUID", "CONNECTION")
_UNSET_COUNTRIES = ("00", "99")  # the rules for the whole world, and those of a driver that has no country


@dataclass(frozen=True, slots=True)
class Device:
    """A network device: its name and state in nmcli's words, and the connection on it, empty if there is none."""

    name: str
    state: str
    uuid: str = ""
    connection: str = ""

    @property
    def is_managed(self) -> bool:
        """Whether NetworkManager may use it."""
        return self.state != "unmanaged"

    @property
    def is_ready(self) -> bool:
        """Whether it can be used now: neither blocked nor without its driver."""
        return self.is_managed and self.state != "unavailable"

    @property
    def is_up(self) -> bool:
        """Whether its connection works."""
        return self.state.startswith("connected")


def cells(row: str) -> list[str]:
    r"""Return the cells of a table's row: `a\:b:c` has two."""
    found, escaped = [""], False
    for char in row:
        if escaped or char not in ":\\":
            found[-1] += char
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            found.append("")
    return found


def table(text: str) -> list[list[str]]:
    """Return the rows of a table."""
    return [cells(row) for row in text.splitlines() if row]


def properties(text: str) -> dict[str, str]:
    """Return the properties that `show` prints, by name."""
    pairs = (line.partition(":") for line in text.splitlines())
    return {name: value for name, _, value in pairs}


def wifi_devices(text: str) -> list[Device]:
    """Return the Wi-Fi devices in the table of devices, whose columns are DEVICE_FIELDS."""
    return [
        Device(name, state, uuid, connection) for name, kind, state, uuid, connection in table(text) if kind == WIFI
    ]


def country(text: str) -> str:
    """Return the country whose rules the radio follows, in two letters, from `iw reg get`; empty if none is set."""
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "country":
            code = rest.partition(":")[0]
            return "" if code in _UNSET_COUNTRIES else code
    return ""


def stations(text: str) -> int:
    """Return how many phones and computers have joined, from `iw dev NAME station dump`."""
    return sum(line.startswith("Station ") for line in text.splitlines())
