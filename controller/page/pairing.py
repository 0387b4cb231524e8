"""Pairs a browser with the box: by a press of `run` on the box, or by a one-time code from its console.

The daemon decides and keeps the tokens. Here they only pass into a cookie, which no script can read.
"""

import asyncio
import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from controller.page.access import Access, cookie_with, cookie_without, peer_of
from controller.page.bodies import read_object, text_in
from controller.page.link import DaemonLink
from controller.page.replies import HttpError, Params, reply

_LONGEST_WAIT = 40  # times
_EVERY_S = 0.5
_MOST_WAITING = 8
# What a browser calls itself, and how a person would. The first that fits.
_DEVICES = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android.*Mobile", "Android phone"),
    (r"Android", "Android tablet"),
)
_BROWSERS = ((r"Firefox/", "Firefox"), (r"Edg/", "Edge"), (r"Chrome/|Chromium/", "Chrome"), (r"Safari/", "Safari"))
_SYSTEMS = ((r"CrOS", "ChromeOS"), (r"Linux", "Linux"), (r"Mac OS X|Macintosh", "a Mac"), (r"Windows", "Windows"))


def browser_name(agent: str) -> str:
    """Return a short name for a browser, by its User-Agent: iPhone, Android phone, Firefox on Linux."""
    agent = agent[:400]
    device = _first(_DEVICES, agent)
    if device:
        return device
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    return f"{browser or 'a browser'} on {system}" if system else browser or "a browser"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, agent)), "")


class Pairing:
    """Answers the requests about pairing; `ending` is set when the server ends."""

    def __init__(self, access: Access, link: DaemonLink, ending: asyncio.Event) -> None:
        self._access = access
        self._link = link
        self._ending = ending
        self._waiting = 0

    def routes(self) -> list[Route]:
        """Return the routes of pairing."""
        return [
            Route("/pair", self._ask, methods=["POST"]),
            Route("/pair/wait", self._wait, methods=["POST"]),
            Route("/pair/link", self._redeem, methods=["POST"]),
            Route("/unpair", self._unpair, methods=["POST"]),
        ]

    async def _ask(self, request: Request) -> Response:
        await self._params(request)
        name = browser_name(request.headers.get("user-agent", ""))
        asked = (await self._link.call("pairing.ask", name=name)).result
        return reply({key: asked[key] for key in ("request", "seconds", "text")})

    async def _wait(self, request: Request) -> Response:
        """Wait until somebody presses `run`, nobody has, or it is time to ask again."""
        asked = text_in(await self._params(request), "request")
        if self._waiting >= _MOST_WAITING:
            raise HttpError(503, "busy", "too many phones wait to be paired; try again", {"retry-after": "3"})
        self._waiting += 1
        try:
            return _paired_or_not(await self._result(asked, request))
        finally:
            self._waiting -= 1

    async def _result(self, asked: str, request: Request) -> Params:
        for _ in range(_LONGEST_WAIT):
            result: Params = (await self._link.call("pairing.result", request=asked)).result
            if result["state"] != "waiting" or await self._ends() or await request.is_disconnected():
                break
        return result

    async def _ends(self) -> bool:
        """Wait for a moment; returns True if the server ends."""
        try:
            async with asyncio.timeout(_EVERY_S):
                await self._ending.wait()
        except TimeoutError:
            return False
        return True

    async def _redeem(self, request: Request) -> Response:
        code = text_in(await self._params(request), "code")
        name = browser_name(request.headers.get("user-agent", ""))
        token = (await self._link.call("pairing.redeem", code=code, name=name)).result["token"]
        return reply({"state": "paired"}, headers=cookie_with(token))

    async def _unpair(self, request: Request) -> Response:
        token = await self._access.require(request)
        self._access.count_call(token)
        await read_object(request)
        await self._link.call("pairing.remove", token=token)
        self._access.forget()
        return reply({"state": "unpaired"}, headers=cookie_without())

    async def _params(self, request: Request) -> Params:
        """Return the parameters of a request that anybody may send, but not too often."""
        self._access.admit(peer_of(request))
        return await read_object(request)


def _paired_or_not(result: Params) -> Response:
    """Return the answer to a browser that waits; only the cookie has the token."""
    headers = cookie_with(str(result["token"])) if result["state"] == "paired" else None
    return reply({"state": result["state"], "text": result.get("text")}, headers=headers)
