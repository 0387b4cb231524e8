"""Puts the parts of the page together: the one composition root of its HTTP side."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from controller.errors import CommandError
from controller.page import calls, captive, events, logs, lookup
from controller.page.access import Access
from controller.page.files import PageFiles
from controller.page.guard import Guard
from controller.page.headers import SafeHeaders
from controller.page.hosts import Hosts
from controller.page.hub import Hub
from controller.page.link import DaemonLink
from controller.page.pairing import Pairing
from controller.page.replies import on_command_error, on_http_error, on_mistake


class Page:
    """The page as an ASGI application, over the daemon at `socket`."""

    def __init__(self, socket: Path, static: Path, machine: str, now_ns: Callable[[], int]) -> None:
        self._ending = asyncio.Event()
        link = DaemonLink(socket)
        access = Access(link, now_ns)
        self._hub = Hub(link, access)
        routes = [
            *PageFiles(static).routes(),
            *Pairing(access, link, self._ending).routes(),
            *events.routes(access, self._hub),
            *calls.routes(access, link),
            *lookup.routes(access),
            *logs.routes(access, link),
            *captive.routes(),
        ]
        self.app = SafeHeaders(Guard(_starlette(routes), Hosts(machine)))

    def end(self) -> None:
        """End all streams and whatever else waits, so that the server can end."""
        self._ending.set()
        self._hub.end()


def _starlette(routes: list[Route]) -> Starlette:
    app = Starlette(
        routes=routes,
        exception_handlers={
            CommandError: on_command_error,
            HTTPException: on_http_error,
            Exception: on_mistake,
        },
    )
    app.router.redirect_slashes = False  # a redirect would repeat the Host header
    return app
