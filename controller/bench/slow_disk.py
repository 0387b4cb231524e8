"""How late edges are on a disk that takes 300 ms for an fsync, while a client reads the journal and saves settings.

The disk is slowed by a small library in front of libc's fsync, so it needs a C compiler. The journal has 100,000
frames from the start, and the run raises the mirror before each frame. The same box without all that is measured
beside it. `python -m controller.bench.slow_disk SOCKET` is the client.
"""

import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from config.record import dataclass
from controller.bench.budgets import Budget
from controller.bench.figures import quantile
from controller.bench.programs import PYTHON, Box, environment, pause, served, started
from controller.bench.tables import Table, span
from controller.client import Client
from controller.errors import CommandError
from controller.journal.command import reading
from controller.journal.records import FIRED, Advanced, Began, Ended, FrameEdge, FrameRecord, RunRecord
from controller.journal.schema import FILE, open_journal
from controller.journal.store import Store
from hardware.clock import MILLISECOND_NS, SECOND_NS
from hardware.timeline import Line

FSYNC_MS = 300
FRAMES = 100_000  # in the journal before the run, in ten runs
SLOTS = 40
EVERY_MS = 2_000  # an intent, and now and then a checkpoint, take three fsyncs: 900 ms
ASKS_PER_SECOND = 10
_RUNS = 10
_SETTINGS = {"shot.mirror_up": "500ms", "interval.every": f"{EVERY_MS}ms"}
_SHARES = (0.5, 0.99, 1.0)
_POLL_INTERVAL_S = 0.5
_SETTLING_S = 3.0  # after its start the journal has a WAL to begin, which takes two fsyncs
_LIBRARY = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static void slow(void) { struct timespec t = {0, %d * 1000000L}; nanosleep(&t, 0); }
int fsync(int fd) { slow(); return ((int (*)(int)) dlsym(RTLD_NEXT, "fsync"))(fd); }
int fdatasync(int fd) { slow(); return ((int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"))(fd); }
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """How late the edges of a run were, in nanoseconds; how many slots it had, and how many of them were fired."""

    late_ns: tuple[int, ...]
    slots: int
    fired: int

    @property
    def lost(self) -> int:
        """How many frames were lost."""
        return self.slots - self.fired


@dataclass(frozen=True, slots=True)
class SlowDisk:
    """The run on the quiet box and the one on the slow disk; `missing` says why there are none."""

    quiet: Turn | None
    slow: Turn | None
    missing: str = ""

    def budgets(self) -> list[Budget]:
        """Compare with the goals: no frame lost, and edges about as punctual as on the quiet box."""
        what, goal = f"frames lost, an fsync of {FSYNC_MS} ms", "none"
        if self.quiet is None or self.slow is None:
            return [Budget(what, goal, self.missing, None)]
        return [Budget(what, goal, f"{self.slow.lost} of {self.slow.slots}", self.slow.lost == 0)]

    def table(self) -> Table:
        """Return the figures of both runs."""
        head = ("", "edges", "median", "99 %", "worst", "frames fired")
        turns = {"the quiet box": self.quiet, f"an fsync of {FSYNC_MS} ms, log, status and saves": self.slow}
        rows = tuple(
            (
                name,
                f"{len(turn.late_ns):,}",
                *(span(quantile(turn.late_ns, share)) for share in _SHARES),
                f"{turn.fired} of {turn.slots}",
            )
            for name, turn in turns.items()
            if turn is not None
        )
        return Table(head, rows, (f"Not measured: {self.missing}.",) if self.missing else ())


def measure(slots: int = SLOTS, frames: int = FRAMES) -> SlowDisk:
    """Take a run on the quiet box, and one on the slow disk with a busy client."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return SlowDisk(None, None, "the slow disk needs a C compiler; run: sudo apt install gcc")
    with environment() as env, TemporaryDirectory(prefix="backbutton-bench-") as folder:
        journal, library = Path(folder) / FILE, Path(folder) / "slow.so"
        _fill(journal, frames)
        _compile(compiler, library)
        quiet = _turn(env, journal, slots, is_busy=False)
        slow = _turn({**env, "LD_PRELOAD": str(library)}, journal, slots, is_busy=True)
        return SlowDisk(quiet, slow)


def _turn(env: Mapping[str, str], journal: Path, slots: int, *, is_busy: bool) -> Turn:
    own = {name: value for name, value in env.items() if name != "LD_PRELOAD"}  # only the daemon's disk is slow
    with served(env, EVERY_MS, slots + 1, journal=journal) as box, closing(box.client) as client:
        for key, value in _SETTINGS.items():
            client.call("settings.set", key=key, value=value)
        command = (PYTHON, "-m", "controller.bench.slow_disk", str(box.socket))
        with started(command, own) if is_busy else nullcontext():
            run_id = take_run(client)
        return read_turn(box, run_id)


def take_run(client: Client) -> int:
    """Take a run; returns its number once the journal has recorded its end."""
    pause(_SETTLING_S)
    client.call("start")
    while client.call("status")["run"] is not None:
        pause(_POLL_INTERVAL_S)
    while (run := client.call("log")["runs"][0])["outcome"] == "open":
        pause(_POLL_INTERVAL_S)
    return int(run["run"])


def read_turn(box: Box, run_id: int) -> Turn:
    """Read how late each edge was, except those of slot 0: it is due at once, so deciding makes it late."""
    with reading(box.folder / FILE) as reader:
        run = reader.run(run_id)
        assert run is not None
        frames = list(reader.frames(run))
    fired = [frame for frame in frames if frame.outcome in FIRED]
    late_ns = (
        edge.actual_ns - edge.planned_ns for frame in fired if frame.slot for edge in frame.edges if edge.actual_ns
    )
    return Turn(tuple(late_ns), sum(frame.slots for frame in frames), len(fired))


def _fill(path: Path, frames: int) -> None:
    store, per_run = Store(open_journal(path).connection), frames // _RUNS
    for number in range(1, _RUNS + 1):
        run = RunRecord(number, None, 0, "bench", 0, SECOND_NS, per_run, "canon-e3", "DIALLED_IN")
        store.write((Began(run), Advanced(number, tuple(map(_frame, range(per_run))), None)))
        store.write((Ended(number, "finished", None, 0, per_run * SECOND_NS, "bench"),))
    store.close()


def _frame(slot: int) -> FrameRecord:
    due_ns = slot * SECOND_NS
    changes = ((Line.SHUTTER, True, 0), (Line.SHUTTER, False, 200 * MILLISECOND_NS))
    edges = tuple(FrameEdge(line, closed, due_ns + ns, due_ns + ns + slot) for line, closed, ns in changes)
    return FrameRecord(slot, due_ns, "fired", edges=edges)


def _compile(compiler: str, library: Path) -> None:
    source = library.with_suffix(".c")
    source.write_text(_LIBRARY % FSYNC_MS, encoding="ascii")
    subprocess.run((compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"), check=True)  # noqa: S603


def _ask(socket: str) -> None:
    """Ask for the log and the status, ten times a second."""
    client = Client.connect(Path(socket), 60)
    while True:
        client.call("log")
        client.call("status")
        pause(1 / ASKS_PER_SECOND)


def _save(socket: str) -> None:
    """Change a setting and save it, as often as the disk allows."""
    client = Client.connect(Path(socket), 60)
    while True:
        for value in ("400ms", "500ms"):
            with suppress(CommandError):  # no setting changes under a frame
                client.call("settings.set", key="focus.double_tap", value=value)
            client.call("settings.save")


if __name__ == "__main__":
    print("at work", flush=True)
    threading.Thread(target=_ask, args=sys.argv[1:2], daemon=True).start()
    _save(sys.argv[1])
