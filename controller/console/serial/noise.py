"""Tells what is typed from what a bad cable makes of nothing. Pure: bytes and times in, pieces out.

A loose plug, a wrong speed or a picture sent by mistake is full of bytes that are no UTF-8. Among them are keys that
mean something: Ctrl-C, which is cut, and Ctrl-P with Enter, which does the last command again. So Ctrl-C counts once
nothing of that kind has followed it for a moment, and the rest of a burst can be told from what was typed.
"""

import codecs
from enum import Enum, auto

from config.record import dataclass
from controller.console.terminal import INTERRUPT
from hardware.clock import MILLISECOND_NS

HOLD_NS = 20 * MILLISECOND_NS  # what follows Ctrl-C in a burst is here by then, at 9600 baud too
QUIET_NS = 100 * MILLISECOND_NS  # after its last byte that is no text a burst is over
_MOST_HELD = 4096  # nobody types so much within HOLD_NS


class Kind(Enum):
    """What a piece is."""

    TYPED = auto()
    CUT = auto()
    NOISE = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that came together, and what they are; a CUT has none."""

    kind: Kind
    data: bytes = b""


class NoiseGate:
    """Judges what comes over a port; where `deadline_ns` is set, `expire` is wanted then."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._noise_ns: int | None = None
        self._held = b""
        self.deadline_ns: int | None = None

    def feed(self, chunk: bytes, now_ns: int) -> list[Piece]:
        """Take bytes; return what can be judged by now, in order."""
        self._held += chunk
        if self._is_noise(chunk) or len(self._held) > _MOST_HELD:
            self._noise_ns = now_ns
        if self._noise_ns is not None and now_ns - self._noise_ns < QUIET_NS:
            return [Piece(Kind.NOISE, self._take())]
        if INTERRUPT not in self._held:
            return [Piece(Kind.TYPED, self._take())]
        if self.deadline_ns is None:
            self.deadline_ns = now_ns + HOLD_NS
        return []

    def expire(self, now_ns: int) -> list[Piece]:
        """Return what was held back, once it is clear that Ctrl-C was a key; it discards what was typed before it."""
        if self.deadline_ns is None or now_ns < self.deadline_ns:
            return []
        typed = self._take().rpartition(INTERRUPT)[2]
        return [Piece(Kind.CUT), *([Piece(Kind.TYPED, typed)] if typed else [])]

    def _take(self) -> bytes:
        held, self._held, self.deadline_ns = self._held, b"", None
        return held

    def _is_noise(self, chunk: bytes) -> bool:
        """Tell whether bytes are no text; a character may come in two parts."""
        try:
            return "\0" in self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self._decoder.reset()
            return True
