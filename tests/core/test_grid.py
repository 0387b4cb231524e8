import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.core.grid import Grid

S = 1_000_000_000


def test_the_slots_lie_on_exact_multiples_of_the_interval():
    grid = Grid(t0_ns=7, every_ns=5 * S, count=3)
    assert [grid.due_ns(slot) for slot in range(3)] == [7, 5 * S + 7, 10 * S + 7]


@settings(max_examples=50)
@given(st.integers(0, 10**18), st.integers(1, 10**14), st.integers(0, 10**6))
def test_no_slot_drifts_by_a_nanosecond(t0_ns, every_ns, slot):
    grid = Grid(t0_ns, every_ns, 0)
    assert grid.due_ns(slot) == t0_ns + slot * every_ns
    assert grid.due_ns(slot + 1) - grid.due_ns(slot) == every_ns


def test_a_run_of_100_000_frames_a_third_of_a_second_apart_ends_where_it_should():
    grid = Grid(t0_ns=1, every_ns=333_333_333, count=100_000)
    assert grid.due_ns(99_999) == 1 + 99_999 * 333_333_333


@pytest.mark.parametrize(("count", "length_ns"), [(1, 0), (2, 5 * S), (300, 299 * 5 * S)])
def test_the_length_is_from_the_first_slot_to_the_last(count, length_ns):
    grid = Grid(0, 5 * S, count)
    assert not grid.is_endless
    assert grid.length_ns == length_ns


def test_a_run_has_exactly_its_slots():
    grid = Grid(0, 5 * S, 2)
    assert [grid.has(slot) for slot in (0, 1, 2, 99)] == [True, True, False, False]


def test_an_endless_run_has_every_slot_and_no_length():
    grid = Grid(0, 5 * S, 0)
    assert grid.is_endless
    assert grid.length_ns is None
    assert grid.has(10**9)


def test_the_intervals_of_a_ramp_change_evenly_from_the_first_to_the_last():
    grid = Grid(7, 2 * S, 6, 10 * S)
    assert [grid.interval_ns(slot) for slot in range(5)] == [2 * S, 4 * S, 6 * S, 8 * S, 10 * S]
    assert grid.length_ns == 30 * S
    assert grid.due_ns(0) == 7


@pytest.mark.parametrize("count", [1, 2])
def test_a_ramp_of_one_interval_or_none_is_the_first(count):
    assert Grid(0, 2 * S, count, 10 * S).length_ns == (count - 1) * 2 * S


@given(st.integers(1, 10**13), st.integers(1, 10**13), st.integers(3, 10**6), st.data())
def test_a_ramp_never_goes_back_and_its_ends_are_exact(first_ns, last_ns, count, data):
    grid = Grid(0, first_ns, count, last_ns)
    slot = data.draw(st.integers(0, count - 2))
    assert min(first_ns, last_ns) - 1 <= grid.interval_ns(slot) <= max(first_ns, last_ns) + 1
    assert grid.interval_ns(0) == first_ns
    assert abs(grid.interval_ns(count - 2) - last_ns) <= 1


ramped = st.builds(
    Grid, st.integers(0, 10**15), st.integers(10**8, 10**13), st.integers(3, 10**4), st.integers(10**8, 10**13)
)
steady = st.builds(Grid, st.integers(0, 10**15), st.integers(10**8, 10**13), st.integers(0, 10**4))


@given(steady | ramped, st.data())
def test_the_position_of_a_slot_is_its_number(grid, data):
    slot = data.draw(st.integers(0, max(grid.count - 1, 0) or 10**4))
    assert grid.slot_at(grid.due_ns(slot)) == pytest.approx(slot, abs=1e-9, rel=1e-9)
    assert grid.at_ns(slot) == grid.due_ns(slot)


@given(steady | ramped, st.floats(0, 1))
def test_an_instant_on_the_grid_and_its_position_are_inverse_to_each_other(grid, share):
    position = share * (max(grid.count - 1, 0) or 10**4)
    at_ns = grid.at_ns(position)
    assert grid.slot_at(at_ns) == pytest.approx(position, abs=1e-6)
    assert abs(grid.at_ns(grid.slot_at(at_ns)) - at_ns) <= 1 + at_ns // 10**9


@given(steady | ramped, st.floats(0, 1), st.floats(0, 1))
def test_a_later_position_is_a_later_instant(grid, one, other):
    before, after = sorted((one * max(grid.count - 1, 0), other * max(grid.count - 1, 0)))
    assert grid.at_ns(before) <= grid.at_ns(after)


@given(steady | ramped, st.integers(0, 10**14))
def test_before_the_first_slot_positions_go_on_with_the_first_interval(grid, before_ns):
    assert grid.slot_at(grid.t0_ns - before_ns) == pytest.approx(-before_ns / grid.every_ns)


def test_half_way_from_a_slot_to_the_next_is_half_a_slot():
    grid = Grid(7, 2 * S, 6, 10 * S)
    assert [grid.at_ns(position) for position in (0.5, 1.5, 4.5)] == [7 + S, 7 + 4 * S, 7 + 25 * S]
    assert [grid.slot_at(7 + at_ns) for at_ns in (S, 4 * S, 25 * S)] == [0.5, 1.5, 4.5]
