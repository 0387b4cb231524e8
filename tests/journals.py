"""What the tests of the journal share: runs and frames as the core would enter them, and a writer to listen to."""

import queue
import sqlite3
from contextlib import closing, contextmanager

from controller.journal.read import Reader
from controller.journal.records import FrameEdge, FrameRecord, Intent, RunRecord
from controller.journal.schema import opened_to_read
from controller.journal.writer import JournalWriter
from hardware.clock import ClockSample
from hardware.timeline import Line

S = 1_000_000_000
MS = 1_000_000
T0, EVERY = 1_000 * S, 5 * S
NOON_NS = 1_782_043_200 * S
BOOT = "2f1c"
NOW = ClockSample(NOON_NS + 10 * S, T0, is_trusted=True)  # ten seconds after the runs here were started
PATIENCE_S = 30  # only a test that fails waits so long


def run_of(number, **facts):
    told = {
        "started_wall_ns": NOON_NS,
        "started_ns": T0 - 10 * S,
        "boot_id": BOOT,
        "t0_ns": T0,
        "every_ns": EVERY,
        "count": 0,
        "camera": "nikon-mc-dc2",
        "focus": "dialled in, single",
        "settings": {"interval.every": "5s"},
    }
    return RunRecord(number, **told | facts)


def due_ns(slot):
    return T0 + slot * EVERY


def fired(slot, late_ns=40_000, outcome="fired", **facts):
    """A frame of a body that needs FOCUS, its mirror raised three seconds before."""
    due = due_ns(slot)
    presses = ((Line.SHUTTER, -3 * S), (Line.SHUTTER, 0))
    edges = [
        FrameEdge(line, closed, due + at_ns + shift, due + at_ns + shift + late_ns)
        for line, at_ns in presses
        for closed, shift in ((True, 0), (False, 200 * MS))
    ]
    return FrameRecord(slot, due, outcome, edges=tuple(edges), **facts)


def skipped(slot, reason="paused"):
    return FrameRecord(slot, due_ns(slot), "skipped", reason)


def intent(slot):
    return Intent(slot, due_ns(slot))


class Told:
    """Listens to a writer: `durable()` and `trouble()` wait for the next word."""

    def __init__(self):
        self._durable, self._trouble = queue.SimpleQueue(), queue.SimpleQueue()

    def on_durable(self, run_id, slot):
        self._durable.put((run_id, slot))

    def on_trouble(self, sentence):
        self._trouble.put(sentence)

    def durable(self):
        return self._durable.get(timeout=PATIENCE_S)

    def trouble(self):
        return self._trouble.get(timeout=PATIENCE_S)

    def all_trouble(self):
        """What was reported so far and not asked for yet."""
        return [self._trouble.get_nowait() for _ in range(self._trouble.qsize())]

    @property
    def is_silent(self):
        return self._trouble.empty()


@contextmanager
def writing(path, told, boot=BOOT, **more):
    """A writer that has been started; stopped at the end. It tries again at once unless told otherwise."""
    options = {"sample": lambda: NOW, "pauses_s": (0.001, 0.001)} | more
    writer = JournalWriter(path, told.on_durable, told.on_trouble, boot, **options)
    writer.start()
    try:
        yield writer
    finally:
        writer.stop()


def begun(writer, told):
    """Begin a run and intend its first slot; return its number."""
    number = writer.new_run_id()
    writer.begin(run_of(number))
    writer.advance(number, (), intent(0))
    assert told.durable() == (number, 0)
    return number


@contextmanager
def reading(path):
    with opened_to_read(path) as connection:
        yield Reader(connection)


def frames_of(path, number=None):
    """The outcomes of a run, the last one unless told otherwise, by slot."""
    with reading(path) as reader:
        summary = reader.run(reader.last_run_id() if number is None else number)
        return {frame.slot: frame.outcome for frame in reader.frames(summary)}


def asked(path, question):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def changed(path, statement):
    """Change a journal that nobody has open."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
