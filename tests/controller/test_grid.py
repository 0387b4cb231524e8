import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.grid import Grid

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


def test_a_run_has_its_slots_and_no_more():
    grid = Grid(0, 5 * S, 2)
    assert [grid.has(slot) for slot in (0, 1, 2, 99)] == [True, True, False, False]


def test_an_endless_run_has_every_slot_and_no_length():
    grid = Grid(0, 5 * S, 0)
    assert grid.is_endless
    assert grid.length_ns is None
    assert grid.has(10**9)
