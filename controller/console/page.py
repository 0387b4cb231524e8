"""Shows answers on a terminal: wraps long lines between words, colours `error:` and `refused:`.

Knows the terminal's width and colours; must not know commands.
"""

import os
import re
import textwrap
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TextIO

from controller.console.answer import Answer
from controller.printing import printable

_DEFAULT_COLUMNS = 80
_COLOURS = {"error: ": "\033[31m", "refused: ": "\033[33m", "cut: ": "\033[1m"}  # red, yellow, bold
_RESET = "\033[0m"
_NARROWEST = 20  # below this many columns, lines are wrapped for this width
_WORD_LIST = re.compile(r"\s*\S+(  \S+){2,}")  # words side by side, which form no table
_COLUMN = re.compile(r"\s*\S.*?\S?\s{2,}(?=\S)")  # up to where the next column of a table starts


class Page:
    """The terminal `out`; `environment` can switch the colours off (NO_COLOR, see no-color.org, or TERM)."""

    def __init__(self, out: TextIO, environment: Mapping[str, str] = os.environ) -> None:
        self._out = out
        is_plain = environment.get("NO_COLOR") or environment.get("TERM", "dumb") == "dumb"
        self._colours = {} if is_plain or not out.isatty() else _COLOURS

    @property
    def columns(self) -> int:
        """The present width; 80 where there is none, as on a serial port."""
        with suppress(OSError):
            return os.get_terminal_size(self._out.fileno()).columns or _DEFAULT_COLUMNS
        return _DEFAULT_COLUMNS

    def show(self, answer: Answer) -> None:
        """Show an answer."""
        text = answer.for_people()
        if text:
            self.print_lines(text.split("\n"))

    def print_lines(self, lines: Iterable[str]) -> None:
        """Print lines, wrapped to the present width."""
        columns = self.columns
        for line in lines:
            first, *more = wrap(printable(line), columns)
            print(self._coloured(first), *more, sep="\n", file=self._out)

    def _coloured(self, line: str) -> str:
        for head, colour in self._colours.items():
            if line.startswith(head):
                return f"{colour}{head.strip()}{_RESET} {line.removeprefix(head)}"
        return line


def wrap(line: str, columns: int) -> list[str]:
    """Split a line into lines of at most `columns - 1` characters, indented like the first.

    In a table they are indented to the last column that starts within the left 60 % of the width.
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
    """Return how far to indent what does not fit on the first line."""
    indent = len(line) - len(line.lstrip())
    if _WORD_LIST.fullmatch(line):
        return indent
    while (match := _COLUMN.match(line, indent)) is not None and match.end() <= width * 3 // 5:
        indent = match.end()
    return indent
