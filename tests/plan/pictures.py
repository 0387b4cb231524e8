"""What a test sees of a picture: its texts, where they are, and whether one covers another."""

from itertools import combinations
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return list(ET.fromstring(svg).iter(f"{SVG}text"))


def words(svg):
    return [text.text for text in texts(svg)]


def box(text):
    """Where a text is, about: left, top, right, bottom."""
    size, x, y = float(text.get("font-size", 12)), float(text.get("x")), float(text.get("y"))
    width = len(text.text) * size * 0.56
    left = x - {"middle": width / 2, "end": width}.get(text.get("text-anchor"), 0)
    return left, y - size * 0.8, left + width, y + size * 0.2


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def overlapping(svg):
    """The pairs of texts that cover each other."""
    boxes = [(text.text, box(text)) for text in texts(svg)]
    return [(one[0], other[0]) for one, other in combinations(boxes, 2) if overlap(one[1], other[1])]


def outside(svg, width):
    """The texts that leave the picture."""
    height = float(ET.fromstring(svg).get("height"))
    boxes = [(text.text, box(text)) for text in texts(svg)]
    return [text for text, (left, top, right, low) in boxes if left < 0 or top < 0 or right > width or low > height]
