"""The page on the Pi Zero 2 W: what was measured on this machine, and what to expect on a Zero 2 W."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.document import DOCS, write_section
from controller.bench.tables import Table, machine, span

PAGE = DOCS / "pi-zero-2-w.md"
# How much slower Python is on a core of a Zero 2 W (Cortex-A53, 1 GHz) than on one of this machine: the design's
# estimate, made for prompt_toolkit; not measured.
PYTHON_TIMES = 8
# On the exact clock an instruction takes 1 ns. A Cortex-A53 issues at most two per cycle of 1 ns; an interpreter,
# with its jumps and cache misses, is assumed to complete one in two cycles.
INSTRUCTION_TIMES = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU time that something takes on this machine, and the factor to expect on a Zero 2 W."""

    what: str
    here_ns: float
    times: int


def write(costs: Sequence[Cost]) -> None:
    """Write the section of the page."""
    write_section("zero", section(costs), PAGE)


def section(costs: Sequence[Cost]) -> str:
    """Return the section of the page."""
    rows = [(cost.what, span(cost.here_ns), f"x {cost.times}", span(cost.here_ns * cost.times)) for cost in costs]
    table = Table(("CPU time", "here", "", "expected there"), tuple(rows))
    return f"Here is {machine()}.\n\n{table.as_markdown()}"
