"""Puts answers on a person's terminal: no word torn, and how a refusal begins in colour, where that is wanted.

Knows a terminal's width and habits, no command.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TextIO

from controller.console.answer import Answer
from controller.console.layout import fitted

_USUAL = 80
_COLOURS = {"error: ": "\033[31m", "refused: ": "\033[33m", "cut: ": "\033[1m"}  # red, yellow, bold
_PLAIN = "\033[0m"


class Page:
    """The terminal `out`; what `environment` says of colours holds (no-color.org, TERM)."""

    def __init__(self, out: TextIO, environment: Mapping[str, str] = os.environ) -> None:
        self._out = out
        is_plain = environment.get("NO_COLOR") or environment.get("TERM", "dumb") == "dumb"
        self._colours = {} if is_plain or not out.isatty() else _COLOURS

    @property
    def columns(self) -> int:
        """How wide it is now; a serial port has no width, so it is the usual one."""
        with suppress(OSError):
            return os.get_terminal_size(self._out.fileno()).columns or _USUAL
        return _USUAL

    def show(self, answer: Answer) -> None:
        """Show an answer."""
        text = answer.screen()
        if text:
            self.tell(text.split("\n"))

    def tell(self, lines: Iterable[str]) -> None:
        """Show lines, as many rows each as they need."""
        columns = self.columns
        for line in lines:
            first, *more = fitted(line, columns)
            print(self._coloured(first), *more, sep="\n", file=self._out)

    def _coloured(self, line: str) -> str:
        for head, colour in self._colours.items():
            if line.startswith(head):
                return f"{colour}{head.strip()}{_PLAIN} {line.removeprefix(head)}"
        return line
