"""How the drawing of a night looks: colours, sizes and the places of its panels. Knows no data."""

from controller.plan.labels import Box
from controller.plan.svg import Svg

WIDTH, PHONE = 830, 380  # of a document, and of the panels alone on a phone
LEFT, MARGIN = 68.0, 16.0  # of the panels, and of everything else
INK, FAINT, GUIDE, PAPER = "#1f2933", "#66727f", "#d5dbe1", "#ffffff"
BULB, LIGHT, SUN, STEP, REFUSED = "#b4470b", "#2563a8", "#b58105", "#7c5cbf", "#b3261e"
BOUND = "#8795a3"
# By how low the sun is: day, and the three twilights, and night.
SKIES = ((-50 / 60, "#fff8e6"), (-6.0, "#edf1f8"), (-12.0, "#dde4f0"), (-18.0, "#ccd5e6"), (-90.0, "#bcc7dc"))
BULB_HEIGHT, SUN_HEIGHT, INTERVAL_HEIGHT, BETWEEN = 250.0, 84.0, 36.0, 26.0
BADGE = 7.0  # radius of the circle around the number of a hand-step
SMALL = 11
ROW = 15.0  # from one row of small text to the next
HATCH = "url(#hatch)"
HATCH_DEFINITION = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0 L6 0 L6 6 L0 6 Z" fill="{BOUND}" fill-opacity="0.12"/>'
    f'<path d="M0 0 L0 6" stroke="{BOUND}" stroke-width="1.5" stroke-opacity="0.6"/></pattern></defs>'
)
HALO: dict[str, str | float] = {
    "paint_order": "stroke",
    "stroke": PAPER,
    "stroke_width": 3,
    "stroke_linejoin": "round",
}


def sky(sun_deg: float) -> str:
    """Return the colour of the sky by the sun's height."""
    return next(colour for lowest_deg, colour in SKIES if sun_deg >= lowest_deg)


def panel(top: float, height: float, width: float) -> Box:
    """Return a panel in a drawing of that width."""
    return Box(LEFT, top, width - MARGIN, top + height)


def draw_badge(svg: Svg, number: int, x: float, y: float) -> None:
    """Draw the number of a hand-step, in a circle, in a line of text with that base line."""
    svg.circle(x, y - 4, BADGE, fill=STEP)
    svg.text(x, y - 0.5, str(number), fill=PAPER, font_size=10, font_weight="600", text_anchor="middle")


def badge_box(x: float, y: float) -> Box:
    """Return where such a circle is."""
    return Box(x - BADGE, y - 4 - BADGE, x + BADGE, y - 4 + BADGE)
