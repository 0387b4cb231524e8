"""Draws a text as a QR code in the cells of a terminal, for the camera of a phone.

Knows modules, half blocks and colours; must not know what the text says. A code must be dark on light to be read by
every phone, so on a terminal the colours are set explicitly, whatever its own are. Drawing needs segno, which is
optional: without it the caller gets a sentence to print instead, and shows the text.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TextIO

from config.record import dataclass

QUIET_ZONE = 4  # light modules around the code that a reader needs (ISO/IEC 18004)
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_DARK_ON_LIGHT, _DARK, _LIGHT, _PLAIN = "\x1b[0;30;47m", "\x1b[40m", "\x1b[47m", "\x1b[0m"
_MISSING = "There is no QR code, because segno is not installed: sudo apt install python3-segno."
_TOO_LONG = "This is too long for a QR code."
_NO_MEANS = "There is no QR code, because this output has neither colours nor block characters."  # no reader takes #
_INVERTED = (
    "The code is drawn for light text on a dark screen; if yours is dark on light and the phone cannot read it, type "
    "the text instead."
)

Modules = Sequence[Sequence[bool]]  # rows from the top; whether each module is dark


@dataclass(frozen=True, slots=True)
class Screen:
    """What the code is drawn on: its width, whether it takes colours, and whether its encoding has half blocks."""

    columns: int
    has_colours: bool
    has_blocks: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lines of a code, and a sentence that belongs below it; without lines, why there is no code."""

    lines: tuple[str, ...]
    note: str = ""


def screen_of(stream: TextIO) -> Screen:
    """Return what is known of the screen behind a stream; a file or a pipe is as wide as need be, without colours."""
    blocks = "".join(_BLOCKS.values())
    encoding = stream.encoding or "utf-8"
    has_blocks = blocks.encode(encoding, "ignore").decode(encoding) == blocks
    if not stream.isatty():
        return Screen(1 << 16, has_colours=False, has_blocks=has_blocks)
    is_plain = os.environ.get("TERM") == "dumb" or bool(os.environ.get("NO_COLOR"))
    return Screen(shutil.get_terminal_size().columns, has_colours=not is_plain, has_blocks=has_blocks)


def draw(text: str, screen: Screen) -> Drawing:
    """Return the code of a text, with its quiet zone."""
    try:
        import segno  # noqa: PLC0415 - optional
    except ImportError:
        return Drawing((), _MISSING)
    try:
        code = segno.make(text, error="l", micro=False)  # the fewest modules; a screen is not torn or dirty
    except segno.DataOverflowError:
        return Drawing((), _TOO_LONG)
    return draw_modules(with_quiet_zone([[bool(module) for module in row] for row in code.matrix]), screen)


def draw_modules(modules: Modules, screen: Screen) -> Drawing:
    """Return the modules, which include the quiet zone, as lines for a screen."""
    width = len(modules[0]) * (1 if screen.has_blocks else 2)
    if width > screen.columns:
        return Drawing((), f"There is no room for the QR code, which needs {width} columns.")
    if screen.has_colours:
        return Drawing(tuple(_coloured_blocks(modules) if screen.has_blocks else _coloured_spaces(modules)))
    if not screen.has_blocks:
        return Drawing((), _NO_MEANS)
    light = [[not is_dark for is_dark in row] for row in modules]  # what such a screen draws is light
    return Drawing(tuple(_blocks(light, below=True)), _INVERTED)


def with_quiet_zone(modules: Modules) -> Modules:
    """Return the modules with the light ones around them."""
    side = [False] * QUIET_ZONE
    rows = [[*side, *row, *side] for row in modules]
    blank = [[False] * len(rows[0])] * QUIET_ZONE
    return [*blank, *rows, *blank]


def _blocks(modules: Modules, *, below: bool) -> Iterator[str]:
    """Yield two rows a line; `below` is what stands below the last row if their number is odd."""
    rows = [*modules, [below] * len(modules[0])]
    for upper, lower in zip(rows[::2], rows[1::2], strict=False):
        yield "".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True))


def _coloured_blocks(modules: Modules) -> Iterator[str]:
    for line in _blocks(modules, below=False):
        yield f"{_DARK_ON_LIGHT}{line}{_PLAIN}"


def _coloured_spaces(modules: Modules) -> Iterator[str]:
    for row in modules:
        runs = ((_DARK if is_dark else _LIGHT, 2 * len(list(run))) for is_dark, run in groupby(row))
        yield "".join(f"{colour}{' ' * length}" for colour, length in runs) + _PLAIN
