"""Detects whether a person's terminal or a script is at the other end of a serial port. Pure: bytes and times in.

A first line with text on it comes from a script (or from somebody who wants line mode). A bare Enter is answered
with a query for the cursor position: terminals reply to it, scripts do not. The query moves the cursor to the far
corner of the screen first, so that the reply is the size of the screen.
"""

import re

from config.record import dataclass
from controller.console.grammar import LONGEST_LINE

QUERY = b"\x1b7\x1b[999;999H\x1b[6n\x1b8"  # save the cursor, go to the corner, ask for the position, restore
TIMEOUT_NS = 300_000_000

_REPLY = re.compile(rb"\x1b\[(\d{1,4});(\d{1,4})R")
_LINE = re.compile(rb"([^\r\n]*)[\r\n]")
_SMALLEST = (5, 20)  # rows and columns; a smaller position cannot be the corner of a screen


@dataclass(frozen=True, slots=True)
class Detected:
    """Line mode (`is_plain`) or the prompt, what was typed so far, and the screen's rows and columns if known."""

    is_plain: bool
    typed: bytes = b""
    size: tuple[int, int] | None = None


class TerminalDetector:
    """Examines the first bytes of a session. Send QUERY once `has_asked` becomes true."""

    def __init__(self) -> None:
        self._typed = b""
        self.deadline_ns: int | None = None

    @property
    def has_asked(self) -> bool:
        """Whether the query is due or sent."""
        return self.deadline_ns is not None

    def feed(self, chunk: bytes, now_ns: int) -> Detected | None:
        """Take bytes; return the result if they decide it."""
        self._typed += chunk
        if not self.has_asked:
            self._skip_to_text(now_ns)
        if self.has_asked:
            return self._read_reply()
        if self._typed and (_LINE.match(self._typed) or len(self._typed) > LONGEST_LINE):
            return Detected(is_plain=True, typed=self._typed)
        return None

    def expire(self, now_ns: int) -> Detected | None:
        """Return line mode once a terminal would have replied."""
        if self.deadline_ns is None or now_ns < self.deadline_ns:
            return None
        return Detected(is_plain=True, typed=self._typed)

    def _skip_to_text(self, now_ns: int) -> None:
        """Drop noise, and what ModemManager sends to every new port, before the first real line."""
        while not self.has_asked and (match := _LINE.match(self._typed)):
            line = match[1]
            if line and _is_text(line) and not line.startswith(b"AT"):
                return
            self._typed = self._typed[match.end() :]
            if not line:
                self.deadline_ns = now_ns + TIMEOUT_NS

    def _read_reply(self) -> Detected | None:
        match = _REPLY.search(self._typed)
        if match is None:
            return None
        size = (int(match[1]), int(match[2]))
        is_size = size[0] >= _SMALLEST[0] and size[1] >= _SMALLEST[1]
        typed = without_reply(self._typed)
        return Detected(is_plain=False, typed=typed, size=size if is_size else None)


def without_reply(chunk: bytes) -> bytes:
    """Return the bytes without a late reply to the query."""
    return _REPLY.sub(b"", chunk)


def _is_text(line: bytes) -> bool:
    try:
        return line.decode().replace("\t", " ").isprintable()
    except UnicodeDecodeError:
        return False
