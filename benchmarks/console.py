"""`make bench-console`: how soon the console has a prompt, and what a key costs it, beside a bare readline program.

All in one run, in turns, on the machine at hand: what counts are the ratios. The daemon is a real one on the virtual
bench; each program sits at a pty of its own.
"""

import os
import platform
import pty
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.document import DOCUMENT, with_section

ROUNDS = 15
KEYS = 2000
PATIENCE_S = 60
_BARE = "import readline\nwhile True: input('> ')"


@dataclass(frozen=True, slots=True)
class Program:
    """A program at a terminal: its command, and what its prompt ends in."""

    name: str
    command: tuple[str, ...]
    prompt: bytes


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting at a program: from its start to the prompt, and the CPU time of start and keys."""

    to_prompt_ns: int
    start_cpu_ns: int
    keys_cpu_ns: int


def sit(program: Program) -> Sitting:
    """Start a program, wait for its prompt, type KEYS keys one after another was echoed, and end it."""
    began_ns = time.monotonic_ns()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execv(program.command[0], program.command)  # noqa: S606 - no shell is wanted
    try:
        _await(fd, program.prompt)
        prompt_ns = time.monotonic_ns()
        start_cpu_ns = _cpu_ns(pid)
        for _ in range(KEYS // 2):
            for key, echo in ((b"x", b"x"), (b"\x7f", b"\b")):
                os.write(fd, key)
                _await(fd, echo)
        return Sitting(prompt_ns - began_ns, start_cpu_ns, _cpu_ns(pid) - start_cpu_ns)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def _await(fd: int, text: bytes) -> None:
    heard = b""
    while text not in heard:
        if not select.select([fd], [], [], PATIENCE_S)[0]:
            raise SystemExit(f"waited {PATIENCE_S} s for {text!r}, heard {heard!r}")
        heard += os.read(fd, 65536)


def _cpu_ns(pid: int) -> int:
    """Return the CPU time of a process so far, of all its threads, as the scheduler counts it."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks)


@contextmanager
def served() -> Iterator[Path]:
    """Serve a box on the virtual bench; yields its socket."""
    with tempfile.TemporaryDirectory() as folder:
        socket, config = Path(folder) / "control.sock", Path(folder) / "config.toml"
        config.write_text("[camera]\nback_button_focus = true\n", encoding="utf-8")
        command = [sys.executable, "-m", "controller.cli", "run", "--bench", "--config", str(config)]
        command += ["--state-dir", folder, "--socket", str(socket)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:  # noqa: S603
            try:
                assert daemon.stdout is not None
                if "is ready" not in daemon.stdout.readline():
                    raise SystemExit("the daemon did not start")
                yield socket
            finally:
                daemon.terminate()


def measure(rounds: int = ROUNDS) -> list[tuple[Program, list[Sitting]]]:
    """Sit at each program in turn, so many rounds; the first of each, which fills caches, is left out."""
    with served() as socket:
        console = (sys.executable, "-m", "controller.cli", "console", "--socket", str(socket))
        programs = (
            Program("a bare readline program", (sys.executable, "-c", _BARE), b"> "),
            Program("the console", console, b"backbutton> "),
        )
        sittings = [[sit(program) for program in programs] for _ in range(rounds + 1)][1:]
    return [(program, [each[place] for each in sittings]) for place, program in enumerate(programs)]


def section(measured: Sequence[tuple[Program, list[Sitting]]]) -> str:
    """Return the section of the document."""
    machine = (
        f"{os.cpu_count()} x {platform.machine()}, Linux {platform.release()}, Python {platform.python_version()}"
    )
    head = "| | from start to prompt | CPU for that | CPU for a key |\n|---|---:|---:|---:|"
    rows = [f"| {program.name} | {' | '.join(map(_cell, _columns(sat)))} |" for program, sat in measured]
    ratios = [
        statistics.median(ours) / statistics.median(bare)
        for bare, ours in zip(*(_columns(sat) for _, sat in measured), strict=True)
    ]
    rows.append(f"| times as much | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |")
    count = len(measured[0][1])
    return "\n".join(
        (f"{count} rounds on {machine}; the median, and the middle half of the rounds.", "", head, *rows)
    )


def _columns(sat: list[Sitting]) -> tuple[list[float], ...]:
    return (
        [each.to_prompt_ns / 1e6 for each in sat],
        [each.start_cpu_ns / 1e6 for each in sat],
        [each.keys_cpu_ns / KEYS / 1e6 for each in sat],
    )


def _cell(values_ms: list[float]) -> str:
    low, middle, high = statistics.quantiles(values_ms, n=4)
    unit, scale, digits = ("ms", 1, 0) if middle >= 1 else ("us", 1000, 0)
    return f"{middle * scale:.{digits}f} {unit} ({low * scale:.{digits}f} to {high * scale:.{digits}f})"


def main() -> None:
    """Measure, and write the section."""
    DOCUMENT.write_text(with_section("console", section(measure())), encoding="utf-8")


if __name__ == "__main__":
    main()
