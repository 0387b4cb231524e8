"""Draws the schematics of build-the-box.md: `make docs` writes them. Pins are the settings' defaults.

The same drawing gives the same bytes on every machine, so that a test can check that the committed one is current.
"""

import re
from itertools import pairwise
from typing import Any

import schemdraw
import schemdraw.elements as elm

from config.cameras import load_profile
from config.schema import Settings
from controller.cli.wiring import connections

schemdraw.use("svg")
schemdraw.svgconfig.text = "text"  # as letters: outlines would depend on the installed fonts

SAMPLE_PLUG = "canon-e3"

_FAINT = "#777777"


def contacts() -> str:
    """Return the schematic of the two optocouplers between the Pi and the camera's plug."""
    drawing = _drawing()
    shutter, focus = _contact(drawing, 0, "pins.shutter"), _contact(drawing, -4.2, "pins.focus")
    x = (shutter.anode.x + shutter.collector.x) / 2
    _barrier(drawing, x, ((1.6, 1.1), (-1.8, -3.0), (-6.0, -7.2)))
    plug = _plug(drawing, 10.8, -1.2)
    poles = load_profile(SAMPLE_PLUG).pins
    for start, bend, name, pole in (
        (shutter.collector, 9.7, "SHUTTER", poles.shutter),
        (focus.collector, 9.3, "FOCUS", poles.focus),
    ):
        end = plug[pole]
        _route(drawing, start, (bend, start.y), (bend, end[1]), end)
        drawing.add(elm.Label().at((7.85, start.y + 0.25)).label(name, halign="left"))
    end = plug[poles.ground]
    _route(drawing, shutter.emitter, (7.7, shutter.emitter.y), (7.7, focus.emitter.y))
    drawing.add(elm.Dot())
    _route(drawing, focus.emitter, (9.7, focus.emitter.y), (9.7, end[1]), end)
    drawing.add(elm.Label().at((7.3, focus.emitter.y - 0.4)).label("camera's ground", halign="left"))
    return _svg(drawing)


def _contact(drawing: Any, top: float, setting: str) -> Any:
    """Draw one channel, starting at its pin; returns the optocoupler."""
    pin = _pin(drawing, (0, top), setting)
    drawing.add(elm.Line().at(pin).right(1.5))
    knee = drawing.add(elm.Dot()).center
    drawing.add(elm.ResistorIEC().at(knee).down(2).label("10 k", "bottom"))
    drawing.add(elm.Ground())
    drawing.add(elm.ResistorIEC().at(knee).right(3).label("470 Ω"))
    opto = _opto(drawing.add(elm.Optocoupler().right().anchor("anode")), drawing, outwards=-1)
    drawing.add(elm.Line().at(opto.cathode).left(0.6))
    drawing.add(elm.Ground())
    return opto


def _opto(opto: Any, drawing: Any, outwards: int) -> Any:
    """Label an optocoupler with its name and the numbers of its legs (the dot marks leg 1); returns it."""
    drawing.add(elm.Label().at(((opto.anode.x + opto.collector.x) / 2, opto.anode.y + 0.55)).label("PC817"))
    for leg, (anchor, side) in enumerate((("anode", 1), ("cathode", 1), ("emitter", -1), ("collector", -1)), 1):
        place = getattr(opto, anchor)
        at = (place.x + 0.25 * side * outwards, place.y + 0.22)
        drawing.add(elm.Label().at(at).label(str(leg), fontsize=9, color=_FAINT))
    return opto


def _plug(drawing: Any, x: float, top: float) -> dict[str, tuple[float, float]]:
    """Draw a three-pole plug, tip up; returns where the wires end."""
    ends, height = {}, 1.0
    for place, pole in enumerate(("tip", "ring", "sleeve")):
        y = top - place * (height + 0.15)
        drawing.add(elm.Rect(corner1=(x, y), corner2=(x + 0.7, y - height)).at((0, 0)).right().fill("#e4e4e4"))
        drawing.add(elm.Label().at((x + 1.0, y - height / 2)).label(pole, halign="left"))
        ends[pole] = (x, y - height / 2)
    drawing.add(elm.Label().at((x + 0.35, top + 0.3)).label("2.5 mm plug"))
    return ends


def buttons_and_lamps() -> str:
    """Return the schematic of buttons, lamps and the buzzer."""
    drawing = _drawing()
    for place, name in enumerate(("back", "shutter", "run")):
        drawing.add(elm.Button().at(_pin(drawing, (0, -2 * place), f"pins.{name}_button")).right(3).label(name))
        drawing.add(elm.Ground())
    for place, (name, colour) in enumerate((("ready", "green"), ("busy", "amber"), ("fault", "red"))):
        start = _pin(drawing, (7.5, -2 * place), f"pins.{name}_lamp")
        drawing.add(elm.ResistorIEC().at(start).right(2.5).label("470 Ω"))
        drawing.add(elm.LED().right(2))
        drawing.add(elm.Ground())
        drawing.add(elm.Label().at((12.5, -2 * place)).label(f"{name} ({colour})", halign="left"))
    _buzzer(drawing, (0, -8.4))
    return _svg(drawing)


def _buzzer(drawing: Any, start: tuple[float, float]) -> None:
    drawing.add(elm.ResistorIEC().at(_pin(drawing, start, "pins.buzzer")).right(3).label("1 k"))
    transistor = drawing.add(elm.BjtNpn(circle=True).right().anchor("base"))
    drawing.add(elm.Label().at((start[0] + 4.2, start[1])).label("BC547", halign="left"))
    drawing.add(elm.Ground().at(transistor.emitter))
    drawing.add(elm.RBox().at(transistor.collector).up(1.6).label("active buzzer, 5 V", "top", ofst=0.2))
    rail = drawing.add(elm.Vdd()).center
    drawing.add(elm.Label().at((rail.x, rail.y + 0.75)).label("5V (pin 2)"))
    drawing.add(elm.Label().at((rail.x - 0.35, rail.y - 0.35)).label("+"))
    drawing.add(elm.Line().at(rail).right(1.4))
    drawing.add(elm.Diode().down().toy(transistor.collector).reverse().label("1N4148", "bottom"))
    drawing.add(elm.Line().to(transistor.collector))


def sync() -> str:
    """Return the schematic of the input for the camera's flash contact."""
    drawing = _drawing()
    start = _pin(drawing, (0, 0), "pins.sync")
    drawing.add(elm.Line().at(start).right(1.5))
    opto = _opto(drawing.add(elm.Optocoupler().right().reverse().anchor("collector")), drawing, outwards=1)
    drawing.add(elm.Line().at(opto.emitter).left(0.6))
    drawing.add(elm.Ground())
    _barrier(drawing, (opto.anode.x + opto.collector.x) / 2, ((1.4, 1.1), (-1.8, -3.0)))
    drawing.add(elm.ResistorIEC().at(opto.anode).right(2.5).label("1 k"))
    cell = drawing.add(elm.BatteryCell().right(2).label("3 V cell", "top", ofst=0.2))
    drawing.add(elm.Label().at((cell.center.x - 0.35, cell.center.y - 0.5)).label("+"))
    drawing.add(elm.Dot(open=True).label("camera body", "right"))
    drawing.add(elm.Line().at(opto.cathode).right().tox(cell.end))
    drawing.add(elm.Dot(open=True).label("flash contact", "right"))
    return _svg(drawing)


def _route(drawing: Any, *corners: Any) -> None:
    for start, end in pairwise(corners):
        drawing.add(elm.Line().at(start).to(end))


def _barrier(drawing: Any, x: float, pieces: tuple[tuple[float, float], ...]) -> None:
    """Draw the isolation barrier, which no wire crosses."""
    for top, bottom in pieces:
        drawing.add(elm.Line().at((x, top)).to((x, bottom)).linestyle("--").color(_FAINT))
    for offset, side, text in ((-0.35, "right", "Pi"), (0.35, "left", "camera")):
        drawing.add(elm.Label().at((x + offset, pieces[-1][1] + 0.1)).label(text, halign=side, color=_FAINT))


def _pin(drawing: Any, at: tuple[float, float], setting: str) -> Any:
    """Draw a pin of the header with its number, or with its setting's name if that is unset; returns its end."""
    connection = {row.setting: row for row in connections(Settings())}[setting]
    label = setting if connection.bcm is None else f"GPIO{connection.bcm} (pin {connection.pin})"
    return drawing.add(elm.Dot(open=True).at(at).label(label, "left")).center


def _drawing() -> Any:
    drawing = schemdraw.Drawing(show=False)
    # The backend writes "sans" for sans-serif, which browsers take for the name of a font.
    drawing.config(font="Helvetica, Arial, sans-serif", fontsize=13, bgcolor="white", lw=1.6, margin=0.3)
    return drawing


def _svg(drawing: Any) -> str:
    """Return the picture with rounded numbers, which are the same on every processor, on a white background.

    The background is a rectangle: pages that show the picture may ignore a style, and be dark.
    """
    text = drawing.get_imagedata("svg").decode()
    text = re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda number: f"{round(float(number[0]), 2) + 0.0:g}", text)
    background = r'\g<0><rect x="\1" y="\2" width="\3" height="\4" fill="#ffffff" />'
    return re.sub(r'<svg [^>]*viewBox="(\S+) (\S+) (\S+) (\S+)"[^>]*>', background, text, count=1) + "\n"


DRAWINGS = {"contacts": contacts, "buttons-and-lamps": buttons_and_lamps, "sync": sync}
