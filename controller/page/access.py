"""Who may look and do: a browser whose cookie holds a token that the daemon knows.

Tokens are asked about, never kept: what is remembered, for seconds, are their SHA-256. Neither may reach a log.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from hashlib import sha256

from starlette.requests import Request

from controller.page.link import DaemonLink
from controller.page.rates import Rate
from controller.page.replies import HttpError

COOKIE = "backbutton"
SECOND_NS = 1_000_000_000

_REMEMBERED_NS = 10 * SECOND_NS
_MOST_REMEMBERED = 64
_CALLS_PER_S = 20
_STRANGERS_PER_S = 5  # requests that need the daemon, from one address that is not paired
_FORM = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)
_YEAR_S = 365 * 24 * 3600
_UNPAIRED = "this phone is not paired with the box; pair it first"
_TOO_MANY = "too many requests at once; wait a second and try again"


def cookie_with(token: str) -> dict[str, str]:
    """Return the header that gives a browser its token."""
    return {"set-cookie": f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={_YEAR_S}"}


def cookie_without() -> dict[str, str]:
    """Return the header that has a browser forget its token."""
    return {"set-cookie": f"{COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0"}


def unpaired() -> HttpError:
    """Return the error for a browser that is not paired."""
    return HttpError(401, "unpaired", _UNPAIRED)


def too_many() -> HttpError:
    """Return the error for who asks too often."""
    return HttpError(429, "busy", _TOO_MANY, {"retry-after": "1"})


class Access:
    """Tells who is paired; a token that is looked with (`hold`) is asked about only once."""

    def __init__(self, link: DaemonLink, now_ns: Callable[[], int]) -> None:
        self._link = link
        self._now_ns = now_ns
        self._paired: dict[bytes, int] = {}  # until when to remember, by a token's hash
        self._held: Counter[bytes] = Counter()
        self._asking: dict[bytes, asyncio.Task[bool]] = {}
        self._calls = Rate(_CALLS_PER_S)
        self._strangers = Rate(_STRANGERS_PER_S)

    async def require(self, request: Request) -> str:
        """Return the token of a paired browser; HttpError for any other, CommandError `offline` without a daemon."""
        token = token_of(request)
        if not await self.is_paired(token, peer_of(request)):
            raise unpaired()
        return token

    async def is_paired(self, token: str, peer: str) -> bool:
        """Tell whether a token is known; a stranger's guesses are limited by address."""
        key = _key(token)
        if self._remembers(key) or key in self._asking:
            return await self.ask(token)
        self.admit(peer)
        is_paired = await self._ask_once(key, token)
        if is_paired:
            self._strangers.give_back(peer)
        return is_paired

    def admit(self, peer: str) -> None:
        """Count a request of a stranger that needs the daemon; HttpError if there were too many."""
        if not self._strangers.take(peer, self._now_ns()):
            raise too_many()

    def count_call(self, token: str) -> None:
        """Count a call of a paired browser; HttpError if there were too many."""
        if not self._calls.take(_key(token), self._now_ns()):
            raise too_many()

    async def ask(self, token: str) -> bool:
        """Ask the daemon about a token, or remember; for one whose stream is open."""
        key = _key(token)
        return self._remembers(key) or await self._ask_once(key, token)

    def hold(self, token: str) -> None:
        """Remember a token for as long as its stream is open."""
        self._held[_key(token)] += 1

    def let_go(self, token: str) -> None:
        """Remember a token only for a few seconds more."""
        key = _key(token)
        self._held[key] -= 1
        if self._held[key] <= 0:
            del self._held[key]
            if key in self._paired:
                self._paired[key] = self._now_ns() + _REMEMBERED_NS

    def forget(self) -> None:
        """Ask anew about every token: one was removed, or the daemon was lost."""
        self._paired.clear()
        self._asking.clear()

    def _remembers(self, key: bytes) -> bool:
        until_ns = self._paired.get(key)
        return until_ns is not None and (self._held[key] > 0 or self._now_ns() < until_ns)

    async def _ask_once(self, key: bytes, token: str) -> bool:
        """Ask the daemon; requests that come together share one answer."""
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(token))
            task.add_done_callback(lambda done: self._asked(key, done))
        return await asyncio.shield(task)

    async def _ask(self, token: str) -> bool:
        reply = await self._link.call("pairing.check", token=token)
        return reply.result["paired"] is True

    def _asked(self, key: bytes, task: asyncio.Task[bool]) -> None:
        is_paired = not task.cancelled() and task.exception() is None and task.result()
        if self._asking.get(key) is not task:  # asked before something was forgotten
            return
        del self._asking[key]
        if is_paired:
            self._remember(key)

    def _remember(self, key: bytes) -> None:
        now_ns = self._now_ns()
        if len(self._paired) >= _MOST_REMEMBERED:
            self._paired = {key: until for key, until in self._paired.items() if self._held[key] or until > now_ns}
        self._paired[key] = now_ns + _REMEMBERED_NS


def token_of(request: Request) -> str:
    """Return the token in a request's cookie; HttpError if there is none that could be one."""
    token = request.cookies.get(COOKIE, "")
    if not _FORM.fullmatch(token):
        raise unpaired()
    return token


def peer_of(request: Request) -> str:
    """Return the address that a request comes from."""
    return "" if request.client is None else request.client.host


def _key(token: str) -> bytes:
    return sha256(token.encode()).digest()
