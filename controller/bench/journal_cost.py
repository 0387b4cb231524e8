"""What the journal costs: the time of a commit, the bytes written to the card, and how both grow with the frames."""

from pathlib import Path
from tempfile import TemporaryDirectory

from config.record import dataclass
from controller.bench.figures import Spread
from controller.journal.records import Advanced, Began, FrameEdge, FrameRecord, Intent, RunRecord
from controller.journal.schema import FILE, open_journal
from controller.journal.store import Store
from controller.journal.writer import BATCH
from hardware.clock import MILLISECOND_NS, SECOND_NS, SystemClock
from hardware.timeline import Line

ON_DISK = Path("/var/tmp")  # noqa: S108 - unlike /tmp it is never in memory; the folder made there gets a random name
COMMITS = 300
SIZES = (1_000, 10_000, 100_000)
_EVERY_NS = 5 * SECOND_NS
_RUN = RunRecord(1, None, 0, "bench", 0, _EVERY_NS, 0, "canon-e3", "dialled in, single", {"interval.every": "5s"})


@dataclass(frozen=True, slots=True)
class JournalCost:
    """With `frames` in the journal: the time of a commit, and per frame the bytes written to the disk and kept.

    `written` is None if the kernel does not count it.
    """

    frames: int
    commit_ns: Spread
    written: float | None
    kept: float


def measure(sizes: tuple[int, ...] = SIZES, commits: int = COMMITS) -> tuple[JournalCost, ...]:
    """Fill a journal on the disk up to each size, the last `commits` frames of it one by one, as a run does."""
    with TemporaryDirectory(prefix="backbutton-bench-", dir=ON_DISK if ON_DISK.exists() else None) as folder:
        path = Path(folder) / FILE
        store = Store(open_journal(path).connection)
        try:
            store.write((Began(_RUN),))
            written, costs = 0, []
            for size in sizes:
                while written < size - commits:
                    room = min(BATCH, size - commits - written)
                    store.write([_record(slot) for slot in range(written, written + room)])
                    written += room
                costs.append(_cost(store, path, range(written, size)))
                written = size
            return tuple(costs)
        finally:
            store.close()


def _cost(store: Store, path: Path, slots: range) -> JournalCost:
    before = _bytes_written()
    took_ns = []
    for slot in slots:
        record = _record(slot)
        began_ns = SystemClock.now_ns()
        store.write((record,))
        took_ns.append(SystemClock.now_ns() - began_ns)
    after = _bytes_written()
    written = None if before is None or after is None else (after - before) / len(slots)
    return JournalCost(slots.stop, Spread.of(took_ns), written, path.stat().st_size / slots.stop)


def _record(slot: int) -> Advanced:
    """Return what a run records after a frame of a camera that needs FOCUS: four edges, and the next slot."""
    due_ns = slot * _EVERY_NS
    plan = ((Line.FOCUS, True, -100), (Line.SHUTTER, True, 0), (Line.SHUTTER, False, 100), (Line.FOCUS, False, 105))
    edges = tuple(
        FrameEdge(line, closed, due_ns + at_ms * MILLISECOND_NS, due_ns + at_ms * MILLISECOND_NS + 21_000)
        for line, closed, at_ms in plan
    )
    return Advanced(1, (FrameRecord(slot, due_ns, "fired", edges=edges),), Intent(slot + 1, due_ns + _EVERY_NS))


def _bytes_written() -> int | None:
    """Return how many bytes this process has sent to a disk; None if the kernel does not count them."""
    try:
        rows = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(row.split()[1]) for row in rows if row.startswith("write_bytes:")), None)
