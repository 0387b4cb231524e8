"""How often the kernel wakes the threads of a process, by its own trace: `wakeups.py PID [SECONDS]`.

Prints wake-ups and context switches by thread. A thread that only had to wait for another one is switched, not woken;
only wake-ups keep a processor from sleeping.
"""

import sys
import time
from collections import Counter
from pathlib import Path

TRACING = Path("/sys/kernel/tracing")
WAKEUP = TRACING / "events/sched/sched_wakeup"


def tasks(pid):
    return {int(task.name): (task / "comm").read_text().strip() for task in Path(f"/proc/{pid}/task").iterdir()}


def switches(pid):
    rows = [row.split() for tid in tasks(pid) for row in Path(f"/proc/{tid}/status").read_text().splitlines()]
    return sum(int(row[1]) for row in rows if row[0].endswith("ctxt_switches:"))


def woken(threads, seconds):
    """Count the wake-ups of each thread while `seconds` pass."""
    (WAKEUP / "filter").write_text(" || ".join(f"pid == {tid}" for tid in threads))
    (TRACING / "trace").write_text("")
    (WAKEUP / "enable").write_text("1")
    time.sleep(seconds)
    (WAKEUP / "enable").write_text("0")
    rows = [row for row in (TRACING / "trace").read_text().splitlines() if "sched_wakeup:" in row]
    return Counter(threads[int(row.split(" pid=")[1].split()[0])] for row in rows), rows


def main():
    pid, seconds = int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 20
    if not TRACING.joinpath("trace").exists():
        raise SystemExit("no tracefs: mount -t tracefs none /sys/kernel/tracing")
    before = switches(pid)
    counts, rows = woken(tasks(pid), seconds)
    by_thread = ", ".join(f"{name} {count}" for name, count in counts.items())
    print(f"woken {sum(counts.values())} times in {seconds:g} s ({by_thread}); ", end="")
    print(f"{switches(pid) - before} context switches", flush=True)
    if "-v" in sys.argv:
        print("\n".join(row.strip() for row in rows[:60]))


if __name__ == "__main__":
    main()
