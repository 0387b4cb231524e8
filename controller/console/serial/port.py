"""A serial port that may be unplugged. pyserial opens, configures and locks it, but never writes to it.

Knows descriptors; must not know consoles. (pyserial's `write` spins while a buffer is full.)
"""

import os
import sys
import termios
from contextlib import suppress

import serial

from controller.errors import DaemonError
from hardware.clock import SECOND_NS

_CHUNK = 4096
_RETRY_NS = SECOND_NS


class Port:
    """The port at `path`: closed until `open` succeeds, and again after it is unplugged."""

    def __init__(self, path: str, baud: int) -> None:
        self._path = path
        self._baud = baud
        self._serial: serial.Serial | None = None
        self._last_complaint = ""
        self.retry_ns = 0

    @property
    def is_open(self) -> bool:
        """Whether it can be read and written."""
        return self._serial is not None

    def fileno(self) -> int:
        """Return the descriptor of the open port."""
        assert self._serial is not None
        return int(self._serial.fileno())

    def open(self, now_ns: int) -> bool:
        """Try to open it, at most once a second. Returns whether it succeeded; prints why not on stderr, once.

        Raises DaemonError if it can never succeed.
        """
        if now_ns < self.retry_ns:
            return False
        try:
            self._serial = serial.Serial(self._path, self._baud, timeout=0, exclusive=True)
        except ValueError as error:
            raise DaemonError(f"{self._path}: {error}; try --baud 115200") from None
        except OSError as error:
            self._retry_later(now_ns, str(error))
            return False
        os.set_blocking(self.fileno(), False)
        self._last_complaint = ""
        print(f"backbutton: a console is served on {self._path}", file=sys.stderr, flush=True)
        return True

    def read(self) -> bytes:
        """Return the bytes received; b"" if it was unplugged."""
        try:
            return os.read(self.fileno(), _CHUNK)
        except OSError:
            return b""

    def lose(self, now_ns: int) -> None:
        """Close it after it was unplugged, and retry in a second."""
        self.close()
        self._retry_later(now_ns, f"{self._path} was unplugged")

    def close(self) -> None:
        """Close it without waiting: discards output that nobody has read. Idempotent."""
        if self._serial is None:
            return
        with suppress(termios.error):
            termios.tcflush(self.fileno(), termios.TCOFLUSH)
        with suppress(OSError):
            self._serial.close()
        self._serial = None

    def _retry_later(self, now_ns: int, complaint: str) -> None:
        self.retry_ns = now_ns + _RETRY_NS
        if complaint != self._last_complaint:
            print(f"backbutton: {complaint}; trying again every second", file=sys.stderr, flush=True)
        self._last_complaint = complaint
