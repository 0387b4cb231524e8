"""Who is at the other end of a serial port: a person's terminal, or a script? Pure: bytes and times in, a choice out.

A first line with text on it comes from a script (or from someone who wants line mode). A bare Enter is answered
by a query for the cursor's place, which terminals answer and scripts do not; it is asked at the far corner of
the screen, so that the answer is the screen's size.
"""

import re

from config.record import dataclass
from controller.console.grammar import LONGEST_LINE

QUERY = b"\x1b7\x1b[999;999H\x1b[6n\x1b8"  # remember the place, go to the corner, ask, go back
PATIENCE_NS = 300_000_000

_REPLY = re.compile(rb"\x1b\[(\d{1,4});(\d{1,4})R")
_LINE = re.compile(rb"([^\r\n]*)[\r\n]")
_SMALLEST = (5, 20)  # a smaller screen is no answer from a corner


@dataclass(frozen=True, slots=True)
class Choice:
    """Line mode or readline; what was typed meanwhile; the screen's rows and columns, where known."""

    is_plain: bool
    typed: bytes = b""
    size: tuple[int, int] | None = None


class Probe:
    """Takes the first bytes of a session; `query` is to be sent once it is set, and the choice to be acted on."""

    def __init__(self) -> None:
        self._typed = b""
        self.deadline_ns: int | None = None

    @property
    def has_asked(self) -> bool:
        """The query is on its way."""
        return self.deadline_ns is not None

    def feed(self, chunk: bytes, now_ns: int) -> Choice | None:
        """Take bytes; return the choice if they decide it."""
        self._typed += chunk
        if not self.has_asked:
            self._skip_to_text(now_ns)
        if self.has_asked:
            return self._read_reply()
        if self._typed and (_LINE.match(self._typed) or len(self._typed) > LONGEST_LINE):
            return Choice(is_plain=True, typed=self._typed)
        return None

    def expire(self, now_ns: int) -> Choice | None:
        """Choose line mode once a terminal would have replied."""
        if self.deadline_ns is None or now_ns < self.deadline_ns:
            return None
        return Choice(is_plain=True, typed=self._typed)

    def _skip_to_text(self, now_ns: int) -> None:
        """Drop noise, and what ModemManager says to every new port, before the first real line."""
        while not self.has_asked and (match := _LINE.match(self._typed)):
            line = match[1]
            if line and _is_text(line) and not line.startswith(b"AT"):
                return
            self._typed = self._typed[match.end() :]
            if not line:
                self.deadline_ns = now_ns + PATIENCE_NS

    def _read_reply(self) -> Choice | None:
        match = _REPLY.search(self._typed)
        if match is None:
            return None
        size = (int(match[1]), int(match[2]))
        is_size = size[0] >= _SMALLEST[0] and size[1] >= _SMALLEST[1]
        typed = without_reply(self._typed)
        return Choice(is_plain=False, typed=typed, size=size if is_size else None)


def without_reply(chunk: bytes) -> bytes:
    """Return what was typed, without a reply that comes late."""
    return _REPLY.sub(b"", chunk)


def _is_text(line: bytes) -> bool:
    try:
        return line.decode().replace("\t", " ").isprintable()
    except UnicodeDecodeError:
        return False
