"""Idling, simulated nights, and the journal: the sections of the document. Measured in `controller.bench`."""

from collections.abc import Sequence

from benchmarks.document import write_section
from benchmarks.tables import spread, table
from benchmarks.zero import PYTHON_TIMES, Cost
from controller.bench import budgets, idle, machine, nights, wear
from controller.bench.idle import Idle
from controller.bench.nights import Night
from controller.bench.wear import Wear
from hardware.clock import SECOND_NS


def run_idle() -> list[budgets.Budget | Cost]:
    """Measure, write the section, and return the goals."""
    daemon, console = idle.measure()
    write_section("idle", idle_section(daemon, console))
    return [*budgets.of_idle(daemon)]


def run_nights() -> list[budgets.Budget | Cost]:
    """Measure, write the section, and return the goals."""
    taken = nights.measure()
    write_section("nights", nights_section(taken))
    frame_ns = SECOND_NS / taken[0].frames_a_second
    return [*budgets.of_nights(taken), Cost("a simulated frame", frame_ns, PYTHON_TIMES)]


def run_journal() -> list[budgets.Budget | Cost]:
    """Measure, and write the section; the design has no goal for the journal."""
    write_section("journal", journal_section(wear.measure()))
    return []


def idle_section(daemon: Idle, console: Idle) -> str:
    """Return the section on a box that waits for a finger."""
    rows = [
        (name, f"{each.switches_a_second:.2f}", f"{each.cpu_share:.4%}")
        for name, each in (("the daemon", daemon), ("a console that is attached", console))
    ]
    intro = f"{idle.LASTS_S} s on {machine()}."
    return "\n".join((intro, "", table(("", "wake-ups a second", "share of a processor"), rows)))


def nights_section(taken: Sequence[Night]) -> str:
    """Return the section on simulated nights."""
    rows = [
        (
            f"{night.frames:,}",
            f"{night.took_ns / SECOND_NS:.1f} s",
            f"{night.frames_a_second:,.0f}",
            f"{night.drift_ns} ns",
        )
        for night in taken
    ]
    head = ("frames", "took", "frames a second", "drift at the last")
    return "\n".join((f"On {machine()}.", "", table(head, rows)))


def journal_section(taken: Sequence[Wear]) -> str:
    """Return the section on the journal."""
    rows = [
        (
            f"{each.frames:,}",
            spread(each.commit_ns),
            "not told" if each.written is None else f"{each.written / 1000:.1f} kB",
            f"{each.kept:.0f} bytes",
        )
        for each in taken
    ]
    head = ("frames in it", "a frame's commit, on the disk", "written to the disk, a frame", "kept, a frame")
    return "\n".join((f"On {machine()}.", "", table(head, rows)))
