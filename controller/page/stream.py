"""One event stream to a browser: what it still has to be sent, in server-sent events. Knows no socket."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from controller.page.replies import encode

_MOST_WAITING = 1000  # events, which all streams share; who leaves more unread is dropped


def sse(name: str, value: object) -> bytes:
    """Return a server-sent event."""
    return b"event: %s\ndata: %s\n\n" % (name.encode("ascii"), encode(value))


class Stream:
    """What one browser is told. States replace each other; events are kept in order, up to a limit."""

    def __init__(self, token: str, *, is_checked: bool) -> None:
        self.token = token
        self.is_checked = is_checked  # the daemon has said that the token is paired
        self._events: deque[bytes] = deque()
        self._state: bytes | None = None
        self._wake = asyncio.Event()
        self._is_over = False

    def show(self, state: bytes) -> None:
        """Send a state, in place of one that was not sent yet."""
        self._state = state
        self._wake.set()

    def tell(self, event: bytes) -> None:
        """Send an event; the stream ends if too many wait."""
        self._events.append(event)
        self._wake.set()
        if len(self._events) > _MOST_WAITING:
            self.end()

    def end(self) -> None:
        """Send what waits, and no more."""
        self._is_over = True
        self._wake.set()

    async def messages(self) -> AsyncIterator[bytes]:
        """Yield what there is to send, until the stream ends."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._events:
                yield self._events.popleft()
            if self._state is not None:
                state, self._state = self._state, None
                yield state
            elif self._is_over:
                return
