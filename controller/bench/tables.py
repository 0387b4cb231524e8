"""The figures of each measurement as a table, for a terminal or a Markdown document, and how figures are written."""

import contextlib
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from config.record import dataclass
from controller.bench.figures import Spread, quantile
from controller.bench.idle import Idle
from controller.bench.journal_cost import JournalCost
from controller.bench.lateness import CYCLICTEST, Waits
from controller.bench.nights import Night
from controller.bench.startup import Session, Start, Startup
from hardware.clock import SECOND_NS

_SHARES = (0.5, 0.99, 0.999, 1.0)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column has names, the others have figures. `notes` are sentences below it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def as_markdown(self) -> str:
        """Return the rows as a Markdown table, without the notes."""
        lines = ("|---|" + "---:|" * (len(self.head) - 1), *(f"| {' | '.join(row)} |" for row in self.rows))
        return "\n".join((f"| {' | '.join(self.head)} |", *lines))

    def as_text(self) -> list[str]:
        """Return the rows as aligned lines for a terminal, then the notes."""
        cells = (self.head, *self.rows)
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.head))]
        lines = ["  ".join((row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:]))).rstrip() for row in cells]
        return [f"  {line}" for line in (*lines, *self.notes)]


def machine() -> str:
    """Return one line that describes this machine."""
    model = ""
    with contextlib.suppress(OSError):
        model = Path("/proc/device-tree/model").read_text(encoding="utf-8").strip("\0") + ", "
    kernel, python = f"Linux {platform.release()}", f"Python {platform.python_version()}"
    return f"{model}{os.cpu_count()} x {platform.machine()}, {kernel}, {python}"


def span(ns: float) -> str:
    """Return a time with about three digits, in us, ms or s."""
    unit, scale = _unit(ns)
    return f"{_digits(ns / scale)} {unit}"


def spread(times_ns: Spread) -> str:
    """Return the median and the middle half of times in nanoseconds: `12.0 ms (11.0 to 14.2)`."""
    unit, scale = _unit(times_ns.median)
    median, low, high = (_digits(ns / scale) for ns in (times_ns.median, times_ns.low, times_ns.high))
    return f"{median} {unit} ({low} to {high})"


def _unit(ns: float) -> tuple[str, float]:
    return next(((unit, scale) for unit, scale in (("s", 1e9), ("ms", 1e6)) if ns >= scale), ("us", 1e3))


def _digits(value: float) -> str:
    return f"{value:,.{0 if value >= 100 else 1}f}"  # noqa: PLR2004 - three digits are enough


def startup_table(startup: Startup) -> Table:
    """Return how long the daemon takes to start and its memory, compared with its libraries alone."""
    ours, alone = (_start_medians(starts) for starts in (startup.daemon, startup.libraries))
    ratios = tuple(f"{mine / least:.2f}" for mine, least in zip(ours, alone, strict=True))
    return Table(
        ("", "start to READY", "CPU for that", "memory (VmRSS)"),
        (
            ("only importing its libraries", *_start_cells(startup.libraries)),
            ("the daemon", *_start_cells(startup.daemon)),
            ("ratio", *ratios),
        ),
    )


def _start_columns(starts: Sequence[Start]) -> tuple[Spread, Spread, Spread]:
    return (
        Spread.of([start.ready_ns for start in starts]),
        Spread.of([start.cpu_ns for start in starts]),
        Spread.of([start.memory_kib for start in starts]),
    )


def _start_medians(starts: Sequence[Start]) -> list[float]:
    return [column.median for column in _start_columns(starts)]


def _start_cells(starts: Sequence[Start]) -> tuple[str, str, str]:
    ready_ns, cpu_ns, memory_kib = _start_columns(starts)
    return spread(ready_ns), spread(cpu_ns), memory_kib.text("MiB", 1024, 1)


def console_table(startup: Startup) -> Table:
    """Return how long the console takes to its prompt, and what a key costs (if any), compared with bare readline."""
    ours, bare = (_session_columns(sessions, startup.keys) for sessions in (startup.console, startup.bare))
    ratios = (f"{mine.median / least.median:.2f}" for mine, least in zip(ours, bare, strict=True))
    head = ("", "start to prompt", "CPU for that", *(("CPU for a key",) if startup.keys else ()))
    rows = (("a bare readline program", *map(spread, bare)), ("the console", *map(spread, ours)), ("ratio", *ratios))
    return Table(head, rows)


def _session_columns(sessions: Sequence[Session], keys: int) -> list[Spread]:
    columns = [
        Spread.of([session.to_prompt_ns for session in sessions]),
        Spread.of([session.start_cpu_ns for session in sessions]),
    ]
    return [*columns, Spread.of([session.keys_cpu_ns / keys for session in sessions])] if keys else columns


def lateness_table(waits: Waits) -> Table:
    """Return how late the edges of the box were, and the waits that it is compared with."""
    head = ("", "waits", "median", "99 %", "99.9 %", "worst", "99.9 % / cyclictest's", "steal time")
    rows = tuple(_lateness_row(name, late_ns, waits) for name, late_ns in waits.late_ns.items())
    return Table(head, rows, tuple(f"Not measured: {name}: {why}." for name, why in waits.missing.items()))


def _lateness_row(name: str, late_ns: Sequence[int], waits: Waits) -> tuple[str, ...]:
    ratio = waits.ratio(name)
    multiple = "" if ratio is None or name == CYCLICTEST else f"{ratio:.2f}"
    spans = (span(quantile(late_ns, share)) for share in _SHARES)
    return (name, f"{len(late_ns):,}", *spans, multiple, f"{waits.stolen[name]:.1%}")


def idle_table(daemon: Idle, console: Idle) -> Table:
    """Return how idle the daemon and a console are while nothing happens."""
    rows = tuple(
        (name, f"{idle.switches_per_second:.2f}", f"{idle.cpu_share:.4%}")
        for name, idle in (("the daemon", daemon), ("a connected console", console))
    )
    return Table(("", "wake-ups per second", "share of a CPU"), rows)


def nights_table(nights: Sequence[Night]) -> Table:
    """Return how fast runs were simulated, and how far their last frame was off the grid."""
    rows = tuple(
        (
            f"{each.frames:,}",
            f"{each.took_ns / SECOND_NS:.1f} s",
            f"{each.frames_per_second:,.0f}",
            f"{each.drift_ns} ns",
        )
        for each in nights
    )
    return Table(("frames", "took", "frames per second", "drift at the last"), rows)


def journal_table(costs: Sequence[JournalCost]) -> Table:
    """Return what a frame costs the journal, by how many frames it already holds."""
    rows = tuple(
        (
            f"{cost.frames:,}",
            spread(cost.commit_ns),
            "unknown" if cost.written is None else f"{cost.written / 1000:.1f} kB",
            f"{cost.kept:.0f} bytes",
        )
        for cost in costs
    )
    return Table(("frames in it", "commit per frame, on disk", "written to disk per frame", "kept per frame"), rows)
