"""How late the edges of a run are, compared with `cyclictest` and a loop that only waits.

All are measured in short turns in one run, at the same rate, and each under SCHED_FIFO if that is granted.
`cyclictest` keeps idle CPUs from sleeping, which on a virtual machine makes a difference of milliseconds. So that is
done for all of them, and then, for fewer turns, for none.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from itertools import chain
from pathlib import Path

from config.record import dataclass
from controller.bench.figures import quantile
from controller.bench.programs import PYTHON, Box, environment, pause, served, started
from controller.journal.command import reading
from controller.journal.schema import FILE
from hardware.clock import MILLISECOND_NS
from hardware.realtime import PRIORITY

ROUNDS = 7
EVERY_MS = 200  # at a shorter interval the journal cannot flush the next intent in time
SLOTS = 40  # 8 s per turn: short, so that disturbances by the host are spread over all
EDGES = 4  # per frame: each contact closes and opens
_ASLEEP_EVERY = 4  # one round in so many is measured with CPUs that may sleep
_POLL_INTERVAL_S = 0.5
_US = 1_000
_CPU_TIMES = Path("/proc/stat")
_STEAL = 7  # the index of steal time in a row of times, man 5 proc


@dataclass(frozen=True, slots=True)
class Waits:
    """How late waits ended or edges were, in nanoseconds, by what was measured; `missing` says what was not, and why.

    `stolen` is the share of CPU time that a virtual machine's host took for others meanwhile (steal time).
    """

    late_ns: Mapping[str, tuple[int, ...]]
    missing: Mapping[str, str]
    stolen: Mapping[str, float]

    def ratio(self, name: str, share: float = 0.999, to: str = "cyclictest") -> float | None:
        """Return how late `share` of one are, as a multiple of the other; None if either is missing."""
        if name not in self.late_ns or to not in self.late_ns:
            return None
        return quantile(self.late_ns[name], share) / quantile(self.late_ns[to], share)


CYCLICTEST, BARE_LOOP, IDLE, LOADED = "cyclictest", "a bare loop", "the box, idle", "the box, under load"
BESIDE_LOAD = "cyclictest, under that load"  # how much of the lateness is the machine's
ASLEEP = ("cyclictest, processors may sleep", "the box, idle, processors may sleep")
_LATENCY = Path("/dev/cpu_dma_latency")  # while it is open, CPUs sleep no deeper than was written (kernel: pm_qos)


def measure(rounds: int = ROUNDS, slots: int = SLOTS) -> Waits:
    """Measure all in turn, `rounds` times; a turn is `slots` frames of the box, or as many waits as they have edges.

    With CPUs that may sleep, a quarter of the rounds are measured, and at least one.
    """
    awake: dict[str, _Turn] = {
        CYCLICTEST: cyclictest,
        BARE_LOOP: _bare_loop,
        IDLE: _idle_box,
        LOADED: _loaded_box,
        BESIDE_LOAD: _loaded_cyclictest,
    }
    asleep: dict[str, _Turn] = dict(zip(ASLEEP, (_sleepy_cyclictest, _idle_box), strict=True))
    late_ns: dict[str, list[int]] = {}
    spent: dict[str, list[tuple[int, int]]] = {}
    missing: dict[str, str] = {}
    with environment() as env:
        for name, turn in [*awake.items()] * rounds + [*asleep.items()] * -(-rounds // _ASLEEP_EVERY):
            before = ticks()
            try:
                with cpus_awake() if name in awake else nullcontext():
                    late_ns.setdefault(name, []).extend(turn(env, slots))
            except MissingError as error:
                missing[name] = str(error)
            spent.setdefault(name, []).append(ticks_since(before))
    measured = {name: tuple(each_ns) for name, each_ns in late_ns.items() if each_ns}
    return Waits(measured, missing, {name: stolen_share(spent[name]) for name in measured})


_Turn = Callable[[Mapping[str, str], int], list[int]]


def ticks() -> tuple[int, int]:
    """Return the ticks that all CPUs have spent since boot, and how many of them a host took away."""
    ticks = [int(word) for word in _CPU_TIMES.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    return sum(ticks), ticks[_STEAL]


def ticks_since(before: tuple[int, int]) -> tuple[int, int]:
    """Return how many ticks have passed since `before`, and how many of them a host took away."""
    all_ticks, stolen = ticks()
    return all_ticks - before[0], stolen - before[1]


def stolen_share(spent: Iterable[tuple[int, int]]) -> float:
    """Return what share of the ticks a host took away."""
    all_ticks, stolen = map(sum, zip(*spent, strict=True))
    return stolen / max(all_ticks, 1)


class MissingError(Exception):
    """Something cannot be measured on this machine; the message says why."""


@contextmanager
def cpus_awake() -> Iterator[None]:
    """Keep idle CPUs from sleeping, as cyclictest does by itself; does nothing if only root may."""
    with ExitStack() as stack:
        with suppress(OSError):
            file = stack.enter_context(_LATENCY.open("wb", buffering=0))
            file.write(bytes(4))
        yield


def _sleepy_cyclictest(env: Mapping[str, str], slots: int) -> list[int]:
    return cyclictest(env, slots, "--laptop")


def _idle_box(env: Mapping[str, str], slots: int) -> list[int]:
    return _box(env, slots, loaded=False)


def _loaded_box(env: Mapping[str, str], slots: int) -> list[int]:
    return _box(env, slots, loaded=True)


def cyclictest(_env: Mapping[str, str], slots: int, *more: str) -> list[int]:
    """Run cyclictest (rt-tests) with as many waits as long, at the same priority; it reports whole microseconds."""
    if shutil.which("cyclictest") is None:
        raise MissingError("cyclictest is not installed; run: sudo apt install rt-tests")
    every_us = EVERY_MS * 1000 // EDGES
    command = ("cyclictest", "-m", "-v", f"-p{PRIORITY}", f"-i{every_us}", f"-l{slots * EDGES}", "-t1", *more)
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - from the distribution
    rows = [row.split(":") for row in result.stdout.splitlines() if row.count(":") == 2]  # noqa: PLR2004 - thread: n: us
    late_ns = [int(row[2]) * _US for row in rows if row[1].strip().isdecimal()]
    if result.returncode or not late_ns:
        output = (result.stderr or result.stdout).strip().splitlines() or [f"status {result.returncode}"]
        raise MissingError(f"cyclictest failed; run as root: {output[-1]}")
    return late_ns


def _bare_loop(env: Mapping[str, str], slots: int) -> list[int]:
    every_ns = EVERY_MS * MILLISECOND_NS // EDGES
    with started((PYTHON, "-m", "controller.bench.bare_loop", str(every_ns), str(slots * EDGES)), env) as program:
        assert program.process.stdout is not None
        late_ns: list[int] = json.loads(program.process.stdout.readline())
        return late_ns


def _loaded_cyclictest(env: Mapping[str, str], slots: int) -> list[int]:
    with _box_set_up(env, slots, loaded=True):
        return cyclictest(env, slots)


def _box(env: Mapping[str, str], slots: int, *, loaded: bool) -> list[int]:
    """Take a run of `slots` frames, and read from its journal how late each edge was written."""
    with _box_set_up(env, slots, loaded=loaded) as box, closing(box.client) as client:
        client.call("start")
        pause(slots * EVERY_MS / 1000)
        while client.call("status")["run"] is not None:
            pause(_POLL_INTERVAL_S)
        return _edges(box)


@contextmanager
def _box_set_up(env: Mapping[str, str], slots: int, *, loaded: bool) -> Iterator[Box]:
    """Yield a box that is set for a run of `slots` frames after the first, with the load running or without."""
    with served(env, EVERY_MS, slots + 1) as box:
        command = (PYTHON, "-m", "controller.bench.load", str(box.socket), str(box.folder))
        with started(command, env) if loaded else nullcontext():
            yield box


def _edges(box: Box) -> list[int]:
    """Return how late all edges were, except those of slot 0: it is due at once, so deciding makes it late."""
    with reading(box.folder / FILE) as reader:
        run = reader.run(1)
        assert run is not None
        frames = [frame for frame in reader.frames(run) if frame.slot and frame.outcome == "fired"]
    edges = chain.from_iterable(frame.edges for frame in frames)
    return [edge.actual_ns - edge.planned_ns for edge in edges if edge.actual_ns is not None]
