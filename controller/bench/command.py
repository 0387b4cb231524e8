"""The command: runs each measurement and prints its table, and at the end how the figures compare with the goals."""

import argparse
import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from controller.bench import budgets, idle, journal_cost, lateness, nights, slow_disk, startup, tables
from controller.bench.budgets import Budget
from controller.bench.tables import Table, machine
from controller.client import Client
from controller.errors import CommandError, DaemonError

Parts = Iterator[tuple[str, Table]]  # each a heading, and the table below it


def run_bench(arguments: argparse.Namespace) -> int:
    """Measure everything and print the results as they come; returns 0, whether or not the goals are met.

    Raises DaemonError if this is not Linux, if the box at `arguments.socket` is in a run (the bench might make its
    frames late) or may not be asked, and if a disk is full.
    """
    if not Path("/proc/self/schedstat").exists():
        raise DaemonError("the bench needs Linux: it reads what the kernel counts for each process")
    _refuse_during_run(arguments.socket)
    print(f"measuring {machine()}; this takes several minutes, and is best with nothing else running", flush=True)
    results: list[Budget] = []
    try:
        for measure in (_startup, _lateness, _idle, _nights, _journal, _slow_disk):
            for heading, table in measure(results, is_quick=arguments.quick):
                print("\n".join(("", heading, *table.as_text())), flush=True)
    except BrokenPipeError:  # the reader of our output has gone
        raise
    except (OSError, sqlite3.Error) as error:
        raise DaemonError(
            f"the bench had to stop ({error}); is there room in /tmp and {journal_cost.ON_DISK}?"
        ) from error
    print("\n".join(("\ngoals", *budgets.lines(results))), flush=True)
    return 0


def _refuse_during_run(socket: Path) -> None:
    try:
        client = Client.connect(socket)
    except CommandError as error:
        if isinstance(error.__context__, PermissionError):  # a box may be there, and in a run
            raise DaemonError(error.sentence) from None
        return
    with contextlib.closing(client):
        if client.call("status")["run"] is not None:
            raise DaemonError(
                "the box is in a run, and the bench might make its frames late; try again after the run"
            )


def _startup(results: list[Budget], *, is_quick: bool) -> Parts:
    measured = startup.measure(2 if is_quick else startup.ROUNDS)
    results += budgets.of_startup(measured)
    yield "start and memory: median (middle half)", tables.startup_table(measured)
    yield "the console: median (middle half)", tables.console_table(measured)


def _lateness(results: list[Budget], *, is_quick: bool) -> Parts:
    waits = lateness.measure(1, 30) if is_quick else lateness.measure()
    results += budgets.of_waits(waits)
    yield "how late edges and waits are", tables.lateness_table(waits)


def _idle(results: list[Budget], *, is_quick: bool) -> Parts:
    daemon, console = idle.measure(4, 4) if is_quick else idle.measure()
    results += budgets.of_idle(daemon)
    yield "idle", tables.idle_table(daemon, console)


def _nights(results: list[Budget], *, is_quick: bool) -> Parts:
    simulated = nights.measure((nights.BUDGET_FRAMES,) if is_quick else nights.SIZES)
    results += budgets.of_nights(simulated)
    yield "simulated nights", tables.nights_table(simulated)


def _journal(_results: list[Budget], *, is_quick: bool) -> Parts:
    costs = journal_cost.measure((1_000,) if is_quick else journal_cost.SIZES)
    yield "the journal", tables.journal_table(costs)


def _slow_disk(results: list[Budget], *, is_quick: bool) -> Parts:
    measured = slow_disk.measure(5, 1_000) if is_quick else slow_disk.measure()
    results += measured.budgets()
    yield "a slow disk and a busy client", measured.table()
