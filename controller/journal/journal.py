"""What a journal is to whoever has runs to enter, and one that is written at once. Knows no disk."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from controller.journal.read import Reader
from controller.journal.records import Advanced, Began, Ended, Entry, FrameRecord, Intent, Note, RunRecord, Unfinished
from controller.journal.schema import open_memory
from controller.journal.store import Store
from hardware.clock import Clock

LONGEST_TEXT = (
    1000  # of a note: whatever a fault has to say fits, and a loop of faults does not fill the disk at once
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

OnDurable = Callable[[int, int], None]  # run_id and slot of an intent that is on the disk


class Journal(ABC):
    """Takes what happens in runs; no call blocks.

    `unfinished` is the run that was open when the process before this one died, as found by `start`; None if there
    was none. While `is_working` is False no intent becomes durable.
    """

    unfinished: Unfinished | None = None
    is_working = True

    def __init__(self, boot_id: str, clock: Clock, wall: Callable[[], datetime]) -> None:
        self._boot_id = boot_id
        self._clock = clock
        self._wall = wall

    @abstractmethod
    def start(self) -> None:
        """Open the journal."""

    @abstractmethod
    def stop(self) -> None:
        """Write what is left, and close."""

    @abstractmethod
    def new_run_id(self) -> int:
        """Return the number for a run that is to begin."""

    def begin(self, run: RunRecord) -> None:
        """Take it that a run begins."""
        self._put(Began(run))

    def resume(self, run: RunRecord) -> None:
        """Take it that the unfinished run goes on under its number, with this boot and this t0."""
        self._put(Began(run, resumes=True))

    def advance(self, run_id: int, completed: tuple[FrameRecord, ...], intended: Intent | None) -> None:
        """Enter slots that are over, and intend the next one: all of it, or nothing."""
        self._put(Advanced(run_id, completed, intended))

    def end(self, run_id: int, outcome: str, reason: str | None = None) -> None:
        """Take it that a run is over."""
        self._put(Ended(run_id, outcome, reason, self._wall_ns(), self._clock.now_ns()))

    def note(self, kind: str, text: str) -> None:
        """Enter a fault or a notable event; it belongs to the run in progress, if there is one."""
        self._put(self._noted(kind, text))

    @abstractmethod
    def _put(self, entry: Entry) -> None:
        """Have an entry written."""

    def _noted(self, kind: str, text: str) -> Note:
        return Note(self._wall_ns(), self._clock.now_ns(), self._boot_id, kind, text[:LONGEST_TEXT])

    def _wall_ns(self) -> int:
        return (self._wall() - _EPOCH) // timedelta(microseconds=1) * 1000


class InlineJournal(Journal):
    """A journal in memory, or on a connection, written at once by whoever calls; `reader` reads it.

    It is for the tests of whoever enters runs; a simulation keeps no journal. When the clock is at 0 it is
    `wall_ns` since 1970.
    """

    def __init__(
        self,
        on_durable: OnDurable,
        clock: Clock,
        boot_id: str = "virtual",
        *,
        connection: sqlite3.Connection | None = None,
        wall_ns: int = 0,
    ) -> None:
        super().__init__(boot_id, clock, lambda: _EPOCH + timedelta(microseconds=(wall_ns + clock.now_ns()) // 1000))
        self._on_durable = on_durable
        self._store = Store(connection or open_memory())
        self.reader = Reader(self._store.connection)

    def start(self) -> None:
        """Do nothing: it is open."""

    def stop(self) -> None:
        """Forget everything."""
        self._store.close()

    def new_run_id(self) -> int:
        """Return the number for a run that is to begin."""
        return self._store.last_run_id() + 1

    def _put(self, entry: Entry) -> None:
        self._store.write((entry,))
        tell_durable((entry,), self._on_durable)


def tell_durable(entries: Iterable[Entry], on_durable: OnDurable) -> None:
    """Tell of the intents among entries that have just been written."""
    for entry in entries:
        if isinstance(entry, Advanced) and entry.intended is not None:
            on_durable(entry.run_id, entry.intended.slot)
