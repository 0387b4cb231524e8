"""Terminals: how line mode wants one. Knows descriptors and their settings; knows no command."""

import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

INTERRUPT = b"\x03"  # Ctrl-C
END = b"\x04"  # Ctrl-D
ENCODING = "BACKBUTTON_ENCODING"  # in the environment: that of the terminal, where the locale's is not
REDRAW = b"\x1b[991~"  # the key by which a pump has a prompt draw its line anew; no keyboard has it

_INPUT, _LOCAL, _CHARACTERS = 0, 3, 6  # places in what tcgetattr returns


def make_quiet(fd: int) -> None:
    """Have a terminal pass on every byte as it comes and echo none; output stays as it is."""
    attributes = termios.tcgetattr(fd)
    attributes[_INPUT] &= ~(termios.IXON | termios.ISTRIP | termios.INLCR | termios.IGNCR)
    attributes[_INPUT] |= termios.ICRNL
    attributes[_LOCAL] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
    attributes[_CHARACTERS][termios.VMIN] = 1
    attributes[_CHARACTERS][termios.VTIME] = 0
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


@contextmanager
def quiet(fd: int) -> Iterator[None]:
    """Keep a terminal quiet for a while; do nothing to anything else."""
    if not os.isatty(fd):
        yield
        return
    before = termios.tcgetattr(fd)
    make_quiet(fd)
    try:
        yield
    finally:
        with suppress(termios.error):  # it may have gone
            termios.tcsetattr(fd, termios.TCSANOW, before)
