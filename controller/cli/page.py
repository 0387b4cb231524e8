"""`backbutton page`: serves the page for a phone."""

import argparse
from collections.abc import Callable
from pathlib import Path

from controller import __version__
from controller.cli.options import PAGE_HOST, PAGE_PORT
from controller.errors import DaemonError

_OURS = ("config", "controller", "hardware")
_ITSELF = "controller.page"  # a Debian package of its own
_ON_BENCH = """\
A virtual box and camera are running; nothing real is connected.
Open this in a browser on this machine; it pairs one browser, and Ctrl-C ends it:
{address}pair#{code}"""


def run_page(options: argparse.Namespace) -> int:
    """Serve the page until it is stopped; returns the exit status. DaemonError if it cannot begin."""
    return _serve(options.socket, options.host, options.port, options.idle_exit, _print_address)


def run_page_on_bench(socket: Path, port: int | None) -> int:
    """Serve the page of a box on the virtual bench, and print a link that pairs a browser with it."""
    from controller.client import Client

    with Client.connect(socket) as client:
        code = client.call("pairing.link")["code"]

    def print_link(address: str) -> None:
        print(_ON_BENCH.format(address=address, code=code), flush=True)

    return _serve(socket, PAGE_HOST, PAGE_PORT if port is None else port, 0, print_link)


def _serve(socket: Path, host: str, port: int, idle_ns: int, on_ready: Callable[[str], None]) -> int:
    try:
        from controller.page.server import STATIC, run_page
    except ModuleNotFoundError as error:
        raise DaemonError(_missing(error)) from error
    return run_page(socket, host, port, idle_ns, STATIC, on_ready)


def _print_address(address: str) -> None:
    print(f"the page is at {address}", flush=True)


def _missing(error: ModuleNotFoundError) -> str:
    """Return what to install for the page; raises `error` again if it is another module of our own."""
    if error.name == _ITSELF:
        package = f"backbutton-page_{__version__}_all.deb"
        return f"the page is a package of its own, which is not installed; run: sudo apt install ./dist/{package}"
    name = (error.name or "").partition(".")[0]
    if not name or name in _OURS:
        raise error
    return f'the page needs {name}, which is not installed; run: pip install "backbutton[page]"'
