"""Buffers bytes for a descriptor that may be slow. Must not know ports or consoles."""

import os

_CHUNK = 4096


class WriteBuffer:
    """Holds at most `limit` bytes; drops the oldest lines for new ones and puts `mark` where lines were dropped."""

    def __init__(self, limit: int, mark: bytes = b"") -> None:
        self._limit = limit
        self._mark = mark
        self._held = bytearray()

    def __len__(self) -> int:
        return len(self._held)

    def add(self, chunk: bytes) -> None:
        """Append bytes."""
        self._held += chunk
        excess = len(self._held) - self._limit
        if excess > 0:
            dropped = self._held.find(b"\n", excess - 1) + 1 or len(self._held)
            self._held[:dropped] = self._mark

    def write_to(self, fd: int) -> None:
        """Write as much as a non-blocking descriptor takes. Raises OSError if its other end is gone."""
        try:
            written = os.write(fd, self._held[:_CHUNK])
        except BlockingIOError:
            return
        del self._held[:written]

    def clear(self) -> None:
        """Discard everything."""
        self._held.clear()
