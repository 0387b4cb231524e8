"""The goals of the design beside what was measured: the head of the document, and why some are not met."""

from collections.abc import Sequence

from benchmarks.document import write_section
from benchmarks.tables import table
from controller.bench import machine
from controller.bench.budgets import Budget

# What stands between the box and a goal, by the goal's name; told where it is not met.
WHY = {
    "edge lateness, idle, 99.9 %": (
        "A few edges decide. On this machine cyclictest and a bare loop are late by milliseconds now and then too: "
        "the host takes the processor away, as the last column says, and not from all rows alike. On the exact clock "
        "of the section on the real kernel there is no such edge."
    ),
    "edge lateness, loaded, 99.9 %": (
        "The player has real time, but Python runs one thread at a time: it may wait for whoever has the "
        "interpreter, and longer where that one is put aside. A few edges decide, and the host takes more of a busy "
        "machine, as the last column says: how late cyclictest itself is under that load stands in its row. On the "
        "exact clock, without a host, it is the line called the same, under load. Decision 19 says what was tried."
    ),
    "edge lateness on the exact clock, worst": (
        "All of it is the write: gpiozero's pin over libgpiod, down to the kernel. It is the same each time. A call "
        "of our own to the kernel would save a quarter (decision 19)."
    ),
    "the same, under load": (
        "As above, and whoever has the interpreter in the last 2 ms before an edge: clients wait then, but what main "
        "has begun it ends."
    ),
    "button to line, 99 of 100": (
        "gpiozero's button on lgpio knows no bounces, states, limits or journal; a third of its time is what "
        "three system calls and a change of threads take, and the box decides in between."
    ),
    "frames on the virtual clock": (
        "A frame is about 2,000 calls: states on a library, a virtual camera, a player. It does not grow with frames."
    ),
    "start to READY": "Reading and running the box's own modules takes as long as the libraries' once more.",
}


def write(found: Sequence[Budget]) -> None:
    """Write the section."""
    write_section("goals", section(found))


def section(found: Sequence[Budget]) -> str:
    """Return the section of the document; a goal that is not met has its reason below."""
    rows = [(each.what, each.goal, each.found, _verdict(each)) for each in found]
    reasons = [
        f"- *{each.what}*: {WHY.get(each.what, 'not explained yet.')}" for each in found if each.is_met is False
    ]
    parts = [f"On {machine()}.", "", table(("what", "goal", "measured", ""), rows)]
    return "\n".join([*parts, *(("", "Not met, and why:", "", *reasons) if reasons else ())])


def _verdict(budget: Budget) -> str:
    return f"**{budget.verdict}**" if budget.is_met is False else budget.verdict
