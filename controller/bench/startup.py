"""What it takes to start the daemon and the console, compared with only importing their libraries."""

import os
import select
from collections.abc import Mapping, Sequence

from config.record import dataclass
from controller.bench.figures import Spread
from controller.bench.programs import (
    BACKBUTTON,
    PYTHON,
    TIMEOUT_S,
    at_terminal,
    environment,
    pause,
    served,
    started,
    usage,
)
from controller.errors import DaemonError
from hardware.clock import SystemClock

ROUNDS = 9
# What the daemon needs on mock pins, which is not gpiod.
LIBRARIES = "import gpiozero, transitions, asyncio"
SETTLES_S = 0.5
_AWAIT_END = "print('ready', flush=True); input()"
_BARE = "import readline\nwhile True: input('> ')"


@dataclass(frozen=True, slots=True)
class Start:
    """A start of a program: how long until it was ready, the CPU time for that, and its memory once settled."""

    ready_ns: int
    cpu_ns: int
    memory_kib: int


@dataclass(frozen=True, slots=True)
class Session:
    """A session at a terminal: the time from start to prompt, and the CPU time of the start and of the keys."""

    to_prompt_ns: int
    start_cpu_ns: int
    keys_cpu_ns: int


@dataclass(frozen=True, slots=True)
class Startup:
    """The starts of each program, round by round, and how many keys were typed in each session."""

    libraries: tuple[Start, ...]
    daemon: tuple[Start, ...]
    bare: tuple[Session, ...]
    console: tuple[Session, ...]
    keys: int

    @property
    def ready_ratio(self) -> float:
        """How long the daemon takes to be ready, as a multiple of the imports alone."""
        return _ratio([each.ready_ns for each in self.daemon], [each.ready_ns for each in self.libraries])

    @property
    def memory_ratio(self) -> float:
        """How much memory the daemon has, as a multiple of the libraries alone."""
        return _ratio([each.memory_kib for each in self.daemon], [each.memory_kib for each in self.libraries])


def measure(rounds: int = ROUNDS, keys: int = 0) -> Startup:
    """Start each program in turn, `rounds` times, and type `keys` keys in each console."""
    with environment() as env, served(env) as box:
        console = (*BACKBUTTON, "console", "--socket", str(box.socket))
        measured = [
            (
                _libraries(env),
                _daemon(env),
                run_session((PYTHON, "-c", _BARE), b"> ", env, keys),
                run_session(console, b"backbutton> ", env, keys),
            )
            for _ in range(rounds + 1)
        ][1:]  # the first round fills the caches
    libraries, daemon, bare, consoles = zip(*measured, strict=True)
    return Startup(libraries, daemon, bare, consoles, keys)


def _libraries(env: Mapping[str, str]) -> Start:
    with started((PYTHON, "-c", f"{LIBRARIES}; {_AWAIT_END}"), env) as program:
        cpu_ns = program.usage.cpu_ns
        return Start(program.ready_ns, cpu_ns, program.memory_kib)


def _daemon(env: Mapping[str, str]) -> Start:
    with served(env) as box:
        cpu_ns = box.program.usage.cpu_ns
        pause(SETTLES_S)
        return Start(box.program.ready_ns, cpu_ns, box.program.memory_kib)


def run_session(command: tuple[str, ...], prompt: bytes, env: Mapping[str, str], keys: int) -> Session:
    """Start a program at a pty, wait for its prompt, then type keys, each after the echo of the one before."""
    began_ns = SystemClock.now_ns()
    with at_terminal(command, env) as (pid, fd):
        _await(fd, prompt)
        prompt_ns = SystemClock.now_ns()
        start_cpu_ns = usage(pid).cpu_ns
        for _ in range(keys // 2):
            for key, echo in ((b"x", b"x"), (b"\x7f", b"\b")):
                os.write(fd, key)
                _await(fd, echo)
        return Session(prompt_ns - began_ns, start_cpu_ns, usage(pid).cpu_ns - start_cpu_ns)


def _await(fd: int, text: bytes) -> None:
    output = b""
    while text not in output:
        if not select.select([fd], [], [], TIMEOUT_S)[0]:
            raise DaemonError(f"waited {TIMEOUT_S:g} s for {text!r}, but read {output!r}")
        output += os.read(fd, 65536)


def _ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    return Spread.of(ours).median / Spread.of(others).median
