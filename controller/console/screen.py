"""A few lines of a terminal that are drawn anew in place. Knows a terminal's controls, not what is drawn."""

import ctypes
import os
import re
import readline
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TextIO

from hardware.waveform import ASCII, marks_for

_PADDING = re.compile(rb"\$<[^>]*>")  # for terminals that were slower than their lines


class Screen:
    """Draws a block of lines on the terminal `out`; what is written above it stays, and scrolls away."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._up, self._end_line, self._end_screen = _controls(out.fileno(), "cuu1", "el", "ed")
        self._drawn: list[str] = []

    @property
    def can_draw(self) -> bool:
        """The terminal can go back to what it has shown; a printer and a `dumb` one cannot."""
        return bool(self._up and self._end_line and self._end_screen)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows, as they are now."""
        with suppress(OSError):
            size = os.get_terminal_size(self._out.fileno())
            if size.columns > 0 and size.lines > 0:  # a serial port has no size
                return size
        return 80, 24

    def begin_anew(self) -> None:
        """Leave the block where it stands; the next is drawn below it."""
        self._drawn = []

    def draw(self, above: Sequence[str], block: Sequence[str]) -> None:
        """Write lines above the block, and the block in place of the one before; its lines fit into a row each."""
        columns = self.size[0]
        if any(len(line) >= columns for line in self._drawn):
            self.begin_anew()  # the screen is narrower now, and nobody knows how it shows what was wider
        back = self._up * len(self._drawn) + "\r"
        if above or len(block) != len(self._drawn):
            text = self._end_screen + "".join(f"{line}\n" for line in (*above, *block))
        else:
            pairs = zip(block, self._drawn, strict=True)
            text = "".join("\n" if line == before else f"{line}{self._end_line}\n" for line, before in pairs)
        self._drawn = list(block)
        self._out.write(back + text)
        self._out.flush()


def marks_of(encoding: str | None) -> str:
    """What bars are made of where text is in this encoding: a mark for what is over, one for what is to come."""
    return "#-" if marks_for(encoding) == ASCII else "█░"


def _controls(fd: int, *names: str) -> list[str]:
    """What has the terminal do these things, by their names in terminfo; "" for what it cannot."""
    try:
        import curses  # noqa: PLC0415 - not every Python has it, and only this needs it
    except ImportError:
        return [""] * len(names)
    try:
        curses.setupterm(fd=fd)
    except curses.error:
        return [""] * len(names)
    return [_PADDING.sub(b"", curses.tigetstr(name) or b"").decode("latin-1") for name in names]


class Above:
    """Puts lines on the terminal `out`, above what readline shows there.

    AttributeError where this readline cannot: it is another, which only speaks like GNU's. MemoryError where C cannot
    call Python: memory that is both written and executed is forbidden here, and libffi is too old to do without.
    """

    def __init__(self, out: TextIO, on_drawn: Callable[[], None]) -> None:
        library = ctypes.CDLL(getattr(readline, "__file__", None))
        self._clear_line = library.rl_clear_visible_line
        self._draw_anew = library.rl_forced_update_display
        self._draw_line = library.rl_redisplay
        self._flush = library.fflush
        self._drawing = ctypes.c_void_p.in_dll(library, "rl_redisplay_function")
        self._hook = ctypes.CFUNCTYPE(None)(self._draw)  # kept: readline has only its address
        self._out = out
        self._on_drawn = on_drawn

    def attach(self) -> None:
        """Have `on_drawn` called whenever the line is drawn, as after each key."""
        self._drawing.value = ctypes.cast(self._hook, ctypes.c_void_p).value

    def detach(self) -> None:
        """Have it called no more; so it must be when an exception goes through readline, which draws once more."""
        self._drawing.value = ctypes.cast(self._draw_line, ctypes.c_void_p).value

    def put(self, lines: Iterable[str]) -> None:
        """Put lines there, while readline waits for a key: at no other time does its idea of the screen hold.

        The line being typed may stand in several rows, its cursor in any of them.
        """
        self._clear_line()
        self._flush(None)  # readline writes into a buffer of C's
        text = "".join(f"{line}\n" for line in lines).encode(self._out.encoding, errors="replace")
        while text:
            text = text[os.write(self._out.fileno(), text) :]  # not print: this may be called in the midst of one
        self._draw_anew()

    def _draw(self) -> None:
        self._draw_line()
        self._on_drawn()
