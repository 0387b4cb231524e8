"""Terminal settings and special keys, shared by the prompt, line mode and the pump. Must not know commands."""

import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CTRL_C = b"\x03"
CTRL_D = b"\x04"
ENCODING_VARIABLE = "BACKBUTTON_ENCODING"  # the terminal's encoding, where it differs from the locale's
REDRAW_KEY = b"\x1b[991~"  # the pump sends it so that the prompt redraws its line; no keyboard has it

_INPUT, _LOCAL, _CHARACTERS = 0, 3, 6  # indexes into the list that tcgetattr returns


def set_raw_input(fd: int) -> None:
    """Make a terminal pass on every byte at once, without echo; output processing stays as it is."""
    attributes = termios.tcgetattr(fd)
    attributes[_INPUT] &= ~(termios.IXON | termios.ISTRIP | termios.INLCR | termios.IGNCR)
    attributes[_INPUT] |= termios.ICRNL
    attributes[_LOCAL] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
    attributes[_CHARACTERS][termios.VMIN] = 1
    attributes[_CHARACTERS][termios.VTIME] = 0
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


@contextmanager
def raw_input(fd: int) -> Iterator[None]:
    """Use raw input for the duration of the block, then restore the settings; do nothing if `fd` is no terminal."""
    if not os.isatty(fd):
        yield
        return
    before = termios.tcgetattr(fd)
    set_raw_input(fd)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal may be gone
            termios.tcsetattr(fd, termios.TCSANOW, before)
