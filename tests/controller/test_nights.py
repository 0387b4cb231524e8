"""A whole night of frames: the grid does not drift, the ledger is exact, and nothing grows with what is over."""

import gc
import sys
from collections import Counter

from evening import Evening as Box
from evening import H, S

EVERY = 10 * S
NIGHT = 8_640
WARM, LONG = 100, 3_000
SLACK = 20  # containers of the interpreter and the test itself, which come and go
SLACK_BYTES = 8_000  # a list with an item for each frame would be three times as much

OURS = ("config.", "controller.", "hardware.")


def of_ours():
    """How many objects of the product there are, by class; what a garbage collector does not know is not held."""
    gc.collect()
    kinds = (type(each) for each in gc.get_objects())
    return Counter(f"{kind.__module__}.{kind.__qualname__}" for kind in kinds if kind.__module__.startswith(OURS))


def containers():
    """How many containers there are in all, and how many bytes they are: what lists and closures could hide."""
    gc.collect()
    held = gc.get_objects()
    return len(held), sum(map(sys.getsizeof, held))


def forgetful(box):
    """Have the box watched by nobody who keeps what he sees."""
    box.take_notice = box.take_change = box.take_exposure = lambda _: None


def test_a_night_of_8640_frames_drifts_by_nothing_and_misses_nothing():
    box = Box("set interval.every 10s", f"set interval.count {NIGHT}", "start 12:01")
    box.until(25 * H)
    t0_ns = 60 * S
    assert [row.slot for row in box.rows] == list(range(NIGHT))
    assert [row.due_ns for row in box.rows] == [t0_ns + k * EVERY for k in range(NIGHT)]
    assert box.shutter == [row.due_ns for row in box.rows]
    assert {row.outcome for row in box.rows} == {"fired"}
    assert len(box.frames) == NIGHT
    assert not any(frame.lens_moved for frame in box.frames)
    assert box.release == "IDLE"


def test_nothing_of_the_box_grows_with_the_number_of_frames():
    box = Box("set interval.every 10s", "start 12:01")
    forgetful(box)
    box.until(60 * S + WARM * EVERY - 5 * S)
    ours, (count, size) = of_ours(), containers()
    box.until(60 * S + LONG * EVERY - 5 * S)
    assert box.engine.status().run.fired == LONG
    assert of_ours() == ours
    count_after, size_after = containers()
    assert abs(count_after - count) <= SLACK
    assert abs(size_after - size) <= SLACK_BYTES


def test_the_work_of_a_frame_does_not_grow_with_the_frames_before_it():
    box = Box("set interval.every 10s", "start 12:01")
    forgetful(box)
    calls = Counter()
    handle = box.engine.controller.handle

    def counted(event, now_ns):
        effects = handle(event, now_ns)
        calls["events"] += 1
        calls["effects"] += len(effects)
        return effects

    box.engine.controller.handle = counted
    told = []
    for frames in (WARM, 2 * WARM, 10 * WARM, 11 * WARM):
        box.until(60 * S + frames * EVERY - 5 * S)
        told.append(calls.copy())
    assert told[1] - told[0] == told[3] - told[2]
