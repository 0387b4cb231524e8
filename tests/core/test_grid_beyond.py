from hypothesis import given
from hypothesis import strategies as st

from controller.core.grid import Grid

S = 1_000_000_000


def test_after_the_last_slot_positions_go_on_with_the_last_interval():
    grid = Grid(0, 10 * S, 3, 5 * S)  # due at 0, 10 and 15 s
    assert [grid.slot_at(at_s * S) for at_s in (15, 20, 30)] == [2, 3, 5]


@given(
    st.integers(10**8, 10**13),
    st.integers(3, 1000),
    st.integers(10**8, 10**13),
    st.integers(0, 10**15),
    st.integers(0, 10**15),
)
def test_a_later_instant_is_never_an_earlier_position(every_ns, count, every_end_ns, one, other):
    grid = Grid(0, every_ns, count, every_end_ns)
    before_ns, after_ns = sorted((one, other))
    assert grid.slot_at(before_ns) <= grid.slot_at(after_ns)
