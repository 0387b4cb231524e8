"""The interface of a journal, and one that is written at once. Knows no disk."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from controller.journal.read import Reader
from controller.journal.records import (
    NO_RUN,
    Advanced,
    Began,
    Ended,
    Entry,
    FrameRecord,
    Intent,
    MirrorIntended,
    MirrorIsDown,
    MirrorRecord,
    Note,
    RunRecord,
    Unfinished,
)
from controller.journal.schema import open_memory
from controller.journal.store import Store
from hardware.clock import ClockSample

# Characters of a note: a fault's text fits, and a loop of faults does not fill the disk at once.
LONGEST_TEXT = 1000

# Called with an intent that is on the disk: the run and the slot, or NO_RUN and the number of a frame by hand.
OnDurable = Callable[[int, int], None]


class Journal(ABC):
    """Records what happens in runs; no call blocks.

    `unfinished` is the run that was open when the process before this one died, `mirror_left` what that process had
    on record of the camera's mirror; both are None until the journal `has_opened`, and where there was none. While
    `is_working` is False no intent becomes durable. `sample` reads the box's clock, from any thread.
    """

    unfinished: Unfinished | None = None
    mirror_left: MirrorRecord | None = None
    has_opened = False
    is_working = True

    def __init__(self, boot_id: str, sample: Callable[[], ClockSample]) -> None:
        self.sample = sample
        self._boot_id = boot_id
        self._collected: list[Entry] | None = None

    @abstractmethod
    def start(self) -> None:
        """Open the journal."""

    @abstractmethod
    def stop(self) -> None:
        """Write what is left, and close."""

    @abstractmethod
    def new_run_id(self) -> int:
        """Return the number for a new run."""

    def begin(self, run: RunRecord) -> None:
        """Record that a run begins."""
        self.put(Began(run))

    def resume(self, run: RunRecord) -> None:
        """Record that the unfinished run continues under its number, in this boot and with this t0."""
        self.put(Began(run, resumes=True))

    def advance(
        self,
        run_id: int,
        completed: tuple[FrameRecord, ...],
        intended: Intent | None,
        *,
        is_mirror_down: bool = False,
    ) -> None:
        """Record slots that are over and the intent to fire the next: all of it, or nothing."""
        self.put(Advanced(run_id, completed, intended, is_mirror_down))

    def intend_mirror(self, number: int, mirror: MirrorRecord) -> None:
        """Record what a frame by hand may do to the mirror."""
        self.put(MirrorIntended(number, mirror))

    def mirror_is_down(self) -> None:
        """Record that the mirror is down."""
        self.put(MirrorIsDown())

    def end(self, run_id: int, outcome: str, reason: str | None = None) -> None:
        """Record that a run is over."""
        now = self.sample()
        wall_ns = now.wall_ns if now.is_trusted else None
        self.put(Ended(run_id, outcome, reason, wall_ns, now.monotonic_ns, self._boot_id))

    def note(self, kind: str, text: str) -> None:
        """Record a fault or a notable event; it belongs to the run in progress, if there is one."""
        self.put(self._note(kind, text))

    def put(self, entry: Entry) -> None:
        """Write an entry, now or soon; inside `together`, with the others."""
        if self._collected is None:
            self.put_all((entry,))
        else:
            self._collected.append(entry)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write all that is recorded inside in one commit: each takes a wait for the disk. Not to be nested."""
        collected: list[Entry] = []
        self._collected = collected
        try:
            yield
        finally:
            self._collected = None
            if collected:
                self.put_all(tuple(collected))

    @abstractmethod
    def put_all(self, entries: tuple[Entry, ...]) -> None:
        """Write entries, now or soon."""

    def _note(self, kind: str, text: str) -> Note:
        now = self.sample()
        return Note(now.wall_ns, now.monotonic_ns, self._boot_id, kind, text[:LONGEST_TEXT], now.is_trusted)


class InlineJournal(Journal):
    """A journal in memory, or on a connection, which every call writes at once; `reader` reads it.

    It is for tests and for the documents; a simulation keeps no journal.
    """

    has_opened = True

    def __init__(
        self,
        on_durable: OnDurable,
        sample: Callable[[], ClockSample],
        boot_id: str = "virtual",
        *,
        connection: sqlite3.Connection | None = None,
    ) -> None:
        super().__init__(boot_id, sample)
        self._on_durable = on_durable
        self._store = Store(connection or open_memory())
        self.reader = Reader(self._store.connection)

    def start(self) -> None:
        """Do nothing: it is open."""

    def stop(self) -> None:
        """Forget everything."""
        self._store.close()

    def new_run_id(self) -> int:
        """Return the number for a new run."""
        return self._store.last_run_id() + 1

    def inherit(self, connection: sqlite3.Connection) -> None:
        """Open what a journal that has died left behind, as a writer does when it starts."""
        self._store.close()
        self._store, self.reader = Store(connection), Reader(connection)
        self.unfinished = self.reader.unfinished(self._boot_id)
        self.mirror_left = self.reader.mirror()
        self._store.settle()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection it writes to."""
        return self._store.connection

    def put_all(self, entries: tuple[Entry, ...]) -> None:
        """Write entries now."""
        self._store.write(entries)
        report_durable(entries, self._on_durable)


def report_durable(entries: Iterable[Entry], on_durable: OnDurable) -> None:
    """Report the intents among entries that have just been written."""
    for entry in entries:
        match entry:
            case Advanced(run_id, _, Intent(slot)):
                on_durable(run_id, slot)
            case MirrorIntended(number):
                on_durable(NO_RUN, number)
