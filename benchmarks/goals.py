"""The head of the document: the goals of the design, what was measured, and why some goals are not met."""

from collections.abc import Sequence

from benchmarks.document import write_section
from controller.bench.budgets import Budget
from controller.bench.tables import Table, machine

# Why the box misses a goal, by the goal's name; shown if it is not met.
WHY = {
    "edge lateness, idle, 99.9 %": (
        "A few edges decide. On this machine cyclictest and a bare loop are late by milliseconds now and then too: "
        "the host takes the CPU away, as the last column shows, and not equally from all rows. On the exact clock, "
        "in the section on the real kernel, there is no such edge."
    ),
    "edge lateness, loaded, 99.9 %": (
        "The player has real-time priority, but Python runs one thread at a time: the player may wait for the thread "
        "with the GIL, and longer if the scheduler suspends that thread. A few edges decide, and the host takes more "
        "CPU time from a busy machine, as the last column shows; the row of cyclictest under that load shows how "
        "late the machine alone makes a wait. The exact clock has no host; its result is in the goal called *the "
        "same, under load*. Decision 19 lists what was tried."
    ),
    "edge lateness on the exact clock, worst": (
        "All of it is the write to the pin: gpiozero over libgpiod, down to the kernel. It is the same each time. "
        "Calling the kernel directly would save a quarter (decision 19)."
    ),
    "the same, under load": (
        "As above, plus the time for which another thread holds the GIL in the last 2 ms before an edge: clients "
        "wait then, but main finishes what it has begun."
    ),
    "button to line, 99 of 100": (
        "gpiozero's button on lgpio has no debouncing, states, limits or journal. A third of its time goes to three "
        "system calls and a thread switch; the box decides in between."
    ),
    "frames on the virtual clock": (
        "A frame is about 2,000 calls: the state machine library, the virtual camera, the player. The number of "
        "calls does not grow with the number of frames."
    ),
    "start to READY": "Reading and running the box's own modules takes about as long as importing the libraries.",
}


def write(results: Sequence[Budget]) -> None:
    """Write the section."""
    write_section("goals", section(results))


def section(results: Sequence[Budget]) -> str:
    """Return the section of the document; the reason for each goal that is not met is below the table."""
    rows = tuple((result.what, result.goal, result.found, _verdict(result)) for result in results)
    parts = [f"On {machine()}.", Table(("what", "goal", "measured", ""), rows).as_markdown()]
    reasons = [
        f"- *{result.what}*: {WHY.get(result.what, 'not explained yet.')}"
        for result in results
        if result.is_met is False
    ]
    if reasons:
        parts += ["Not met, and why:", "\n".join(reasons)]
    return "\n\n".join(parts)


def _verdict(result: Budget) -> str:
    return f"**{result.verdict}**" if result.is_met is False else result.verdict
