"""The sections of the document with the box's own figures: runs `controller.bench` and writes its tables."""

from collections.abc import Mapping, Sequence

from benchmarks import edges_plot, imports
from benchmarks.document import write_section
from benchmarks.zero import PYTHON_TIMES, Cost
from controller.bench import budgets, idle, journal_cost, lateness, nights, startup, tables
from controller.bench.budgets import Budget
from controller.bench.figures import Spread
from controller.bench.lateness import EDGES, EVERY_MS, Waits
from controller.bench.startup import Startup
from controller.bench.tables import machine
from hardware.clock import SECOND_NS

KEYS = 2_000
ROUNDS = 15


def run_startup() -> list[Budget | Cost]:
    """Measure start-up and the console, write both sections, and return goals and costs."""
    measured = startup.measure(ROUNDS, KEYS)
    write_section("startup", startup_section(measured, imports.measure()))
    write_section("console", console_section(measured))
    return [
        *budgets.of_startup(measured),
        _cost("start of the daemon, to READY", [start.cpu_ns for start in measured.daemon]),
        _cost("start of a console, to its prompt", [session.start_cpu_ns for session in measured.console]),
        _cost("a key at the prompt", [session.keys_cpu_ns / KEYS for session in measured.console]),
    ]


def _cost(what: str, times_ns: Sequence[float]) -> Cost:
    return Cost(what, Spread.of(times_ns).median, PYTHON_TIMES)


def startup_section(measured: Startup, imported: Mapping[str, Mapping[str, float]]) -> str:
    """Return the section on start-up and memory; `imported` has the milliseconds of each package, by program."""
    return "\n\n".join(
        (
            f"{_rounds(measured)}; the median, and the middle half.",
            tables.startup_table(measured).as_markdown(),
            imports.INTRO,
            imports.table(imported).as_markdown(),
        )
    )


def console_section(measured: Startup) -> str:
    """Return the section on the console."""
    intro = f"{_rounds(measured)}; the median, and the middle half of the rounds."
    return f"{intro}\n\n{tables.console_table(measured).as_markdown()}"


def _rounds(measured: Startup) -> str:
    return f"{len(measured.daemon)} rounds on {machine()}"


def run_edges() -> list[Budget | Cost]:
    """Measure how late edges are, write section and picture, and return the goals."""
    waits = lateness.measure()
    write_section("edges", edges_section(waits))
    edges_plot.PATH.write_text(edges_plot.draw(waits.late_ns), encoding="utf-8")
    return [*budgets.of_waits(waits)]


def edges_section(waits: Waits) -> str:
    """Return the section on how late edges are."""
    table = tables.lateness_table(waits)
    rates = f"On {machine()}; a wait every {EVERY_MS // EDGES} ms, {EDGES} edges every {EVERY_MS} ms."
    picture = f"![{edges_plot.CAPTION}]({edges_plot.PATH.name})"
    return "\n\n".join((" ".join((rates, *table.notes)), table.as_markdown(), picture))


def run_idle() -> list[Budget | Cost]:
    """Measure how idle daemon and console are, write the section, and return the goals."""
    daemon, console = idle.measure()
    table = tables.idle_table(daemon, console)
    write_section("idle", f"{idle.LASTS_S} s on {machine()}.\n\n{table.as_markdown()}")
    return [*budgets.of_idle(daemon)]


def run_nights() -> list[Budget | Cost]:
    """Simulate nights, write the section, and return goals and costs."""
    simulated = nights.measure()
    write_section("nights", f"On {machine()}.\n\n{tables.nights_table(simulated).as_markdown()}")
    frame_ns = SECOND_NS / simulated[0].frames_per_second
    return [*budgets.of_nights(simulated), Cost("a simulated frame", frame_ns, PYTHON_TIMES)]


def run_journal() -> list[Budget | Cost]:
    """Measure what the journal costs, and write the section; the design has no goal for it."""
    write_section("journal", f"On {machine()}.\n\n{tables.journal_table(journal_cost.measure()).as_markdown()}")
    return []
