"""Separates typed text from the noise of a bad cable. Pure: takes bytes and times, returns pieces.

A loose plug, a wrong baud rate or a picture sent by mistake is full of bytes that are not UTF-8. Among them are keys
with a meaning: Ctrl-C, which is cut, or Ctrl-P and Enter, which repeats the last command. So Ctrl-C only counts once
no such byte has followed it for a moment, and everything in a burst of noise is marked as noise.
"""

import codecs
from enum import Enum, auto

from config.record import dataclass
from controller.console.terminal import CTRL_C
from hardware.clock import MILLISECOND_NS

HOLD_NS = 20 * MILLISECOND_NS  # in a burst, more noise follows a Ctrl-C within this time, even at 9600 baud
QUIET_NS = 100 * MILLISECOND_NS  # a burst ends this long after its last byte that is not text
_MOST_HELD = 4096  # nobody types that much within HOLD_NS


class Kind(Enum):
    """What a piece is."""

    TYPED = auto()
    CUT = auto()
    NOISE = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that belong together and their kind; a CUT has no bytes."""

    kind: Kind
    data: bytes = b""


class NoiseGate:
    """Classifies the bytes from a port. While `deadline_ns` is set, call `expire` at that time."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._last_noise_ns: int | None = None
        self._held = b""
        self._is_after_cr = False
        self.deadline_ns: int | None = None

    def feed(self, chunk: bytes, now_ns: int) -> list[Piece]:
        """Take bytes; return the pieces that can be classified by now, in order."""
        chunk = self._without_telnet(chunk)
        self._held += chunk
        if not self._held:
            return []
        if self._is_noise(chunk) or len(self._held) > _MOST_HELD:
            self._last_noise_ns = now_ns
        if self._last_noise_ns is not None and now_ns - self._last_noise_ns < QUIET_NS:
            return [Piece(Kind.NOISE, self._take_held())]
        if CTRL_C not in self._held:
            return [Piece(Kind.TYPED, self._take_held())]
        if self.deadline_ns is None:
            self.deadline_ns = now_ns + HOLD_NS
        return []

    def expire(self, now_ns: int) -> list[Piece]:
        """Once Ctrl-C was held long enough, return a CUT and what was typed after it.

        What was typed before it is discarded.
        """
        if self.deadline_ns is None or now_ns < self.deadline_ns:
            return []
        typed = self._take_held().rpartition(CTRL_C)[2]
        return [Piece(Kind.CUT), *([Piece(Kind.TYPED, typed)] if typed else [])]

    def _without_telnet(self, chunk: bytes) -> bytes:
        """Return the bytes without a NUL after a CR: telnet ends a line with both (RFC 854), also in two chunks."""
        rest = chunk[1:] if self._is_after_cr and chunk[:1] == b"\0" else chunk
        self._is_after_cr = chunk[-1:] == b"\r"
        return rest.replace(b"\r\0", b"\r")

    def _take_held(self) -> bytes:
        held, self._held, self.deadline_ns = self._held, b"", None
        return held

    def _is_noise(self, chunk: bytes) -> bool:
        """Return whether the bytes are not text; a character may arrive in two chunks."""
        try:
            return "\0" in self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self._decoder.reset()
            return True
