"""How long the daemon and the console take to import each package, according to `python -X importtime`."""

import subprocess
from collections import Counter
from collections.abc import Mapping

from controller.bench.programs import PYTHON, environment
from controller.bench.startup import LIBRARIES
from controller.bench.tables import Table

INTRO = """\
Where the time goes, package by package: the time in each package's own modules while they are imported, according to
`-X importtime` (which itself takes time)."""
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
_PROGRAMS = {
    "the libraries alone": LIBRARIES,
    "the daemon": "import controller.cli.options, controller.cli, controller.daemon.main",
    "the console": "import controller.cli.options, controller.cli, controller.console.shell",
}


def measure() -> dict[str, dict[str, float]]:
    """Return for each program the milliseconds that the import of each package takes."""
    with environment() as env:
        return {program: package_times_ms(code, env) for program, code in _PROGRAMS.items()}


def package_times_ms(code: str, env: Mapping[str, str]) -> dict[str, float]:
    """Return the time in each package's own modules while `code` runs, in a process of its own, the second time."""
    for _ in range(2):
        command = (PYTHON, "-X", "importtime", "-c", code)
        result = subprocess.run(command, env=env, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    spent_us: Counter[str] = Counter()
    for row in result.stderr.splitlines():
        own_us, _, name = row.removeprefix("import time:").split("|")
        if own_us.strip().isdecimal():
            package = name.strip().split(".")[0].lstrip("_")
            spent_us[package if package in (*_OURS, *_LIBRARIES) else "the rest of the standard library"] += int(
                own_us
            )
    return {name: us / 1000 for name, us in spent_us.items()}


def table(programs: Mapping[str, Mapping[str, float]]) -> Table:
    """Return the packages that take longest, a column for each program, and the totals."""
    names = {name for times_ms in programs.values() for name in times_ms}
    slowest = sorted(names, key=lambda name: -max(times_ms.get(name, 0) for times_ms in programs.values()))
    rows = [_row(name, [times_ms.get(name, 0) for times_ms in programs.values()]) for name in slowest[:_SHOWN]]
    rest = [sum(times_ms.get(name, 0) for name in slowest[_SHOWN:]) for times_ms in programs.values()]
    total = [sum(times_ms.values()) for times_ms in programs.values()]
    return Table(("package", *programs), (*rows, _row("other packages", rest), _row("total", total)))


def _row(name: str, times_ms: list[float]) -> tuple[str, ...]:
    return (name, *(f"{time_ms:.1f} ms" for time_ms in times_ms))
