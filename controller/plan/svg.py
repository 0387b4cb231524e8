"""Writes SVG: shapes and text with their attributes. Knows the format, but not what is drawn."""

from xml.sax.saxutils import escape, quoteattr

# Fonts found on phones, desktops and a Pi; text is about equally wide in all of them.
_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


class Svg:
    """A drawing to which shapes are added; positions are in pixels from the upper left corner."""

    def __init__(self) -> None:
        self._shapes: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, **looks: str | float) -> None:
        """Draw a rectangle."""
        self._add("rect", x=x, y=y, width=width, height=height, **looks)

    def line(self, x1: float, y1: float, x2: float, y2: float, **looks: str | float) -> None:
        """Draw a straight line."""
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, **looks)

    def circle(self, x: float, y: float, radius: float, **looks: str | float) -> None:
        """Draw a circle around a point."""
        self._add("circle", cx=x, cy=y, r=radius, **looks)

    def path(self, *points: tuple[float, float], **looks: str | float) -> None:
        """Draw straight lines from point to point."""
        self._add("path", d="M" + " L".join(f"{_number(x)} {_number(y)}" for x, y in points), **looks)

    def text(self, x: float, y: float, text: str, **looks: str | float) -> None:
        """Write a line of text that starts at x, unless `text_anchor` says otherwise."""
        self._shapes.append(f"<text{_attributes(x=x, y=y, **looks)}>{escape(text)}</text>")

    def document(self, width: float, height: float, title: str, definitions: str = "") -> str:
        """Return the whole drawing on a white background; `title` describes it for screen readers."""
        head = _attributes(
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_number(width)} {_number(height)}",
            width=width,
            height=height,
            role="img",
            font_family=_FONTS,
            font_size=12,
        )
        background = f"<rect{_attributes(width=width, height=height, rx=6, fill='#ffffff')}/>"
        inside = (f"<title>{escape(title)}</title>", definitions, background, *self._shapes)
        return "\n".join((f"<svg{head}>", *filter(None, inside), "</svg>")) + "\n"

    def _add(self, name: str, **looks: str | float) -> None:
        self._shapes.append(f"<{name}{_attributes(**looks)}/>")


def _attributes(**looks: str | float) -> str:
    named = ((name if name == "viewBox" else name.replace("_", "-"), value) for name, value in looks.items())
    return "".join(f" {name}={quoteattr(v if isinstance(v, str) else _number(v))}" for name, v in named)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
