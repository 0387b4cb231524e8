"""The event stream of a browser: from the request to the last byte."""

import asyncio
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from controller.errors import CommandError
from controller.page.access import Access, peer_of, token_of, unpaired
from controller.page.hub import Hub
from controller.page.stream import Stream

_HEADERS = [(b"content-type", b"text/event-stream")]
_AGAIN = b"retry: 1000\n\n"  # ms until a browser connects again by itself


class _StreamResponse(Response):
    """Sends a stream until it ends or the browser goes."""

    def __init__(self, hub: Hub, stream: Stream) -> None:
        super().__init__()
        self._hub = hub
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Send it. A browser that does not read is dropped by the connection (`protocol`)."""
        watching = asyncio.create_task(_watch(receive, self._stream))
        try:
            with suppress(OSError):  # the browser has gone
                await self._send(send)
        finally:
            watching.cancel()
            self._hub.leave(self._stream)

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
        await send({"type": "http.response.body", "body": _AGAIN, "more_body": True})
        async for message in self._stream.messages():
            await send({"type": "http.response.body", "body": message, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _watch(receive: Receive, stream: Stream) -> None:
    """End the stream when its browser goes."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def routes(access: Access, hub: Hub) -> list[Route]:
    """Return the route of the event stream."""

    async def events(request: Request) -> Response:
        token = token_of(request)
        try:
            is_checked = await access.is_paired(token, peer_of(request))
        except CommandError as error:
            if error.word != "offline":
                raise
            is_checked = None
        if is_checked is False:
            raise unpaired()
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        return _StreamResponse(hub, hub.join(token, is_checked=is_checked is True))

    return [Route("/events", events)]
