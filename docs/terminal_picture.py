"""Draws a terminal's screen as SVG. Knows cells and colours, not their meaning."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

import pyte

from controller.plan.svg import Svg

_CELL_X, _CELL_Y, _MARGIN, _BAR = 7.8, 17.0, 14.0, 26.0
_SIZE = 13
_PAPER, _INK, _FRAME = "#14181d", "#d7dde4", "#2a3038"
_BUTTONS = ("#e0655a", "#e0b04f", "#67b26f")
_COLOURS = {
    "default": _INK, "black": "#14181d", "red": "#e0655a", "green": "#67b26f", "brown": "#e0b04f", "blue": "#6aa0d8",
    "magenta": "#b58bd0", "cyan": "#5fb6b8", "white": _INK,
}  # fmt: skip
_FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace"


@dataclass(frozen=True, slots=True)
class Shot:
    """A screen at one moment: its rows of cells (text, colour, bold), and the cursor's column and row."""

    rows: tuple[tuple[tuple[str, str, bool], ...], ...]
    cursor: tuple[int, int]

    @classmethod
    def of(cls, screen: pyte.Screen) -> Self:
        """Return the present screen."""
        rows = tuple(tuple(_cell(screen.buffer[y][x]) for x in range(screen.columns)) for y in range(screen.lines))
        return cls(rows, (screen.cursor.x, screen.cursor.y))


def _cell(char: Any) -> tuple[str, str, bool]:
    return char.data, char.fg, char.bold


def draw(shot: Shot, title: str) -> str:
    """Return the picture of a screen."""
    svg = Svg()
    width, height = len(shot.rows[0]) * _CELL_X + 2 * _MARGIN, len(shot.rows) * _CELL_Y + 2 * _MARGIN + _BAR
    svg.rect(0, 0, width, height, fill=_PAPER, rx=8)
    svg.rect(0, 0, width, _BAR, fill=_FRAME, rx=8)
    for place, colour in enumerate(_BUTTONS):
        svg.rect(12 + place * 18, 8, 10, 10, fill=colour, rx=5)
    for y, row in enumerate(shot.rows):
        for (colour, is_bold), cells in groupby(enumerate(row), key=lambda cell: cell[1][1:]):
            run = list(cells)
            text = "".join(cell[0] for _, cell in run)
            if text.strip():
                lead = len(text) - len(text.lstrip())
                x = _MARGIN + (run[0][0] + lead) * _CELL_X
                svg.text(
                    x,
                    _BAR + _MARGIN + (y + 0.76) * _CELL_Y,
                    text.strip().replace(" ", "\u00a0"),
                    font_family=_FONT,
                    font_size=_SIZE,
                    fill=_COLOURS.get(colour, _INK),
                    font_weight="700" if is_bold else "400",
                    textLength=round(len(text.strip()) * _CELL_X, 2),
                )
    x, y = shot.cursor
    svg.rect(
        _MARGIN + x * _CELL_X, _BAR + _MARGIN + y * _CELL_Y + 2, _CELL_X, _CELL_Y - 4, fill=_INK, fill_opacity=0.6
    )
    return svg.document(round(width), height, f"The console: {title}")
