"""The player's thread, mostly on the real clock. `PATIENCE_S` limits tests that would otherwise hang."""

import queue
import sys
import threading

import pytest

from hardware.clock import SECOND_NS, SystemClock, VirtualClock
from hardware.lines import Latch
from hardware.player import LONGEST_CLOSED_NS, Played, Player
from hardware.realtime import Realtime
from hardware.thread import PlayerThread
from hardware.timeline import Edge, Line, Timeline

pytestmark = pytest.mark.alone

F, S = Line.FOCUS, Line.SHUTTER
MOST_POLLS = 10**8  # some ten seconds of polling
PATIENCE_S = 10
MINUTE_NS, HOUR_NS = 60 * SECOND_NS, 3_600 * SECOND_NS
NO_WAIT = "must not wait"  # a wait with this as its timeout raises TypeError


class QueuedLines:
    """Two contacts that put every write into the queue `writes`."""

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


class ThreadRig:
    """A player's thread with its lines and latch; `reports` and `faults` are queues too."""

    def __init__(self, clock):
        self.clock = clock
        self.lines = QueuedLines()
        self.latch = Latch(self.lines)
        self.reports = queue.SimpleQueue()
        self.faults = queue.SimpleQueue()
        player = Player(self.lines, self.clock, self.latch, self.reports.put)
        self.thread = PlayerThread(player, self.clock, self.latch, self.faults.put, self.request)

    def request(self):
        """Replaces the request to the kernel for real time, which tests do not need."""
        self.requester = threading.current_thread().name
        return Realtime(70, memory_locked=True)

    def play(self, number, *edges, in_ns=0):
        plan = Timeline(tuple(Edge(*edge) for edge in edges))
        self.thread.play(number, plan, self.clock.now_ns() + in_ns)

    def next_report(self):
        return self.reports.get(timeout=PATIENCE_S)

    def next_fault(self):
        return self.faults.get(timeout=PATIENCE_S)


class Hang:
    """Has the player hang in its first write until it `ends`."""

    def __init__(self, rig):
        self._is_free, self._is_over = threading.Event(), threading.Event()
        rig.lines.write = self._write

    def _write(self, *_):
        self._is_free.wait(PATIENCE_S)
        self._is_over.set()

    def ends(self):
        """End it; return whether it lasted until now."""
        lasted = not self._is_over.is_set()
        self._is_free.set()
        return lasted


def players():
    return [thread for thread in threading.enumerate() if thread.name == "player"]


@pytest.fixture
def clock(request):
    """The kernel's clock, or one that stands still."""
    return getattr(request, "param", SystemClock)()


@pytest.fixture
def rig(clock):
    switch_interval_s = sys.getswitchinterval()
    rig = ThreadRig(clock)
    yield rig
    rig.thread.stop()
    sys.setswitchinterval(switch_interval_s)
    assert players() == []


@pytest.fixture
def tracebacks(monkeypatch):
    """The uncaught exceptions of threads, which Python would print."""
    exceptions = queue.SimpleQueue()
    monkeypatch.setattr(threading, "excepthook", exceptions.put)
    return exceptions


def test_an_edge_that_is_due_now_is_played_and_reported(rig):
    rig.thread.start()
    rig.play(1, (0, S, True), (0, S, False))
    assert [rig.lines.next_write(), rig.lines.next_write()] == [(S, True), (S, False)]
    report = rig.next_report()
    assert (report.number, report.cut, len(report.edges)) == (1, False, 2)


def test_no_edge_is_ever_early(rig):
    rig.thread.start()
    rig.play(1, (0, S, True), (1_000_000, S, False), in_ns=3_000_000)
    assert [edge.actual_ns >= edge.planned_ns for edge in rig.next_report().edges] == [True, True]


def test_a_timeline_handed_over_before_the_start_is_played_after_it(rig):
    rig.play(1, (0, S, True), (0, S, False))
    rig.thread.start()
    assert rig.next_report().number == 1


def test_timelines_are_played_in_the_order_they_were_handed_over(rig):
    rig.play(1, (0, F, True), (HOUR_NS, F, False))
    rig.play(2, (0, F, False))
    rig.play(3, (0, S, True), (0, S, False))
    rig.thread.start()
    assert [rig.next_report().number for _ in range(3)] == [1, 2, 3]


def test_a_cut_aborts_a_long_wait(rig):
    rig.thread.start()
    rig.play(1, (0, S, True), (HOUR_NS, S, False))
    assert rig.lines.next_write() == (S, True)
    rig.thread.cut()
    assert rig.lines.next_write() == "opened"
    report = rig.next_report()
    assert report.cut
    assert [edge.closed for edge in report.edges] == [True, False]


def test_a_timeline_that_is_due_now_aborts_a_long_wait(rig):
    rig.thread.start()
    rig.play(1, (0, F, True), (HOUR_NS, F, False))
    assert rig.lines.next_write() == (F, True)
    rig.play(2, (0, S, True), (0, S, False))
    assert [rig.lines.next_write(), rig.lines.next_write()] == [(S, True), (S, False)]


def test_a_cut_with_nothing_planned_opens_both_lines(rig):
    rig.thread.start()
    rig.thread.cut()
    assert rig.lines.next_write() == "opened"


def test_stop_opens_both_lines_and_leaves_no_thread(rig):
    rig.thread.start()
    rig.play(1, (0, F, True), (0, S, True), (HOUR_NS, S, False), (HOUR_NS, F, False))
    assert [rig.lines.next_write(), rig.lines.next_write()] == [(F, True), (S, True)]
    rig.thread.stop()
    assert rig.lines.closed == {F: False, S: False}
    assert players() == []
    assert rig.next_report().cut


def test_stop_is_idempotent_and_harmless_before_the_start(rig):
    ThreadRig(SystemClock()).thread.stop()
    rig.thread.start()
    rig.thread.stop()
    rig.thread.stop()
    assert players() == []
    assert rig.faults.empty()


def test_a_thread_that_dies_trips_the_latch_and_then_reports_a_fault(rig, tracebacks):
    rig.lines.breaks_when_written = True
    rig.thread.start()
    rig.play(1, (0, S, True), (HOUR_NS, S, False))
    assert rig.next_fault() == "the player stopped: OSError('the pin is gone')"
    assert rig.latch.tripped
    assert rig.lines.next_write() == "opened"
    assert isinstance(tracebacks.get(timeout=PATIENCE_S).exc_value, OSError)
    rig.thread.stop()
    assert players() == []


def test_a_thread_that_dies_while_a_line_is_closed_opens_it(rig, tracebacks):
    rig.thread.start()
    rig.play(1, (0, F, True), (HOUR_NS, F, False))
    assert rig.lines.next_write() == (F, True)
    rig.lines.breaks_when_written = True
    rig.play(2, (0, S, True), (0, S, False))
    rig.next_fault()
    assert rig.lines.closed[F] is False
    tracebacks.get(timeout=PATIENCE_S)


def test_a_dead_thread_is_reported_even_if_the_lines_cannot_be_opened(rig, tracebacks):
    rig.lines.breaks_when_written = rig.lines.breaks_when_opened = True
    rig.thread.start()
    rig.play(1, (0, S, True), (0, S, False))
    tracebacks.get(timeout=PATIENCE_S)
    rig.thread.stop()
    assert rig.latch.tripped
    assert not rig.faults.empty()


def test_calls_to_a_dead_thread_close_nothing(rig, tracebacks):
    rig.lines.breaks_when_written = True
    rig.thread.start()
    rig.play(1, (0, S, True), (0, S, False))
    rig.next_fault()
    tracebacks.get(timeout=PATIENCE_S)
    rig.lines.breaks_when_written = False
    rig.play(2, (0, S, True), (HOUR_NS, S, False))
    rig.thread.cut()
    rig.thread.stop()
    assert rig.lines.closed == {F: False, S: False}


def test_after_a_tripped_latch_the_thread_lives_and_closes_nothing(rig):
    rig.thread.start()
    rig.latch.trip()
    rig.play(1, (0, S, True), (HOUR_NS, S, False))
    assert rig.next_report() == Played(1, (), cut=True)
    assert len(players()) == 1
    assert rig.lines.closed[S] is False


def test_a_timeline_that_the_player_refuses_opens_both_lines_and_is_reported_as_a_fault(rig):
    rig.thread.start()
    rig.play(1, (0, F, True), (HOUR_NS, F, False))
    assert rig.lines.next_write() == (F, True)
    rig.play(2, (0, S, True), (2 * LONGEST_CLOSED_NS, S, False))
    assert rig.next_fault().startswith("the player refused a timeline: SHUTTER would stay closed for ")
    assert rig.lines.next_write() == "opened"
    assert rig.next_report().cut


def test_a_player_that_has_refused_a_timeline_plays_the_next(rig):
    rig.thread.start()
    rig.play(1, (0, S, True), (2 * LONGEST_CLOSED_NS, S, False))
    rig.next_fault()
    assert rig.lines.next_write() == "opened"
    rig.play(2, (0, S, True), (0, S, False))
    assert rig.next_report() is not None
    assert not rig.latch.tripped


def test_the_thread_requests_real_time_for_itself_before_start_returns(rig):
    assert rig.thread.realtime == Realtime()
    rig.thread.start()
    assert rig.requester == "player"
    assert rig.thread.realtime == Realtime(70, memory_locked=True)


def test_a_player_that_fails_to_start_reports_a_fault_and_the_start_returns(rig, tracebacks, monkeypatch):
    monkeypatch.setattr(rig.thread, "_request", lambda: 1 / 0)
    rig.thread.start()
    assert "ZeroDivisionError" in rig.next_fault()
    assert rig.latch.tripped
    tracebacks.get(timeout=PATIENCE_S)


def count_loops(rig, wanted):
    """Count the loops that the player runs without any call, up to `wanted`; gives up after MOST_POLLS."""
    loops, polls = 0, 0
    while loops < wanted and polls < MOST_POLLS:
        loops += rig.thread.has_looped()
        polls += 1
    return loops


def test_an_idle_player_loops_at_its_period(rig):
    rig.thread.start()
    rig.thread.loop_at_least_every(1_000_000)
    assert count_loops(rig, 3) == 3


def test_a_player_loops_between_two_distant_edges_and_moves_neither(rig):
    rig.thread.start()
    rig.thread.loop_at_least_every(1_000_000)
    rig.play(1, (0, F, True), (HOUR_NS, F, False))
    assert rig.lines.next_write() == (F, True)
    assert count_loops(rig, 3) == 3
    assert rig.lines.closed[F]


def test_a_dead_player_does_not_loop(rig, tracebacks):
    rig.lines.breaks_when_written = True
    rig.thread.start()
    rig.play(1, (0, S, True), (0, S, False))
    rig.next_fault()
    tracebacks.get(timeout=PATIENCE_S)
    rig.thread.stop()
    rig.thread.has_looped()
    assert not rig.thread.has_looped()


def test_stop_gives_up_on_a_player_that_hangs(rig, monkeypatch):
    monkeypatch.setattr("hardware.thread.STOP_PATIENCE_S", 0)
    hang = threading.Event()
    rig.thread.start()
    rig.thread._inbox.put(hang.wait)
    rig.thread.stop()
    assert len(players()) == 1
    hang.set()
    monkeypatch.undo()
    rig.thread.stop()
    assert players() == []


def test_due_edges_have_been_played_when_play_returns(rig, monkeypatch):
    monkeypatch.setattr("hardware.thread.HANDOVER_S", PATIENCE_S)
    rig.thread.start()
    rig.play(1, (0, S, True), (HOUR_NS, S, False))
    assert rig.lines.closed[S]


def test_a_caller_is_not_released_by_the_end_of_a_loop_that_has_not_run_its_call(rig, monkeypatch):
    """The second call arrives while the player plays the first: too late for that loop, but before its end."""
    monkeypatch.setattr("hardware.thread.HANDOVER_S", 0)
    is_playing, is_second_queued, has_second_run = threading.Event(), threading.Event(), threading.Event()
    has_returned, clear_wakeups = threading.Event(), rig.thread._inbox.clear_wakeups

    def write(*_):
        is_playing.set()
        is_second_queued.wait(PATIENCE_S)

    def end_loop():
        if is_second_queued.is_set() and not has_second_run.is_set():
            has_returned.wait(0.05)  # the caller has this long to return too early
        clear_wakeups()

    rig.lines.write, rig.thread._inbox.clear_wakeups = write, end_loop
    rig.thread.start()
    rig.play(1, (0, S, True), (HOUR_NS, S, False))
    assert is_playing.wait(PATIENCE_S)

    monkeypatch.setattr("hardware.thread.HANDOVER_S", PATIENCE_S)
    put = rig.thread._inbox.put
    monkeypatch.setattr(rig.thread._inbox, "put", lambda call: (put(call), is_second_queued.set()))
    rig.thread._hand_over(has_second_run.set)
    had_run = has_second_run.is_set()
    has_returned.set()
    assert had_run


def test_play_returns_although_the_player_hangs(rig, monkeypatch):
    monkeypatch.setattr("hardware.thread.HANDOVER_S", 0)
    hang = Hang(rig)
    rig.thread.start()
    rig.play(1, (0, S, True), (HOUR_NS, S, False))
    assert hang.ends()


@pytest.fixture
def aiming(rig, clock, monkeypatch):
    """A rig whose player aims at an edge that is due in a minute, on a clock that stands still."""
    monkeypatch.setattr("hardware.thread.SPIN_NS", HOUR_NS)
    rig.thread.start()
    rig.play(1, (0, S, True), (HOUR_NS // 2, S, False), in_ns=MINUTE_NS)
    for _ in range(MOST_POLLS):
        if rig.thread._is_aiming:
            return rig
    pytest.fail("the player never aims")


on_a_still_clock = pytest.mark.parametrize("clock", [VirtualClock], indirect=True)


@on_a_still_clock
def test_wait_for_edge_returns_once_the_edge_has_been_played(aiming, clock, monkeypatch):
    monkeypatch.setattr("hardware.thread.EDGE_WAIT_S", PATIENCE_S)

    def jump_once_somebody_waits():
        for _ in range(MOST_POLLS):
            if aiming.thread._waiters:
                break
        clock.jump_to(MINUTE_NS)

    threading.Thread(target=jump_once_somebody_waits, daemon=True).start()
    aiming.thread.wait_for_edge()
    assert aiming.lines.closed[S]


def test_wait_for_edge_returns_at_once_while_no_edge_is_near(rig, monkeypatch):
    monkeypatch.setattr("hardware.thread.EDGE_WAIT_S", NO_WAIT)
    rig.thread.start()
    rig.thread.wait_for_edge()
    rig.play(1, (0, S, True), (HOUR_NS, S, False))
    assert rig.lines.next_write() == (S, True)
    rig.thread.wait_for_edge()


@on_a_still_clock
def test_wait_for_edge_returns_although_the_player_hangs(aiming, clock):
    hang = Hang(aiming)
    clock.jump_to(MINUTE_NS)
    aiming.thread.wait_for_edge()
    assert hang.ends()


def test_wait_for_edge_returns_at_once_after_the_player_died(rig, tracebacks, monkeypatch):
    rig.lines.breaks_when_written = True
    rig.thread.start()
    rig.play(1, (0, S, True), (HOUR_NS, S, False), in_ns=3_000_000)
    rig.next_fault()
    tracebacks.get(timeout=PATIENCE_S)
    monkeypatch.setattr("hardware.thread.EDGE_WAIT_S", NO_WAIT)
    rig.thread.wait_for_edge()
