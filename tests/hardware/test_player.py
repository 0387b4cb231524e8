"""The player on the virtual clock: every instant is reached exactly, and no test waits."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.schema import FIELDS
from hardware.clock import SECOND_NS, VirtualClock
from hardware.errors import TimelineError
from hardware.lines import Latch
from hardware.player import LONGEST_CLOSED_NS, Played, PlayedEdge, Player
from hardware.timeline import Edge, Line, Timeline

F, S = Line.FOCUS, Line.SHUTTER


class FakeLines:
    """Two contacts that record their changes; they call `on_write` before each write."""

    def __init__(self, clock):
        self._clock = clock
        self.closed = {F: False, S: False}
        self.changes = []
        self.on_write = lambda: None

    def write(self, line, closed):
        self.on_write()
        self._set(line, closed)

    def open_all(self):
        self._set(S, closed=False)
        self._set(F, closed=False)

    def _set(self, line, closed):
        if self.closed[line] is not closed:
            self.closed[line] = closed
            self.changes.append((self._clock.now_ns(), line, closed))


class Rig:
    """A player with its lines, latch and clock; `reports` are its reports."""

    def __init__(self):
        self.clock = VirtualClock()
        self.lines = FakeLines(self.clock)
        self.latch = Latch(self.lines)
        self.reports = []
        self.player = Player(self.lines, self.clock, self.latch, self.reports.append)

    def play(self, number, *edges, at_ns=0):
        self.player.play(number, timeline(*edges), at_ns)

    def run(self, until_ns=None):
        """Step from edge to edge, up to `until_ns` or until no edge is left."""
        while (due_ns := self.player.next_ns) is not None and (until_ns is None or due_ns <= until_ns):
            self.clock.jump_to(max(due_ns, self.clock.now_ns()))
            self.player.step(self.clock.now_ns())
        if until_ns is not None:
            self.clock.jump_to(until_ns)

    @property
    def is_open(self):
        return not any(self.lines.closed.values())


def timeline(*edges):
    return Timeline(tuple(Edge(*edge) for edge in edges))


FRAME = ((0, F, True), (100, S, True), (300, S, False), (305, F, False))


# -- order and reports -----------------------------------------------------------------------------------------


def test_every_edge_is_played_at_its_time():
    rig = Rig()
    rig.play(1, *FRAME, at_ns=1_000)
    rig.run()
    assert rig.lines.changes == [(1_000, F, True), (1_100, S, True), (1_300, S, False), (1_305, F, False)]


def test_the_report_comes_once_with_the_last_edge_and_has_planned_and_actual_times():
    rig = Rig()
    rig.play(7, (0, S, True), (200, S, False), at_ns=1_000)
    rig.run(until_ns=1_199)
    assert rig.reports == []
    rig.clock.jump_to(1_230)
    rig.player.step(1_230)
    edges = (PlayedEdge(S, True, 1_000, 1_000), PlayedEdge(S, False, 1_200, 1_230))
    assert rig.reports == [Played(7, edges, cut=False)]


def test_edges_of_one_instant_are_played_in_the_order_given():
    rig = Rig()
    rig.play(1, (5, S, True), (5, F, True), (9, F, False), (9, S, False))
    rig.run()
    assert [(line, closed) for _, line, closed in rig.lines.changes] == [(S, True), (F, True), (F, False), (S, False)]


def test_nothing_is_played_before_it_is_due():
    rig = Rig()
    rig.play(1, (5, S, True), (9, S, False))
    rig.player.step(4)
    assert rig.lines.changes == []
    assert rig.player.next_ns == 5


def test_a_player_without_edges_has_no_deadline():
    rig = Rig()
    assert rig.player.next_ns is None
    rig.player.step(1_000)
    assert rig.reports == []


def test_a_player_that_is_stepped_late_plays_everything_due_and_reports_how_late():
    rig = Rig()
    rig.play(1, (10, S, True), (20, S, False))
    rig.clock.jump_to(50)
    rig.player.step(50)
    assert [(edge.planned_ns, edge.actual_ns) for edge in rig.reports[0].edges] == [(10, 50), (20, 50)]
    assert rig.is_open


def test_a_timeline_whose_zero_has_passed_is_played_at_once():
    rig = Rig()
    rig.clock.jump_to(500)
    rig.play(1, (0, S, True), (200, S, False), at_ns=400)
    rig.player.step(500)
    assert rig.lines.closed[S]
    assert rig.player.next_ns == 700, "late, but for as long as it was planned"


# -- the wait before an edge --


class TickingClock:
    """A clock that advances by 10 ns whenever it is read; `at` maps times to calls."""

    def __init__(self):
        self.time_ns = 0
        self.at = {}

    def now_ns(self):
        self.time_ns += 10
        self.at.pop(self.time_ns, lambda: None)()
        return self.time_ns


@pytest.fixture
def ticking():
    rig = Rig()
    rig.clock = rig.lines._clock = TickingClock()
    rig.player = Player(rig.lines, rig.clock, rig.latch, rig.reports.append)
    return rig


def test_step_waits_for_an_edge_and_plays_none_early(ticking):
    ticking.play(1, (500, S, True), (700, S, False), (20_000, F, False))
    ticking.player.step(1_000)
    assert [(edge.planned_ns, edge.actual_ns) for edge in ticking.player._played[1]] == [(500, 520), (700, 720)]
    assert ticking.player.next_ns == 20_000


def test_a_latch_that_trips_during_that_wait_keeps_the_line_open(ticking):
    ticking.play(1, (500, S, True), (700, S, False))
    ticking.clock.at[400] = ticking.latch.trip
    ticking.player.step(1_000)
    assert ticking.lines.changes == []
    assert ticking.reports == [Played(1, (), cut=True)]


def test_step_waits_for_an_edge_that_changes_nothing_too(ticking):
    ticking.play(1, (500, F, False))
    ticking.player.step(1_000)
    assert ticking.clock.time_ns >= 500, "a report must not come before the last edge"
    assert ticking.reports == [Played(1, (), cut=False)]


# -- one timeline after another --------------------------------------------------------------------------------


def test_a_timeline_replaces_the_edges_of_its_lines_and_keeps_those_of_the_other():
    rig = Rig()
    rig.play(1, (0, F, True), (100, S, True), (300, S, False), (400, F, False))
    rig.run(until_ns=150)
    rig.play(2, (0, S, False), at_ns=200)
    rig.run()
    assert rig.lines.changes == [(0, F, True), (100, S, True), (200, S, False), (400, F, False)]


def test_a_number_is_over_when_another_replaces_all_its_edges():
    rig = Rig()
    rig.play(1, (0, F, True), (900, F, False))
    rig.run(until_ns=100)
    rig.play(2, (0, F, False), at_ns=500)
    assert rig.reports == [Played(1, (PlayedEdge(F, True, 0, 0),), cut=False)]
    rig.run()
    assert rig.reports[1:] == [Played(2, (PlayedEdge(F, False, 500, 500),), cut=False)]


def test_a_number_continues_while_it_has_edges_on_the_other_line():
    rig = Rig()
    rig.play(1, *FRAME)
    rig.play(2, (0, F, True), (900, F, False))
    assert rig.reports == []
    rig.run()
    assert [report.number for report in rig.reports] == [1, 2]


@pytest.mark.parametrize("end_ns", [250, 900])
def test_the_same_number_moves_the_end_of_what_it_began_and_is_reported_once(end_ns):
    rig = Rig()
    rig.play(1, (0, S, True), (500, S, False))
    rig.run(until_ns=200)
    rig.play(1, (0, S, False), at_ns=end_ns)
    rig.run()
    edges = (PlayedEdge(S, True, 0, 0), PlayedEdge(S, False, end_ns, end_ns))
    assert rig.reports == [Played(1, edges, cut=False)]


def test_moving_the_end_on_one_line_keeps_the_end_on_the_other():
    rig = Rig()
    rig.play(1, *FRAME)
    rig.run(until_ns=150)
    rig.play(1, (0, S, False), at_ns=200)
    rig.run()
    assert rig.lines.changes == [(0, F, True), (100, S, True), (200, S, False), (305, F, False)]
    assert len(rig.reports) == 1


def test_an_edge_to_what_the_line_is_already_is_neither_written_nor_reported():
    rig = Rig()
    rig.play(1, (0, S, True), (500, S, False))
    rig.run(until_ns=200)
    rig.play(1, (0, S, True), (100, S, False), at_ns=200)
    rig.run()
    assert rig.lines.changes == [(0, S, True), (300, S, False)]
    assert [edge.closed for edge in rig.reports[0].edges] == [True, False]


def test_opening_an_open_line_writes_nothing_but_is_reported_as_done():
    rig = Rig()
    rig.play(1, (0, F, False))
    rig.run()
    assert rig.lines.changes == []
    assert rig.reports == [Played(1, (), cut=False)]


# -- the player's own limit ------------------------------------------------------------------------------------

LONGEST_ADDITION_NS = 60 * SECOND_NS
TOO_LONG = f"{LONGEST_CLOSED_NS // SECOND_NS + 1} s, and no contact may stay closed for more than"


@pytest.mark.parametrize("key", ["safety.max_exposure", "safety.max_hold", "focus.lock_limit", "shot.bracket_hold"])
def test_every_length_that_the_settings_allow_is_below_the_limit(key):
    assert FIELDS[key].maximum + LONGEST_ADDITION_NS <= LONGEST_CLOSED_NS


def test_what_a_frame_adds_to_an_exposure_is_below_the_limit_too():
    # A bulb is held for the lag too, and FOCUS closes at most min_hold before SHUTTER.
    keys = ["camera.shutter_lag", "focus.min_hold"]
    assert sum(FIELDS[key].maximum for key in keys) < LONGEST_ADDITION_NS


@pytest.mark.parametrize("line", Line)
def test_a_timeline_that_keeps_a_line_closed_for_too_long_is_refused_and_changes_nothing(line):
    rig = Rig()
    rig.play(1, *FRAME, at_ns=1_000)
    with pytest.raises(TimelineError, match=f"{line.name} would stay closed for {TOO_LONG}"):
        rig.play(2, (0, line, True), (LONGEST_CLOSED_NS + SECOND_NS, line, False))
    rig.run()
    assert [report.number for report in rig.reports] == [1]


def test_a_line_may_stay_closed_for_as_long_as_the_limit():
    rig = Rig()
    rig.play(1, (0, S, True), (LONGEST_CLOSED_NS, S, False))
    rig.run()
    assert rig.lines.changes == [(0, S, True), (LONGEST_CLOSED_NS, S, False)]


def test_the_limit_counts_from_when_the_line_closed_however_often_its_end_is_moved():
    rig = Rig()
    rig.play(1, (0, F, True), (SECOND_NS, F, False))
    rig.run(until_ns=SECOND_NS - 1)
    with pytest.raises(TimelineError, match=TOO_LONG):
        rig.play(1, (0, F, False), at_ns=LONGEST_CLOSED_NS + SECOND_NS)
    with pytest.raises(TimelineError, match=TOO_LONG):
        rig.play(1, (0, F, True), (LONGEST_CLOSED_NS, F, False), at_ns=SECOND_NS)
    rig.play(1, (0, F, False), at_ns=LONGEST_CLOSED_NS)
    assert rig.player.next_ns == LONGEST_CLOSED_NS


def test_a_line_that_opens_in_between_may_be_closed_for_as_long_again():
    rig = Rig()
    rig.play(1, (0, F, True), (SECOND_NS, F, False))
    rig.run(until_ns=SECOND_NS - 1)
    rig.play(2, (0, F, False), (1, F, True), (1 + LONGEST_CLOSED_NS, F, False), at_ns=SECOND_NS)
    rig.run()
    assert rig.is_open


def test_a_line_that_is_open_may_be_opened_at_any_time():
    rig = Rig()
    rig.play(1, (0, F, False), at_ns=2 * LONGEST_CLOSED_NS)
    assert rig.player.next_ns == 2 * LONGEST_CLOSED_NS


# -- cut -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_ns", [0, 50, 100, 200, 300, 302])
def test_a_cut_opens_both_lines_at_any_instant_and_drops_all_edges(at_ns):
    rig = Rig()
    rig.play(1, *FRAME)
    rig.run(until_ns=at_ns)
    rig.player.cut()
    assert rig.is_open
    assert rig.player.next_ns is None
    changes = list(rig.lines.changes)
    rig.clock.jump_to(1_000)
    rig.player.step(1_000)
    assert rig.lines.changes == changes


@pytest.mark.parametrize("at_ns", [0, 50, 100, 200, 300, 302])
def test_the_report_of_a_cut_frame_has_the_times_at_which_each_line_opened(at_ns):
    rig = Rig()
    rig.play(1, *FRAME)
    rig.run(until_ns=at_ns)
    rig.player.cut()
    [report] = rig.reports
    assert report.cut
    assert [(edge.actual_ns, edge.line, edge.closed) for edge in report.edges] == rig.lines.changes


def test_a_cut_hold_is_reported_under_the_number_that_had_its_end():
    rig = Rig()
    rig.play(1, (0, F, True), (900, F, False))
    rig.run(until_ns=100)
    rig.play(2, (5_000, F, False))
    rig.player.cut()
    assert rig.reports[-1] == Played(2, (PlayedEdge(F, False, 100, 100),), cut=True)


def test_a_cut_ends_every_timeline_that_was_not_over():
    rig = Rig()
    rig.play(1, (100, F, True), (900, F, False))
    rig.play(2, (100, S, True), (900, S, False))
    rig.player.cut()
    assert rig.reports == [Played(1, (), cut=True), Played(2, (), cut=True)]


def test_a_cut_while_nothing_is_played_opens_both_lines_and_reports_nothing():
    rig = Rig()
    rig.lines.closed[F] = True  # another program closed it
    rig.player.cut()
    assert rig.is_open
    assert rig.reports == []


def test_after_a_cut_the_next_timeline_is_played_as_any_other():
    rig = Rig()
    rig.play(1, *FRAME)
    rig.run(until_ns=200)
    rig.player.cut()
    rig.play(1, *FRAME, at_ns=1_000)
    rig.run()
    assert rig.reports[1].cut is False
    assert [edge.actual_ns for edge in rig.reports[1].edges] == [1_000, 1_100, 1_300, 1_305]


# -- the latch -------------------------------------------------------------------------------------------------


def test_nothing_closes_once_the_latch_has_tripped():
    rig = Rig()
    rig.latch.trip()
    rig.play(1, *FRAME)
    rig.run()
    assert rig.lines.changes == []
    assert rig.reports == [Played(1, (), cut=True)]


@pytest.mark.parametrize("at_ns", [0, 50, 100, 200, 300, 302])
def test_a_latch_that_trips_between_two_edges_ends_the_frame(at_ns):
    rig = Rig()
    rig.play(1, *FRAME)
    rig.run(until_ns=at_ns)
    rig.latch.trip()
    assert rig.is_open
    rig.run()
    assert rig.is_open
    assert [report.cut for report in rig.reports] == [True]
    assert all(now_ns <= at_ns for now_ns, _, _ in rig.lines.changes)


@pytest.mark.parametrize("edge_number", [0, 1, 2, 3])
def test_a_write_that_raced_with_the_latch_does_not_stand(edge_number):
    rig = Rig()
    rig.play(1, *FRAME, at_ns=1_000)
    rig.run(until_ns=1_000 + FRAME[edge_number][0] - 1)
    rig.lines.on_write = rig.latch.trip  # after the player has looked, before the line is written
    rig.run()
    assert rig.is_open
    assert rig.player.next_ns is None
    assert [report.cut for report in rig.reports] == [True]


# -- whatever happens ------------------------------------------------------------------------------------------


@st.composite
def timelines(draw):
    edges = []
    for line in draw(st.sampled_from([(F,), (S,), (F, S)])):
        times = sorted(draw(st.lists(st.integers(0, 30), min_size=1, max_size=5)))
        # The last edge opens, so whether an edge closes follows from how many come after it.
        edges += [Edge(at_ns, line, bool((len(times) - 1 - place) % 2)) for place, at_ns in enumerate(times)]
    return Timeline(tuple(sorted(edges, key=lambda edge: edge.at_ns)))


PLAYS = st.tuples(st.just("play"), st.integers(1, 3), timelines(), st.integers(-5, 10))
WAITS = st.tuples(st.just("wait"), st.integers(0, 20))
CUTS = st.tuples(st.just("cut"))
few = settings(max_examples=30)  # each test stays under a quarter of a second


def perform(rig, action, limits):
    """Perform the action, and record in `limits` when each line has to be open."""
    now_ns = rig.clock.now_ns()
    match action:
        case ("play", number, plan, delay_ns):
            rig.player.play(number, plan, now_ns + delay_ns)
            for edge in plan:
                limits[edge.line] = now_ns + delay_ns + edge.at_ns
            rig.run(until_ns=now_ns)
        case ("wait", span_ns):
            rig.run(until_ns=now_ns + span_ns)
        case ("cut",):
            rig.player.cut()
            limits[F] = limits[S] = now_ns
        case ("trip",):
            rig.latch.trip()
            limits[F] = limits[S] = now_ns


@few
@given(st.lists(st.one_of(PLAYS, PLAYS, WAITS, WAITS, CUTS), max_size=12))
def test_no_line_is_closed_beyond_the_last_end_that_was_given_for_it(actions):
    rig, limits = Rig(), {F: 0, S: 0}
    for action in actions:
        perform(rig, action, limits)
        for line in Line:
            assert not rig.lines.closed[line] or rig.clock.now_ns() < limits[line]
    rig.run()
    assert rig.is_open


@few
@given(st.lists(st.one_of(PLAYS, WAITS), max_size=8), st.lists(st.one_of(PLAYS, WAITS, CUTS), max_size=8))
def test_after_the_latch_nothing_ever_closes(before, after):
    rig, limits = Rig(), {F: 0, S: 0}
    for action in [*before, ("trip",)]:
        perform(rig, action, limits)
    assert rig.is_open
    changes = list(rig.lines.changes)
    for action in after:
        perform(rig, action, limits)
    rig.run()
    assert rig.lines.changes == changes


@few
@given(st.lists(st.one_of(PLAYS, PLAYS, WAITS, CUTS), max_size=12))
def test_the_reports_together_contain_every_change_of_the_lines_once(actions):
    rig, limits = Rig(), {F: 0, S: 0}
    for action in actions:
        perform(rig, action, limits)
    rig.run()
    reported = [(edge.actual_ns, edge.line, edge.closed) for report in rig.reports for edge in report.edges]
    assert Counter(reported) == Counter(rig.lines.changes)


@few
@given(st.lists(st.one_of(PLAYS, PLAYS, WAITS, CUTS), max_size=12))
def test_every_number_that_was_played_is_reported_and_none_twice_without_being_played_again(actions):
    rig, limits = Rig(), {F: 0, S: 0}
    plays = Counter()
    for action in actions:
        perform(rig, action, limits)
        plays.update([action[1]] if action[0] == "play" else [])
        reports = Counter(report.number for report in rig.reports)
        assert all(reports[number] <= plays[number] for number in reports)
    rig.run()
    assert set(plays) == {report.number for report in rig.reports}


def test_a_timeline_that_comes_late_is_late_as_a_whole_and_keeps_its_lengths():
    rig = Rig()
    rig.clock.jump_to(7)
    rig.play(1, *FRAME)
    rig.run(until_ns=1_000)
    edges = [(at_ns - 7, line, closed) for at_ns, line, closed in rig.lines.changes]
    punctual = Rig()
    punctual.play(1, *FRAME)
    punctual.run(until_ns=1_000)
    assert edges == punctual.lines.changes
    assert [edge.planned_ns for edge in rig.reports[0].edges] == [at_ns for at_ns, _, _ in punctual.lines.changes]
