"""Lines above the one that is being typed, by GNU readline's own functions. Knows no event and no command."""

import ctypes
import os
import readline
from collections.abc import Callable, Iterable
from typing import TextIO


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
