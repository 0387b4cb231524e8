"""Makes every name lead phones to the box: the file for NetworkManager's dnsmasq, and a question to it.

A phone asks for the pages with which it looks for the internet, and a person for http://backbutton.local; all get the
box's address. dnsmasq reads the file when a shared connection starts, and would apply it to every such connection, a
shared USB or Ethernet port too. So it is there only while the hotspot is on.
"""

import socket
import struct
from contextlib import suppress
from pathlib import Path
from threading import Event

from config.errors import ConfigError
from config.files import reason_of, staged, sync_folder, text_of
from controller.errors import CommandError

# NetworkManager gives shared connections 10.42.0.1, 10.42.1.1 and so on, so a laptop that shares its own connection
# with the box by cable is 10.42.0.1 already. The file needs an address that does not change.
ADDRESS = "10.42.42.1"
HOST = "backbutton.local"
PAGES = (f"http://{HOST}", f"http://{ADDRESS}")
NAMES_FILE = Path("/etc/NetworkManager/dnsmasq-shared.d/backbutton.conf")
_TEXT = f"""\
# Written by `backbutton hotspot on`, removed by `backbutton hotspot off`: every name leads to the box.
address=/#/{ADDRESS}
# No other question is passed on, as for IPv6 addresses: phones get an empty answer, not an error.
local=/#/
"""
_PORT = 53
_TRIES, _PAUSE_S = 40, 0.25  # dnsmasq starts in less than a second; a slow Pi gets ten
_TYPE_A, _CLASS_IN, _RECURSE = 1, 1, 0x0100
_HEADER = struct.Struct(">HHHHHH")


class NamesFile:
    """The file; `write` and `remove` may be repeated."""

    def __init__(self, path: Path = NAMES_FILE) -> None:
        self._path = path

    @property
    def is_written(self) -> bool:
        """Whether it is there, as this version writes it."""
        try:
            return text_of(self._path, "a dnsmasq file") == _TEXT
        except (OSError, ConfigError):
            return False

    def write(self) -> None:
        """Write it; CommandError if that fails."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with staged(self._path, _TEXT.encode()) as new:
                new.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            raise CommandError("refused", f"{self._path} cannot be written: {reason_of(error)}") from None

    def remove(self) -> None:
        """Remove it; CommandError if that fails."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise CommandError("refused", f"{self._path} cannot be removed: {reason_of(error)}") from None


def are_answered(address: str = ADDRESS, port: int = _PORT) -> bool:
    """Return whether the box's name leads to the box for whoever asks at that address; waits until it is so."""
    for _ in range(_TRIES):
        if _answer(address, port) == ADDRESS:
            return True
        Event().wait(_PAUSE_S)
    return False


def _answer(address: str, port: int) -> str:
    """Return the address that a name server gives for the box's name; empty if it does not answer."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(_PAUSE_S)
        asker.connect((address, port))  # so that a port where nobody listens is an error
        asker.send(question(HOST))
        return last_address(asker.recv(512))
    return ""


def question(name: str) -> bytes:
    """Return a DNS question for the address of a name (RFC 1035, section 4)."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return _HEADER.pack(1, _RECURSE, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", _TYPE_A, _CLASS_IN)


def last_address(reply: bytes) -> str:
    """Return the address at the end of a DNS reply; empty if it has none."""
    if len(reply) < _HEADER.size or _HEADER.unpack_from(reply)[3] == 0:
        return ""
    return socket.inet_ntoa(reply[-4:])
