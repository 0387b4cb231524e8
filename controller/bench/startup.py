"""What the box's programs need to start and to stay, beside processes that only import what they stand on."""

import os
import select
from collections.abc import Mapping, Sequence

from config.record import dataclass
from controller.bench.numbers import Spread
from controller.bench.programs import (
    BACKBUTTON,
    PATIENCE_S,
    PYTHON,
    at_terminal,
    environment,
    let_pass,
    served,
    started,
    usage,
)
from controller.errors import DaemonError
from hardware.clock import MILLISECOND_NS, SystemClock

ROUNDS = 9
# What the daemon stands on; not gpiod, which it does without on mock pins.
LIBRARIES = "import gpiozero, transitions, asyncio"
SETTLES_S = 0.5
_AWAIT_END = "print('ready', flush=True); input()"
_BARE = "import readline\nwhile True: input('> ')"


@dataclass(frozen=True, slots=True)
class Start:
    """A start of a program: how long until it was ready, the CPU time of that, its memory once it has settled."""

    ready_ns: int
    cpu_ns: int
    memory_kib: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting at a program: from its start to the prompt, and the CPU time of start and keys."""

    to_prompt_ns: int
    start_cpu_ns: int
    keys_cpu_ns: int


@dataclass(frozen=True, slots=True)
class Startup:
    """The starts of each program, round by round."""

    libraries: tuple[Start, ...]
    daemon: tuple[Start, ...]
    bare: tuple[Sitting, ...]
    console: tuple[Sitting, ...]
    keys: int

    @property
    def ready_ratio(self) -> float:
        """How many times as long the daemon needs to be ready as the imports alone."""
        return _ratio([each.ready_ns for each in self.daemon], [each.ready_ns for each in self.libraries])

    @property
    def memory_ratio(self) -> float:
        """How many times as much memory the daemon has as the libraries alone."""
        return _ratio([each.memory_kib for each in self.daemon], [each.memory_kib for each in self.libraries])


def measure(rounds: int = ROUNDS, keys: int = 0) -> Startup:
    """Start each program in turn, so many rounds, and type `keys` keys at the consoles."""
    with environment() as env, served(env) as box:
        console = (*BACKBUTTON, "console", "--socket", str(box.socket))
        taken = [
            (
                _libraries(env),
                _daemon(env),
                sit((PYTHON, "-c", _BARE), b"> ", env, keys),
                sit(console, b"backbutton> ", env, keys),
            )
            for _ in range(rounds + 1)
        ][1:]  # the first round fills the caches
    libraries, daemon, bare, consoles = zip(*taken, strict=True)
    return Startup(libraries, daemon, bare, consoles, keys)


def _libraries(env: Mapping[str, str]) -> Start:
    with started((PYTHON, "-c", f"{LIBRARIES}; {_AWAIT_END}"), env) as program:
        cpu_ns = program.usage.cpu_ns
        return Start(program.ready_ns, cpu_ns, program.memory_kib)


def _daemon(env: Mapping[str, str]) -> Start:
    with served(env) as box:
        cpu_ns = box.program.usage.cpu_ns
        let_pass(SETTLES_S)
        return Start(box.program.ready_ns, cpu_ns, box.program.memory_kib)


def sit(command: tuple[str, ...], prompt: bytes, env: Mapping[str, str], keys: int) -> Sitting:
    """Start a program at a terminal of its own, wait for its prompt, type keys one after another was echoed."""
    began_ns = SystemClock.now_ns()
    with at_terminal(command, env) as (pid, fd):
        _await(fd, prompt)
        prompt_ns = SystemClock.now_ns()
        start_cpu_ns = usage(pid).cpu_ns
        for _ in range(keys // 2):
            for key, echo in ((b"x", b"x"), (b"\x7f", b"\b")):
                os.write(fd, key)
                _await(fd, echo)
        return Sitting(prompt_ns - began_ns, start_cpu_ns, usage(pid).cpu_ns - start_cpu_ns)


def _await(fd: int, text: bytes) -> None:
    heard = b""
    while text not in heard:
        if not select.select([fd], [], [], PATIENCE_S)[0]:
            raise DaemonError(f"waited {PATIENCE_S:g} s for {text!r}, heard {heard!r}")
        heard += os.read(fd, 65536)


def columns(starts: Sequence[Start]) -> tuple[Spread, Spread, Spread]:
    """Return the spread of times to be ready and of CPU times, in ms, and of memory, in KiB."""
    return (
        Spread.of([each.ready_ns / MILLISECOND_NS for each in starts]),
        Spread.of([each.cpu_ns / MILLISECOND_NS for each in starts]),
        Spread.of([each.memory_kib for each in starts]),
    )


def prompt_columns(sittings: Sequence[Sitting]) -> tuple[Spread, Spread]:
    """Return the spread of times to the prompt and of CPU times for it, in ms."""
    return (
        Spread.of([each.to_prompt_ns / MILLISECOND_NS for each in sittings]),
        Spread.of([each.start_cpu_ns / MILLISECOND_NS for each in sittings]),
    )


def _ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    return Spread.of(ours).middle / Spread.of(others).middle
