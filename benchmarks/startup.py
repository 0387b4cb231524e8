"""Starts, memory and the console's keys: the sections of the document. Measured by `controller.bench.startup`."""

import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence

from benchmarks.document import write_section
from benchmarks.tables import spread, table
from benchmarks.zero import PYTHON_TIMES, Cost
from controller.bench import budgets, machine, startup
from controller.bench.numbers import Spread
from controller.bench.programs import PYTHON, environment
from controller.bench.startup import LIBRARIES, Sitting, Start, Startup

KEYS = 2_000
ROUNDS = 15
_SHOWN = 12
_OURS = ("config", "hardware", "controller")
_LIBRARIES = (
    "gpiozero",
    "gpiod",
    "transitions",
    "asyncio",
    "astral",
    "sqlite3",
    "tomllib",
    "json",
    "zoneinfo",
    "argparse",
)
_IMPORTS = {
    "the libraries alone": LIBRARIES,
    "the daemon": "import controller.cli.options, controller.cli, controller.daemon.main",
    "the console": "import controller.cli.options, controller.cli, controller.console.shell",
}


def run() -> list[budgets.Budget | Cost]:
    """Measure, write both sections, and return the goals."""
    taken = startup.measure(ROUNDS, KEYS)
    with environment() as env:
        imports = {name: imported(code, env) for name, code in _IMPORTS.items()}
    write_section("startup", section(taken, imports))
    write_section("console", console_section(taken))
    return [
        *budgets.of_startup(taken),
        _cost("start of the daemon, to READY", [each.cpu_ns for each in taken.daemon]),
        _cost("start of a console, to its prompt", [each.start_cpu_ns for each in taken.console]),
        _cost("a key at the prompt", [each.keys_cpu_ns / KEYS for each in taken.console]),
    ]


def section(taken: Startup, imports: Mapping[str, Mapping[str, float]]) -> str:
    """Return the section on starts and memory: `imports` has for each program the ms of each package."""
    head = ("", "start to READY", "CPU for that", "memory (VmRSS)")
    rows = [
        _start_row("a process that only imports its libraries", taken.libraries),
        _start_row("the daemon", taken.daemon),
        ("times as much", f"{taken.ready_ratio:.2f}", f"{_cpu_ratio(taken):.2f}", f"{taken.memory_ratio:.2f}"),
    ]
    total = {name: sum(of.values()) for name, of in imports.items()}
    packages = sorted({package for of in imports.values() for package in of}, key=lambda name: -_most(name, imports))
    lines = [(package, *(f"{of.get(package, 0):.1f} ms" for of in imports.values())) for package in packages[:_SHOWN]]
    rest = [sum(of.get(name, 0) for name in packages[_SHOWN:]) for of in imports.values()]
    lines.append(("the rest", *(f"{each:.1f} ms" for each in rest)))
    lines.append(("in all", *(f"{each:.1f} ms" for each in total.values())))
    return "\n".join(
        (
            f"{len(taken.daemon)} rounds on {machine()}; the median, and the middle half.",
            "",
            table(head, rows),
            "",
            "Where the start goes, package by package: the time in the package's own modules while they are",
            "imported, as `-X importtime` tells it (which itself takes time).",
            "",
            table(("package", *imports), lines),
        )
    )


def console_section(taken: Startup) -> str:
    """Return the section on the console."""
    head = ("", "from start to prompt", "CPU for that", "CPU for a key")
    columns = {"a bare readline program": taken.bare, "the console": taken.console}
    spreads = {name: _sitting_columns(sat, taken.keys) for name, sat in columns.items()}
    rows = [(name, *map(spread, found)) for name, found in spreads.items()]
    bare, ours = spreads.values()
    rows.append(
        ("times as much", *(f"{mine.middle / least.middle:.2f}" for mine, least in zip(ours, bare, strict=True)))
    )
    intro = f"{len(taken.console)} rounds on {machine()}; the median, and the middle half of the rounds."
    return "\n".join((intro, "", table(head, rows)))


def imported(code: str, env: Mapping[str, str]) -> dict[str, float]:
    """Return how many ms the import of each package takes by itself, in a process of its own, the second time."""
    for _ in range(2):
        command = (PYTHON, "-X", "importtime", "-c", code)
        ran = subprocess.run(command, env=env, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    spent: Counter[str] = Counter()
    for row in ran.stderr.splitlines():
        own_us, _, name = row.removeprefix("import time:").split("|")
        if own_us.strip().isdecimal():
            package = name.strip().split(".")[0].lstrip("_")
            spent[package if package in (*_OURS, *_LIBRARIES) else "the rest of the standard library"] += int(own_us)
    return {name: us / 1000 for name, us in spent.items()}


def _start_row(name: str, starts: Sequence[Start]) -> tuple[str, ...]:
    memory = Spread.of([each.memory_kib for each in starts]).told("MiB", 1024, 1)
    times = ([each.ready_ns for each in starts], [each.cpu_ns for each in starts])
    return (name, *(spread(Spread.of(values)) for values in times), memory)


def _cpu_ratio(taken: Startup) -> float:
    ours, alone = (Spread.of([each.cpu_ns for each in starts]).middle for starts in (taken.daemon, taken.libraries))
    return ours / alone


def _sitting_columns(sat: Sequence[Sitting], keys: int) -> tuple[Spread, ...]:
    return (
        Spread.of([each.to_prompt_ns for each in sat]),
        Spread.of([each.start_cpu_ns for each in sat]),
        Spread.of([each.keys_cpu_ns / keys for each in sat]),
    )


def _cost(what: str, values_ns: Sequence[float]) -> Cost:
    return Cost(what, Spread.of(values_ns).middle, PYTHON_TIMES)


def _most(package: str, imports: Mapping[str, Mapping[str, float]]) -> float:
    return max(of.get(package, 0) for of in imports.values())
