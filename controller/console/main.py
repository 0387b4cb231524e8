"""Starts the console: a prompt at a terminal, line mode anywhere else, or the pump for a serial port."""

import sys
from pathlib import Path

from controller import gc_pause
from controller.console.answer import PLAIN
from controller.console.link import Link


def run_console(socket: Path, port: str | None, baud: int, plain: bool) -> int:
    """Serve a console on standard input and output, or on the serial `port`. Blocks until it ends.

    Returns the exit status. In line mode it is 1 if the daemon could never be reached, else 0.
    """
    if port is not None:
        from controller.console.serial.pump import serve_port  # noqa: PLC0415 - only the pump needs pyserial

        gc_pause.end()
        return serve_port(socket, port, baud, plain)
    link = Link(socket)
    try:
        if not plain and _is_at_terminal() and _run_shell(link) != PLAIN:
            return 0
        return _run_line_mode(link)
    finally:
        link.close()


def _is_at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _run_shell(link: Link) -> str | None:
    try:
        from controller.console.shell import Shell  # noqa: PLC0415 - scripts do not need readline
    except ImportError:  # this Python has no readline
        return PLAIN
    shell = Shell(link)
    gc_pause.end()
    return shell.run()


def _run_line_mode(link: Link) -> int:
    from controller.console.linemode import LineMode  # noqa: PLC0415 - the prompt does not need it

    gc_pause.end()
    LineMode(link, sys.stdin.fileno(), sys.stdout.fileno()).run()
    if link.was_reached:
        return 0
    print(f"backbutton: {link.last_error}", file=sys.stderr)
    return 1
