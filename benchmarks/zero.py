"""The page on the Pi Zero 2 W: what was measured here, and what that is expected to be there."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.document import DOCS, write_section
from benchmarks.tables import span, table
from controller.bench import machine

PAGE = DOCS / "pi-zero-2-w.md"
# Python on one core of a Zero 2 W (Cortex-A53, 1 GHz) beside one of this machine: the design's estimate, where it
# speaks of prompt_toolkit; not measured.
PYTHON_TIMES = 8
# On the exact clock an instruction is 1 ns. A Cortex-A53 issues two at most a cycle of 1 ns; an interpreter, with its
# jumps and misses, is taken to get one through in two cycles.
INSTRUCTION_TIMES = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """Something that takes processor time: how long here, and how many times as long there."""

    what: str
    here_ns: float
    times: int


def write(costs: Sequence[Cost]) -> None:
    """Write the section of the page."""
    write_section("zero", section(costs), PAGE)


def section(costs: Sequence[Cost]) -> str:
    """Return the section."""
    rows = [(each.what, span(each.here_ns), f"x {each.times}", span(each.here_ns * each.times)) for each in costs]
    return "\n".join((f"Here is {machine()}.", "", table(("processor time", "here", "", "expected there"), rows)))
