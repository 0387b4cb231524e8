import time

import pytest

from hardware.clock import SystemClock, VirtualClock
from hardware.errors import ClockError, HardwareError


def test_the_system_clock_is_the_one_of_the_kernels_edge_events():
    before_ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    now_ns = SystemClock().now_ns()
    assert before_ns <= now_ns <= time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    assert isinstance(now_ns, int)


def test_a_virtual_clock_stands_still_until_it_jumps():
    clock = VirtualClock()
    assert [clock.now_ns(), clock.now_ns()] == [0, 0]
    clock.jump_to(7)
    assert [clock.now_ns(), clock.now_ns()] == [7, 7]


def test_a_virtual_clock_may_begin_anywhere_and_may_jump_to_where_it_is():
    clock = VirtualClock(1_000)
    clock.jump_to(1_000)
    assert clock.now_ns() == 1_000


def test_a_virtual_clock_refuses_to_run_backwards_and_stays_where_it_is():
    clock = VirtualClock(1_000)
    with pytest.raises(ClockError, match=r"^cannot jump from 1000 ns back to 999 ns$"):
        clock.jump_to(999)
    assert clock.now_ns() == 1_000


def test_a_clock_error_is_an_error_of_the_hardware_layer():
    assert issubclass(ClockError, HardwareError)
    assert issubclass(ClockError, ValueError)
