"""Bytes on their way to a descriptor that may be slow. Knows bytes; knows no port and no console."""

import os

_BITE = 4096


class Backlog:
    """Holds at most `limit` bytes and drops the oldest lines for newer ones; `mark` stands where some are lost."""

    def __init__(self, limit: int, mark: bytes = b"") -> None:
        self._limit = limit
        self._mark = mark
        self._held = bytearray()

    def __len__(self) -> int:
        return len(self._held)

    def add(self, chunk: bytes) -> None:
        """Put bytes at the end."""
        self._held += chunk
        excess = len(self._held) - self._limit
        if excess > 0:
            lost = self._held.find(b"\n", excess - 1) + 1 or len(self._held)
            self._held[:lost] = self._mark

    def write_to(self, fd: int) -> None:
        """Write as much as a non-blocking descriptor takes at once; OSError if it has gone."""
        try:
            written = os.write(fd, self._held[:_BITE])
        except BlockingIOError:
            return
        del self._held[:written]

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()
