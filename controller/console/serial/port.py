"""A serial port that may be unplugged. Opened, configured and locked by pyserial, never written by it.

Knows descriptors; knows no console. (pyserial's `write` spins while a buffer is full.)
"""

import os
import sys
import termios
from contextlib import suppress

import serial

from controller.errors import DaemonError
from hardware.clock import SECOND_NS

_BITE = 4096
_RETRY_NS = SECOND_NS


class Port:
    """The port at `path`: closed until `open` succeeds, closed again when it is unplugged."""

    def __init__(self, path: str, baud: int) -> None:
        self._path = path
        self._baud = baud
        self._serial: serial.Serial | None = None
        self._complaint = ""
        self.retry_ns = 0

    @property
    def is_open(self) -> bool:
        """It can be read and written."""
        return self._serial is not None

    def fileno(self) -> int:
        """Return the descriptor of the open port."""
        assert self._serial is not None
        return int(self._serial.fileno())

    def open(self, now_ns: int) -> bool:
        """Try to open it, at most once a second; where that fails say why on stderr, once.

        DaemonError if it can never succeed.
        """
        if now_ns < self.retry_ns:
            return False
        try:
            self._serial = serial.Serial(self._path, self._baud, timeout=0, exclusive=True)
        except ValueError as error:
            raise DaemonError(f"{self._path}: {error}; try --baud 115200") from None
        except OSError as error:
            self._wait(now_ns, str(error))
            return False
        os.set_blocking(self.fileno(), False)
        self._complaint = ""
        print(f"backbutton: a console is served on {self._path}", file=sys.stderr, flush=True)
        return True

    def read(self) -> bytes:
        """Return what has come; nothing if it was unplugged."""
        try:
            return os.read(self.fileno(), _BITE)
        except OSError:
            return b""

    def lose(self, now_ns: int) -> None:
        """Close it after it was unplugged."""
        self.close()
        self._wait(now_ns, f"{self._path} was unplugged")

    def close(self) -> None:
        """Close it at once: what nobody has read is discarded, or closing would wait for it."""
        if self._serial is None:
            return
        with suppress(termios.error):
            termios.tcflush(self.fileno(), termios.TCOFLUSH)
        with suppress(OSError):
            self._serial.close()
        self._serial = None

    def _wait(self, now_ns: int, complaint: str) -> None:
        self.retry_ns = now_ns + _RETRY_NS
        if complaint != self._complaint:
            print(f"backbutton: {complaint}; trying again every second", file=sys.stderr, flush=True)
        self._complaint = complaint
