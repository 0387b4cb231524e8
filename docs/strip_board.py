"""The layout of the strip board in build-the-box.md, as data, and its drawing.

The data can be followed from hole to hole: a test compares what it connects with the schematic. Seen from the side
with the parts; strips run from left to right, and a hole is called by its strip and column: B3.
"""

from collections.abc import Iterator
from typing import NamedTuple

from config.schema import Settings
from controller.cli.wiring import connections
from controller.plan.svg import Svg

STRIPS = "ABCDEFGHIJK"
COLUMNS = 16
# Cut holes. Two columns of cuts, all the way down, keep the camera's side (right) apart from the Pi's (left).
CUTS = (*(f"{strip}{column}" for strip in STRIPS for column in (11, 12)), "H6", "I6", "J6")


class Part(NamedTuple):
    """A part or a bare link between two holes; `value` is what to solder in."""

    value: str
    start: str
    end: str


class Opto(NamedTuple):
    """An optocoupler: the holes of its legs 1 to 4."""

    name: str
    legs: tuple[str, str, str, str]


class Lead(NamedTuple):
    """A wire that leaves the board, and where it goes."""

    hole: str
    to: str


OPTOS = (Opto("FOCUS", ("C10", "D10", "D13", "C13")), Opto("SHUTTER", ("F10", "G10", "G13", "F13")))
RESISTORS = (
    Part("10 k", "B3", "A3"),
    Part("470", "B5", "C5"),
    Part("10 k", "E3", "D3"),
    Part("470", "E5", "F5"),
    Part("470", "H3", "H7"),
    Part("470", "I3", "I7"),
    Part("470", "J3", "J7"),
)
LINKS = (Part("link", "A8", "D8"), Part("link", "D9", "G9"), Part("link", "G8", "K8"), Part("link", "D14", "G14"))


def leads() -> tuple[Lead, ...]:
    """Return the wires that leave the board, with the settings' default pins."""
    pins = {row.setting: f"pin {row.pin}, GPIO{row.bcm}" for row in connections(Settings())}
    return (
        Lead("A1", "pin 9, GND"),
        Lead("B1", pins["pins.focus"]),
        Lead("E1", pins["pins.shutter"]),
        *(Lead(f"{strip}1", pins[f"pins.{lamp}_lamp"]) for strip, lamp in zip("HIJ", _LAMPS, strict=True)),
        *(Lead(f"{strip}9", f"{lamp} +") for strip, lamp in zip("HIJ", _LAMPS, strict=True)),
        *(Lead(f"K{column}", "") for column in (2, 3, 4, 5, 6, 7)),
        Lead("C16", "plug: FOCUS"),
        Lead("F16", "plug: SHUTTER"),
        Lead("G16", "plug: ground"),
    )


_LAMPS = ("ready", "busy", "fault")


def strip_pieces() -> Iterator[tuple[str, ...]]:
    """Yield the holes of each piece of strip between cuts."""
    for strip in STRIPS:
        piece: list[str] = []
        for hole in (f"{strip}{column}" for column in range(1, COLUMNS + 1)):
            if hole in CUTS:
                yield tuple(piece)
                piece = []
            else:
                piece.append(hole)
        yield tuple(piece)


_GRID, _LEFT, _TOP = 28, 150, 56
_INK, _FAINT, _COPPER = "#1b1f24", "#6b7280", "#c98d52"
_LINK = "#2a66b8"


def board() -> str:
    """Return the drawing of the layout."""
    svg = Svg()
    width, height = _LEFT + COLUMNS * _GRID + 120, _TOP + len(STRIPS) * _GRID + 40
    _strips(svg)
    for part in RESISTORS:
        _resistor(svg, part)
    for link in LINKS:
        svg.line(*_at(link.start), *_at(link.end), stroke=_LINK, stroke_width=3, stroke_linecap="round")
        _dots(svg, link.start, link.end)
    for opto in OPTOS:
        _opto(svg, opto)
    for lead in leads():
        _lead(svg, lead)
    _cuts(svg)
    for strip in STRIPS:
        svg.rect(_LEFT - 30, _at(f"{strip}1")[1] - 7, 12, 14, fill="#ffffff")
        svg.text(_LEFT - 24, _at(f"{strip}1")[1] + 4, strip, font_size=11, fill=_FAINT, text_anchor="middle")
    svg.text(_at("A10")[0] + 40, _TOP - 36, "Pi | camera", font_size=12, fill=_FAINT, text_anchor="middle")
    return svg.document(width, height, "The strip board, seen from the side with the parts")


def _strips(svg: Svg) -> None:
    for column in range(1, COLUMNS + 1):
        svg.text(_at(f"A{column}")[0], _TOP - 16, str(column), font_size=10, fill=_FAINT, text_anchor="middle")
    for piece in filter(None, strip_pieces()):
        (x1, y), (x2, _) = _at(piece[0]), _at(piece[-1])
        svg.rect(x1 - 11, y - 7, x2 - x1 + 22, 14, fill=_COPPER, fill_opacity=0.45, rx=3)
    for strip in STRIPS:
        for column in range(1, COLUMNS + 1):
            x, y = _at(f"{strip}{column}")
            svg.rect(x - 2, y - 2, 4, 4, rx=2, fill="#ffffff", stroke=_FAINT, stroke_width=0.6)


def _cuts(svg: Svg) -> None:
    covered = {hole for opto in OPTOS for leg in opto.legs for hole in (f"{leg[0]}11", f"{leg[0]}12")}
    for hole in CUTS:
        x, y = _at(hole)
        for lean in (-1, 1):
            colour = "#8d97a3" if hole in covered else _INK
            svg.line(x - 5, y - 5 * lean, x + 5, y + 5 * lean, stroke=colour, stroke_width=1.6)


def _resistor(svg: Svg, part: Part) -> None:
    (x1, y1), (x2, y2) = _at(part.start), _at(part.end)
    svg.line(x1, y1, x2, y2, stroke=_INK, stroke_width=1.5)
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    across = y1 == y2
    width, height = (44, 14) if across else (10, 20)
    svg.rect(x - width / 2, y - height / 2, width, height, fill="#f3e7cd", stroke=_INK, rx=3)
    svg.text(
        x if across else x + 9,
        y + 4,
        part.value,
        font_size=10,
        fill=_INK,
        text_anchor="middle" if across else "start",
    )
    _dots(svg, part.start, part.end)


def _opto(svg: Svg, opto: Opto) -> None:
    (left, top), (right, bottom) = _at(opto.legs[0]), _at(opto.legs[2])
    svg.rect(left + 6, top - 10, right - left - 12, bottom - top + 20, fill="#15171a", rx=3)
    svg.rect(left + 11, top - 6, 6, 6, rx=3, fill="#ffffff")
    svg.text((left + right) / 2, (top + bottom) / 2 + 4, "PC817", font_size=10, fill="#ffffff", text_anchor="middle")
    for leg, hole in enumerate(opto.legs, 1):
        x, y = _at(hole)
        svg.text(x + (-9 if leg < 3 else 9), y - 8, str(leg), font_size=9, fill=_INK, text_anchor="middle")  # noqa: PLR2004 - legs 1 and 2 are on the left
    _dots(svg, *opto.legs)


def _lead(svg: Svg, lead: Lead) -> None:
    x, y = _at(lead.hole)
    column = int(lead.hole[1:])
    _dots(svg, lead.hole, colour="#7a1fa2")
    if column == 1:
        svg.line(x, y, _LEFT - 36, y, stroke="#7a1fa2", stroke_width=1.5)
        svg.text(_LEFT - 40, y + 4, lead.to, font_size=11, fill=_INK, text_anchor="end")
    elif column == COLUMNS:
        svg.line(x, y, x + 24, y, stroke="#7a1fa2", stroke_width=1.5)
        svg.text(x + 28, y + 4, lead.to, font_size=11, fill=_INK)
    elif lead.to:
        svg.text(x + 8, y + 14, lead.to, font_size=9, fill=_INK, text_anchor="middle")
    else:
        svg.line(x, y, x, y + 22, stroke="#7a1fa2", stroke_width=1.5)
        if column == 4:  # noqa: PLR2004 - under the middle of the six
            svg.text(
                x + 14, y + 36, "ground: three buttons, three lamps", font_size=11, fill=_INK, text_anchor="middle"
            )


def _dots(svg: Svg, *holes: str, colour: str = _INK) -> None:
    for hole in holes:
        x, y = _at(hole)
        svg.rect(x - 3.5, y - 3.5, 7, 7, rx=3.5, fill=colour)


def _at(hole: str) -> tuple[float, float]:
    return _LEFT + (int(hole[1:]) - 1) * _GRID, _TOP + STRIPS.index(hole[0]) * _GRID
