"""The best a Python thread can do: it waits as the player does, and does nothing else. A program of its own.

`python -m controller.bench.ideal EVERY_NS COUNT` prints how late each of so many waits ended, as JSON, and first a
line when it begins.
"""

import json
import select
import sys

from hardware.clock import SECOND_NS, SystemClock
from hardware.realtime import request_realtime
from hardware.thread import SPIN_NS


def lateness_ns(every_ns: int, count: int) -> list[int]:
    """Wait for instants on a grid, to `SPIN_NS` before each by the kernel and then in a loop; return the lateness."""
    now_ns = SystemClock.now_ns
    due_ns, late_ns = now_ns(), []
    for _ in range(count):
        due_ns += every_ns
        select.select([], [], [], max(0, due_ns - SPIN_NS - now_ns()) / SECOND_NS)
        while (at_ns := now_ns()) < due_ns:
            pass
        late_ns.append(at_ns - due_ns)
    return late_ns


def main() -> None:
    """Measure and print."""
    print(request_realtime(), flush=True)
    print(json.dumps(lateness_ns(int(sys.argv[1]), int(sys.argv[2]))), flush=True)


if __name__ == "__main__":
    main()
