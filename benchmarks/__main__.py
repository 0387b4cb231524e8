"""`make bench`: compares the box with other programs on this machine, and writes docs/benchmarks.md and its pictures.

This room knows other programs, documents and pictures. It does not measure the box itself: `controller.bench` does,
for `backbutton bench` on a user's Pi too, and this room takes its figures and tables. What is measured only here is
what needs other programs beside the box (drift, pins), and what only the document shows (interval rules, imports).

`make bench-NAME` runs one part. The goals at the head of the document, and the page on the Pi Zero 2 W, are written
only when all parts have run.
"""

import sys
from collections.abc import Callable

from benchmarks import drift, goals, intervals, page, page_load, pins, sections, slow_disk, zero
from benchmarks.zero import Cost
from controller.bench.budgets import Budget

PARTS: dict[str, Callable[[], list[Budget | Cost]]] = {
    "intervals": intervals.run,
    "startup": sections.run_startup,
    "edges": sections.run_edges,
    "drift": drift.run,
    "idle": sections.run_idle,
    "nights": sections.run_nights,
    "journal": sections.run_journal,
    "disk": slow_disk.run,
    "page": page.run,
    "page-load": page_load.run,
    "pins": pins.run,
}


def main(names: list[str]) -> None:
    """Run the parts with these names, or all if there are none; raises SystemExit for an unknown name."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise SystemExit(f"no benchmark {unknown[0]}; choose from {', '.join(PARTS)}")
    results: list[Budget | Cost] = []
    for name in names or PARTS:
        print(f"measuring {name} ...", flush=True)
        results += PARTS[name]()
    if not names:
        goals.write([result for result in results if isinstance(result, Budget)])
        zero.write([result for result in results if isinstance(result, Cost)])


if __name__ == "__main__":
    main(sys.argv[1:])
