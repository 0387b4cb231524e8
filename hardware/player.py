"""Plays timelines. Knows lines and nanoseconds; knows nothing of cameras, and decides nothing.

The player owns the two lines. Its own thread steps it on the real clock (`hardware.thread`), the loop steps it on the
virtual clock. It reports what it did, edge by edge.
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
    """An edge that was played: its planned and its actual time, both absolute."""

    line: Line
    closed: bool
    planned_ns: int
    actual_ns: int


@dataclass(frozen=True, slots=True)
class Played:
    """Timeline `number` is over: it has no edges left. `cut` is true if it was ended by force."""

    number: int
    edges: tuple[PlayedEdge, ...]
    cut: bool


class _Pending(NamedTuple):  # made on the way to every edge, in a fraction of the time of a frozen dataclass
    at_ns: int
    line: Line
    closed: bool
    number: int
    planned_ns: int


_due = attrgetter("at_ns")


class Player:
    """Executes edges at absolute times; the only writer of the lines besides the latch.

    Calls `report` with a Played for every number that is over, from within `play`, `cut` or `step`. Not thread-safe.
    """

    def __init__(self, lines: Lines, clock: Clock, latch: Latch, report: Callable[[Played], None]) -> None:
        self._lines = lines
        self._clock = clock
        self._latch = latch
        self._report = report
        self._pending: list[_Pending] = []
        self._closed_since: dict[Line, int] = {}  # of the lines that are closed
        self._played: dict[int, list[PlayedEdge]] = {}

    @property
    def next_ns(self) -> int | None:
        """When the next edge is due, None if there is none."""
        return self._pending[0].at_ns if self._pending else None

    def play(self, number: int, timeline: Timeline, at_ns: int) -> None:
        """Schedule `timeline`, with its zero at the absolute time `at_ns`.

        It replaces all pending edges of the lines it uses, whatever their number; edges of the other line stay.
        Play the same number again to move the end of what it began. A timeline whose first edge is overdue is
        played late as a whole, so that its lengths are kept. Raises TimelineError, and changes nothing, if a line
        would stay closed for longer than LONGEST_CLOSED_NS.
        """
        edges = timeline.edges
        late_ns = max(0, self._clock.now_ns() - at_ns - edges[0].at_ns)
        played_ns = at_ns + late_ns
        # A press must not wait for the full check, which it passes: both lines are open, and the timeline is short.
        if self._closed_since or edges[-1].at_ns - edges[0].at_ns > LONGEST_CLOSED_NS:
            self._check_lengths(timeline, played_ns)
        pending = [_Pending(played_ns + e.at_ns, e.line, e.closed, number, at_ns + e.at_ns) for e in edges]
        self._played.setdefault(number, [])
        if self._pending:
            kept = [edge for edge in self._pending if edge.line not in timeline.lines]
            self._replace_pending(sorted(kept + pending, key=_due))
        else:
            self._pending = pending

    def cut(self) -> None:
        """Open both lines now and drop all pending edges."""
        self._lines.open_all()
        now_ns = self._clock.now_ns()
        for line in (Line.SHUTTER, Line.FOCUS):
            if self._closed_since.pop(line, None) is not None:
                self._played[self._opener(line)].append(PlayedEdge(line, False, now_ns, now_ns))
        self._pending.clear()
        self._finish(list(self._played), cut=True)

    def step(self, until_ns: int) -> None:
        """Play every edge up to `until_ns`; spins, without sleeping, until an edge is due.

        All preparation comes before the spin, so that almost nothing lies between its end and the write to the pin.
        """
        now_ns, latch = self._clock.now_ns, self._latch
        while self._pending and self._pending[0].at_ns <= until_ns:
            edge = self._pending.pop(0)
            at_ns, line, closed, number, planned_ns = edge
            changes = closed is (line not in self._closed_since)
            played, write = self._played[number], self._lines.write
            while now_ns() < at_ns:
                pass
            if closed and latch.tripped:
                self.cut()
                return
            if changes:
                write(line, closed)
                actual_ns = now_ns()
                if closed:
                    self._closed_since[line] = actual_ns
                else:
                    del self._closed_since[line]
                played.append(PlayedEdge(line, closed, planned_ns, actual_ns))
                if latch.tripped:
                    self.cut()
                    return
            self._finish_if_over(number)

    def _check_lengths(self, timeline: Timeline, played_ns: int) -> None:
        closed_since = dict(self._closed_since)
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
        """Return the number whose edge is to open a closed line; there always is one."""
        return next(edge.number for edge in self._pending if edge.line is line and not edge.closed)
