"""Lays text out for a screen of so many columns, so that no word is torn. Pure."""

import re
import textwrap

_NARROWEST = 20  # on anything narrower words are torn all the same
_COLUMN = re.compile(r"\s*\S.*?\S?\s{2,}(?=\S)")  # up to where the second column of a table begins


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
