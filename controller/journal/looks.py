"""How the picture of a run looks: colours, sizes, and where the time is. Knows no data."""

from config.record import dataclass

WIDTH = 830
LEFT, RIGHT = 92.0, WIDTH - 76.0
END = WIDTH - 6.0  # of what is written beside the panels
DOT = 3.0
PLACES = int((RIGHT - LEFT) / DOT) + 1  # columns of dots
ROW = 20.0
LETTER = 6.2  # upper bound of the average width of a letter at font size 11
INK, FAINT, GUIDE, PAPER = "#1f2933", "#66727f", "#d5dbe1", "#ffffff"
LATE, DONE, STEP, TRIM = "#2563a8", "#b4470b", "#7c5cbf", "#0f766e"
SMALL: dict[str, str | float] = {"font_size": 11, "fill": FAINT}


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Maps times of a run, from its first slot to `last_ns`, to positions from LEFT to RIGHT."""

    last_ns: int

    def x(self, at_ns: int) -> float:
        """Return where a time is."""
        return LEFT + (RIGHT - LEFT) * at_ns / self.last_ns

    def place(self, at_ns: int) -> int:
        """Return in which column of dots a time is."""
        return round((self.x(at_ns) - LEFT) / DOT)

    def has(self, at_ns: int) -> bool:
        """Return whether a time is in the picture."""
        return 0 <= at_ns <= self.last_ns


def dot_x(place: int) -> float:
    """Return where a column of dots begins."""
    return LEFT + place * DOT - DOT / 2
