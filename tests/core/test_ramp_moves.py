from itertools import pairwise
from math import log2

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ramps import EVERY, S, called, even, exposures, knot, running, stops

from config.moments import Share
from config.ramp import Key
from controller.core.ramp import Bounds, Knot, Ramp

MS = 1_000_000
H = 3_600 * S
STOP = 6
exposure = st.integers(MS, H)


# -- hand-steps --------------------------------------------------------------------------------------------------


def test_a_confirmed_step_shortens_the_exposure_by_exactly_its_stops_from_that_frame_on():
    steps = (called(10, 18), called(20, 9))
    run = running(even((0, 8 * S), (30, 8 * S), steps=steps))
    assert [run.exposures.ramp.gained(done) for done in range(3)] == [0, 18, 27]
    run.move(10, done=1, trim=0)
    run.move(20, done=2, trim=0)
    # The last key is met with the camera as it is then: 8 s, that is 8 s * 2^4.5 as it was at first.
    for before, sixths in ((9, 18), (19, 9)):
        first, second = exposures(run, before, before + 1)
        light = run.exposures.ramp.light_ns(before + 1, (before + 1) * EVERY) / run.exposures.ramp.light_ns(
            before, before * EVERY
        )
        assert stops(second, first) == pytest.approx(log2(light) - sixths / STOP, abs=1e-6)
    assert run.exposure_ns(30) == 8 * S


@given(
    st.lists(st.tuples(st.integers(1, 199), st.integers(-12, 12).filter(bool)), max_size=8, unique_by=lambda s: s[0]),
    st.lists(st.integers(S, H), min_size=2, max_size=5),
)
def test_with_each_step_confirmed_at_its_call_the_run_is_as_planned(calls, ns):
    steps = tuple(called(slot, sixths) for slot, sixths in sorted(calls))
    ramp = even(*((200 * k // (len(ns) - 1), each) for k, each in enumerate(ns)), steps=steps)
    run = running(ramp)
    run.move(0, done=0, trim=0)
    for done, (slot, _) in enumerate(sorted(calls), 1):
        run.move(slot, done=done, trim=0)
    slots = range(0, 260, 7)
    assert [run.exposure_ns(slot) for slot in slots] == [run.planned_ns(slot) for slot in slots]
    assert all(abs(run.off_plan_stops(slot)) < 1e-3 for slot in slots)


def test_until_a_step_is_confirmed_the_bulb_makes_up_for_it():
    run = running(even((0, 8 * S), (30, 8 * S), steps=(called(10, 6),)))
    ramp = run.exposures.ramp
    run.move(13, done=1, trim=0)
    assert exposures(run, 9, 10, 12) == [round(ramp.light_ns(slot, slot * EVERY)) for slot in (9, 10, 12)]
    assert run.planned_ns(12) == round(ramp.light_ns(12, 12 * EVERY) / 2)
    assert exposures(run, 13, 20, 30) == [run.planned_ns(slot) for slot in (13, 20, 30)]


def test_after_a_late_confirmation_the_brightness_returns_by_at_most_the_limit_a_frame():
    steps = (called(10, 18),)
    run = running(even((0, 2 * S), (20, 4 * S), steps=steps), bounds=Bounds(1, 8 * S, -(10**18)))
    assert exposures(run, 14, 15) == [8 * S, 8 * S]  # dark: the bulb is as long as it may be
    assert run.off_plan_stops(15) == pytest.approx(-1)
    run.move(16, done=1, trim=0)
    off = [run.off_plan_stops(slot) for slot in range(15, 24)]
    assert all(-1e-6 <= after - before <= 1 / 3 + 1e-6 for before, after in pairwise(off))
    assert off[-1] == pytest.approx(0)
    assert off[:4] == pytest.approx([-1, -2 / 3, -1 / 3, 0], abs=1e-6)


def test_a_step_that_takes_light_away_lengthens_the_exposure():
    run = running(even((0, 8 * S), (20, 8 * S), steps=(called(10, -6),)))
    run.move(10, done=1, trim=0)
    assert stops(*reversed(exposures(run, 9, 10))) == pytest.approx(1 - 1 / 20)


# -- trims -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trim", [12, -12, 1, -1, 2])
@pytest.mark.parametrize("limit", [1 / 6, 1 / 3, 1 / 2, 2 / 3, 1, 2])
def test_a_trim_is_reached_at_the_limit_per_frame_and_never_exceeded(trim, limit):
    run = running(even((0, 8 * S), (100, 8 * S)), limit=limit)
    run.move(10, done=0, trim=trim)
    brighter = [stops(run.exposure_ns(slot), 8 * S) for slot in range(9, 30)]
    sign = 1 if trim > 0 else -1
    expected = [sign * min(abs(trim) / STOP, k * limit) for k in range(21)]
    assert brighter == pytest.approx(expected, abs=1e-8)


def test_a_trim_before_the_first_frame_is_there_at_once():
    run = running(even((0, 8 * S), (100, 8 * S)), limit=1 / 6)
    run.move(0, done=0, trim=6)
    assert run.exposure_ns(0) == 16 * S


def test_a_second_trim_begins_where_the_first_has_got_to():
    run = running(even((0, 8 * S), (100, 8 * S)))
    run.move(10, done=0, trim=12)
    run.move(13, done=0, trim=0)
    brighter = [stops(run.exposure_ns(slot), 8 * S) for slot in range(9, 17)]
    assert brighter == pytest.approx([0, 1 / 3, 2 / 3, 1, 2 / 3, 1 / 3, 0, 0], abs=1e-8)
    assert run.exposure_ns(16) == 8 * S  # to the nanosecond
    assert (run.exposures.done, run.exposures.trim) == (0, 0)


def test_a_second_move_from_the_same_frame_replaces_the_first():
    run = running(even((0, 8 * S), (100, 8 * S)), limit=2)
    run.move(10, done=0, trim=6)
    run.move(10, done=0, trim=-6)
    assert exposures(run, 9, 10, 11) == [8 * S, 4 * S, 4 * S]
    assert len(run.exposures.moves) == 1


def test_a_step_on_the_way_to_a_trim_does_not_stop_it():
    steps = (called(12, 6),)
    run = running(Ramp((knot(0, 8 * S), Knot(Key(Share(0), 8 * S), 100 * EVERY, 100.0, 8 * S)), steps))
    run.move(10, done=0, trim=6)
    run.move(12, done=1, trim=6)
    brighter = [stops(run.exposure_ns(slot), 8 * S) for slot in range(9, 15)]
    assert brighter == pytest.approx([0, 1 / 3, 2 / 3, 0, 0, 0], abs=1e-8)


moves = st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.integers(-18, 18)), max_size=8)


@given(moves, st.lists(exposure, min_size=2, max_size=4), exposure, exposure, st.sampled_from([1 / 6, 1 / 3, 1, 2]))
def test_whatever_the_photographer_does_exposures_stay_within_the_bounds(acts, ns, one, two, limit):
    least, most = sorted((one, two))
    steps = (called(10, 18), called(30, -9))
    ramp = even(*((50 * k // (len(ns) - 1), each) for k, each in enumerate(ns)), steps=steps)
    run = running(ramp, limit=limit, bounds=Bounds(least, most))
    done = 0
    for slot, confirms, trim in sorted(acts):
        done = min(2, done + confirms)
        run.move(slot, done=done, trim=trim)
    assert all(least <= run.exposure_ns(slot) <= most for slot in range(70))


@given(moves, st.sampled_from([1 / 6, 1 / 3, 1, 2]))
def test_where_no_bound_is_reached_the_light_changes_by_at_most_the_limit_besides_the_ramp(acts, limit):
    run = running(even((0, 8 * S), (50, 200 * S), steps=(called(10, 18), called(30, -9))), limit=limit)
    done = 0
    for slot, confirms, trim in sorted(acts):
        assume(slot > 0)
        done = min(2, done + confirms)
        run.move(slot, done=done, trim=trim)
    brighter = [run.brighter_by(slot) for slot in range(70)]
    assert all(abs(after - before) <= limit + 1e-6 for before, after in pairwise(brighter))


# -- room --------------------------------------------------------------------------------------------------------


def test_an_exposure_leaves_room_for_the_rest_of_the_frame_in_its_interval():
    run = running(even((0, 30 * S), (10, 30 * S)), bounds=Bounds(1, 40 * S, 2 * S), count=11)
    assert run.exposure_ns(0) == EVERY - 2 * S
    assert run.exposure_ns(10) == 30 * S  # nothing follows the last frame
    assert run.planned_ns(0) == 30 * S


def test_a_dark_frame_halves_the_room_for_the_exposure():
    run = running(even((0, 30 * S), (10, 30 * S)), bounds=Bounds(1, 40 * S, 2 * S, 2), count=11)
    assert run.exposure_ns(0) == (EVERY - 2 * S) // 2


def test_the_shortest_exposure_wins_over_the_room():
    run = running(even((0, 1), (10, 1)), bounds=Bounds(3 * S, 40 * S, 8 * S))
    assert run.exposure_ns(0) == 3 * S
