"""Draws a run: how late each frame was, which were lost, and its exposures if they changed.

Lateness has a logarithmic axis, because it ranges from microseconds to the seconds of a hanging disk; time is to
scale. If a run has more frames than the picture has columns, each column shows the range of its frames.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import tzinfo
from math import ceil, floor, log10

from config.files import Pause, no_pause
from controller.core.confirming import SUSPECTED
from controller.journal.exposure_panel import Bulb, ExposurePanel
from controller.journal.looks import (
    DOT,
    FAINT,
    GUIDE,
    INK,
    LATE,
    LEFT,
    PLACES,
    RIGHT,
    ROW,
    SMALL,
    WIDTH,
    TimeScale,
    dot_x,
)
from controller.journal.planned import Plan, plan_of
from controller.journal.read import RunSummary
from controller.journal.records import LOST, FrameRecord
from controller.journal.text import lateness_words, span, state
from controller.plan.svg import Svg

_TOP, _BOTTOM = 78.0, 258.0
_COLOURS = {SUSPECTED: "#a8328a", "missed": "#b4470b", "skipped": "#8795a3", "cut": "#7c5cbf", "unknown": "#1f2933"}
_DECADES = (4, 6)  # at least from 10 us to 1 ms
_UNITS = ("ns", "us", "ms", "s")
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)  # s, between time marks
_MOST_MARKS = 8
_S_NS = 1_000_000_000


def draw_run(summary: RunSummary, frames: Iterable[FrameRecord], zone: tzinfo, pause: Pause = no_pause) -> str:
    """Return the SVG of a run; `zone` is the box's. Calls `pause` between steps of less than a millisecond."""
    picture = _Picture(summary, frames, pause)
    return picture.draw(plan_of(summary.run, zone, pause))


class _Picture:
    def __init__(self, summary: RunSummary, frames: Iterable[FrameRecord], pause: Pause) -> None:
        self._svg = Svg()
        self._summary = summary
        self._pause = pause
        self._bulbs: list[Bulb] = []
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
            exposed_ns = None if frame.outcome in LOST else frame.exposed_ns
            if frame.bulb_ns is not None and exposed_ns is not None:
                self._bulbs.append(Bulb(at_ns, frame.bulb_ns, exposed_ns))
        self._time = TimeScale(max(1, last_ns))
        for at_ns, late_ns in fired:
            pause()
            self._late[self._time.place(at_ns)].append(late_ns)
        late = [late_ns for _, late_ns in fired]
        self._low = min([_DECADES[0], *(floor(log10(each)) for each in (min(late, default=10**4),))])
        self._high = max([_DECADES[1], *(ceil(log10(each)) for each in (max(late, default=10**6),))])

    def draw(self, plan: Plan) -> str:
        """Return the picture; with the exposures if they changed, or were to change by `plan`."""
        summary, svg = self._summary, self._svg
        run = summary.run
        title = f"run {run.run_id}: {sum(summary.counts.values())} frames with {run.camera}, {state(summary)}"
        svg.text(16, 26, title, font_size=15, font_weight="600", fill=INK)
        svg.text(16, 44, f"how late SHUTTER closed, {lateness_words(summary.lateness)}", fill=FAINT)
        self._grid()
        self._frames()
        self._statistics()
        y = self._lost_rows(_BOTTOM + 14)
        if run.start is None and (plan.changes or len({bulb.asked_ns for bulb in self._bulbs}) > 1):
            y = ExposurePanel(run, plan, self._bulbs, self._time, self._pause).draw(svg, y + 26)
        self._time_marks(y)
        return svg.document(WIDTH, y + 50, f"Planned against actual, {title}")

    def _y(self, late_ns: int) -> float:
        share = (log10(max(1, late_ns)) - self._low) / (self._high - self._low)
        return _BOTTOM - (_BOTTOM - _TOP) * share

    def _grid(self) -> None:
        self._svg.text(LEFT - 8, _TOP - 14, "late by", text_anchor="end", font_size=11, fill=INK, font_weight="600")
        for decade in range(self._low, self._high + 1):
            y = self._y(10**decade)
            self._svg.line(LEFT, y, RIGHT, y, stroke=GUIDE, stroke_width=1)
            label = f"{10 ** (decade % 3)} {_UNITS[decade // 3]}" if decade < 12 else f"{10 ** (decade - 9)} s"  # noqa: PLR2004 - above 100 s there is no unit
            self._svg.text(LEFT - 8, y + 4, label, text_anchor="end", **SMALL)

    def _frames(self) -> None:
        for place, late_ns in sorted(self._late.items()):
            self._pause()
            top, bottom = self._y(max(late_ns)), self._y(min(late_ns))
            self._svg.rect(dot_x(place), top - 2, DOT, bottom - top + 4, fill=LATE, fill_opacity=0.8)

    def _statistics(self) -> None:
        late = self._summary.lateness
        if late is None:
            self._svg.text(
                (LEFT + RIGHT) / 2, (_TOP + _BOTTOM) / 2, "no frame was fired", text_anchor="middle", **SMALL
            )
            return
        median, p99 = self._y(late.median_ns), self._y(late.p99_ns)
        for y, label, shift in ((median, "half", 0.0), (p99, "99 of 100", max(0.0, 12 - (median - p99)))):
            self._svg.line(LEFT, y, RIGHT, y, stroke=INK, stroke_width=1, stroke_dasharray="2 3")
            self._svg.text(RIGHT + 6, y + 4 - shift, label, font_size=11, fill=INK)

    def _lost_rows(self, y: float) -> float:
        """Draw a row of marks for each outcome of frames lost or suspected; return the y below the last."""
        for outcome, lost in self._lost.items():
            if not lost:
                continue
            colour = _COLOURS[outcome]
            self._svg.text(LEFT - 8, y + 12, outcome, text_anchor="end", font_size=11, fill=colour, font_weight="600")
            self._svg.line(LEFT, y + 8, RIGHT, y + 8, stroke=GUIDE, stroke_width=1)
            for place in sorted({self._time.place(at_ns) for at_ns in lost}):
                self._svg.rect(dot_x(place), y + 2, DOT, 12, fill=colour)
            count = self._summary.counts[outcome]
            self._svg.text(RIGHT + 6, y + 12, str(count), font_size=11, fill=colour)
            y += ROW
        return y

    def _time_marks(self, y: float) -> None:
        """Draw the time axis with marks at round times."""
        last_ns = self._time.last_ns
        step_s = next((each for each in _STEPS if last_ns <= each * _S_NS * _MOST_MARKS), None)
        step_ns = (step_s or -(-last_ns // (_STEPS[-1] * _S_NS * _MOST_MARKS)) * _STEPS[-1]) * _S_NS
        self._svg.line(LEFT, y, RIGHT, y, stroke=FAINT, stroke_width=1)
        self._svg.text((LEFT + RIGHT) / 2, y + 36, "time since frame 1", text_anchor="middle", **SMALL)
        for at_ns in range(0, last_ns + 1, step_ns):
            x = self._time.x(at_ns)
            self._svg.line(x, y, x, y + 4, stroke=FAINT, stroke_width=1)
            self._svg.text(x, y + 18, span(at_ns).removesuffix(".000"), text_anchor="middle", **SMALL)


def _spread(at_ns: int, slots: int, every_ns: int) -> list[int]:
    """Return when slots that were passed together were due; no more of them than there are columns."""
    marks = min(slots, PLACES)
    return [at_ns + every_ns * (slots * mark // marks) for mark in range(marks)]
