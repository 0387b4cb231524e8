"""One connection of a browser: uvicorn's HTTP/1.1, with bounds on how many there are and how long anything may take.

A request must have come within a time, and what is sent must be read within a time, or the connection is cut.
"""

import asyncio
import socket
from typing import Any

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from controller.page.headers import ALWAYS
from controller.page.replies import refusal

MOST = 64  # connections that are served
MOST_TURNED_AWAY = 64  # more, which are told why they are not
LONGEST_HEAD = 16 * 1024  # bytes of a request before its body
REQUEST_S = 10.0  # from the connection, or from the last answer, to the end of the next request's head
READ_S = 10.0  # for a browser to read what it asked for

_UNSENT = 64 * 1024  # bytes kept for a browser here; and as many by the kernel
_CAN_ANSWER = (h11.IDLE, h11.SEND_RESPONSE)


class PageProtocol(H11Protocol):
    """A connection with its bounds."""

    _deadline: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; a connection too many is told so, and one far too many is cut."""
        super().connection_made(transport)
        if len(self.connections) > MOST + MOST_TURNED_AWAY:
            transport.abort()
            return
        if len(self.connections) > MOST:
            self.app = turn_away
        transport.set_write_buffer_limits(high=_UNSENT)
        bound(transport.get_extra_info("socket"))
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """End; nothing is awaited any more."""
        self._disarm()
        self.resume_writing()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what has come; a request whose head is complete is no longer awaited."""
        super().handle_events()
        if _is_answering(self.cycle):
            self._disarm()

    def on_response_complete(self) -> None:
        """Await the next request."""
        self._await_request()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Wait for the browser to read, but not for long."""
        super().pause_writing()
        self._reading = self.loop.call_later(READ_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on sending."""
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours is another
        """Answer what is no HTTP."""
        if self.conn.our_state not in _CAN_ANSWER:
            self.transport.abort()
            return
        answer = refusal(400, "usage", "this is not a request of a browser")
        headers = [*answer.raw_headers, *_always(), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _await_request(self) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(REQUEST_S, self.transport.abort)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _is_answering(cycle: RequestResponseCycle | None) -> bool:
    """Return whether the head of a request has come that is not answered yet; None before the first."""
    return cycle is not None and not cycle.response_complete


async def turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a connection too many."""
    headers = {**ALWAYS, "connection": "close", "retry-after": "3"}
    answer = refusal(503, "busy", "too many browsers ask at once; try again in a moment", headers)
    await answer(scope, receive, send)


def _always() -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in ALWAYS.items()]


def bound(connected: Any) -> None:
    """Have the kernel keep little for a browser, and give up one that has gone without a word.

    A body follows its head at once (no Nagle): asyncio sees to that only where it knows the socket's protocol.
    """
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT)
    if connected.family in (socket.AF_INET, socket.AF_INET6):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(READ_S * 1000))
