"""`backbutton page`: serves the page for a phone."""

import argparse

from controller.errors import DaemonError


def run_page(options: argparse.Namespace) -> int:
    """Serve the page until it is stopped; returns the exit status. DaemonError if it cannot begin."""
    try:
        from controller.page.server import run_page as run
    except ModuleNotFoundError as error:
        raise DaemonError(missing(error)) from error
    return run(options.socket, options.host, options.port, options.idle_exit)


def missing(error: ModuleNotFoundError) -> str:
    """Return what to install for the page; raises `error` again if it is a module of our own."""
    if error.name is None or error.name.split(".")[0] in ("config", "controller", "hardware"):
        raise error
    return f'the page needs {error.name}, which is not installed; run: pip install "backbutton[page]"'
