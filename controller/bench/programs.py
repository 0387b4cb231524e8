"""Starts the programs that are measured, each a process of its own, and reads what the kernel counts of them.

They find the bytecode of all modules in a folder made for the purpose, as on an installed box. The first start fills
that folder, so measurements discard it.
"""

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.record import dataclass
from controller.client import Client
from controller.errors import DaemonError
from hardware.clock import SystemClock

TIMEOUT_S = 60.0
PYTHON = sys.executable
BACKBUTTON = (PYTHON, "-m", "controller.cli")
_NICE_OF_UNIT = ("nice", "-n", "-10") if os.geteuid() == 0 else ()
# Not a real camera: as quick as a run allows, and with four edges per frame, so that there are many to measure.
_CAMERA = """id = "quick"
brand = "none"
connector = "none, for measuring"
supported = "yes"
pins = { shutter = "tip", focus = "ring", ground = "sleeve" }
shutter_alone_fires = true
focus_held_during_release = true
shutter_default_ms = 30
min_gap_ms = 10
mirror_up = { kind = "press-press", timeout_s = 30, on_timeout = "drops", must_release_between = true }
confidence = "high"
"""
# A skipped slot would hide how late it was; with this tolerance only a very late one is skipped.
_SETTINGS = """[camera]
profile = "quick"
back_button_focus = true
[focus]
interlock = false
[interval]
every = "{every_ms}ms"
count = {count}
tolerance = "99ms"
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """What all threads of a process have used so far: CPU time, and how often they were switched to or from."""

    cpu_ns: int
    switches: int


@dataclass(frozen=True, slots=True)
class Program:
    """A running program that has printed its first line."""

    process: subprocess.Popen[bytes]
    ready_ns: int  # from its start to that line
    first_line: str

    @property
    def usage(self) -> Usage:
        """What it has used so far."""
        return usage(self.process.pid)

    @property
    def memory_kib(self) -> int:
        """Its memory now, shared pages included (VmRSS)."""
        return _field(self.process.pid, "VmRSS")

    @property
    def peak_kib(self) -> int:
        """The most memory that it has had, shared pages included (VmHWM)."""
        return _field(self.process.pid, "VmHWM")


@dataclass(frozen=True, slots=True)
class Box:
    """A running box: the product's own daemon, except that its pins are mock pins with nothing wired to them."""

    program: Program
    folder: Path

    @property
    def socket(self) -> Path:
        """Its control socket."""
        return self.folder / "control.sock"

    @property
    def client(self) -> Client:
        """Open a new connection to it."""
        return Client.connect(self.socket, TIMEOUT_S)


@contextmanager
def environment() -> Iterator[dict[str, str]]:
    """Yield environment variables for programs: ours, with a folder for bytecode, and mock pins."""
    with tempfile.TemporaryDirectory(prefix="backbutton-bench-") as cache:
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        yield inherited | {"PYTHONPYCACHEPREFIX": cache, "GPIOZERO_PIN_FACTORY": "mock", "TERM": "xterm"}


_NOT_INHERITED = ("PYTHONDONTWRITEBYTECODE", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Program]:
    """Start a program and block until it prints its first line; terminate it on leaving.

    Raises DaemonError, with what it wrote to stderr, if it ends before that.
    """
    began_ns = SystemClock.now_ns()
    with tempfile.TemporaryFile() as errors, subprocess.Popen(  # noqa: S603 - our own commands
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            ready_ns = SystemClock.now_ns() - began_ns
            if not line:
                process.wait(TIMEOUT_S)
                errors.seek(0)
                raise DaemonError(f"{' '.join(command[:4])} did not start: {errors.read().decode().strip()}")
            yield Program(process, ready_ns, line.decode())
        finally:
            process.terminate()


@contextmanager
def served(
    environment: Mapping[str, str], every_ms: int = 200, count: int = 0, *, journal: Path | None = None
) -> Iterator[Box]:
    """Run a box on mock pins with the quick camera, in a folder of its own; terminate it on leaving.

    It starts with a copy of `journal`, if there is one.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="backbutton-bench-")))
        (folder / "cameras").mkdir()
        (folder / "cameras" / "quick.toml").write_text(_CAMERA, encoding="utf-8")
        config = folder / "config.toml"
        config.write_text(_SETTINGS.format(every_ms=every_ms, count=count), encoding="utf-8")
        if journal is not None:
            shutil.copyfile(journal, folder / journal.name)
        places = ("--config", config, "--state-dir", folder, "--socket", folder / "control.sock")
        command = (*_NICE_OF_UNIT, *BACKBUTTON, "run", *map(str, places))
        yield Box(stack.enter_context(started(command, environment)), folder)


@contextmanager
def at_terminal(command: tuple[str, ...], environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Start a program at a pty of its own; yields its PID and our end of the pty. Kills it on leaving."""
    pid, fd = pty.fork()
    if pid == 0:
        try:
            os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)  # a child must not carry on as a second bench
    try:
        yield pid, fd
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def usage(pid: int) -> Usage:
    """Return what a process has used so far; the scheduler counts CPU time in nanoseconds."""
    cpu_ns = switches = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        cpu_ns += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        rows = (row.split() for row in (task / "status").read_text(encoding="ascii").splitlines())
        switches += sum(int(row[1]) for row in rows if row[0].endswith("ctxt_switches:"))
    return Usage(cpu_ns, switches)


def pause(seconds: float) -> None:
    """Block for some seconds."""
    select.select([], [], [], seconds)


def _field(pid: int, name: str) -> int:
    rows = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith(f"{name}:"))
