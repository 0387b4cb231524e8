"""Plays timelines. Knows lines and nanoseconds; knows nothing of cameras, and decides nothing.

The player owns the two lines. It is stepped: by its own thread on the real clock (`hardware.thread`), or
inline by the loop of the virtual bench. What it did it reports, edge by edge.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

from config.record import dataclass
from hardware.clock import SECOND_NS, Clock
from hardware.errors import TimelineError
from hardware.lines import Latch, Lines
from hardware.timeline import Line, Timeline

# No line stays closed longer than this, whatever the core asks for. 24 h is the longest exposure and the longest lock
# that the settings allow (a test compares); the minute covers what a frame adds to it: lead, lag, separation.
LONGEST_CLOSED_NS = (24 * 3_600 + 60) * SECOND_NS


@dataclass(frozen=True, slots=True)
class PlayedEdge:
    """An edge that was planned and what became of it, both in absolute time."""

    line: Line
    closed: bool
    planned_ns: int
    actual_ns: int


@dataclass(frozen=True, slots=True)
class Played:
    """Nothing of timeline `number` is left to play; `cut` where its end was forced."""

    number: int
    edges: tuple[PlayedEdge, ...]
    cut: bool


class _Pending(NamedTuple):  # made before every closing edge, and in a fraction of the time of a frozen dataclass
    at_ns: int
    line: Line
    closed: bool
    number: int
    planned_ns: int


_due = attrgetter("at_ns")


class Player:
    """Executes edges at absolute times; the only writer of the lines but for the latch.

    `report` is called in the player's own context with a Played for every number that is done.
    """

    def __init__(self, lines: Lines, clock: Clock, latch: Latch, report: Callable[[Played], None]) -> None:
        self._lines = lines
        self._clock = clock
        self._latch = latch
        self._report = report
        self._pending: list[_Pending] = []
        self._closed_since: dict[Line, int | None] = {Line.FOCUS: None, Line.SHUTTER: None}
        self._played: dict[int, list[PlayedEdge]] = {}

    @property
    def next_ns(self) -> int | None:
        """When the next edge is due; None if there is none."""
        return self._pending[0].at_ns if self._pending else None

    def play(self, number: int, timeline: Timeline, at_ns: int) -> None:
        """Take up `timeline`, its zero at the absolute time `at_ns`.

        What is still to come on the lines it uses gives way to it, whoever planned that; the other line goes
        on as planned. The same number may be played again to move the end of what it began. A timeline whose
        first edge has been missed is played late as a whole: its lengths are kept. Raises TimelineError, and plays
        nothing of it, if a line would stay closed for longer than LONGEST_CLOSED_NS.
        """
        edges = timeline.edges
        late_ns = max(0, self._clock.now_ns() - at_ns - edges[0].at_ns)
        played_ns = at_ns + late_ns
        self._check_lengths(timeline, played_ns)
        pending = [_Pending(played_ns + e.at_ns, e.line, e.closed, number, at_ns + e.at_ns) for e in edges]
        self._played.setdefault(number, [])
        if self._pending:
            kept = [edge for edge in self._pending if edge.line not in timeline.lines]
            self._replace_pending(sorted(kept + pending, key=_due))
        else:
            self._pending = pending

    def cut(self) -> None:
        """Open both lines now and forget all that was planned."""
        self._lines.open_all()
        now_ns = self._clock.now_ns()
        for line in (Line.SHUTTER, Line.FOCUS):
            if self._closed_since[line] is not None:
                self._closed_since[line] = None
                self._played[self._opener(line)].append(PlayedEdge(line, False, now_ns, now_ns))
        self._pending.clear()
        self._finish(list(self._played), cut=True)

    def step(self, until_ns: int) -> None:
        """Play every edge that is due by `until_ns`; wait for one that is not due yet, in a loop, never asleep.

        What has to be done for an edge is done before that wait: between its end and the pin is next to nothing.
        """
        now_ns, latch = self._clock.now_ns, self._latch
        while self._pending and self._pending[0].at_ns <= until_ns:
            edge = self._pending.pop(0)
            at_ns, line, closed, number, planned_ns = edge
            changes = closed is (self._closed_since[line] is None)
            played, write = self._played[number], self._lines.write
            while now_ns() < at_ns:
                pass
            if closed and latch.tripped:
                self.cut()
                return
            if changes:
                write(line, closed)
                actual_ns = now_ns()
                self._closed_since[line] = actual_ns if closed else None
                played.append(PlayedEdge(line, closed, planned_ns, actual_ns))
                if latch.tripped:
                    self.cut()
                    return
            self._finish_if_over(number)

    def _check_lengths(self, timeline: Timeline, played_ns: int) -> None:
        closed_since = {line: at_ns for line, at_ns in self._closed_since.items() if at_ns is not None}
        for edge in timeline.edges:
            at_ns = played_ns + edge.at_ns
            if edge.closed:
                closed_since.setdefault(edge.line, at_ns)
            elif (closed_ns := at_ns - closed_since.pop(edge.line, at_ns)) > LONGEST_CLOSED_NS:
                seconds, limit_s = closed_ns // SECOND_NS, LONGEST_CLOSED_NS // SECOND_NS
                raise TimelineError(
                    f"the player refused a timeline: {edge.line.name} would stay closed for {seconds} s, "
                    f"and no contact may stay closed for more than {limit_s} s"
                )

    def _replace_pending(self, pending: list[_Pending]) -> None:
        before = {edge.number for edge in self._pending}
        self._pending = pending
        self._finish(sorted(before - {edge.number for edge in pending}), cut=False)

    def _finish_if_over(self, number: int) -> None:
        if all(edge.number != number for edge in self._pending):
            self._finish([number], cut=False)

    def _finish(self, numbers: list[int], *, cut: bool) -> None:
        for number in numbers:
            self._report(Played(number, tuple(self._played.pop(number)), cut))

    def _opener(self, line: Line) -> int:
        """Return whose edge would have opened a line that is closed; there always is one."""
        return next(edge.number for edge in self._pending if edge.line is line and not edge.closed)
