"""Counts what the server is doing, and tells when it has done nothing for a while. Pure ASGI."""

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

SECOND_NS = 1_000_000_000


class Activity:
    """Calls `on_idle` once no request and no stream has been open for `idle_ns`; never, if that is 0."""

    def __init__(self, app: ASGIApp, idle_ns: int, on_idle: Callable[[], None]) -> None:
        self._app = app
        self._idle_ns = idle_ns
        self._on_idle = on_idle
        self._open = 0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Begin to count, on the running loop."""
        self._wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self._open += 1
        if self._timer is not None:
            self._timer.cancel()
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1
            self._wait()

    def _wait(self) -> None:
        if self._open == 0 and self._idle_ns:
            self._timer = asyncio.get_running_loop().call_later(self._idle_ns / SECOND_NS, self._on_idle)
