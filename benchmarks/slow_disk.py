"""The section on a slow disk: runs `controller.bench.slow_disk` and writes its table."""

from benchmarks.document import write_section
from benchmarks.zero import Cost
from controller.bench import slow_disk
from controller.bench.budgets import Budget
from controller.bench.slow_disk import SlowDisk
from controller.bench.tables import machine


def run() -> list[Budget | Cost]:
    """Measure a run on a slow disk, write the section, and return the goals."""
    measured = slow_disk.measure()
    write_section("disk", section(measured))
    return [*measured.budgets()]


def section(measured: SlowDisk) -> str:
    """Return the section on a slow disk."""
    table = measured.table()
    return "\n\n".join((" ".join((f"On {machine()}.", *table.notes)), table.as_markdown()))
