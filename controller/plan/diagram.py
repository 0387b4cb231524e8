"""Draws a plan as a timing diagram in SVG: the lines, the box's states, the sensor, and the length of each part.

The same plan always gives the same bytes. Time is not to scale, and the picture says so.
"""

from collections.abc import Iterable, Iterator, Sequence

from config.record import dataclass
from config.units import format_long
from controller.core.frames import Take
from controller.plan.axis import Axis, axis
from controller.plan.planning import FramePlan, Span
from controller.plan.svg import Svg
from controller.plan.text import changes, pieces
from hardware.timeline import Line
from hardware.waveform import closures

WIDTH = 830
_LEFT, _RIGHT = 92.0, WIDTH - 16.0  # where the tracks begin and end
_STUB = 16.0  # of a track, before the first edge and after the last
_SWING = 24.0  # height difference between an open and a closed line
_INK, _FAINT, _GUIDE, _PAPER = "#1f2933", "#66727f", "#d5dbe1", "#ffffff"
_STATES = {"MIRROR_UP": "#7c5cbf", "EXPOSING": "#0f766e", "RECOVERING": "#8795a3"}
_LINES = {Line.FOCUS: "#2563a8", Line.SHUTTER: "#b4470b"}
_SENSOR, _SENSOR_EDGE = "#fcd34d", "#b58105"
_LETTER = 6.8  # upper bound of the average width of a letter at font size 11
_MIDDLE: dict[str, str | float] = {"font_size": 11, "text_anchor": "middle"}
_ROW = 15.0  # from one row of small text to the next

# A bar that fades out, for an exposure whose end only the camera knows.
FADE = (
    '<defs><linearGradient id="fade"><stop offset="0.35" stop-color="#fcd34d"/>'
    '<stop offset="1" stop-color="#fcd34d" stop-opacity="0"/></linearGradient></defs>'
)


def draw_plan(plan: FramePlan) -> str:
    """Return the frame of a plan as SVG."""
    svg = Svg()
    y = draw_frame(svg, plan, 0)
    return svg.document(WIDTH, y, f"What the contacts do for one frame, {plan.title}", FADE)


def draw_frame(svg: Svg, plan: FramePlan, y: float) -> float:
    """Draw the frame of a plan from y downwards, in a document that defines FADE; returns where that ends."""
    svg.text(16, y + 26, plan.title, font_size=15, font_weight="600", fill=_INK)
    svg.text(16, y + 44, plan.contacts.partition(": ")[2], fill=_FAINT)
    y += 76
    for takes in pieces(plan):
        y = _Piece(svg, plan, takes).draw(y) + 22
    note = "time is not to scale: long parts are shortened, most of all where a line is broken"
    svg.text(_RIGHT, y - 16, note, font_size=11, fill=_FAINT, text_anchor="end")
    return y - 4


@dataclass(frozen=True, slots=True)
class _Label:
    """A label, and the positions where its part begins and ends."""

    text: str
    begins: float
    ends: float

    @property
    def middle(self) -> float:
        return (self.begins + self.ends) / 2

    @property
    def width(self) -> float:
        return len(self.text) * _LETTER

    @property
    def fits(self) -> bool:
        """Whether the label fits above its arrow."""
        return self.width + 6 <= self.ends - self.begins


class _Piece:
    """A few takes of a frame, drawn as rows: states, FOCUS, SHUTTER, the sensor, the parts."""

    def __init__(self, svg: Svg, plan: FramePlan, takes: Sequence[Take]) -> None:
        self._svg, self._plan = svg, plan
        self._begins_ns = takes[0].presses[0].begins_ns
        self._ends_ns = takes[-1].opens_ns + plan.recipe.rest_after(takes[-1])
        self._parts = [part for part in plan.parts if self._has(part.begins_ns)]
        edges_ns = [change.at_ns for change in changes(plan) if self._has(change.at_ns)]
        stops = (self._begins_ns, self._ends_ns, *edges_ns, *(part.begins_ns for part in self._parts))
        self._axis: Axis = axis(stops, _LEFT + _STUB, _RIGHT - _STUB)

    def _has(self, at_ns: int) -> bool:
        return self._begins_ns <= at_ns < self._ends_ns

    def draw(self, y: float) -> float:
        """Draw the piece from y downwards; returns where it ends."""
        tracks, sensor = y + 30, y + 30 + 2 * (_SWING + 14)
        self._guides(y, sensor + 28)
        self._band(y)
        for k, line in enumerate(Line):
            self._line(line, tracks + k * (_SWING + 14))
        self._sensor(sensor)
        for place in self._axis.breaks:
            self._break(place, tracks - 3, sensor - 8)
        leads = [part for part in self._parts if part.name == "lead"]
        y = self._dimensions(leads, sensor + 40) if leads else sensor + 40
        return self._dimensions([part for part in self._parts if part.name != "lead"], y)

    def _name(self, y: float, text: str, colour: str = _INK) -> None:
        self._svg.text(_LEFT - 8, y, text, fill=colour, text_anchor="end", font_weight="600", font_size=11)

    def _guides(self, y1: float, y2: float) -> None:
        for place in sorted(
            {self._axis.at(at_ns) for part in self._parts for at_ns in (part.begins_ns, part.ends_ns)}
        ):
            self._svg.line(place, y1, place, y2, stroke=_GUIDE, stroke_width=1)
        due_ns = self._plan.recipe.takes[0].exposes.at_ns
        if self._has(due_ns):
            due = self._axis.at(due_ns)
            self._svg.line(due, y1 - 4, due, y2, stroke=_INK, stroke_width=1, stroke_dasharray="2 2")
            self._svg.text(due, y1 - 8, "the frame is due", fill=_INK, **_MIDDLE)

    def _band(self, y: float) -> None:
        self._name(y + 14, "the box is")
        for state in self._plan.states:
            begins_ns, ends_ns = max(state.begins_ns, self._begins_ns), min(state.ends_ns, self._ends_ns)
            if begins_ns < ends_ns:
                label = _Label(state.name, self._axis.at(begins_ns), self._axis.at(ends_ns))
                width = label.ends - label.begins
                self._svg.rect(label.begins, y, width, 20, rx=3, fill=_STATES[state.name], stroke=_PAPER)
                size = min(11.0, 11 * (width - 4) / (len(state.name) * 8.2))
                looks: dict[str, str | float] = {"fill": _PAPER, "text_anchor": "middle", "font_weight": "600"}
                self._svg.text(label.middle, y + 14, state.name, font_size=size, **looks)

    def _line(self, line: Line, y: float) -> None:
        colour, low, high = _LINES[line], y + _SWING, y
        self._name(y + _SWING - 6, line.name, colour)
        if line is Line.FOCUS and self._plan.focus_is_held:
            points = [(_LEFT, high), (_RIGHT, high)]
            self._shade(_LEFT, _RIGHT, high, colour)
            self._svg.text((_LEFT + _RIGHT) / 2, y + 16, "held closed by the focus lock", fill=colour, **_MIDDLE)
        else:
            points = [(_LEFT, low), *self._pulses(line, high, low, colour), (_RIGHT, low)]
        self._svg.path(*points, fill="none", stroke=colour, stroke_width=2, stroke_linejoin="round")

    def _pulses(self, line: Line, high: float, low: float, colour: str) -> Iterator[tuple[float, float]]:
        """Shade the times when a line is closed, and yield the corners of its waveform."""
        for closed_ns, opened_ns in closures(changes(self._plan), line):
            if opened_ns is not None and self._has(closed_ns):
                begins, ends = self._axis.at(closed_ns), self._axis.at(opened_ns)
                self._shade(begins, ends, high, colour)
                yield from ((begins, low), (begins, high), (ends, high), (ends, low))

    def _shade(self, begins: float, ends: float, y: float, colour: str) -> None:
        self._svg.rect(begins, y, ends - begins, _SWING, fill=colour, fill_opacity=0.18)

    def _sensor(self, y: float) -> None:
        self._name(y + 13, "the sensor")
        for exposure in self._plan.exposures:
            if not self._has(exposure.begins_ns):
                continue
            begins = self._axis.at(exposure.begins_ns)
            ends = _RIGHT if exposure.ends_ns is None else self._axis.at(exposure.ends_ns)
            looks = {"fill": "url(#fade)"} if exposure.ends_ns is None else {"fill": _SENSOR, "stroke": _SENSOR_EDGE}
            self._svg.rect(begins, y, ends - begins, 18, rx=2, **looks)
            length = "as set on the camera"
            if exposure.ends_ns is not None:
                length = format_long(exposure.ends_ns - exposure.begins_ns)
            words = (f"exposes {length}", length)
            for text in [text for text in words if len(text) * _LETTER + 8 <= ends - begins][:1]:
                self._svg.text(begins + 6, y + 13, text, font_size=11, fill=_INK)

    def _break(self, x: float, y1: float, y2: float) -> None:
        """Draw a slanted white gap through both lines."""
        for shift, colour, width in ((0, _PAPER, 6), (-3, _FAINT, 1), (3, _FAINT, 1)):
            self._svg.line(x + shift - 4, y2, x + shift + 4, y1, stroke=colour, stroke_width=width)

    def _dimensions(self, parts: Iterable[Span], y: float) -> float:
        """Draw an arrow for each part, with its name above or on a free row below; returns where that ends."""
        labels = [
            _Label(
                f"{part.name} {format_long(part.length_ns)}",
                self._axis.at(part.begins_ns),
                self._axis.at(part.ends_ns),
            )
            for part in parts
        ]
        row_ends: list[float] = []
        for label in labels:
            self._arrow(label, y)
            if label.fits:
                self._svg.text(label.middle, y - 4, label.text, fill=_INK, **_MIDDLE)
            else:
                self._label_below(label, y, row_ends)
        return y + _ROW * len(row_ends) + 24

    def _arrow(self, label: _Label, y: float) -> None:
        self._svg.line(label.begins, y, label.ends, y, stroke=_FAINT, stroke_width=1)
        for place in (label.begins, label.ends):
            self._svg.line(place, y - 3, place, y + 3, stroke=_FAINT, stroke_width=1)

    def _label_below(self, label: _Label, y: float, row_ends: list[float]) -> None:
        """Write a label on the first row with room for it; `row_ends` holds where the last label of each row ends."""
        begins = min(max(_LEFT, label.middle - label.width / 2), _RIGHT - label.width)
        row = next((k for k, end in enumerate(row_ends) if end + 8 <= begins), len(row_ends))
        row_ends[row : row + 1] = [begins + label.width]
        base = y + _ROW * (row + 1)
        self._svg.line(label.middle, y + 1, label.middle, base - 10, stroke=_FAINT, stroke_width=0.5)
        self._svg.text(begins, base, label.text, font_size=11, fill=_INK)
