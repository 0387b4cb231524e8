"""Draws lamps as characters. Knows how a lamp looks, not why: a console must not load the whole core."""

from collections.abc import Mapping

from config.record import dataclass

ON, DARK = "on", "dark"  # how a lamp looks that does not blink


@dataclass(frozen=True, slots=True)
class LampMarks:
    """The characters for a lamp that is on, dark, or blinking."""

    on: str
    dark: str
    blinking: str

    def draw(self, looks: Mapping[str, str]) -> str:
        """Return the marks of lamps by how each looks, with blanks between."""
        known = {ON: self.on, DARK: self.dark}
        return " ".join(known.get(look, self.blinking) for look in looks.values())


CIRCLES = LampMarks("●", "○", "◐")
ASCII = LampMarks("*", ".", "+")


def lamp_marks_for(encoding: str | None) -> LampMarks:
    """Return the marks that a terminal with this encoding can show."""
    try:
        "●○◐".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return CIRCLES
