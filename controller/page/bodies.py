"""Reads the body of a request: one JSON object, of a bounded length, within a bounded time."""

import asyncio
import json
from typing import Any, NoReturn

from starlette.requests import ClientDisconnect, Request

from controller.page.replies import MOST_BODY, HttpError, Params, too_long

WITHIN_S = 10.0


async def read_object(request: Request) -> Params:
    """Return the object in a request's body. HttpError if there is none."""
    try:
        async with asyncio.timeout(WITHIN_S):
            body = await _read(request)
    except TimeoutError:
        sentence = f"this did not arrive within {WITHIN_S:.0f} s; try again"
        raise HttpError(408, "usage", sentence, {"connection": "close"}) from None
    except ClientDisconnect:  # nobody reads the answer
        raise HttpError(400, "usage", "the connection was lost; try again") from None
    return _parsed(bytes(body))


async def _read(request: Request) -> bytearray:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise too_long()
    return body


def _parsed(body: bytes) -> Params:
    try:
        value: Any = json.loads(body.decode(), parse_constant=_reject)
    except (ValueError, RecursionError):
        raise HttpError(400, "usage", "this is not JSON; reload the page and try again") from None
    if not isinstance(value, dict):
        raise HttpError(400, "usage", "this is not a JSON object, a name for each value; reload the page")
    return value


def _reject(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def text_in(params: Params, name: str, longest: int = 200) -> str:
    """Return a text that must be there. HttpError if it is not, or if it is longer than `longest`."""
    value = params.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise HttpError(400, "usage", f"{name} must be a text of 1 to {longest} characters")
    return value
