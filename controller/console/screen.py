"""Redraws lines on a terminal: a block of lines in place, and messages above the prompt.

Knows a terminal's control codes and readline's functions; must not know what is shown.
"""

import ctypes
import os
import re
import readline
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TextIO

from hardware.waveform import ASCII, marks_for

_PADDING = re.compile(rb"\$<[^>]*>")  # delays for terminals slower than their line


class Screen:
    """Draws a block of lines on the terminal `out`; lines written above it scroll away as usual."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._up, self._clear_line, self._clear_below = _controls(out.fileno(), "cuu1", "el", "ed")
        self._drawn: list[str] = []

    @property
    def can_draw(self) -> bool:
        """Whether the terminal can move the cursor up and clear lines; a `dumb` one cannot."""
        return bool(self._up and self._clear_line and self._clear_below)

    @property
    def size(self) -> tuple[int, int]:
        """The present columns and rows; 80 and 24 where there are none, as on a serial port."""
        with suppress(OSError):
            size = os.get_terminal_size(self._out.fileno())
            if size.columns > 0 and size.lines > 0:
                return size
        return 80, 24

    def start_below(self) -> None:
        """Leave the present block as it is, and draw the next one below it."""
        self._drawn = []

    def draw(self, above: Sequence[str], block: Sequence[str]) -> None:
        """Replace the last block by `block`, after writing the lines `above`. Each line of a block fits in a row."""
        columns = self.size[0]
        if any(len(line) >= columns for line in self._drawn):
            self.start_below()  # the screen has become narrower; how it shows the longer lines is unknown
        back = self._up * len(self._drawn) + "\r"
        if above or len(block) != len(self._drawn):
            text = self._clear_below + "".join(f"{line}\n" for line in (*above, *block))
        else:
            pairs = zip(block, self._drawn, strict=True)
            text = "".join("\n" if line == before else f"{line}{self._clear_line}\n" for line, before in pairs)
        self._drawn = list(block)
        self._out.write(back + text)
        self._out.flush()


def bar_marks(encoding: str | None) -> str:
    """Return the two characters of a bar in this encoding: done, and to do."""
    return "#-" if marks_for(encoding) == ASCII else "█░"


def _controls(fd: int, *names: str) -> list[str]:
    """Return the terminal's control codes by their terminfo names; "" for those it does not have."""
    try:
        import curses  # noqa: PLC0415 - some Pythons are built without it
    except ImportError:
        return [""] * len(names)
    try:
        curses.setupterm(fd=fd)
    except curses.error:
        return [""] * len(names)
    return [_PADDING.sub(b"", curses.tigetstr(name) or b"").decode("latin-1") for name in names]


class PromptMessages:
    """Prints messages above the line that is being edited with GNU readline; calls `on_drawn` after each redraw.

    Raises AttributeError if another library, such as libedit, stands in for GNU readline. Raises MemoryError if C
    cannot call Python: memory both writable and executable is forbidden here, and libffi is too old to do without.
    """

    def __init__(self, out: TextIO, on_drawn: Callable[[], None]) -> None:
        library = ctypes.CDLL(getattr(readline, "__file__", None))
        self._clear_line = library.rl_clear_visible_line
        self._force_redraw = library.rl_forced_update_display
        self._redraw = library.rl_redisplay
        self._flush = library.fflush
        self._hook_pointer = ctypes.c_void_p.in_dll(library, "rl_redisplay_function")
        self._hook = ctypes.CFUNCTYPE(None)(self._draw)  # keep a reference: readline holds only its address
        self._out = out
        self._on_drawn = on_drawn

    def attach(self) -> None:
        """Call `on_drawn` whenever readline draws the line, as after each key."""
        self._hook_pointer.value = ctypes.cast(self._hook, ctypes.c_void_p).value

    def detach(self) -> None:
        """Stop calling `on_drawn`. Needed before an exception passes through readline, which draws once more."""
        self._hook_pointer.value = ctypes.cast(self._redraw, ctypes.c_void_p).value

    def print_lines(self, lines: Iterable[str]) -> None:
        """Print lines above the edited line. Call it only while readline waits for a key: else its state is stale.

        The edited line may fill several rows, with the cursor in any of them.
        """
        self._clear_line()
        self._flush(None)  # readline writes into a buffer of the C library
        text = "".join(f"{line}\n" for line in lines).encode(self._out.encoding, errors="replace")
        while text:
            text = text[os.write(self._out.fileno(), text) :]  # not print(): a signal may arrive inside a print()
        self._force_redraw()

    def _draw(self) -> None:
        self._redraw()
        self._on_drawn()
