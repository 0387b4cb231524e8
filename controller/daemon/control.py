"""The control socket: one connection for each client, under asyncio.

Knows sockets and connections; the protocol's lines are `protocol`'s, and what a method does is the dispatcher's.
Whatever a client sends, the daemon carries on.
"""

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Callable
from pathlib import Path

from config.errors import quoted
from controller.client import LineCutter
from controller.daemon.protocol import LONGEST_LINE, Dispatcher, PendingAnswer, encode, respond
from controller.errors import BadParamsError, DaemonError

UNREAD_LIMIT = 256 * 1024  # a client that leaves more than this unread is dropped
MOST_CLIENTS = 32  # well below the usual limit of 1024 open files
_LONGEST_NAME = 40  # of a client
_BITE = 1024  # bytes read in one turn of the loop, so that a flood of requests delays main by little

TellTime = Callable[[], int]

_log = logging.getLogger("backbutton")


class _Connection(asyncio.BufferedProtocol):
    """One client, from its first byte to its last."""

    def __init__(
        self, dispatcher: Dispatcher, clients: "set[_Connection]", has_room: Callable[[], bool], clock: TellTime
    ) -> None:
        self._dispatcher = dispatcher
        self._clients = clients
        self._has_room = has_room
        self._clock = clock
        self._bite = bytearray(_BITE)
        self._cutter = LineCutter(LONGEST_LINE)
        self._transport: asyncio.Transport
        self._held: deque[bytes | PendingAnswer] = deque()  # answers behind a pending one, which keep their order
        self._held_bytes = 0
        self.is_subscribed = False
        self.name = ""
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._has_room():
            _log.warning("a client was turned away: the daemon ends, or %d are connected already", MOST_CLIENTS)
            self.drop()
        self._clients.add(self)

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - we want less than the loop suggests
        return self._bite

    def buffer_updated(self, nbytes: int) -> None:
        for line in self._cutter.feed(bytes(self._bite[:nbytes])):
            if self._transport.is_closing():
                return
            if line is None or line.strip():
                self._answer(line)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it went does not matter
        self._clients.discard(self)
        self.gone.set_result(None)

    def send(self, message: bytes) -> None:
        """Send as much as the client takes; drop it if too much is left unread."""
        if self._transport.is_closing():
            return
        self._transport.write(message)
        if self._transport.get_write_buffer_size() > UNREAD_LIMIT:
            _log.warning("a client was dropped: it does not read what it asked for")
            self.drop()

    def drop(self) -> None:
        """Break the connection now."""
        self._transport.abort()

    def _answer(self, line: bytes | None) -> None:
        answer = respond(self._call, line, self._clock)
        if isinstance(answer, PendingAnswer):
            self._held.append(answer)
            answer.reply.when_settled(self._send_held)
        elif answer is not None and self._held:
            self._hold(answer)
        elif answer is not None:
            self.send(answer)

    def _hold(self, answer: bytes) -> None:
        self._held.append(answer)
        self._held_bytes += len(answer)
        if self._held_bytes > UNREAD_LIMIT:
            _log.warning("a client was dropped: it sends more requests than the disk can answer")
            self.drop()

    def _send_held(self) -> None:
        """Send the answers that are ready, up to the first that is not."""
        while self._held:
            answer = self._held[0]
            if isinstance(answer, PendingAnswer) and not answer.reply.is_settled:
                return
            self._held.popleft()
            if not isinstance(answer, PendingAnswer):
                self._held_bytes -= len(answer)
                self.send(answer)
            elif (encoded := answer.encode(self._clock())) is not None:
                self.send(encoded)

    def _call(self, method: str, params: dict[str, object]) -> object:
        if method == "subscribe":
            return self._subscribe(**_checked(method, params, ("name",)))
        if method in ("unsubscribe", "clients"):
            _checked(method, params, ())
            return self._unsubscribe() if method == "unsubscribe" else self._tell_clients()
        return self._dispatcher.call(method, params)

    def _subscribe(self, name: object = "") -> object:
        if not isinstance(name, str) or len(name) > _LONGEST_NAME or not name.isprintable():
            raise BadParamsError("usage", f"subscribe: name must be a text of at most {_LONGEST_NAME} characters")
        self.is_subscribed, self.name = True, name
        return True

    def _unsubscribe(self) -> object:
        self.is_subscribed = False
        return True

    def _tell_clients(self) -> object:
        others = sorted((client for client in self._clients if client is not self), key=lambda client: client.name)
        return {"clients": [{"name": client.name, "subscribed": client.is_subscribed} for client in others]}


def _checked(method: str, params: dict[str, object], known: tuple[str, ...]) -> dict[str, object]:
    for name in params:
        if name not in known:
            takes = f"{method} takes no {quoted(name)}" if known else f"{method} takes no parameters"
            raise BadParamsError("usage", takes)
    return params


class ControlServer:
    """Serves a dispatcher on a Unix socket of mode 0660, from `start` to `close`; `clock` tells the box's time."""

    def __init__(self, dispatcher: Dispatcher, path: Path, clock: TellTime) -> None:
        self._dispatcher = dispatcher
        self._clock = clock
        self._path = path
        self._clients: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._is_ending = False

    async def start(self) -> None:
        """Begin to listen, in place of a socket file that was left behind; DaemonError if that cannot be."""
        listener = _bound(self._path)
        self._server = await asyncio.get_running_loop().create_unix_server(
            lambda: _Connection(self._dispatcher, self._clients, self._has_room, self._clock), sock=listener
        )

    async def close(self) -> None:
        """Break all connections, stop listening, remove the socket file."""
        if self._server is None:
            return
        self._is_ending = True
        self._server.close()
        clients = tuple(self._clients)
        for client in clients:
            client.drop()
        await asyncio.gather(*(client.gone for client in clients))
        await self._server.wait_closed()
        self._path.unlink(missing_ok=True)
        self._server = None

    def publish(self, event: dict[str, object]) -> None:
        """Tell an event to those who subscribed."""
        subscribers = [client for client in self._clients if client.is_subscribed]
        message = encode({"method": "event", "params": {**event, "now_ns": self._clock()}}) if subscribers else b""
        for client in subscribers:
            client.send(message)

    def _has_room(self) -> bool:
        return not self._is_ending and len(self._clients) < MOST_CLIENTS


def _bound(path: Path) -> socket.socket:
    """Return a socket bound to `path`; nobody can connect before its mode is right, as it does not listen yet."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket():
            path.unlink()
        listener.bind(str(path))
        path.chmod(0o660)
    except OSError as error:
        listener.close()
        raise DaemonError(
            f"{path}: cannot listen there: {error.strerror or error}; choose another --socket"
        ) from None
    return listener
