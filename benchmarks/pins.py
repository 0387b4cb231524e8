"""`make bench-pins`: how soon a line answers a button, what idling costs, how punctual an edge is, on a real kernel.

Runs `tests/kernel/run press`, which measures in a virtual machine of its own, on a clock that counts instructions:
the figures depend on the programs alone, not on what else this machine does.
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

RUNNER = Path(__file__).parent.parent / "tests" / "kernel" / "run"
HOST = "bookworm"  # whose kernel the machine is made of
MARK = "FIGURES "
ALONE, LOADED = "alone", "under load"  # how the scenario calls them
_PLAIN_NS = 10_000  # from here on a microsecond is fine enough
_GOALS = (
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
    """Run the scenario; SystemExit with what it printed where it failed."""
    run = subprocess.run([str(RUNNER), "press"], stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - ours
    if run.returncode:
        raise SystemExit(f"{run.stdout}\nthe scenario failed; the document stays as it is")
    return parsed(run.stdout)


def refusal(user: int, codename: str) -> str | None:
    """Return why there can be no virtual machine here, None if there can be."""
    if user == 0 and codename == HOST:
        return None
    return "the pins are measured in a virtual machine, and that is built by root on Debian 12 only"


def parsed(output: str) -> dict[str, Any]:
    """Return the figures in what a run has printed; SystemExit if there are none."""
    told = [line.strip() for line in output.splitlines()]
    found = [line.removeprefix(MARK) for line in told if line.startswith(MARK)]
    if len(found) != 1:
        raise SystemExit("the scenario has told no figures; the document stays as it is")
    figures: dict[str, Any] = json.loads(found[0])
    return figures


def section(figures: dict[str, Any]) -> str:
    """Return the section of the document."""
    versions = ", ".join(f"{name} {version}" for name, version in figures["versions"].items())
    count = len(figures["presses"]["ours"])
    parts = (
        [f"{count} presses each, after a dozen to warm up, on {versions}."],
        _answers(figures["presses"], figures["first"]),
        [f"{figures['idle']['ours']['seconds']} s of nothing, with three buttons each:"],
        _idle(figures["idle"]),
        [f"An edge, and when it was to be; {_counts(figures['late'])}:"],
        _late(figures["late"], figures["cyclictest"]),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _answers(presses: dict[str, list[int]], first: dict[str, int]) -> list[str]:
    ranks = {name: (*_ranks(spans_ns), first[name]) for name, spans_ns in presses.items()}
    rows = [f"| {NAMES[name]} | {_cells(ranks[name])} |" for name in ("bare", "ours", "lgpio")]
    rows += [
        f"| the daemon, in times of {what} | {' | '.join(f'{ratio:.2f}' for ratio in _ratios(ranks, name))} |"
        for name, what in (("bare", "the bare loop"), ("lgpio", "gpiozero on lgpio"))
    ]
    return [
        "| from button to line | median | 99 of 100 | worst | the first of all |",
        "|---|---:|---:|---:|---:|",
        *rows,
    ]


def _ratios(ranks: dict[str, tuple[float, ...]], name: str) -> list[float]:
    return [ours / other for ours, other in zip(ranks["ours"], ranks[name], strict=True)]


def _idle(idle: dict[str, dict[str, int]]) -> list[str]:
    rows = []
    for name in ("ours", "console", "lgpio"):
        each = idle[name]
        counts = f"{each['threads']} | {each['wakings']} | {each['switches']}"
        rows.append(f"| {NAMES[name]} | {counts} | {each['cpu_ns'] / 1e6:.2f} ms |")
    return ["| idle | threads | wake-ups | context switches | CPU time |", "|---|---:|---:|---:|---:|", *rows]


def _counts(late: dict[str, dict[str, list[int]]]) -> str:
    return ", ".join(f"{len(each['seen'])} frames {how}" for how, each in late.items())


def _late(late: dict[str, dict[str, list[int]]], cyclictest: dict[str, int]) -> list[str]:
    name = f"cyclictest at the same priority, {cyclictest['cycles']} times"
    average, worst = _us(cyclictest["average_ns"]), _us(cyclictest["worst_ns"])
    rows = [
        f"| SHUTTER, {how}, {seen} | {_cells(_ranks(each[key]))} |"
        for how, each in late.items()
        for seen, key in (("seen on the line", "seen"), ("by the journal", "told"))
    ]
    return [
        "| late | half by | 99 of 100 | worst |",
        "|---|---:|---:|---:|",
        *rows,
        f"| {name} | {average} on average | | {worst} |",
    ]


def _ranks(spans_ns: Sequence[int]) -> tuple[float, ...]:
    """Return the median, the span that 99 of 100 do not exceed, and the worst."""
    ranked = sorted(spans_ns)
    return statistics.median(ranked), ranked[-(-len(ranked) * 99 // 100) - 1], ranked[-1]


def _cells(ranks: Sequence[float]) -> str:
    return " | ".join(map(_us, ranks))


def _us(span_ns: float) -> str:
    digits = 0 if abs(span_ns) >= _PLAIN_NS else 1
    return f"{span_ns / 1000:.{digits}f} us"


def _codename() -> str:
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        return ""


def run() -> list[Budget | Cost]:
    """Measure, write the section, and return the goals; where there can be no virtual machine, only say why."""
    reason = refusal(os.geteuid(), _codename())
    if reason is not None:
        print(reason, file=sys.stderr)
        return [Budget(what, goal, reason, None) for what, goal in _GOALS]
    figures = measure()
    write_section("pins", section(figures))
    idle = figures["idle"]["ours"]
    return [
        *goals(figures),
        Cost("from button to line", statistics.median(figures["presses"]["ours"]), INSTRUCTION_TIMES),
        Cost("a second of idling", idle["cpu_ns"] / idle["seconds"], INSTRUCTION_TIMES),
    ]


def goals(figures: dict[str, Any]) -> list[Budget]:
    """Return the design's goals that are measured here."""
    ranks = {name: _ranks(spans_ns) for name, spans_ns in figures["presses"].items()}
    to_line, bare = ranks["ours"][1] / ranks["lgpio"][1], ranks["ours"][1] / ranks["bare"][1]
    idle = figures["idle"]["ours"]
    woken, share = idle["wakings"] / idle["seconds"], idle["cpu_ns"] / idle["seconds"] / 1e9
    found = (
        (f"{to_line:.2f} x ({bare:.1f} x a bare libgpiod loop)", to_line <= 1 / 3),
        _lateness(figures["late"][ALONE], figures["cyclictest"]["worst_ns"], LATE),
        _lateness(figures["late"][LOADED], figures["cyclictest"]["worst_ns"], LATE_LOADED),
    )
    return [
        *(Budget(*goal, *each) for goal, each in zip(_GOALS[:3], found, strict=True)),
        idling(_GOALS[3][0], woken, share),
    ]


def _lateness(late: dict[str, list[int]], worst_ns: int, goal: float) -> tuple[str, bool]:
    """Judge by the line, which is what a camera sees; the journal reads the clock after the write has returned."""
    seen, told = (max(map(abs, late[key])) / worst_ns for key in ("seen", "told"))
    return f"{seen:.2f} x on the line ({told:.2f} x by the journal)", seen <= goal
