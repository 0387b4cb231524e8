"""What the page answers: JSON, and errors with a word for programs and a sentence for people."""

import json
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from controller.errors import CommandError

Headers = Mapping[str, str]
Params = dict[str, object]

MOST_BODY = 16 * 1024  # bytes

_WRONG_METHOD = "this address is not used like that; reload the page"
_UNKNOWN = "there is no such page on the box; begin at the first one"


class HttpError(CommandError):
    """A request that the page itself refuses, with the HTTP status that says so."""

    def __init__(self, status: int, word: str, sentence: str, headers: Headers | None = None) -> None:
        super().__init__(word, sentence)
        self.status = status
        self.headers = headers


def too_long() -> HttpError:
    """Return the error for a body that is too long; its connection ends, as nobody reads the rest."""
    sentence = f"this is too long; the page takes {MOST_BODY // 1024} KiB at most"
    return HttpError(413, "usage", sentence, {"connection": "close"})


def encode(value: object) -> bytes:
    """Return a value as JSON on one line, in ASCII."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")


def reply(value: object, status: int = 200, headers: Headers | None = None) -> Response:
    """Return an answer in JSON."""
    return Response(encode(value), status, headers, "application/json")


def refusal(status: int, word: str, sentence: str, headers: Headers | None = None) -> Response:
    """Return an error."""
    return reply({"error": {"word": word, "text": sentence}}, status, headers)


def as_refusal(error: CommandError) -> Response:
    """Return the answer to a request that was refused, by the page or by the daemon."""
    if isinstance(error, HttpError):
        return refusal(error.status, error.word, error.sentence, error.headers)
    return refusal(503 if error.word == "offline" else 409, error.word, error.sentence)


async def on_command_error(_request: Request, error: Exception) -> Response:
    """Answer a request that was refused."""
    assert isinstance(error, CommandError)
    return as_refusal(error)


async def on_http_error(_request: Request, error: Exception) -> Response:
    """Answer a request for which there is no route, or none with its method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:  # noqa: PLR2004 - a status of HTTP
        return refusal(405, "usage", _WRONG_METHOD, error.headers)
    return refusal(error.status_code, "unknown", _UNKNOWN, error.headers)


async def on_mistake(_request: Request, _error: Exception) -> Response:
    """Answer a request that failed because of a mistake in backbutton; the log has the traceback."""
    sentence = "the page made a mistake; its log says more: journalctl -u backbutton-page"
    return refusal(500, "fault", sentence)
