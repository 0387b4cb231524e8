"""Draws the box as it is built, for the README and build-the-box.md. Knows where things are, and no circuit."""

from controller.plan.svg import Svg

_INK, _FAINT, _CASE, _PI, _BOARD, _COPPER = "#1b1f24", "#6b7280", "#f1f3f5", "#2f7d4f", "#d9b98a", "#b5763a"
_LAMPS = (("ready", "#2fa84f"), ("busy", "#e0a020"), ("refused", "#d23b32"))
_BUTTONS = ("back", "shutter", "run")
_FOCUS, _SHUTTER, _GROUND = "#d08a00", "#c0392b", "#4a5568"
_THIN = "#8a93a0"


def box() -> str:
    """Return the picture: buttons and lamps in the lid; the Pi, the board and the cable to the camera below it."""
    svg = Svg()
    svg.rect(20, 20, 560, 320, fill=_CASE, stroke=_INK, stroke_width=2, rx=14)
    svg.line(20, 128, 580, 128, stroke=_FAINT, stroke_dasharray="5 4")
    _lid(svg)
    _pi(svg)
    _board(svg)
    _wires(svg)
    _cable(svg)
    return svg.document(
        800, 360, "The box: three buttons and three lamps, a Raspberry Pi, a board, a cable to the camera"
    )


def _lid(svg: Svg) -> None:
    for place, name in enumerate(_BUTTONS):
        x = 80 + place * 95
        _disc(svg, x, 72, 24, fill="#3b4252", stroke=_INK)
        _disc(svg, x, 72, 16, fill="#566074")
        _label(svg, x, 115, name)
    for place, (name, colour) in enumerate(_LAMPS):
        x = 370 + place * 75
        _disc(svg, x, 72, 11, fill=colour, stroke=_INK)
        _label(svg, x, 115, name)
    svg.text(566, 40, "in the lid", font_size=11, fill=_FAINT, text_anchor="end")
    svg.text(290, 148, "in the box", font_size=11, fill=_FAINT)


def _pi(svg: Svg) -> None:
    svg.rect(50, 190, 220, 120, fill=_PI, stroke=_INK, rx=8)
    svg.rect(66, 196, 188, 22, fill="#15171a")
    for pin in range(20):
        for row in range(2):
            svg.rect(69 + pin * 9.2, 199 + row * 9.5, 5, 5, fill="#e8c860")
    svg.rect(120, 236, 40, 36, fill="#1c1e22", rx=2)
    for x, name in ((180, "USB"), (226, "power")):
        svg.rect(x, 298, 26, 14, fill="#c6ccd3", stroke=_INK, rx=2)
        _label(svg, x + 13, 332, name, fill=_FAINT, font_size=11)
    _label(svg, 92, 292, "Raspberry Pi", fill="#ffffff", font_size=11)


def _board(svg: Svg) -> None:
    svg.rect(350, 180, 180, 130, fill=_BOARD, stroke=_INK, rx=3)
    for row in range(6):
        svg.line(356, 194 + row * 18, 524, 194 + row * 18, stroke=_COPPER, stroke_width=4, stroke_opacity=0.35)
    svg.line(456, 172, 456, 318, stroke=_INK, stroke_dasharray="3 3")
    for y in (200, 252):
        svg.rect(436, y, 40, 26, fill="#15171a", rx=2)
        _disc(svg, 442, y + 6, 2.5, fill="#ffffff")
    for place in range(7):
        svg.rect(364 + place % 3 * 22, 192 + place // 3 * 34, 8, 22, fill="#e9dcc0", stroke=_INK, rx=3)
    _label(svg, 440, 332, "board: two optocouplers, seven resistors", fill=_FAINT, font_size=11)
    svg.text(450, 304, "Pi", font_size=11, fill=_INK, text_anchor="end")
    svg.text(462, 304, "camera", font_size=11, fill=_INK)


def _wires(svg: Svg) -> None:
    for place, colour in enumerate((_FOCUS, _SHUTTER, _GROUND, _THIN, _THIN, _THIN)):
        y = 204 + place * 7
        svg.path((232 - place * 10, 206), (232 - place * 10, y + 18), (362, y + 18), **_line(colour))
    for x, pin in ((80, 90), (175, 110), (270, 130)):
        svg.path((x, 122), (x, 160 + pin / 20), (pin, 160 + pin / 20), (pin, 200), **_line(_THIN))
    for x, hole in ((370, 380), (445, 400), (520, 420)):
        svg.path((x, 122), (x, 186 - hole / 20), (hole, 186 - hole / 20), (hole, 194), **_line(_THIN))


def _cable(svg: Svg) -> None:
    for place, colour in enumerate((_FOCUS, _GROUND, _SHUTTER)):
        y = 222 + place * 22
        svg.path((476, y), (548, y), (556, 244), (584, 244), **_line(colour))
    svg.rect(568, 234, 22, 20, fill="#3b4252", stroke=_INK, rx=4)
    svg.path((590, 244), (636, 244), **_line("#23272e", 7))
    svg.rect(632, 234, 26, 20, fill="#23272e", rx=4)
    for x, width, colour in ((658, 12, "#c6ccd3"), (671, 7, "#c6ccd3"), (679, 9, "#c6ccd3")):
        svg.rect(x, 240, width, 8, fill=colour, stroke=_INK, stroke_width=0.7)
    _label(svg, 650, 276, "plug", fill=_FAINT, font_size=11)
    svg.rect(700, 190, 76, 100, fill="#2b2f36", stroke=_INK, rx=8)
    svg.rect(714, 178, 34, 14, fill="#2b2f36", stroke=_INK, rx=3)
    _disc(svg, 742, 240, 28, fill="#4a5568", stroke="#0f1114")
    _disc(svg, 742, 240, 16, fill="#1a2230")
    svg.rect(696, 239, 6, 10, fill="#0f1114")
    _label(svg, 738, 312, "camera: the port", fill=_FAINT, font_size=11)
    _label(svg, 738, 326, "of its wired remote", fill=_FAINT, font_size=11)


def _line(colour: str, width: float = 2) -> dict[str, str | float]:
    return {"fill": "none", "stroke": colour, "stroke_width": width, "stroke_linejoin": "round"}


def _disc(svg: Svg, x: float, y: float, radius: float, **looks: str | float) -> None:
    svg.rect(x - radius, y - radius, 2 * radius, 2 * radius, rx=radius, **looks)


def _label(svg: Svg, x: float, y: float, text: str, **looks: str | float) -> None:
    looks.setdefault("font_size", 13)
    looks.setdefault("fill", _INK)
    svg.text(x, y, text, text_anchor="middle", **looks)
