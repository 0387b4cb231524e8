from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.when import parse_end, parse_when
from controller.core.daylight import Site
from controller.core.grid import Grid
from controller.core.instants import Place
from controller.core.schedule import FINAL_NS, JUMP_NS, UNTRUSTED, ScheduledStart, find_end_utc_ns
from controller.core.words import Reason, Why
from hardware.clock import VirtualClock, VirtualWall

S = 1_000_000_000
M = 60 * S
H = 3600 * S
ZURICH = Place(Site(47.37, 8.54), ZoneInfo("Europe/Zurich"))
TROMSO = Place(Site(69.65, 18.96), ZoneInfo("Europe/Oslo"))


def at(text):
    return int(datetime.fromisoformat(f"{text}+01:00").timestamp()) * S


class World:
    """A run that waits for a start: it checks when the start asks for it, until that is final, as the core does."""

    def __init__(self, when, wall, *, place=ZURICH, tolerance_ns=M, is_trusted=True, utc_ns=None):
        self.clock = VirtualClock(5 * H)
        self.wall = VirtualWall(self.clock, at(wall), is_trusted=is_trusted)
        self.start = ScheduledStart(parse_when(when), place, tolerance_ns, grace_ns=tolerance_ns, utc_ns=utc_ns)
        self.begun, self.began_ns = [], []
        self.is_over = False
        self.check()

    def check(self):
        """Return what the start finds, or found last if the run has begun or been refused."""
        if not self.is_over:
            sample = self.wall.sample()
            self.found = self.start.check(sample, lead_ns=0)
            if self.start.is_final(sample.monotonic_ns):
                self._begin(sample.wall_ns + max(0, self.found - sample.monotonic_ns))
            self.is_over = bool(self.begun) or isinstance(self.found, Reason)
        return self.found

    def _begin(self, wall_ns):
        self.begun.append(datetime.fromtimestamp(wall_ns / S, UTC).strftime("%m-%d %H:%M:%S"))
        self.began_ns.append(wall_ns)

    def wait(self, ns):
        until_ns = self.clock.now_ns() + ns
        while self.clock.now_ns() < until_ns and not self.is_over:
            self.check()
            self.clock.jump_to(min(until_ns, max(self.clock.now_ns(), self.start.next_check_ns)))
        self.clock.jump_to(until_ns)
        return self.check()

    def step(self, ns, *, is_trusted=True):
        self.wall.set(self.wall.sample().wall_ns + ns, is_trusted=is_trusted)

    def describe(self):
        return self.start.describe(self.clock.now_ns())


def test_a_start_by_the_clock_happens_once_when_the_clock_says_so():
    world = World("06:30", "2026-11-23T05:00")
    assert world.check() == 5 * H + 90 * M
    world.wait(48 * H)
    assert world.begun == ["11-23 05:30:00"]


@pytest.mark.parametrize(
    ("step_ns", "begins_at"),
    [
        (-2 * H, 5 * H + 90 * M + 2 * H),
        (-600_000_000, 5 * H + 90 * M + 600_000_000),
        (-300_000_000, 5 * H + 90 * M),  # creeping, not set: the start stays where it is
        (300_000_000, 5 * H + 90 * M),
        (600_000_000, 5 * H + 90 * M - 600_000_000),
        (1 * H, 5 * H + 30 * M),
    ],
)
def test_a_clock_set_while_a_start_waits_moves_it_and_it_happens_once(step_ns, begins_at):
    world = World("06:30", "2026-11-23T05:00")
    world.wait(10 * M)
    world.step(step_ns)
    assert world.check() == begins_at
    world.wait(48 * H)
    assert len(world.begun) == 1


def test_a_clock_set_two_hours_ahead_past_the_start_misses_it():
    world = World("06:30", "2026-11-23T05:00")
    world.wait(10 * M)
    world.step(2 * H)
    missed = world.check()
    assert missed == (
        "the start at 06:30 was missed: that was 40m ago, and interval.start_tolerance is 1m; "
        "start again, or raise it"
    )
    assert missed.why is Why.PLAN
    world.step(-2 * H)
    world.wait(48 * H)
    assert world.begun == []


def test_a_start_passed_by_a_clock_change_happens_late_if_the_tolerance_allows():
    world = World("06:30", "2026-11-23T05:00", tolerance_ns=2 * H)
    world.wait(10 * M)
    world.step(2 * H)
    world.wait(48 * H)
    assert world.begun == ["11-23 06:10:00"]


@pytest.mark.parametrize("back_ns", [2 * H, 24 * H, 600_000_000])
def test_a_backward_jump_after_the_start_does_not_start_again(back_ns):
    world = World("06:30", "2026-11-23T05:00")
    world.wait(91 * M)
    world.step(-back_ns)
    world.wait(72 * H)
    assert world.begun == ["11-23 05:30:00"]


def test_small_steps_add_up_to_a_jump():
    world = World("06:30", "2026-11-23T05:00")
    for _ in range(2):
        world.step(300_000_000)
        due = world.check()
    assert due == 5 * H + 90 * M - 600_000_000


def test_a_step_of_exactly_the_limit_is_no_jump():
    world = World("06:30", "2026-11-23T05:00")
    world.step(JUMP_NS)
    assert world.check() == 5 * H + 90 * M
    world.step(1)
    assert world.check() == 5 * H + 90 * M - JUMP_NS - 1


def test_a_box_that_wakes_in_1970_waits_until_the_clock_can_be_trusted():
    world = World("06:30", "1970-01-01T01:00", is_trusted=False)
    assert world.wait(10 * H) is None
    assert not world.start.is_known
    assert world.describe() == "waiting for the clock to be set: over the network, by a hardware clock, or by hand"
    world.wall.set(at("2026-11-23T05:00"))
    assert world.check() == 15 * H + 90 * M
    world.wait(48 * H)
    assert world.begun == ["11-23 05:30:00"]


def test_a_start_requested_before_the_clock_was_set_counts_from_the_request():
    world = World("06:30", "2026-11-20T23:00", is_trusted=False, tolerance_ns=10 * M)
    world.wait(20 * M)
    world.wall.set(at("2026-11-23T06:35"))  # so it was asked for at 06:15
    world.check()
    assert world.begun == ["11-23 05:35:00"]


def test_a_start_requested_before_the_clock_was_set_is_missed_after_the_tolerance():
    world = World("06:30", "2026-11-20T23:00", is_trusted=False)
    world.wait(20 * M)
    world.wall.set(at("2026-11-23T06:35"))
    assert world.check().startswith(
        "the start at 06:30 was missed: that was 5m ago, and interval.start_tolerance is 1m"
    )


@pytest.mark.parametrize(
    ("tolerance_ns", "begun"), [(M, []), (5 * M - 1, []), (5 * M, ["11-23 05:35:00"]), (H, ["11-23 05:35:00"])]
)
def test_a_box_switched_on_five_minutes_late(tolerance_ns, begun):
    stored = World("06:30", "2026-11-22T18:00").start.utc_ns
    assert stored == at("2026-11-23T06:30")
    world = World("06:30", "2026-11-23T06:35", tolerance_ns=tolerance_ns, utc_ns=stored)
    world.wait(48 * H)
    assert world.begun == begun


def test_a_box_switched_on_again_in_time_waits_for_the_same_instant():
    world = World("06:30", "2026-11-23T02:00", utc_ns=at("2026-11-24T06:30"))
    assert world.check() == 5 * H + 28 * H + 30 * M


def test_a_start_just_past_when_requested_begins_at_once():
    world = World("06:30", "2026-11-23T06:30:40")
    assert world.begun == ["11-23 05:30:40"]


def test_a_start_further_past_is_that_of_tomorrow():
    assert World("06:30", "2026-11-23T06:31:01").check() == 5 * H + 24 * H - 61 * S
    world = World("sunrise", "2026-11-23T12:00")
    assert world.describe() == "starts at 07:42 (sunrise) in 19h 42m"


def test_a_dated_start_long_past_is_missed():
    world = World("2026-11-20 06:30", "2026-11-23T06:30")
    assert world.check() == (
        "the start at 2026-11-20 06:30 was missed: that was 3 days ago, and interval.start_tolerance is 1m; "
        "start again, or raise it"
    )


def test_a_clock_that_is_no_longer_trusted_does_not_move_a_start():
    world = World("06:30", "2026-11-23T05:00")
    world.step(2 * H, is_trusted=False)
    assert world.check() == 5 * H + 90 * M


def test_a_start_that_is_final_is_not_moved_by_the_clock():
    world = World("06:30", "2026-11-23T05:00")
    world.wait(90 * M - FINAL_NS - 1)
    assert not world.start.is_final(world.clock.now_ns())
    world.wait(1)
    assert world.start.is_final(world.clock.now_ns())
    world.step(2 * H)
    assert world.check() == 5 * H + 90 * M


def test_a_start_is_final_earlier_by_what_its_frame_needs():
    world = World("06:30", "2026-11-23T05:00")
    world.start.check(world.wall.sample(), lead_ns=2 * S)
    final_ns = 5 * H + 90 * M - 2 * S - FINAL_NS
    assert not world.start.is_final(final_ns - 1)
    assert world.start.is_final(final_ns)


@pytest.mark.parametrize(
    ("day", "why"), [("2026-06-21", "the sun does not set"), ("2026-12-21", "the sun does not rise")]
)
def test_no_start_at_sunrise_on_a_polar_day_or_in_a_polar_night(day, why):
    world = World("sunrise", f"{day}T12:00", place=TROMSO)
    refusal = world.check()
    assert refusal == f"there is no sunrise at 69.65, 18.96 on {day} or the day after: {why}"
    assert refusal.why is Why.PLAN


def test_a_night_of_summer_time_is_an_hour_shorter():
    assert World("06:30", "2027-03-27T22:30").check() == 5 * H + 7 * H
    assert World("06:30", "2027-03-26T22:30").check() == 5 * H + 8 * H


@pytest.mark.parametrize(
    ("when", "wall", "sentence"),
    [
        ("sunrise", "2026-11-23T00:29", "starts at 07:41 (sunrise) in 7h 12m"),
        ("sunset-20m", "2026-11-23T16:00", "starts at 16:22 (sunset-20m) in 22m 29s"),
        ("06:30", "2026-11-23T06:29:30", "starts at 06:30 in 30s"),
        ("00:00", "2026-11-23T22:00", "starts at 00:00 in 2h"),
        ("2026-12-24 18:00", "2026-11-23T18:00", "starts on 2026-12-24 at 18:00 in 31 days"),
        ("2026-11-25 06:30", "2026-11-23T18:00", "starts on 2026-11-25 at 06:30 in 36h 30m"),
    ],
)
def test_a_start_is_described_in_a_sentence(when, wall, sentence):
    assert World(when, wall).describe() == sentence


def test_a_start_that_is_due_is_now():
    assert World("06:30", "2026-11-23T06:30:10").describe() == "starts at 06:30 now"


steps = st.lists(st.tuples(st.integers(0, 4 * H), st.integers(-26 * H, 26 * H)), max_size=8)


@settings(max_examples=40)
@given(steps, st.sampled_from(["06:30", "sunrise", "2026-11-24 06:30"]), st.integers(0, 12 * H))
def test_however_the_clock_is_set_a_start_happens_at_most_once_and_on_time(steps, when, tolerance_ns):
    world = World(when, "2026-11-23T05:00", tolerance_ns=tolerance_ns)
    for wait_ns, step_ns in steps:
        world.wait(wait_ns)
        world.step(step_ns)
    world.wait(30 * H)
    assert len(world.begun) <= 1
    assert all(-JUMP_NS <= wall_ns - world.start.utc_ns <= tolerance_ns + JUMP_NS for wall_ns in world.began_ns)


def end_ns(when, t0_ns, wall, place=ZURICH):
    sample = wall.sample()
    utc_ns = find_end_utc_ns(parse_end(when), place, t0_ns, sample)
    return utc_ns if isinstance(utc_ns, Reason) else utc_ns - sample.wall_ns + sample.monotonic_ns


def test_an_end_is_the_next_one_after_the_start():
    wall = VirtualWall(VirtualClock(5 * H), at("2026-11-23T05:00"))
    assert end_ns("06:30", 5 * H, wall) == 5 * H + 90 * M
    assert end_ns("06:30", 5 * H + 90 * M, wall) == 5 * H + 90 * M + 24 * H
    assert end_ns("06:30", 5 * H + 2 * H, wall) == 5 * H + 90 * M + 24 * H
    assert end_ns("sunrise", 5 * H + 15 * H, wall) // M == (5 * H + 26 * H + 42 * M) // M


def test_an_end_follows_a_clock_that_is_set():
    clock = VirtualClock(5 * H)
    wall = VirtualWall(clock, at("2026-11-23T05:00"))
    clock.jump_to(6 * H)
    wall.set(at("2026-11-23T04:00"))
    assert end_ns("06:30", 5 * H, wall) == 6 * H + 150 * M
    wall.set(at("2026-11-23T07:00"))
    assert end_ns("06:30", 5 * H, wall) == 6 * H - 30 * M  # over


def test_an_end_by_the_clock_needs_a_trusted_clock():
    clock = VirtualClock(5 * H)
    wall = VirtualWall(clock, at("2020-01-01T00:00"), is_trusted=False)
    assert end_ns("06:30", 5 * H, wall) is UNTRUSTED
    clock.jump_to(6 * H)
    wall.set(at("2026-11-23T06:00"))
    assert end_ns("06:30", 5 * H, wall) == 6 * H + 30 * M


def test_an_end_before_the_start_is_refused():
    wall = VirtualWall(VirtualClock(5 * H), at("2026-11-23T05:00"))
    assert end_ns("2026-11-23 04:00", 5 * H, wall) == (
        "interval.end is 2026-11-23 04:00, and the run would start after that; set another end"
    )


def test_an_end_by_a_sun_that_does_not_set_is_refused():
    wall = VirtualWall(VirtualClock(5 * H), at("2026-06-21T12:00"))
    assert end_ns("sunset", 5 * H, wall, TROMSO) == (
        "there is no sunset at 69.65, 18.96 on 2026-06-21 or the day after: the sun does not set"
    )


@pytest.mark.parametrize(
    ("length_ns", "slots"),
    [(2 * H, 120), (2 * H + 1, 121), (2 * H - 1, 120), (119 * M, 119), (1, 1), (0, 0), (-H, 0)],
)
def test_slots_until_an_end_are_those_due_before_it(length_ns, slots):
    assert Grid(7, M, 0).slots_until(7 + length_ns) == slots


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**14), st.integers(0, 10**6), st.integers(0, 10**14))
def test_the_last_slot_is_before_the_end_and_the_next_is_not(t0_ns, every_ns, count, more_ns):
    end_ns = t0_ns + count * every_ns + more_ns % every_ns
    slots = Grid(t0_ns, every_ns, 0).slots_until(end_ns)
    assert slots == 0 or t0_ns + (slots - 1) * every_ns < end_ns
    assert t0_ns + slots * every_ns >= end_ns
