"""Keeps all open event streams up to date over one connection to the daemon, which exists while somebody looks.

It reads the status after each event and once a second: the heartbeat by which a page knows that its link lives.
"""

import asyncio
import logging
from contextlib import suppress

from controller.errors import CommandError
from controller.page.access import Access, too_many
from controller.page.link import DaemonLink, Message, Reply, Wire, reply_in, unreachable
from controller.page.replies import HttpError
from controller.page.says import Says
from controller.page.stream import Stream, sse

MOST_STREAMS = 16
MOST_OF_ONE = 4  # streams with the same token

_NAME = "page"
_BEAT_S = 1.0
_LATE_S = 2.5  # for an answer that a page would still show as if all were well
_GAP_S = 0.1  # between two readings of the status; a burst of events is shown at once
_SUBSCRIBED, _STATUS = 1, 2  # ids of requests

_log = logging.getLogger("backbutton")


class Hub:
    """Tells all streams what the daemon tells. `join` and `leave` bracket a stream."""

    def __init__(self, link: DaemonLink, access: Access) -> None:
        self._link = link
        self._access = access
        self._streams: dict[Stream, None] = {}
        self._following: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()  # a status
        self._answered = asyncio.Event()
        self._must_check = asyncio.Event()  # tokens, now
        self._is_ending = False
        self._says = Says()

    def join(self, token: str, *, is_checked: bool) -> Stream:
        """Return a new stream; HttpError if there are too many.

        One that is not checked is told nothing but `offline` until the daemon has said that its token is paired.
        """
        if self._is_ending or len(self._streams) >= MOST_STREAMS:
            sentence = f"{MOST_STREAMS} pages look at the box already; close one of them"
            raise HttpError(503, "busy", sentence, {"retry-after": "3"})
        if sum(stream.token == token for stream in self._streams) >= MOST_OF_ONE:
            raise too_many()
        stream = Stream(token, is_checked=is_checked)
        self._streams[stream] = None
        self._access.hold(token)
        self._must_check.set()  # its token may have been removed since it was checked
        self._wanted.set()
        if self._following is None:
            self._following = asyncio.create_task(self._follow())
            self._following.add_done_callback(self._followed)
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a stream; with the last one, the connection to the daemon ends."""
        del self._streams[stream]
        self._access.let_go(stream.token)
        if not self._streams and self._following is not None:
            self._following.cancel()
            self._following = None
            self._says = Says()

    def end(self) -> None:
        """End all streams, and begin no other."""
        self._is_ending = True
        for stream in self._streams:
            stream.end()

    def _followed(self, task: asyncio.Task[None]) -> None:
        """End all streams after a mistake of ours: their browsers begin anew."""
        if task.cancelled():
            return
        _log.error("the page made a mistake", exc_info=task.exception())
        self._following = None
        for stream in self._streams:
            stream.end()

    async def _follow(self) -> None:
        """Follow the daemon, and find it again whenever it is lost."""
        while True:
            try:
                async with self._link.opened() as wire:
                    await self._follow_on(wire)
            except CommandError as error:
                offline = sse("offline", {"text": error.sentence})
                for stream in self._streams:
                    stream.tell(offline)
            await _happens(asyncio.Event(), _BEAT_S)

    async def _follow_on(self, wire: Wire) -> None:
        """Follow the daemon until it is lost, or until no stream is left."""
        wire.send(_SUBSCRIBED, "subscribe", {"name": _NAME})
        self._access.forget()  # a phone may have been removed before we subscribed
        await self._check_all()
        asking = asyncio.create_task(self._ask_on(wire))
        asking.add_done_callback(lambda _: wire.close())
        try:
            while True:
                self._take(await wire.receive())
        finally:
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking

    async def _ask_on(self, wire: Wire) -> None:
        """Ask for the status again and again."""
        while True:
            if self._must_check.is_set():
                self._must_check.clear()
                await self._check_all()
            self._wanted.clear()
            self._answered.clear()
            wire.send(_STATUS, "status", {})
            if not await _happens(self._answered, _LATE_S):
                raise unreachable(TimeoutError())
            await _happens(self._must_check, _GAP_S)
            await _happens(self._wanted, _BEAT_S - _GAP_S)

    def _take(self, message: Message) -> None:
        """Take what the daemon sent."""
        if message.get("method") == "event":
            self._tell(message["params"])
        elif message.get("id") == _STATUS:
            self._answered.set()
            self._show(reply_in(message))
        else:
            reply_in(message)

    def _tell(self, event: Message) -> None:
        """Pass on an event, and have the status read."""
        if event.get("kind") == "pairing" and event.get("state") == "removed":
            self._access.forget()
            self._must_check.set()
        self._says.note(event)
        told = sse("event", event)
        for stream in self._checked():
            stream.tell(told)
        self._wanted.set()

    def _show(self, status: Reply) -> None:
        """Pass on a status."""
        says = self._says.about(status.result)
        phones = len({stream.token for stream in self._checked()})
        state = {"status": status.result, "says": says, "phones": phones, "now_ns": status.now_ns}
        told = sse("state", state)
        for stream in self._checked():
            stream.show(told)

    def _checked(self) -> list[Stream]:
        return [stream for stream in self._streams if stream.is_checked]

    async def _check_all(self) -> None:
        """Ask the daemon about every token that may look, and end the streams of those that may not."""
        for stream in tuple(self._streams):
            stream.is_checked = await self._access.ask(stream.token)
            if not stream.is_checked:
                stream.tell(sse("unpaired", {"text": "this phone is no longer paired with the box; pair it again"}))
                stream.end()


async def _happens(event: asyncio.Event, within_s: float) -> bool:
    """Wait for an event; returns False if it does not come."""
    try:
        async with asyncio.timeout(within_s):
            await event.wait()
    except TimeoutError:
        return False
    return True
