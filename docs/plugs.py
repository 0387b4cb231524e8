"""Draws the plugs of build-the-box.md: jacks as they look, other plugs as the list of their numbered contacts.

The texts behind the profiles number the contacts of round and flat plugs, but do not say where each number is on the
face. So those are drawn as a list, in the order of the numbers.
"""

import re
from typing import NamedTuple

from config.cameras import load_profile
from config.profile import Profile
from controller.plan.svg import Svg

_INK, _FAINT, _METAL, _BLACK = "#1b1f24", "#6b7280", "#ccd2d9", "#23272e"
_ROLES = {"FOCUS": "#d08a00", "SHUTTER": "#c0392b", "ground": "#2b6a3f", "never": "#f0dada"}
_ROW, _TOP = 118, 16
_POLES = (("tip", 96), ("ring", 216), ("sleeve", 340))  # where each pole of a jack is drawn


class Plug(NamedTuple):
    """A plug with numbered contacts; `never` must not be connected, `mirrored`: texts number it the other way
    round too, `resistor` is a contact that needs one.
    """

    profile: str
    contacts: int
    never: tuple[int, ...] = ()
    mirrored: bool = False
    resistor: int = 0


_NUMBERED = (
    Plug("nikon-10pin", 10, never=(1, 8)),
    Plug("sony-multi", 10, never=(1,), mirrored=True, resistor=6),
    Plug("olympus-rm-uc1", 12),
)
_JACKS = ("canon-e3", "pentax-cs310")


def plugs() -> str:
    """Return the drawing of all plugs whose contacts have places or numbers."""
    svg = Svg()
    for row, name in enumerate(_JACKS):
        _jack(svg, _TOP + row * _ROW, load_profile(name))
    for row, plug in enumerate(_NUMBERED, len(_JACKS)):
        _numbered(svg, _TOP + row * _ROW, plug)
    height = _TOP + (len(_JACKS) + len(_NUMBERED)) * _ROW
    return svg.document(710, height, "Plugs: which contact is FOCUS, SHUTTER and ground")


def _roles(profile: Profile) -> dict[str, str]:
    """Return what each contact is for, by its name or number."""
    pins = {"FOCUS": profile.pins.focus, "SHUTTER": profile.pins.shutter, "ground": profile.pins.ground}
    return {re.findall(r"\d+|\w+", str(contact).removeprefix("pin "))[0]: role for role, contact in pins.items()}


def _jack(svg: Svg, top: float, profile: Profile) -> None:
    _title(svg, top, profile)
    y = top + 34
    svg.rect(400, y - 9, 110, 40, fill=_BLACK, rx=6)
    tip = ((60, y + 11), (74, y + 1), (134, y + 4), (134, y + 18), (74, y + 21), (60, y + 11))
    svg.path(*tip, fill=_METAL, stroke=_INK)
    svg.rect(146, y + 1, 132, 20, fill=_METAL, stroke=_INK)
    svg.rect(290, y + 1, 110, 20, fill=_METAL, stroke=_INK)
    for x in (134, 278):
        svg.rect(x, y + 2, 12, 18, fill=_BLACK)
    roles = _roles(profile)
    for pole, x in _POLES:
        svg.line(x, y + 21, x, y + 36, stroke=_ROLES[roles[pole]], stroke_width=2)
        svg.text(
            x, y + 50, f"{pole}: {roles[pole]}", text_anchor="middle", fill=_ROLES[roles[pole]], font_weight="700"
        )


def _numbered(svg: Svg, top: float, plug: Plug) -> None:
    profile = load_profile(plug.profile)
    roles = _roles(profile)
    _title(svg, top, profile)
    for number in range(1, plug.contacts + 1):
        x, y = 60 + (number - 1) * 52, top + 26
        role = "never" if number in plug.never else roles.get(str(number), "")
        role = "resistor" if number == plug.resistor else role
        svg.rect(x, y, 44, 26, fill=_ROLES.get(role, "#ffffff"), stroke=_INK, rx=4)
        is_dark = role in ("FOCUS", "SHUTTER", "ground")
        svg.text(
            x + 22, y + 18, str(number), text_anchor="middle", fill="#ffffff" if is_dark else _INK, font_weight="700"
        )
        if role:
            svg.text(x + 22, y + 42, role, text_anchor="middle", font_size=11, fill=_INK)
        if plug.mirrored:
            svg.text(
                x + 22, y + 60, f"M{plug.contacts + 1 - number}", text_anchor="middle", font_size=11, fill=_FAINT
            )


def _title(svg: Svg, top: float, profile: Profile) -> None:
    svg.text(16, top + 12, f"{profile.id}: {profile.connector}", font_weight="700", fill=_INK)
