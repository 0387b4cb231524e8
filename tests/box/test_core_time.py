"""The core's time never decreases, whatever is told to it in the middle of what."""

import pytest
from evening import Evening, S

from controller.core.events import Button, Request
from controller.errors import CommandError


@pytest.fixture
def ticking():
    """A box that waits for sunset, on a clock of which no two readings are alike; and the core's times."""
    box = Evening("set interval.start sunset-20m", "set interval.count 3")
    handle, read, times, readings = box.engine.controller.handle, box.clock.now_ns, [], [0]

    def noting(event, now_ns):
        times.append(now_ns)
        return handle(event, now_ns)

    def ticks():
        readings[0] += 1
        return read() + readings[0]

    box.engine.controller.handle = noting
    box.clock.now_ns = ticks
    return box, times


def test_core_time_never_decreases_where_the_time_of_day_is_told_before_each_event(ticking):
    box, times = ticking
    for down in (True, False):
        box.engine.button_moved(Button.SHUTTER, down, box.clock.now_ns())
    for ask in Request:
        try:
            box.engine.ask(ask)
        except CommandError:
            continue
    box.type("set interval.every 20s")
    box.engine.step(box.clock.now_ns() + 3600 * S)
    assert len(times) > 2 * len(Request)
    assert times == sorted(times)
