"""A client of the control socket, blocking, for consoles and scripts.

Knows sockets and the framing of the protocol; knows no method. Imports next to nothing, so that a console
starts at once.
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

_LONGEST_ANSWER = 4 * 1024 * 1024
_BITE = 64 * 1024
_MOST_EVENTS = 1000  # kept for a console that does not ask for them; the oldest go first
_WORDS = {1: "refused", -32601: "unknown", -32602: "value"}  # where the daemon gives none itself


class LineCutter:
    """Cuts a stream of bytes into lines, and never holds more than `longest` bytes of one."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._held = bytearray()
        self._is_skipping = False

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        """Yield the lines that are complete now; None, once and at once, for one that is too long."""
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield from self._add(end)
            if not self._is_skipping:
                yield bytes(self._held)
            self.clear()
        yield from self._add(rest)

    def rest(self) -> bytes:
        """What has come of a line that is not complete."""
        return bytes(self._held)

    def clear(self) -> None:
        """Forget the line that is not complete."""
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
        self._cutter = LineCutter(_LONGEST_ANSWER)
        self._answers: list[dict[str, Any]] = []
        self._events: deque[dict[str, Any]] = deque(maxlen=_MOST_EVENTS)
        self._last_id = 0

    @classmethod
    def connect(cls, path: Path, timeout_s: float = 5.0) -> Self:
        """Connect to the daemon at `path`; `offline` if there is none. No single wait exceeds `timeout_s`."""
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connected.settimeout(timeout_s)
            connected.connect(str(path))
        except OSError as error:
            connected.close()
            raise CommandError("offline", _unreachable(path, error)) from None
        return cls(connected, path)

    def call(self, method: str, /, **params: object) -> Any:
        """Return the result of a method.

        CommandError if it is refused, or `offline` if the daemon goes away meanwhile; then it is not known
        whether the method was carried out.
        """
        self._last_id += 1
        request = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}
        try:
            return _result(self._exchange(json.dumps(request).encode("ascii") + b"\n"))
        except OSError as error:
            self.close()
            raise CommandError("offline", _lost(self._path, error)) from None
        except KeyboardInterrupt:  # it may have taken half an answer with it
            self.close()
            raise

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when there are events; -1 once closed."""
        return self._socket.fileno()

    def events(self) -> list[dict[str, Any]]:
        """Return the events since the last time, without waiting; `offline` if the daemon has gone."""
        try:
            while select.select([self._socket], [], [], 0)[0]:
                self._receive()
        except (OSError, ValueError) as error:  # ValueError: it was closed before
            if not self._events:
                self.close()
                raise CommandError("offline", _lost(self._path, error)) from None
        events = list(self._events)
        self._events.clear()
        return events

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _exchange(self, request: bytes) -> dict[str, Any]:
        self._socket.sendall(request)
        while not self._answers:
            self._receive()
        return self._answers.pop()

    def _receive(self) -> None:
        chunk = self._socket.recv(_BITE)
        if not chunk:
            raise ConnectionResetError("it has hung up")
        for line in self._cutter.feed(chunk):
            self._take(_parsed(line))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" in message:
            self._events.append(message["params"])
        elif message.get("id") in (self._last_id, None):  # None: the daemon could not read what we sent
            self._answers.append(message)


_REMEDY = "is the daemon running? sudo systemctl status backbutton"


def _unreachable(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"{path} may not be opened; join the group: sudo usermod -aG backbutton $USER, then log in again"
    why = "nobody listens there" if isinstance(error, ConnectionRefusedError) else error.strerror or str(error)
    return f"no daemon at {path}: {why.lower()}; {_REMEDY}"


def _lost(path: Path, error: Exception) -> str:
    if isinstance(error, TimeoutError):
        doubt = "what was asked may have been carried out or not"
        return f"the daemon at {path} does not answer, {doubt}; see status, or {_REMEDY}"
    return f"the daemon at {path} has gone ({error}); {_REMEDY}"


def _parsed(line: bytes | None) -> dict[str, Any]:
    try:
        message = json.loads(line or b"")
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise ConnectionAbortedError("it does not speak the control protocol")
    return message


def _result(answer: dict[str, Any]) -> Any:
    if "error" not in answer:
        return answer.get("result")
    error = answer["error"]
    word = (error.get("data") or {}).get("word") or _WORDS.get(error["code"], "fault")
    raise CommandError(word, error["message"])
