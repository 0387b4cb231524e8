"""The control socket: JSON-RPC 2.0, one object a line, under asyncio.

Knows sockets, framing and error codes; knows no camera and no setting. What a method does is the dispatcher's,
and whatever a client sends, the daemon goes on.
"""

import asyncio
import json
import logging
import math
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol

from controller.client import LineCutter
from controller.errors import BadParamsError, CommandError, DaemonError, UnknownMethodError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
UNKNOWN_METHOD = -32601
BAD_PARAMS = -32602
INTERNAL_ERROR = -32603
REFUSED = 1  # the dispatcher's own errors; their word stands in `data`

LONGEST_LINE = 64 * 1024
UNREAD_LIMIT = 256 * 1024  # a client that leaves more than this unread is dropped
MOST_CLIENTS = 32  # well below the usual limit of 1024 open files
_BITE = 1024  # bytes read in one turn of the loop, so that a flood of requests delays main by little

_log = logging.getLogger("backbutton")

Call = Callable[[str, dict[str, object]], object]


class Dispatcher(Protocol):
    """Carries out methods, on the loop's thread."""

    def call(self, method: str, params: dict[str, object]) -> object:
        """Return a result that JSON can hold; UnknownMethodError, BadParamsError or CommandError if it may not."""


class _UnreadableError(ValueError):
    """A line that holds no request; `identity` is its id, as far as it can be told."""

    def __init__(self, code: int, sentence: str, identity: object = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.identity = identity


def respond(call: Call, line: bytes | None) -> bytes | None:
    """Carry out the request in a line (None: it was too long) and return the answer; a notification has none."""
    try:
        request = _read(line)
    except _UnreadableError as error:
        return _encode({"id": error.identity, "error": {"code": error.code, "message": str(error)}})
    outcome = _carry_out(call, request)
    if "id" not in request:
        return None
    try:
        return _encode({"id": request["id"], **outcome})
    except (TypeError, ValueError, RecursionError):
        _log.exception("%s returned something that JSON cannot hold", request["method"])
        return _encode({"id": request["id"], **_internal_error()})


def _encode(message: dict[str, object]) -> bytes:
    text = json.dumps({"jsonrpc": "2.0", **message}, allow_nan=False, separators=(",", ":"))
    return text.encode("ascii") + b"\n"


def _read(line: bytes | None) -> dict[str, Any]:
    """Return a request whose method is a text and whose id, if any, can be sent back."""
    if line is None:
        raise _UnreadableError(INVALID_REQUEST, f"a line has at most {LONGEST_LINE} bytes; this one was longer")
    request = _parse(line)
    if isinstance(request, list):
        remedy = "an empty batch asks for nothing" if not request else "send one object a line"
        raise _UnreadableError(INVALID_REQUEST, f"a batch is not served; {remedy}")
    if not isinstance(request, dict):
        raise _UnreadableError(INVALID_REQUEST, "a request is an object with jsonrpc, method, params and id")
    identity = _identity(request)
    if request.get("jsonrpc") != "2.0":
        raise _UnreadableError(INVALID_REQUEST, 'jsonrpc must be "2.0"', identity)
    if not isinstance(request.get("method"), str):
        raise _UnreadableError(INVALID_REQUEST, "method must be a text", identity)
    return request


def _parse(line: bytes) -> object:
    try:
        return json.loads(line.decode(), parse_constant=_reject)
    except (ValueError, RecursionError) as error:
        raise _UnreadableError(PARSE_ERROR, f"this is not JSON: {_first_line(error)}") from None


def _reject(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _identity(request: dict[str, Any]) -> object:
    identity = request.get("id")
    is_number = type(identity) is int or (isinstance(identity, float) and math.isfinite(identity))
    if identity is None or isinstance(identity, str) or is_number:
        return identity
    raise _UnreadableError(INVALID_REQUEST, "id must be a text or a number")


def _carry_out(call: Call, request: dict[str, Any]) -> dict[str, object]:
    """Return what stands in the answer besides its id: a result, or an error."""
    method = request["method"]
    try:
        return {"result": call(method, _params(request))}
    except CommandError as error:
        return _error(_code(error), error.sentence, {"word": error.word})
    except Exception:  # noqa: BLE001 - a fault in a method is told and logged; the daemon goes on
        _log.exception("%s failed; this is a fault of the daemon", method)
        return _internal_error()


def _params(request: dict[str, Any]) -> dict[str, object]:
    params = request.get("params", {})
    if not isinstance(params, dict):
        raise BadParamsError("usage", "params must be an object, a name for each value")
    return params


def _code(error: CommandError) -> int:
    if isinstance(error, UnknownMethodError):
        return UNKNOWN_METHOD
    return BAD_PARAMS if isinstance(error, BadParamsError) else REFUSED


def _internal_error() -> dict[str, object]:
    sentence = "the daemon made a mistake; its log says more: journalctl -u backbutton"
    return _error(INTERNAL_ERROR, sentence, {"word": "fault"})


def _error(code: int, sentence: str, details: dict[str, object]) -> dict[str, object]:
    return {"error": {"code": code, "message": sentence, "data": details}}


class _Connection(asyncio.BufferedProtocol):
    """One client, from its first byte to its last."""

    def __init__(self, dispatcher: Dispatcher, clients: "set[_Connection]", has_room: Callable[[], bool]) -> None:
        self._dispatcher = dispatcher
        self._clients = clients
        self._has_room = has_room
        self._bite = bytearray(_BITE)
        self._cutter = LineCutter(LONGEST_LINE)
        self._transport: asyncio.Transport
        self.is_subscribed = False
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
        answer = respond(self._call, line)
        if answer is not None:
            self.send(answer)

    def _call(self, method: str, params: dict[str, object]) -> object:
        if method not in ("subscribe", "unsubscribe"):
            return self._dispatcher.call(method, params)
        if params:
            raise BadParamsError("usage", f"{method} takes no parameters")
        self.is_subscribed = method == "subscribe"
        return True


class ControlServer:
    """Serves a dispatcher on a Unix socket of mode 0660, from `start` to `close`."""

    def __init__(self, dispatcher: Dispatcher, path: Path) -> None:
        self._dispatcher = dispatcher
        self._path = path
        self._clients: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._is_ending = False

    async def start(self) -> None:
        """Begin to listen, in place of a socket file that was left behind; DaemonError if that cannot be."""
        listener = _bound(self._path)
        self._server = await asyncio.get_running_loop().create_unix_server(
            lambda: _Connection(self._dispatcher, self._clients, self._has_room), sock=listener
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
        message = _encode({"method": "event", "params": event}) if subscribers else b""
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
