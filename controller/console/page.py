"""Shows answers on a terminal: wrapped between words, the first word of a refusal in colour where it has colours.

Knows a terminal's width and habits, no command.
"""

import os
import re
import textwrap
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TextIO

from controller.console.answer import Answer

_USUAL = 80
_COLOURS = {"error: ": "\033[31m", "refused: ": "\033[33m", "cut: ": "\033[1m"}  # red, yellow, bold
_PLAIN = "\033[0m"
_NARROWEST = 20  # on anything narrower words are torn all the same
_COLUMN = re.compile(r"\s*\S.*?\S?\s{2,}(?=\S)")  # up to where the second column of a table begins


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


def fitted(line: str, columns: int) -> list[str]:
    """The line as lines of at most `columns - 1` columns, the last stays free; what goes on is indented as it began.

    In a table what goes on stands under the last of its columns, unless that begins too far right.
    """
    width = max(_NARROWEST, columns) - 1
    if len(line) <= width:
        return [line]
    indent = _indent(line, width)
    if not indent:
        return textwrap.wrap(line, width, break_on_hyphens=False, drop_whitespace=True)
    head, rest = line[:indent], line[indent:]
    lines = textwrap.wrap(rest, width - indent, break_on_hyphens=False)
    return [f"{head if k == 0 else ' ' * indent}{text}" for k, text in enumerate(lines)]


def _indent(line: str, width: int) -> int:
    """Where the column begins that a long line goes on in."""
    place = len(line) - len(line.lstrip())
    while (found := _COLUMN.match(line, place)) is not None and found.end() <= width * 3 // 5:
        place = found.end()
    return place
