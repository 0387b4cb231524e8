"""The page's way to the daemon: a short connection to the control socket for each call, one that stays for the news.

Knows the framing of the control protocol. It never repeats a call by itself: `fire` must not fire twice.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from controller.errors import CommandError

TIMEOUT_S = 5.0

_LONGEST_REPLY = 4 * 1024 * 1024
_MOST_CALLS = 8  # at a time: the daemon takes 32 clients, and the page must not take the console's place
_MOST_OPENING = 4  # calls that can only open contacts do not queue behind the others
OPENING = frozenset({"cut", "stop", "pause", "focus.release"})
_WORDS = {1: "refused", -32601: "unknown", -32602: "value"}  # for errors to which the daemon gives no word

Message = dict[str, Any]


class Reply(NamedTuple):
    """The result of a call, and when the daemon sent it by its own clock."""

    result: Any
    now_ns: int


class Wire:
    """An open connection to the daemon. Every failure is a CommandError `offline`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, identity: int, method: str, params: dict[str, object]) -> None:
        """Send a request; its answer has the same id."""
        request = {"jsonrpc": "2.0", "id": identity, "method": method, "params": params}
        self._writer.write(json.dumps(request).encode("ascii") + b"\n")

    async def receive(self) -> Message:
        """Return the next message: an answer, or an event."""
        try:
            line = await self._reader.readuntil(b"\n")
            message = json.loads(line)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise unreachable(error) from error
        if not isinstance(message, dict):
            raise unreachable(ValueError("it does not speak the control protocol"))
        return message

    def close(self) -> None:
        """Break the connection; a `receive` that waits ends."""
        self._writer.close()


class DaemonLink:
    """Calls methods of the daemon at `path`."""

    def __init__(self, path: Path, timeout_s: float = TIMEOUT_S) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._calls = asyncio.Semaphore(_MOST_CALLS)
        self._opening_calls = asyncio.Semaphore(_MOST_OPENING)

    async def call(self, method: str, /, **params: object) -> Reply:
        """Return the reply of a method.

        Raises CommandError if it is refused; `offline` if the daemon cannot be reached, or is lost meanwhile. Then
        the method may or may not have been carried out.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                async with self._opening_calls if method in OPENING else self._calls, self.opened() as wire:
                    wire.send(1, method, params)
                    return reply_in(await _answer_to(1, wire))
        except TimeoutError as error:
            raise unreachable(error) from error

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Wire]:
        """Connect during the `async with` block; CommandError `offline` if there is no daemon."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._path, limit=_LONGEST_REPLY)
        except OSError as error:
            raise unreachable(error) from error
        wire = Wire(reader, writer)
        try:
            yield wire
        finally:
            wire.close()


async def _answer_to(identity: int, wire: Wire) -> Message:
    """Return the answer to a request; None as an id is that of one that the daemon could not read."""
    while (message := await wire.receive()).get("id", "event") not in (identity, None):
        pass
    return message


def reply_in(answer: Message) -> Reply:
    """Return what an answer says; CommandError if the method was refused."""
    if "error" in answer:
        error = answer["error"]
        word = error.get("data", {}).get("word") or _WORDS.get(error["code"], "fault")
        raise CommandError(word, error["message"])
    return Reply(answer["result"], answer["now_ns"])


def unreachable(error: Exception) -> CommandError:
    """Return the error for a daemon that is not there, or is lost."""
    because = " (the page's user is not in the group backbutton)" if isinstance(error, PermissionError) else ""
    remedy = "it is started again by itself, so wait a moment"
    return CommandError("offline", f"the box's own program cannot be reached{because}; {remedy}")
