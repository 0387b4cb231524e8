"""The control protocol: JSON-RPC 2.0, one object a line. From a line to the answer, and which error code it gets.

Knows framing and error codes; knows no socket, no camera and no setting.
"""

import json
import logging
import math
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from config.record import dataclass
from controller.errors import BadParamsError, CommandError, UnknownMethodError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
UNKNOWN_METHOD = -32601
BAD_PARAMS = -32602
INTERNAL_ERROR = -32603
REFUSED = 1  # the dispatcher's own errors; their word stands in `data`

LONGEST_LINE = 64 * 1024

_log = logging.getLogger("backbutton")

Call = Callable[[str, dict[str, object]], object]


class PendingReply:
    """A reply that is still being worked on. It is settled once, on the loop, and then calls back."""

    def __init__(self) -> None:
        self.reply: object = None
        self.error: Exception | None = None
        self.is_settled = False
        self._on_settled: Callable[[], None] | None = None

    def succeed(self, reply: object) -> None:
        """Settle it with a reply."""
        self.reply = reply
        self._settle()

    def fail(self, error: Exception) -> None:
        """Settle it with what was raised instead."""
        self.error = error
        self._settle()

    def when_settled(self, callback: Callable[[], None]) -> None:
        """Call `callback` once it is settled, at once if it is already: files may be faster than the loop."""
        self._on_settled = callback
        if self.is_settled:
            callback()

    def result(self) -> object:
        """Return the reply, or raise what was raised instead."""
        if self.error is not None:
            raise self.error
        return self.reply

    def _settle(self) -> None:
        self.is_settled = True
        if self._on_settled is not None:
            self._on_settled()


class Dispatcher(Protocol):
    """Carries out methods, on the loop's thread, and never blocks."""

    def call(self, method: str, params: dict[str, object]) -> object:
        """Return a reply that JSON can hold, or a PendingReply.

        Raises UnknownMethodError, BadParamsError or CommandError if the request is refused.
        """


class _UnreadableError(ValueError):
    """A line that holds no request; `identity` is its id, as far as it can be told."""

    def __init__(self, code: int, sentence: str, identity: object = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.identity = identity


@dataclass(frozen=True, slots=True)
class PendingAnswer:
    """The answer to a request whose reply is pending."""

    request: dict[str, Any]
    reply: PendingReply

    def encode(self, now_ns: int) -> bytes | None:
        """Return the answer, once the reply is settled; a notification has none."""
        return _answer(self.request, _outcome(self.request, self.reply.result), now_ns)


def respond(call: Call, line: bytes | None, clock: Callable[[], int]) -> bytes | PendingAnswer | None:
    """Carry out the request in a line (None: it was too long) and return the answer; a notification has none.

    `clock` returns the box's monotonic time, which every answer tells.
    """
    try:
        request = _read(line)
    except _UnreadableError as error:
        unreadable = {"code": error.code, "message": str(error)}
        return encode({"id": error.identity, "error": unreadable, "now_ns": clock()})
    outcome = _outcome(request, lambda: call(request["method"], _params(request)))
    if isinstance(reply := outcome.get("result"), PendingReply):
        return PendingAnswer(request, reply)
    return _answer(request, outcome, clock())


def _answer(request: dict[str, Any], outcome: dict[str, object], now_ns: int) -> bytes | None:
    if "id" not in request:
        return None
    try:
        return encode({"id": request["id"], **outcome, "now_ns": now_ns})
    except (TypeError, ValueError, RecursionError):
        _log.exception("%s returned something that JSON cannot hold", request["method"])
        return encode({"id": request["id"], **_internal_error(), "now_ns": now_ns})


def encode(message: dict[str, object]) -> bytes:
    """Return a message as a line of JSON."""
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


def _outcome(request: dict[str, Any], call: Callable[[], object]) -> dict[str, object]:
    """Return the part of the answer besides its id: the result of a call, or its error."""
    try:
        return {"result": call()}
    except CommandError as error:
        return _error(_code(error), error.sentence, {"word": error.word})
    except Exception:  # noqa: BLE001 - it is logged and reported to the client; the daemon carries on
        _log.exception("%s failed because of a mistake in backbutton", request["method"])
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
