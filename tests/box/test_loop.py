"""The loop, on a clock that stands still. Under asyncio the timers of the loop move that clock; nothing waits."""

import asyncio
import threading

import pytest

from controller.box.loop import AsyncLoop, Inbox, next_ns, run_virtually, settle
from hardware.clock import SECOND_NS, VirtualClock


class Diary:
    """What was done, by whom and when."""

    def __init__(self):
        self.entries = []

    def note(self, name, now_ns):
        self.entries.append((name, now_ns))

    @property
    def names(self):
        return [name for name, _ in self.entries]


class Clockwork:
    """A part that does `deed` at each of its times."""

    def __init__(self, name, diary, *times_ns, deed=None):
        self.name = name
        self.diary = diary
        self.times_ns = list(times_ns)
        self.deed = deed or (lambda _now_ns: None)

    @property
    def next_ns(self):
        return self.times_ns[0] if self.times_ns else None

    def step(self, now_ns):
        self.times_ns.pop(0)
        self.diary.note(self.name, now_ns)
        self.deed(now_ns)


@pytest.fixture
def diary():
    return Diary()


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def clock():
    return VirtualClock()


# -- the inbox -------------------------------------------------------------------------------------------------


def test_the_inbox_runs_its_calls_in_order_and_only_when_drained(inbox):
    ran = []
    inbox.post(lambda: ran.append(1))
    inbox.post(lambda: ran.append(2))
    assert ran == []
    assert inbox.drain() is True
    assert ran == [1, 2]
    assert inbox.drain() is False


def test_a_call_that_posts_another_has_it_run_too(inbox):
    ran = []
    inbox.post(lambda: inbox.post(lambda: ran.append("second")))
    inbox.drain()
    assert ran == ["second"]


def test_every_post_wakes_whoever_waits(inbox):
    woken = []
    inbox.wake = lambda: woken.append(len(inbox._calls))
    inbox.post(lambda: None)
    assert woken == [1]  # the call is there before anybody looks


def test_a_call_that_breaks_leaves_the_others_to_be_run(inbox):
    ran = []
    inbox.post(lambda: 1 / 0)
    inbox.post(lambda: ran.append("after"))
    with pytest.raises(ZeroDivisionError):
        inbox.drain()
    inbox.drain()
    assert ran == ["after"]


# -- one instant -----------------------------------------------------------------------------------------------


def test_parts_due_at_one_instant_are_stepped_in_the_order_given(diary, inbox, clock):
    parts = [Clockwork(name, diary, 0) for name in ("player", "camera", "thumb", "core")]
    settle(parts, inbox, clock)
    assert diary.names == ["player", "camera", "thumb", "core"]


def test_the_loop_goes_round_until_nothing_is_due(diary, inbox, clock):
    parts = [Clockwork("player", diary, 0, 0, 0), Clockwork("core", diary, 0, 0)]
    settle(parts, inbox, clock)
    assert diary.names == ["player", "core", "player", "core", "player"]


def test_what_is_to_come_is_left_for_later(diary, inbox, clock):
    parts = [Clockwork("player", diary, 0, 1), Clockwork("core", diary)]
    settle(parts, inbox, clock)
    assert diary.entries == [("player", 0)]


def test_what_was_posted_is_run_before_any_part_is_stepped(diary, inbox, clock):
    inbox.post(lambda: diary.note("call", 0))
    settle([Clockwork("player", diary, 0)], inbox, clock)
    assert diary.names == ["call", "player"]


def test_what_a_step_posts_is_run_before_the_next_part_is_stepped(diary, inbox, clock):
    def post(_now_ns):
        inbox.post(lambda: diary.note("call", 0))

    settle([Clockwork("player", diary, 0, deed=post), Clockwork("core", diary, 0)], inbox, clock)
    assert diary.names == ["player", "call", "core"]


def test_what_a_call_makes_due_is_done_at_the_same_instant(diary, inbox, clock):
    player = Clockwork("player", diary)
    inbox.post(lambda: player.times_ns.append(0))
    settle([player], inbox, clock)
    assert diary.names == ["player"]


def test_a_part_that_makes_an_earlier_one_due_has_it_stepped_again(diary, inbox, clock):
    player = Clockwork("player", diary)
    core = Clockwork("core", diary, 0, deed=player.times_ns.append)
    settle([player, core], inbox, clock)
    assert diary.names == ["core", "player"]


def test_the_next_deadline_is_the_earliest_of_all(diary):
    assert next_ns([]) is None
    assert next_ns([Clockwork("a", diary), Clockwork("b", diary, 7), Clockwork("c", diary, 5)]) == 5


# -- virtual time ----------------------------------------------------------------------------------------------


def test_virtual_time_jumps_from_deadline_to_deadline(diary, inbox, clock):
    run_virtually([Clockwork("a", diary, 5, 10**15), Clockwork("b", diary, 7)], inbox, clock, lambda: False)
    assert diary.entries == [("a", 5), ("b", 7), ("a", 10**15)]
    assert clock.now_ns() == 10**15


def test_virtual_time_stands_still_when_nothing_is_to_come(inbox, clock):
    run_virtually([], inbox, clock, lambda: False)
    assert clock.now_ns() == 0


def test_virtual_time_ends_when_it_is_over_though_more_was_to_come(diary, inbox, clock):
    run_virtually([Clockwork("a", diary, *range(100))], inbox, clock, lambda: len(diary.entries) >= 3)
    assert diary.entries == [("a", 0), ("a", 1), ("a", 2)]


def test_all_of_an_instant_is_done_before_it_can_be_over(diary, inbox, clock):
    parts = [Clockwork("a", diary, 5), Clockwork("b", diary, 5)]
    run_virtually(parts, inbox, clock, lambda: bool(diary.entries))
    assert diary.names == ["a", "b"]


def test_what_was_posted_before_the_start_is_run_even_if_it_is_over_at_once(diary, inbox, clock):
    inbox.post(lambda: diary.note("call", 0))
    run_virtually([], inbox, clock, lambda: True)
    assert diary.names == ["call"]


# -- under asyncio ---------------------------------------------------------------------------------------------


def quick_timers(clock):
    """Let a timer of the running loop move the clock to its time at once, and return the delays asked for."""
    delays_s = []
    loop = asyncio.get_running_loop()

    def call_later(delay_s, callback):
        delays_s.append(delay_s)
        due_ns = clock.now_ns() + round(delay_s * SECOND_NS)

        def ring():
            clock.jump_to(max(due_ns, clock.now_ns()))
            callback()

        return loop.call_soon(ring)

    loop.call_later = call_later
    return delays_s


def test_what_has_come_in_meanwhile_is_looked_at_before_anything_that_is_due(diary, inbox, clock):
    def prepare(loop):
        loop.look = lambda: inbox.post(lambda: diary.note("edge", clock.now_ns()))

    run_loop([Clockwork("a", diary, 0)], inbox, clock, lambda: "a" in diary.names, prepare)
    assert diary.names[:2] == ["edge", "a"]


def run_loop(parts, inbox, clock, is_over, prepare=lambda _loop: None):
    """Run an AsyncLoop to its end; return the delays of its timers."""

    async def main():
        delays_s = quick_timers(clock)
        loop = AsyncLoop(parts, inbox, clock, is_over)
        prepare(loop)
        await loop.wait()
        return delays_s

    return asyncio.run(main())


def test_the_timer_is_set_to_the_next_deadline_each_time(diary, inbox, clock):
    parts = [Clockwork("a", diary, SECOND_NS, 3 * SECOND_NS), Clockwork("b", diary, 2 * SECOND_NS)]
    delays_s = run_loop(parts, inbox, clock, lambda: len(diary.entries) == 3)
    assert diary.entries == [("a", SECOND_NS), ("b", 2 * SECOND_NS), ("a", 3 * SECOND_NS)]
    assert delays_s == [1, 1, 1]


def test_what_is_due_at_the_start_is_done_without_a_timer(diary, inbox, clock):
    assert run_loop([Clockwork("a", diary, 0)], inbox, clock, lambda: bool(diary.entries)) == []
    assert diary.entries == [("a", 0)]


def test_a_post_from_another_thread_wakes_the_loop(diary, inbox, clock):
    def from_outside(_loop):
        thread = threading.Thread(target=lambda: inbox.post(lambda: diary.note("call", 0)))
        thread.start()
        thread.join()

    run_loop([], inbox, clock, lambda: bool(diary.entries), from_outside)
    assert diary.names == ["call"]


def test_a_kick_sees_what_has_become_due_earlier_than_the_timer(diary, inbox, clock):
    late = Clockwork("late", diary, 3_600 * SECOND_NS)
    soon = Clockwork("soon", diary)

    async def main():
        loop = AsyncLoop([late, soon], inbox, clock, lambda: bool(diary.entries))
        asyncio.get_running_loop().call_soon(soon.times_ns.append, 0)
        asyncio.get_running_loop().call_soon(loop.kick)
        await loop.wait()

    asyncio.run(main())
    assert diary.entries == [("soon", 0)]


def test_end_ends_the_loop_whatever_is_to_come(diary, inbox, clock):
    async def main():
        loop = AsyncLoop([Clockwork("a", diary, 3_600 * SECOND_NS)], inbox, clock)
        loop.end()
        await loop.wait()

    asyncio.run(main())
    assert diary.entries == []


def test_end_may_be_called_from_another_thread(inbox, clock):
    def from_outside(loop):
        thread = threading.Thread(target=loop.end)
        thread.start()
        thread.join()

    run_loop([], inbox, clock, lambda: False, from_outside)


def test_after_the_end_the_inbox_wakes_nobody(inbox, clock):
    run_loop([], inbox, clock, lambda: True)
    inbox.post(lambda: None)  # the loop is closed; waking it would be an error


def test_nothing_is_stepped_once_wait_has_returned(diary, inbox, clock):
    part = Clockwork("a", diary, 0, deed=lambda _now_ns: inbox.post(lambda: None))

    async def main():
        loop = AsyncLoop([part], inbox, clock, lambda: bool(diary.entries))
        await loop.wait()
        part.times_ns.append(0)
        turn = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(turn.set_result, None)  # after whatever has been asked for
        await turn

    asyncio.run(main())
    assert diary.entries == [("a", 0)]


# -- faults ----------------------------------------------------------------------------------------------------


def broken(_now_ns):
    raise ZeroDivisionError("a part broke")


def test_what_a_part_raises_comes_out_of_wait(diary, inbox, clock):
    with pytest.raises(ZeroDivisionError, match="a part broke"):
        run_loop([Clockwork("a", diary, SECOND_NS, deed=broken)], inbox, clock, lambda: False)


def test_what_a_call_raises_comes_out_of_wait(inbox, clock):
    inbox.post(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_loop([], inbox, clock, lambda: False)


def test_whoever_takes_the_faults_keeps_the_loop_going(diary, inbox, clock):
    faults = []

    def take_faults(loop):
        loop.on_fault = faults.append

    parts = [Clockwork("a", diary, 0, deed=broken), Clockwork("b", diary, SECOND_NS)]
    run_loop(parts, inbox, clock, lambda: "b" in diary.names, take_faults)
    assert [type(fault) for fault in faults] == [ZeroDivisionError]
    assert diary.entries == [("a", 0), ("b", SECOND_NS)]


def test_what_the_taker_of_faults_raises_comes_out_of_wait(diary, inbox, clock):
    def take_faults(loop):
        def worse(_error):
            raise OSError("and nobody can be told")

        loop.on_fault = worse

    with pytest.raises(OSError, match="nobody can be told"):
        run_loop([Clockwork("a", diary, SECOND_NS, deed=broken)], inbox, clock, lambda: False, take_faults)


def test_what_the_question_whether_it_is_over_raises_comes_out_of_wait(diary, inbox, clock):
    def is_over():
        if diary.entries:
            raise ZeroDivisionError("asked once too often")
        return False

    unheard = []

    async def main():
        quick_timers(clock)
        loop = AsyncLoop([Clockwork("a", diary, SECOND_NS)], inbox, clock, is_over)

        def hear(_loop, context):
            unheard.append(context)
            loop.end()  # or the test would wait for ever

        asyncio.get_running_loop().set_exception_handler(hear)
        await loop.wait()

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())
    assert unheard == []


def test_the_calls_behind_one_that_broke_are_run_all_the_same(diary, inbox, clock):
    faults = []

    def post_two(loop):
        loop.on_fault = faults.append
        inbox.post(lambda: 1 / 0)
        inbox.post(lambda: diary.note("call", 0))

    run_loop([], inbox, clock, lambda: bool(diary.entries), post_two)
    assert [type(fault) for fault in faults] == [ZeroDivisionError]
    assert diary.names == ["call"]
