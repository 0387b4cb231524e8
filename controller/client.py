"""A blocking client of the control socket, for consoles and scripts.

Knows sockets and the framing of the protocol; must not know methods. Imports almost nothing, so that a console starts
quickly.
"""

import json
import select
import socket
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from controller.errors import CommandError

_LONGEST_REPLY = 4 * 1024 * 1024
_CHUNK = 64 * 1024
_MOST_EVENTS = 1000  # kept until they are asked for; the oldest are dropped
_WORDS = {1: "refused", -32601: "unknown", -32602: "value"}  # for errors to which the daemon gives no word
_REMEDY = "is the daemon running? sudo systemctl status backbutton"


class LineCutter:
    """Splits a stream of bytes into lines; never holds more than `longest` bytes of one."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._held = bytearray()
        self._is_skipping = False

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        """Yield each line that is complete now; None, once, as soon as a line is too long."""
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield from self._add(end)
            if not self._is_skipping:
                yield bytes(self._held)
            self.clear()
        yield from self._add(rest)

    def rest(self) -> bytes:
        """Return the incomplete line."""
        return bytes(self._held)

    def clear(self) -> None:
        """Discard the incomplete line."""
        self._held.clear()
        self._is_skipping = False

    def _add(self, part: bytes) -> Iterator[None]:
        if self._is_skipping:
            return
        if len(self._held) + len(part) > self._longest:
            self._is_skipping = True
            self._held.clear()
            yield None
        else:
            self._held += part


class Client:
    """A connection to the daemon. Every failure is a CommandError with a word and a sentence."""

    def __init__(self, connected: socket.socket, path: Path) -> None:
        self._socket = connected
        self._path = path
        self._cutter = LineCutter(_LONGEST_REPLY)
        self._replies: list[dict[str, Any]] = []
        self._events: deque[dict[str, Any]] = deque(maxlen=_MOST_EVENTS)
        self._last_id = 0

    @classmethod
    def connect(cls, path: Path, timeout_s: float = 5.0) -> Self:
        """Connect to the daemon at `path`. No single wait exceeds `timeout_s`.

        Raises CommandError `offline` if there is no daemon.
        """
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connected.settimeout(timeout_s)
            connected.connect(str(path))
        except OSError as error:
            connected.close()
            raise CommandError("offline", _unreachable(path, error)) from None
        return cls(connected, path)

    def call(self, method: str, /, **params: object) -> Any:
        """Return the result of a method. Blocks until the reply arrives.

        Raises CommandError if it is refused; `offline` if the daemon is lost meanwhile. Then the method may or may
        not have been carried out.
        """
        self._last_id += 1
        request = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}
        try:
            return _result(self._exchange(json.dumps(request).encode("ascii") + b"\n"))
        except OSError as error:
            self.close()
            raise CommandError("offline", _lost(self._path, error)) from None
        except KeyboardInterrupt:  # half a reply may be lost
            self.close()
            raise

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when events arrive; -1 once closed."""
        return self._socket.fileno()

    def events(self) -> list[dict[str, Any]]:
        """Return the events since the last call, without waiting.

        Raises CommandError `offline` if the daemon is lost.
        """
        try:
            while select.select([self._socket], [], [], 0)[0]:
                self._receive()
        except (OSError, ValueError) as error:  # ValueError: the socket was closed before
            if not self._events:
                self.close()
                raise CommandError("offline", _lost(self._path, error)) from None
        events = list(self._events)
        self._events.clear()
        return events

    def close(self) -> None:
        """Close the connection. Idempotent."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _exchange(self, request: bytes) -> dict[str, Any]:
        self._socket.sendall(request)
        while not self._replies:
            self._receive()
        return self._replies.pop()

    def _receive(self) -> None:
        chunk = self._socket.recv(_CHUNK)
        if not chunk:
            raise ConnectionResetError("it closed the connection")
        for line in self._cutter.feed(chunk):
            self._sort(_parsed(line))

    def _sort(self, message: dict[str, Any]) -> None:
        if "method" in message:
            self._events.append(message["params"])
        elif message.get("id") in (self._last_id, None):  # None: the daemon could not read the request
            self._replies.append(message)


def _unreachable(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"no permission to open {path}; join the group: sudo usermod -aG backbutton $USER, then log in again"
    reason = "nothing is listening" if isinstance(error, ConnectionRefusedError) else error.strerror or str(error)
    return f"no daemon at {path}: {reason.lower()}; {_REMEDY}"


def _lost(path: Path, error: Exception) -> str:
    if isinstance(error, TimeoutError):
        doubt = "the command may or may not have been carried out"
        return f"the daemon at {path} does not answer; {doubt}: check status; {_REMEDY}"
    return f"lost the connection to the daemon at {path}: {error}; {_REMEDY}"


def _parsed(line: bytes | None) -> dict[str, Any]:
    try:
        message = json.loads(line or b"")
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise ConnectionAbortedError("it does not speak the control protocol")
    return message


def _result(reply: dict[str, Any]) -> Any:
    if "error" not in reply:
        return reply.get("result")
    error = reply["error"]
    word = (error.get("data") or {}).get("word") or _WORDS.get(error["code"], "fault")
    raise CommandError(word, error["message"])
