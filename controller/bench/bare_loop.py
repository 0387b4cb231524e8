"""The best a Python thread can do: a loop that waits for deadlines as the player does, and does nothing else.

A program of its own: `python -m controller.bench.bare_loop EVERY_NS COUNT` prints a line when it begins, then as JSON
how many nanoseconds late each of COUNT waits ended.
"""

import json
import select
import sys

from hardware.clock import SECOND_NS, SystemClock
from hardware.realtime import request_realtime
from hardware.thread import SPIN_NS


def wait_until(due_ns: int) -> int:
    """Block until `due_ns`, the last `SPIN_NS` of it in a busy loop; returns the time it ended."""
    now_ns = SystemClock.now_ns
    select.select([], [], [], max(0, due_ns - SPIN_NS - now_ns()) / SECOND_NS)
    while (at_ns := now_ns()) < due_ns:
        pass
    return at_ns


def lateness_ns(every_ns: int, count: int) -> list[int]:
    """Wait for `count` deadlines, one every `every_ns`; returns how late each wait ended."""
    start_ns = SystemClock.now_ns()
    deadlines_ns = (start_ns + number * every_ns for number in range(1, count + 1))
    return [wait_until(due_ns) - due_ns for due_ns in deadlines_ns]


def main() -> None:
    """Measure and print."""
    print(request_realtime(), flush=True)
    print(json.dumps(lateness_ns(int(sys.argv[1]), int(sys.argv[2]))), flush=True)


if __name__ == "__main__":
    main()
