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
_WRAPPED_FOR = 78  # columns: texts come wrapped for 78 or 79
_WORD_LIST = re.compile(r"\s*\S+(  \S+){2,}")  # words side by side, which form no table
_CELL = re.compile(r"\S+(?: \S+)*")  # the columns of a table are two spaces or more apart
_LIST_MARK = re.compile(r"\s*(?:[-*]|\d+\.) +")
_NO_COLUMN = -1
_HANGING = 4  # columns by which to indent the cells that do not fit beside the first ones


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
        for line in self.wrapped(lines):
            print(self._coloured(line), file=self._out)

    def wrapped(self, lines: Iterable[str]) -> list[str]:
        """Return lines, wrapped to the present width."""
        columns = self.columns
        clean = [printable(line) for line in lines]
        joined = join_wrapped(clean) if columns <= _WRAPPED_FOR else clean
        return [row for line in joined for row in wrap(line, columns)]

    def _coloured(self, line: str) -> str:
        for head, colour in self._colours.items():
            if line.startswith(head):
                return f"{colour}{head.strip()}{_RESET} {line.removeprefix(head)}"
        return line


def wrap(line: str, columns: int) -> list[str]:
    """Split a line into lines of at most `columns - 1` characters, indented like its last column.

    If that column starts far to the right, the cells of the line are placed below the first ones.
    """
    width = max(_NARROWEST, columns) - 1
    if len(line) <= width:
        return [line]
    indent = _text_column(line)
    if indent > width * 3 // 5:
        return _stacked(line, width)
    head, rest = line[:indent], line[indent:]
    lines = textwrap.wrap(rest, width - indent, break_on_hyphens=False)
    return [f"{head if k == 0 else ' ' * indent}{text}" for k, text in enumerate(lines)] or [""]


def join_wrapped(lines: Iterable[str]) -> list[str]:
    """Undo the wrapping for 78 or 79 columns, so that a narrower page can wrap the text itself.

    A line continues the one before if its first word had no room there, and it starts in the column of that text.
    """
    joined: list[str] = []
    last, column = "", _NO_COLUMN
    for line in lines:
        words = line.split(maxsplit=1)
        did_not_fit = bool(words) and len(last) <= _WRAPPED_FOR + 1 < len(last) + 2 + len(words[0])
        if did_not_fit and len(line) - len(line.lstrip()) == column:
            joined[-1] += ("  " if _WORD_LIST.fullmatch(last) else " ") + line.lstrip()
        else:
            joined.append(line)
            # Lines at the left edge are a paragraph if it begins like one; the sentences of a plan, for one, do not.
            column = _text_column(line) or (0 if line[:1].isupper() else _NO_COLUMN)
        last = line
    return joined


def _text_column(line: str) -> int:
    """Return where the text of a line starts: after the mark of a list's item, or in the last column of a table."""
    cells = list(_CELL.finditer(line))
    mark = _LIST_MARK.match(line)
    if mark and len(cells) == 1:
        return mark.end()
    if not cells or _WORD_LIST.fullmatch(line):
        return len(line) - len(line.lstrip())
    return cells[-1].start()


def _stacked(line: str, width: int) -> list[str]:
    """Return the cells of a line: the first ones where they are, the others close to them or, without room, below."""
    cells = list(_CELL.finditer(line))
    kept = sum(cell.end() <= width for cell in cells)
    first = line[: cells[kept - 1].end()] if kept else ""
    others = "  ".join(cell[0] for cell in cells[kept:])
    if kept and len(first) + 2 + len(others) <= width:
        return [f"{first}  {others}"]
    hanging = " " * (min(cells[0].start(), width // 2) + (_HANGING if kept else 0))
    below = textwrap.wrap(others, width, initial_indent=hanging, subsequent_indent=hanging, break_on_hyphens=False)
    return [first, *below] if kept else below
