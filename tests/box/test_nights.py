"""A whole night of frames: the grid does not drift, the ledger is exact, and nothing grows with what is over."""

import gc
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from evening import Evening as Box
from evening import H, S

ROOT = Path(__file__).parents[2]
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
    box.on_notice = box.on_change = box.on_exposure = lambda _: None


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


def growth():
    """What is held after WARM frames, and after LONG."""
    box = Box("set interval.every 10s", "start 12:01")
    forgetful(box)
    box.until(60 * S + WARM * EVERY - 5 * S)
    before = of_ours(), containers()
    box.until(60 * S + LONG * EVERY - 5 * S)
    assert box.engine.status().run.fired == LONG
    return before, (of_ours(), containers())


def test_nothing_of_the_box_grows_with_the_number_of_frames():
    """In a process of its own: what other tests have left behind comes and goes."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    told = subprocess.run(
        [sys.executable, __file__], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    (ours, (count, size)), (ours_after, (count_after, size_after)) = json.loads(told.stdout)
    assert ours_after == ours
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


if __name__ == "__main__":
    print(json.dumps(growth()))
