"""The player's thread on the real clock. Tests wait for what happens; `PATIENCE_S` is for one that would hang."""

import queue
import sys
import threading

import pytest

from hardware.clock import SECOND_NS, SystemClock
from hardware.lines import Latch
from hardware.player import LONGEST_CLOSED_NS, Played, Player
from hardware.realtime import Realtime
from hardware.thread import PlayerThread
from hardware.timeline import Edge, Line, Timeline

F, S = Line.FOCUS, Line.SHUTTER
MOST_LOOKS = 10**8  # some ten seconds of looking
PATIENCE_S = 10
HOUR_NS = 3_600 * SECOND_NS
NO_TIME = "nobody waits"  # who does, gets a TypeError


class TellingLines:
    """Two contacts; every write is put into `writes`, where the test waits for it."""

    def __init__(self):
        self.closed = {F: False, S: False}
        self.writes = queue.SimpleQueue()
        self.breaks_when_written = self.breaks_when_opened = False

    def write(self, line, closed):
        if self.breaks_when_written:
            raise OSError("the pin is gone")
        self.closed[line] = closed
        self.writes.put((line, closed))

    def open_all(self):
        if self.breaks_when_opened:
            raise OSError("both pins are gone")
        self.closed = {F: False, S: False}
        self.writes.put("opened")

    def next_write(self):
        return self.writes.get(timeout=PATIENCE_S)


class Desk:
    """A player's thread with its lines and its latch; `reports` and `losses` are waited for too."""

    def __init__(self):
        self.clock = SystemClock()
        self.lines = TellingLines()
        self.latch = Latch(self.lines)
        self.reports = queue.SimpleQueue()
        self.losses = queue.SimpleQueue()
        player = Player(self.lines, self.clock, self.latch, self.reports.put)
        self.thread = PlayerThread(player, self.clock, self.latch, self.losses.put, self.ask)

    def ask(self):
        """Stands in for the kernel's real time, which a test has no use for."""
        self.asker = threading.current_thread().name
        return Realtime(70, memory_locked=True)

    def play(self, number, *edges, in_ns=0):
        plan = Timeline(tuple(Edge(*edge) for edge in edges))
        self.thread.play(number, plan, self.clock.now_ns() + in_ns)

    def next_report(self):
        return self.reports.get(timeout=PATIENCE_S)

    def next_loss(self):
        return self.losses.get(timeout=PATIENCE_S)


def players():
    return [thread for thread in threading.enumerate() if thread.name == "player"]


@pytest.fixture
def desk():
    switch_interval_s = sys.getswitchinterval()
    desk = Desk()
    yield desk
    desk.thread.stop()
    sys.setswitchinterval(switch_interval_s)
    assert players() == []


@pytest.fixture
def tracebacks(monkeypatch):
    """What would be printed about a thread that died."""
    heard = queue.SimpleQueue()
    monkeypatch.setattr(threading, "excepthook", heard.put)
    return heard


def test_an_edge_that_is_due_now_is_played_and_reported(desk):
    desk.thread.start()
    desk.play(1, (0, S, True), (0, S, False))
    assert [desk.lines.next_write(), desk.lines.next_write()] == [(S, True), (S, False)]
    report = desk.next_report()
    assert (report.number, report.cut, len(report.edges)) == (1, False, 2)


def test_no_edge_is_ever_early(desk):
    desk.thread.start()
    desk.play(1, (0, S, True), (1_000_000, S, False), in_ns=3_000_000)
    assert [edge.actual_ns >= edge.planned_ns for edge in desk.next_report().edges] == [True, True]


def test_what_was_asked_before_the_start_is_played_after_it(desk):
    desk.play(1, (0, S, True), (0, S, False))
    desk.thread.start()
    assert desk.next_report().number == 1


def test_timelines_are_taken_in_the_order_they_were_given(desk):
    desk.play(1, (0, F, True), (HOUR_NS, F, False))
    desk.play(2, (0, F, False))
    desk.play(3, (0, S, True), (0, S, False))
    desk.thread.start()
    assert [desk.next_report().number for _ in range(3)] == [1, 2, 3]


def test_a_cut_aborts_a_long_wait(desk):
    desk.thread.start()
    desk.play(1, (0, S, True), (HOUR_NS, S, False))
    assert desk.lines.next_write() == (S, True)
    desk.thread.cut()
    assert desk.lines.next_write() == "opened"
    report = desk.next_report()
    assert report.cut
    assert [edge.closed for edge in report.edges] == [True, False]


def test_a_timeline_that_is_due_now_aborts_a_long_wait(desk):
    desk.thread.start()
    desk.play(1, (0, F, True), (HOUR_NS, F, False))
    assert desk.lines.next_write() == (F, True)
    desk.play(2, (0, S, True), (0, S, False))
    assert [desk.lines.next_write(), desk.lines.next_write()] == [(S, True), (S, False)]


def test_a_cut_with_nothing_planned_opens_both_lines(desk):
    desk.thread.start()
    desk.thread.cut()
    assert desk.lines.next_write() == "opened"


def test_stop_opens_both_lines_and_leaves_no_thread(desk):
    desk.thread.start()
    desk.play(1, (0, F, True), (0, S, True), (HOUR_NS, S, False), (HOUR_NS, F, False))
    assert [desk.lines.next_write(), desk.lines.next_write()] == [(F, True), (S, True)]
    desk.thread.stop()
    assert desk.lines.closed == {F: False, S: False}
    assert players() == []
    assert desk.next_report().cut


def test_stopping_twice_or_before_the_start_is_nothing(desk):
    Desk().thread.stop()
    desk.thread.start()
    desk.thread.stop()
    desk.thread.stop()
    assert players() == []
    assert desk.losses.empty()


def test_a_thread_that_dies_trips_the_latch_and_then_tells(desk, tracebacks):
    desk.lines.breaks_when_written = True
    desk.thread.start()
    desk.play(1, (0, S, True), (HOUR_NS, S, False))
    assert desk.next_loss() == "the player stopped: OSError('the pin is gone')"
    assert desk.latch.tripped
    assert desk.lines.next_write() == "opened"
    assert isinstance(tracebacks.get(timeout=PATIENCE_S).exc_value, OSError)
    desk.thread.stop()
    assert players() == []


def test_a_thread_that_dies_while_a_line_is_closed_opens_it(desk, tracebacks):
    desk.thread.start()
    desk.play(1, (0, F, True), (HOUR_NS, F, False))
    assert desk.lines.next_write() == (F, True)
    desk.lines.breaks_when_written = True
    desk.play(2, (0, S, True), (0, S, False))
    desk.next_loss()
    assert desk.lines.closed[F] is False
    tracebacks.get(timeout=PATIENCE_S)


def test_a_lost_thread_is_told_even_if_the_lines_cannot_be_opened(desk, tracebacks):
    desk.lines.breaks_when_written = desk.lines.breaks_when_opened = True
    desk.thread.start()
    desk.play(1, (0, S, True), (0, S, False))
    tracebacks.get(timeout=PATIENCE_S)
    desk.thread.stop()
    assert desk.latch.tripped
    assert not desk.losses.empty()


def test_words_to_a_dead_thread_close_nothing(desk, tracebacks):
    desk.lines.breaks_when_written = True
    desk.thread.start()
    desk.play(1, (0, S, True), (0, S, False))
    desk.next_loss()
    tracebacks.get(timeout=PATIENCE_S)
    desk.lines.breaks_when_written = False
    desk.play(2, (0, S, True), (HOUR_NS, S, False))
    desk.thread.cut()
    desk.thread.stop()
    assert desk.lines.closed == {F: False, S: False}


def test_a_tripped_latch_lets_the_thread_live_and_closes_nothing(desk):
    desk.thread.start()
    desk.latch.trip()
    desk.play(1, (0, S, True), (HOUR_NS, S, False))
    assert desk.next_report() == Played(1, (), cut=True)
    assert len(players()) == 1
    assert desk.lines.closed[S] is False


def test_a_timeline_that_the_player_refuses_opens_both_lines_and_is_reported_as_a_fault(desk):
    desk.thread.start()
    desk.play(1, (0, F, True), (HOUR_NS, F, False))
    assert desk.lines.next_write() == (F, True)
    desk.play(2, (0, S, True), (2 * LONGEST_CLOSED_NS, S, False))
    assert desk.next_loss().startswith("the player refused a timeline: SHUTTER would stay closed for ")
    assert desk.lines.next_write() == "opened"
    assert desk.next_report().cut


def test_a_player_that_has_refused_a_timeline_plays_the_next(desk):
    desk.thread.start()
    desk.play(1, (0, S, True), (2 * LONGEST_CLOSED_NS, S, False))
    desk.next_loss()
    assert desk.lines.next_write() == "opened"
    desk.play(2, (0, S, True), (0, S, False))
    assert desk.next_report() is not None
    assert not desk.latch.tripped


def test_the_player_asks_for_real_time_in_its_own_thread_and_it_stands_after_the_start(desk):
    assert desk.thread.realtime == Realtime()
    desk.thread.start()
    assert desk.asker == "player"
    assert desk.thread.realtime == Realtime(70, memory_locked=True)


def test_a_player_that_fails_to_start_reports_a_fault_and_the_start_returns(desk, tracebacks, monkeypatch):
    monkeypatch.setattr(desk.thread, "_request", lambda: 1 / 0)
    desk.thread.start()
    assert "ZeroDivisionError" in desk.next_loss()
    assert desk.latch.tripped
    tracebacks.get(timeout=PATIENCE_S)


def rounds(desk, wanted):
    """Count how often the player comes round without a word from anybody, up to `wanted`; for a while, not for ever."""
    came, looks = 0, 0
    while came < wanted and looks < MOST_LOOKS:
        came += desk.thread.has_looped()
        looks += 1
    return came


def test_an_idle_player_comes_round_by_itself(desk):
    desk.thread.start()
    desk.thread.loop_at_least_every(1_000_000)
    assert rounds(desk, 3) == 3


def test_a_player_comes_round_between_two_far_edges_and_moves_neither(desk):
    desk.thread.start()
    desk.thread.loop_at_least_every(1_000_000)
    desk.play(1, (0, F, True), (HOUR_NS, F, False))
    assert desk.lines.next_write() == (F, True)
    assert rounds(desk, 3) == 3
    assert desk.lines.closed[F]


def test_a_dead_player_does_not_come_round(desk, tracebacks):
    desk.lines.breaks_when_written = True
    desk.thread.start()
    desk.play(1, (0, S, True), (0, S, False))
    desk.next_loss()
    tracebacks.get(timeout=PATIENCE_S)
    desk.thread.stop()
    desk.thread.has_looped()
    assert not desk.thread.has_looped()


def test_stop_does_not_wait_for_ever_for_a_player_that_hangs(desk, monkeypatch):
    monkeypatch.setattr("hardware.thread.STOP_PATIENCE_S", 0)
    hang = threading.Event()
    desk.thread.start()
    desk.thread._inbox.put(hang.wait)
    desk.thread.stop()
    assert len(players()) == 1
    hang.set()
    monkeypatch.undo()
    desk.thread.stop()
    assert players() == []


def test_what_is_due_has_been_played_when_the_handing_over_returns(desk, monkeypatch):
    monkeypatch.setattr("hardware.thread.HANDOVER_S", PATIENCE_S)
    desk.thread.start()
    desk.play(1, (0, S, True), (HOUR_NS, S, False))
    assert desk.lines.closed[S]


def test_a_call_is_not_taken_for_made_because_the_round_before_it_ends(desk, monkeypatch):
    """The second call comes while the player plays the first: too late for that round, and before it ends."""
    monkeypatch.setattr("hardware.thread.HANDOVER_S", 0)
    plays_first, second_is_in, second_is_made = threading.Event(), threading.Event(), threading.Event()
    has_returned, end_round = threading.Event(), desk.thread._inbox.clear_wakeups

    def write(*_):
        plays_first.set()
        second_is_in.wait(PATIENCE_S)

    def end_first_round():
        if second_is_in.is_set() and not second_is_made.is_set():
            has_returned.wait(0.05)  # the caller has this long to return too early
        end_round()

    desk.lines.write, desk.thread._inbox.clear_wakeups = write, end_first_round
    desk.thread.start()
    desk.play(1, (0, S, True), (HOUR_NS, S, False))
    assert plays_first.wait(PATIENCE_S)

    monkeypatch.setattr("hardware.thread.HANDOVER_S", PATIENCE_S)
    put = desk.thread._inbox.put
    monkeypatch.setattr(desk.thread._inbox, "put", lambda call: (put(call), second_is_in.set()))
    desk.thread._hand_over(second_is_made.set)
    was_made = second_is_made.is_set()
    has_returned.set()
    assert was_made


def test_a_player_that_hangs_holds_nobody_up(desk, monkeypatch):
    monkeypatch.setattr("hardware.thread.HANDOVER_S", 0)
    is_free = threading.Event()
    desk.lines.write = lambda *_: is_free.wait(PATIENCE_S)
    desk.thread.start()
    desk.play(1, (0, S, True), (HOUR_NS, S, False))
    is_free.set()  # it is not before we are here


def test_whoever_gives_way_is_back_when_the_edge_has_been_played(desk, monkeypatch):
    monkeypatch.setattr("hardware.thread.EDGE_WAIT_S", PATIENCE_S)
    monkeypatch.setattr("hardware.thread.SPIN_NS", HOUR_NS)
    desk.thread.start()
    desk.play(1, (0, S, True), (HOUR_NS // 2, S, False), in_ns=50_000_000)
    until_it_aims(desk)
    desk.thread.wait_for_edge()
    assert desk.lines.closed[S]


def test_where_no_edge_is_near_nobody_waits(desk, monkeypatch):
    monkeypatch.setattr("hardware.thread.EDGE_WAIT_S", NO_TIME)
    desk.thread.start()
    desk.thread.wait_for_edge()
    desk.play(1, (0, S, True), (HOUR_NS, S, False))
    assert desk.lines.next_write() == (S, True)
    desk.thread.wait_for_edge()


def test_giving_way_to_a_player_that_hangs_has_an_end(desk, monkeypatch):
    monkeypatch.setattr("hardware.thread.SPIN_NS", HOUR_NS)
    is_free = threading.Event()
    desk.lines.write = lambda *_: is_free.wait(PATIENCE_S)
    desk.thread.start()
    desk.play(1, (0, S, True), (HOUR_NS // 2, S, False), in_ns=1_000_000)
    until_it_aims(desk)
    desk.thread.wait_for_edge()
    is_free.set()  # it is not before we are here


def test_nobody_gives_way_to_a_player_that_died_in_its_aim(desk, tracebacks, monkeypatch):
    desk.lines.breaks_when_written = True
    desk.thread.start()
    desk.play(1, (0, S, True), (HOUR_NS, S, False), in_ns=3_000_000)
    desk.next_loss()
    tracebacks.get(timeout=PATIENCE_S)
    monkeypatch.setattr("hardware.thread.EDGE_WAIT_S", NO_TIME)
    desk.thread.wait_for_edge()


def until_it_aims(desk):
    for _ in range(MOST_LOOKS):
        if desk.thread._is_aiming:
            return
    pytest.fail("it never aims")
