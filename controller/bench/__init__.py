"""`backbutton bench`: measures the box on this machine, and holds it against its goals. Moves no line.

Every program that is measured is a process of its own on mock pins, so that a camera may stay connected.
"""

import argparse
import contextlib
import os
import platform
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from controller.bench import budgets, idle, lateness, nights, startup, wear
from controller.bench.budgets import Budget
from controller.bench.numbers import at_share
from controller.client import Client
from controller.errors import CommandError, DaemonError
from hardware.clock import MILLISECOND_NS

_US = 1_000
_SHARES = ((0.5, "half"), (0.99, "99 %"), (0.999, "99.9 %"), (1.0, "all"))


def run_bench(options: argparse.Namespace) -> int:
    """Measure, and print each part as it is there and the goals at the end; returns 0, whatever was found.

    DaemonError where this is no Linux, where the box at `socket` is in a run, which it might make late, or may not be
    asked, and where a disk is full.
    """
    if not Path("/proc/self/schedstat").exists():
        raise DaemonError("the bench needs Linux: it reads what the kernel knows of a process")
    _await_no_run(options.socket)
    print(f"measured on {machine()}; several minutes, and better with nothing else at work", flush=True)
    found: list[Budget] = []
    try:
        for part in (_startup, _waits, _idle, _nights, _wear):
            for line in part(found, is_quick=options.quick):
                print(line, flush=True)
    except BrokenPipeError:  # whoever read has gone
        raise
    except (OSError, sqlite3.Error) as error:
        raise DaemonError(
            f"the bench could not go on ({error}); is there room in /tmp and {wear.ON_DISK}?"
        ) from error
    print("\n".join(("\nthe goals", *budgets.lines(found))), flush=True)
    return 0


def _await_no_run(socket: Path) -> None:
    try:
        client = Client.connect(socket)
    except CommandError as error:
        if isinstance(error.__context__, PermissionError):  # there may be one, in a run
            raise DaemonError(error.sentence) from None
        return
    with contextlib.closing(client):
        if client.call("status")["run"] is not None:
            raise DaemonError(
                "the box is in a run, and the bench might make its frames late; measure when it is over"
            )


def machine() -> str:
    """Return in a line what machine this is."""
    model = ""
    with contextlib.suppress(OSError):
        model = Path("/proc/device-tree/model").read_text(encoding="utf-8").strip("\0") + ", "
    kernel, python = f"Linux {platform.release()}", f"Python {platform.python_version()}"
    return f"{model}{os.cpu_count()} x {platform.machine()}, {kernel}, {python}"


def _startup(found: list[Budget], *, is_quick: bool) -> Iterator[str]:
    taken = startup.measure(2 if is_quick else startup.ROUNDS)
    found += budgets.of_startup(taken)
    yield "\nstart, and memory (median, middle half)"
    for name, starts in (("its libraries alone", taken.libraries), ("the daemon", taken.daemon)):
        ready, cpu, memory = startup.columns(starts)
        yield f"  {name:<22}{ready.told('ms')}, CPU {cpu.told('ms')}, {memory.told('MiB', 1024, 1)}"
    for name, sittings in (("a bare readline prompt", taken.bare), ("the console's prompt", taken.console)):
        prompt, cpu = startup.prompt_columns(sittings)
        yield f"  {name:<22}{prompt.told('ms')}, CPU {cpu.told('ms')}"


def _waits(found: list[Budget], *, is_quick: bool) -> Iterator[str]:
    waits = lateness.measure(1, 30) if is_quick else lateness.measure()
    found += budgets.of_waits(waits)
    yield "\nlate by, in us: " + ", ".join(name for _, name in _SHARES)
    for name, late_ns in waits.late_ns.items():
        figures = "".join(f"{at_share(late_ns, share) / _US:>10,.1f}" for share, _ in _SHARES)
        yield f"  {name:<22}{figures}  of {len(late_ns):,}"
    for name, why in waits.missing.items():
        yield f"  {name}: {why}"


def _idle(found: list[Budget], *, is_quick: bool) -> Iterator[str]:
    daemon, console = idle.measure(4, 4) if is_quick else idle.measure()
    found += budgets.of_idle(daemon)
    yield "\nidle: wake-ups a second, and share of a CPU"
    for name, each in (("the daemon", daemon), ("an open console", console)):
        yield f"  {name:<22}{each.switches_a_second:.2f}, {each.cpu_share:.4%}"


def _nights(found: list[Budget], *, is_quick: bool) -> Iterator[str]:
    taken = nights.measure((nights.BUDGET_FRAMES,) if is_quick else nights.SIZES)
    found += budgets.of_nights(taken)
    yield "\nsimulated nights"
    for night in taken:
        rate, drift = f"{night.frames_a_second:,.0f} a second", f"{night.drift_ns} ns of drift"
        yield f"  {night.frames:>7,} frames        {rate}, {drift}"


def _wear(_found: list[Budget], *, is_quick: bool) -> Iterator[str]:
    taken = wear.measure((1_000,) if is_quick else wear.SIZES)
    yield "\nthe journal, a frame"
    for each in taken:
        written = "unknown" if each.written is None else f"{each.written / 1000:.1f} kB"
        commit = each.commit_ns.told("ms", MILLISECOND_NS, 2)
        yield f"  with {each.frames:>7,} in it   {commit}, {written} to the disk, {each.kept:.0f} bytes kept"
