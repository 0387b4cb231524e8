"""`make bench-pins`: measures, on a real kernel, how soon a line follows a button, and how punctual an edge is.

Runs `tests/kernel/run press`, which measures in a virtual machine whose clock counts instructions (the exact clock).
The figures depend on the programs alone, not on what else this machine does.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.document import write_section
from benchmarks.zero import INSTRUCTION_TIMES, Cost
from controller.bench.budgets import IDLE_GOAL, LATE, LATE_LOADED, Budget, idling
from controller.bench.tables import Table

RUNNER = Path(__file__).parent.parent / "tests" / "kernel" / "run"
HOST = "bookworm"  # its kernel runs in the virtual machine
MARK = "FIGURES "
ALONE, LOADED = "alone", "under load"  # the scenario's names for them
_PLAIN_NS = 10_000  # from here on, whole microseconds are precise enough
GOALS = (
    ("button to line, 99 of 100", "1/3 of gpiozero on lgpio"),
    ("edge lateness on the exact clock, worst", f"{LATE:g} x cyclictest"),
    ("the same, under load", f"{LATE_LOADED:g} x cyclictest"),
    ("idle, in its unit on the real kernel", IDLE_GOAL),
)
NAMES = {
    "bare": "a bare loop on libgpiod",
    "ours": "the daemon, in its unit",
    "lgpio": "gpiozero on lgpio",
    "console": "a console at its prompt, beside the daemon",
}


def measure() -> dict[str, Any]:
    """Run the scenario; raises SystemExit with its output if it fails."""
    result = subprocess.run([str(RUNNER), "press"], stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - ours
    if result.returncode:
        raise SystemExit(f"{result.stdout}\nthe scenario failed; the document was not changed")
    return parsed(result.stdout)


def refusal(user: int, codename: str) -> str | None:
    """Return why the virtual machine cannot run here; None if it can."""
    if user == 0 and codename == HOST:
        return None
    return "the pins are measured in a virtual machine, which only root on Debian 12 can build"


def parsed(output: str) -> dict[str, Any]:
    """Return the figures in the output of a run; raises SystemExit if there are none, or several."""
    lines = [line.strip() for line in output.splitlines()]
    marked = [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]
    if len(marked) != 1:
        raise SystemExit("the scenario printed no figures; the document was not changed")
    figures: dict[str, Any] = json.loads(marked[0])
    return figures


def section(figures: dict[str, Any]) -> str:
    """Return the section of the document."""
    versions = ", ".join(f"{name} {version}" for name, version in figures["versions"].items())
    count = len(figures["presses"]["ours"])
    parts = (
        f"{count} presses each, after a dozen to warm up, on {versions}.",
        _answers(figures["presses"], figures["first"]).as_markdown(),
        f"{figures['idle']['ours']['seconds']} s idle, with three buttons each:",
        _idle(figures["idle"]).as_markdown(),
        f"How late edges are; {_counts(figures['late'])}:",
        _late(figures["late"], figures["cyclictest"]).as_markdown(),
    )
    return "\n\n".join(parts)


def _answers(presses: dict[str, list[int]], first: dict[str, int]) -> Table:
    ranks = {name: (*_ranks(spans_ns), first[name]) for name, spans_ns in presses.items()}
    rows = [(NAMES[name], *map(_us, ranks[name])) for name in ("bare", "ours", "lgpio")]
    rows += [
        (f"the daemon / {what}", *(f"{ratio:.2f}" for ratio in _ratios(ranks, name)))
        for name, what in (("bare", "the bare loop"), ("lgpio", "gpiozero on lgpio"))
    ]
    return Table(("from button to line", "median", "99 of 100", "worst", "the very first"), tuple(rows))


def _ratios(ranks: dict[str, tuple[float, ...]], name: str) -> list[float]:
    return [ours / other for ours, other in zip(ranks["ours"], ranks[name], strict=True)]


def _idle(idle: dict[str, dict[str, int]]) -> Table:
    rows = tuple(
        (
            NAMES[name],
            *(str(idle[name][count]) for count in ("threads", "wakings", "switches")),
            _ms(idle[name]["cpu_ns"]),
        )
        for name in ("ours", "console", "lgpio")
    )
    return Table(("idle", "threads", "wake-ups", "context switches", "CPU time"), rows)


def _ms(ns: int) -> str:
    return f"{ns / 1e6:.2f} ms"


def _counts(late: dict[str, dict[str, list[int]]]) -> str:
    return ", ".join(f"{len(each['seen'])} frames {how}" for how, each in late.items())


def _late(late: dict[str, dict[str, list[int]]], cyclictest: dict[str, int]) -> Table:
    name = f"cyclictest at the same priority, {cyclictest['cycles']} times"
    average, worst = _us(cyclictest["average_ns"]), _us(cyclictest["worst_ns"])
    rows = [
        (f"SHUTTER, {how}, {where}", *map(_us, _ranks(each[key])))
        for how, each in late.items()
        for where, key in (("seen on the line", "seen"), ("by the journal", "told"))
    ]
    return Table(("late by", "median", "99 of 100", "worst"), (*rows, (name, f"{average} on average", "", worst)))


def _ranks(spans_ns: Sequence[int]) -> tuple[float, ...]:
    """Return the median, the time that 99 of 100 do not exceed, and the worst."""
    ranked = sorted(spans_ns)
    return statistics.median(ranked), ranked[-(-len(ranked) * 99 // 100) - 1], ranked[-1]


def _us(span_ns: float) -> str:
    digits = 0 if abs(span_ns) >= _PLAIN_NS else 1
    return f"{span_ns / 1000:.{digits}f} us"


def _codename() -> str:
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        return ""


def run() -> list[Budget | Cost]:
    """Measure, write the section, and return goals and costs; if it cannot run here, only print why."""
    reason = refusal(os.geteuid(), _codename())
    if reason is not None:
        print(reason, file=sys.stderr)
        return [Budget(what, goal, reason, None) for what, goal in GOALS]
    figures = measure()
    write_section("pins", section(figures))
    idle = figures["idle"]["ours"]
    return [
        *goals(figures),
        Cost("from button to line", statistics.median(figures["presses"]["ours"]), INSTRUCTION_TIMES),
        Cost("a second of idling", idle["cpu_ns"] / idle["seconds"], INSTRUCTION_TIMES),
    ]


def goals(figures: dict[str, Any]) -> list[Budget]:
    """Return the goals of the design that are measured here."""
    ranks = {name: _ranks(spans_ns) for name, spans_ns in figures["presses"].items()}
    to_line, bare = ranks["ours"][1] / ranks["lgpio"][1], ranks["ours"][1] / ranks["bare"][1]
    idle = figures["idle"]["ours"]
    wakeups, share = idle["wakings"] / idle["seconds"], idle["cpu_ns"] / idle["seconds"] / 1e9
    found = (
        (f"{to_line:.2f} x ({bare:.1f} x a bare libgpiod loop)", to_line <= 1 / 3),
        _lateness(figures["late"][ALONE], figures["cyclictest"]["worst_ns"], LATE),
        _lateness(figures["late"][LOADED], figures["cyclictest"]["worst_ns"], LATE_LOADED),
    )
    return [
        *(Budget(*goal, *each) for goal, each in zip(GOALS[:3], found, strict=True)),
        idling(GOALS[3][0], wakeups, share),
    ]


def _lateness(late: dict[str, list[int]], worst_ns: int, goal: float) -> tuple[str, bool]:
    """Compare the lateness on the line, which is what the camera sees, with the goal.

    The journal's is greater, because it reads the clock after the write has returned.
    """
    on_line, by_journal = (max(map(abs, late[key])) / worst_ns for key in ("seen", "told"))
    return f"{on_line:.2f} x on the line ({by_journal:.2f} x by the journal)", on_line <= goal
