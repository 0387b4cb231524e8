"""`backbutton page`: runs the page until it is stopped, or until nobody has asked for anything for a while."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from controller import gc_pause
from controller.page.activity import Activity
from controller.page.app import Page
from controller.page.listening import BACKLOG, address_of, listeners
from controller.page.protocol import LONGEST_HEAD, PageProtocol
from hardware.clock import SystemClock

STATIC = Path(__file__).with_name("static")

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_KEEP_ALIVE_S = 5
_GRACE_S = 0.5  # for answers on their way, when the server ends


def run_page(control: Path, host: str, port: int, idle_ns: int, static: Path, on_ready: Callable[[str], None]) -> int:
    """Serve the page of the box at the socket `control`; returns 0 once it has ended. DaemonError if it cannot begin.

    `on_ready` is called with the address when browsers can connect.
    """
    sockets = listeners(host, port, os.environ)
    page = Page(control, static, socket.gethostname(), SystemClock.now_ns)
    server = PageServer(page, idle_ns, lambda: on_ready(address_of(sockets[0])))
    asyncio.run(server.serve(sockets))
    return 0


class PageServer(uvicorn.Server):
    """uvicorn, which ends by signals, when it is idle, or by `end`; within a second, whoever is connected."""

    def __init__(self, page: Page, idle_ns: int, on_ready: Callable[[], None]) -> None:
        self._page = page
        self._activity = Activity(page.app, idle_ns, self.end)
        self._on_ready = on_ready
        self._ended = asyncio.Event()
        super().__init__(_config(self._activity))

    def end(self) -> None:
        """End soon. To be called on the loop."""
        self.should_exit = True
        self._ended.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End by signals during the `with` block, where that is possible."""
        signals = _SIGNALS if threading.current_thread() is threading.main_thread() else ()
        loop = asyncio.get_running_loop()
        for number in signals:
            loop.add_signal_handler(number, self.end)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        self._activity.begin()
        gc_pause.end()
        self._on_ready()

    async def main_loop(self) -> None:
        """Wait for the end; uvicorn's own loop would wake the processor ten times a second."""
        await self._ended.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: streams at once, answers on their way soon."""
        self._page.end()
        late = asyncio.get_running_loop().call_later(_GRACE_S, self._abort_all)
        await super().shutdown(sockets)
        late.cancel()

    def _abort_all(self) -> None:
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()
        for task in tuple(self.server_state.tasks):
            task.cancel()


def _config(app: Activity) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http=PageProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",  # a stranger could fill the log with warnings
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # the box's clock may be wrong, and nothing here hangs on it
        backlog=BACKLOG,  # uvicorn's is 2,048, and so many would be taken at once, past the limit on open files
        timeout_keep_alive=_KEEP_ALIVE_S,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
