"""Draws a run: how late each frame was, and which were lost. Knows what was read, and how it looks.

Lateness has a logarithmic axis, because it ranges from microseconds to the seconds of a hanging disk; time is to
scale. If a run has more frames than the picture has columns, each column shows the range of its frames.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import ceil, floor, log10

from controller.core.confirming import SUSPECTED
from controller.journal.read import RunSummary
from controller.journal.records import LOST, FrameRecord
from controller.journal.text import lateness_words, span, state
from controller.plan.svg import Svg

WIDTH = 830
_LEFT, _RIGHT, _TOP, _BOTTOM = 92.0, WIDTH - 76.0, 78.0, 258.0
_DOT = 3.0
_PLACES = int((_RIGHT - _LEFT) / _DOT) + 1
_ROW = 20.0
_INK, _FAINT, _GUIDE, _PAPER, _LATE = "#1f2933", "#66727f", "#d5dbe1", "#ffffff", "#2563a8"
_COLOURS = {SUSPECTED: "#a8328a", "missed": "#b4470b", "skipped": "#8795a3", "cut": "#7c5cbf", "unknown": "#1f2933"}
_DECADES = (4, 6)  # at least from 10 us to 1 ms
_UNITS = ("ns", "us", "ms", "s")
_SMALL: dict[str, str | float] = {"font_size": 11, "fill": _FAINT}
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)  # s, between time marks
_MOST_MARKS = 8
_S_NS = 1_000_000_000


def draw_run(summary: RunSummary, frames: Iterable[FrameRecord]) -> str:
    """Return the SVG of a run."""
    return _Picture(summary, frames).draw()


class _Picture:
    def __init__(self, summary: RunSummary, frames: Iterable[FrameRecord]) -> None:
        self._svg = Svg()
        self._summary = summary
        self._late: dict[int, list[int]] = defaultdict(list)  # by column
        self._lost: dict[str, list[int]] = {outcome: [] for outcome in (SUSPECTED, *LOST)}
        fired, last_ns = [], 0
        for frame in frames:
            at_ns = frame.due_ns - summary.run.t0_ns
            together = _spread(at_ns, frame.slots, summary.run.every_ns)
            last_ns = max(last_ns, together[-1])
            if frame.outcome in self._lost:
                self._lost[frame.outcome] += together
            if frame.late_ns is not None:
                fired.append((at_ns, max(1, frame.late_ns)))
        self._last_ns = max(1, last_ns)
        for at_ns, late_ns in fired:
            self._late[round((self._x(at_ns) - _LEFT) / _DOT)].append(late_ns)
        late = [late_ns for _, late_ns in fired]
        self._low = min([_DECADES[0], *(floor(log10(each)) for each in (min(late, default=10**4),))])
        self._high = max([_DECADES[1], *(ceil(log10(each)) for each in (max(late, default=10**6),))])

    def draw(self) -> str:
        summary, svg = self._summary, self._svg
        run = summary.run
        title = f"run {run.run_id}: {sum(summary.counts.values())} frames with {run.camera}, {state(summary)}"
        svg.text(16, 26, title, font_size=15, font_weight="600", fill=_INK)
        svg.text(16, 44, f"how late SHUTTER closed, {lateness_words(summary.lateness)}", fill=_FAINT)
        self._grid()
        self._frames()
        self._statistics()
        y = self._lost_rows(_BOTTOM + 14)
        self._time_marks(y)
        return svg.document(WIDTH, y + 50, f"Planned against actual, {title}")

    def _x(self, at_ns: int) -> float:
        return _LEFT + (_RIGHT - _LEFT) * at_ns / self._last_ns

    def _y(self, late_ns: int) -> float:
        share = (log10(max(1, late_ns)) - self._low) / (self._high - self._low)
        return _BOTTOM - (_BOTTOM - _TOP) * share

    def _grid(self) -> None:
        self._svg.text(_LEFT - 8, _TOP - 14, "late by", text_anchor="end", font_size=11, fill=_INK, font_weight="600")
        for decade in range(self._low, self._high + 1):
            y = self._y(10**decade)
            self._svg.line(_LEFT, y, _RIGHT, y, stroke=_GUIDE, stroke_width=1)
            label = f"{10 ** (decade % 3)} {_UNITS[decade // 3]}" if decade < 12 else f"{10 ** (decade - 9)} s"  # noqa: PLR2004 - above 100 s there is no unit
            self._svg.text(_LEFT - 8, y + 4, label, text_anchor="end", **_SMALL)

    def _frames(self) -> None:
        for place, late_ns in sorted(self._late.items()):
            top, bottom = self._y(max(late_ns)), self._y(min(late_ns))
            x = _LEFT + place * _DOT - _DOT / 2
            self._svg.rect(x, top - 2, _DOT, bottom - top + 4, fill=_LATE, fill_opacity=0.8)

    def _statistics(self) -> None:
        late = self._summary.lateness
        if late is None:
            self._svg.text(
                (_LEFT + _RIGHT) / 2, (_TOP + _BOTTOM) / 2, "no frame was fired", text_anchor="middle", **_SMALL
            )
            return
        median, p99 = self._y(late.median_ns), self._y(late.p99_ns)
        for y, label, shift in ((median, "half", max(0.0, 12 - (median - p99))), (p99, "99 of 100", 0.0)):
            self._svg.line(_LEFT, y, _RIGHT, y, stroke=_INK, stroke_width=1, stroke_dasharray="2 3")
            self._svg.text(_RIGHT + 6, y + 4 + shift, label, font_size=11, fill=_INK)

    def _lost_rows(self, y: float) -> float:
        """Draw a row of marks for each outcome of frames lost or suspected; return the y below the last."""
        for outcome, lost in self._lost.items():
            if not lost:
                continue
            colour = _COLOURS[outcome]
            self._svg.text(
                _LEFT - 8, y + 12, outcome, text_anchor="end", font_size=11, fill=colour, font_weight="600"
            )
            self._svg.line(_LEFT, y + 8, _RIGHT, y + 8, stroke=_GUIDE, stroke_width=1)
            for place in sorted({round((self._x(at_ns) - _LEFT) / _DOT) for at_ns in lost}):
                self._svg.rect(_LEFT + place * _DOT - _DOT / 2, y + 2, _DOT, 12, fill=colour)
            count = self._summary.counts[outcome]
            self._svg.text(_RIGHT + 6, y + 12, str(count), font_size=11, fill=colour)
            y += _ROW
        return y

    def _time_marks(self, y: float) -> None:
        """Draw the time axis with marks at round times."""
        step_s = next((each for each in _STEPS if self._last_ns <= each * _S_NS * _MOST_MARKS), None)
        step_ns = (step_s or -(-self._last_ns // (_STEPS[-1] * _S_NS * _MOST_MARKS)) * _STEPS[-1]) * _S_NS
        self._svg.line(_LEFT, y, _RIGHT, y, stroke=_FAINT, stroke_width=1)
        self._svg.text((_LEFT + _RIGHT) / 2, y + 36, "time since frame 1", text_anchor="middle", **_SMALL)
        for at_ns in range(0, self._last_ns + 1, step_ns):
            x = self._x(at_ns)
            self._svg.line(x, y, x, y + 4, stroke=_FAINT, stroke_width=1)
            self._svg.text(x, y + 18, span(at_ns).removesuffix(".000"), text_anchor="middle", **_SMALL)


def _spread(at_ns: int, slots: int, every_ns: int) -> list[int]:
    """Return when slots that were passed together were due; no more of them than there are columns."""
    marks = min(slots, _PLACES)
    return [at_ns + every_ns * (slots * mark // marks) for mark in range(marks)]
