"""`make bench`: measures everything, and writes `docs/benchmarks.md` and its pictures anew for the machine at hand.

`make bench-NAME` measures one part. The goals at the head of the document, and the page on the Pi Zero 2 W, are only
written where all was measured.
"""

import sys
from collections.abc import Callable

from benchmarks import drift, edges, goals, intervals, pins, rest, startup, zero
from benchmarks.zero import Cost
from controller.bench.budgets import Budget

PARTS: dict[str, Callable[[], list[Budget | Cost]]] = {
    "intervals": intervals.run,
    "startup": startup.run,
    "edges": edges.run,
    "drift": drift.run,
    "idle": rest.run_idle,
    "nights": rest.run_nights,
    "journal": rest.run_journal,
    "pins": pins.run,
}


def main(names: list[str]) -> None:
    """Measure the parts of these names, all for none."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise SystemExit(f"no benchmark {unknown[0]}; choose from {', '.join(PARTS)}")
    found: list[Budget | Cost] = []
    for name in names or PARTS:
        print(f"measuring {name} ...", flush=True)
        found += PARTS[name]()
    if not names:
        goals.write([each for each in found if isinstance(each, Budget)])
        zero.write([each for each in found if isinstance(each, Cost)])


if __name__ == "__main__":
    main(sys.argv[1:])
