"""The journal on the disk: a queue that never blocks, and the one thread that writes it, one commit a frame.

Any trouble with the disk (full, read-only, gone, damaged) is reported in a sentence, once, and the write is retried;
until then entries are kept, up to a bound. Knows the store and how disks fail; does not know what a run means.
"""

import contextlib
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from controller.journal.damage import FILE_ERRORS, is_damage, set_aside, why
from controller.journal.journal import Journal, OnDurable, report_durable
from controller.journal.read import Reader
from controller.journal.records import Began, Ended, Entry
from controller.journal.schema import Opened, open_journal
from controller.journal.store import Store
from hardware.clock import ClockSample

ROOM = 4096  # entries kept while the disk takes none: 5 h of a frame every 5 s, 4 MB measured
BATCH = 256  # most entries in one commit
CHECKPOINT_ENTRIES = 96  # the WAL stays near 1 MiB
PAUSES_S = (1.0, 60.0)  # from a failure to the next attempt, the first and the longest; each is twice the one before
START_PATIENCE_S = 10.0  # how long the start of the box waits for a file that is checked on a slow card
STOP_PATIENCE_S = 2.0  # the service manager gives the whole stop 5 s

# Errors of an entry that we made, not of the disk: a retry would not help.
_OURS = (
    *(sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError),
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError),
)
_log = logging.getLogger("backbutton")


def _ignore() -> None:
    """Do nothing."""


class JournalWriter(Journal):
    """Writes to `path`, or to a file beside it if that one is of a newer version.

    The callbacks come from its own thread. `on_trouble` gets a sentence when the journal fails, when it works again,
    and when a file was set aside; the one that more entries come than are kept comes from the caller's thread.
    `on_open` is called if the journal opens only after `start` has returned: then `unfinished` and `mirror_left` are
    known. `pause` is called between the steps of a write, and blocks while an edge is near.
    """

    def __init__(
        self,
        path: Path,
        on_durable: OnDurable,
        on_trouble: Callable[[str], None],
        boot_id: str,
        sample: Callable[[], ClockSample],
        *,
        pauses_s: tuple[float, float] = PAUSES_S,
        room: int = ROOM,
        on_open: Callable[[], None] = _ignore,
        pause: Callable[[], None] = _ignore,
    ) -> None:
        super().__init__(boot_id, sample)
        self._path = path
        self._on_durable = on_durable
        self._on_trouble = on_trouble
        self._pauses_s = pauses_s
        self._room = room
        self._on_open = on_open
        self._pause = pause
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._is_up = threading.Event()
        self._changed = threading.Condition()  # guards the five below
        self._entries: deque[Entry] = deque()
        self._lost = 0
        self._last_run_id = 0
        self._is_ending = False
        self._is_late = False
        self._uncheckpointed = 0  # entries; from here on, touched by the thread only
        self._pause_s = 0.0
        self._store: Store | None = None
        self._file = path
        self._identity = (0, 0)
        self._running: Began | None = None

    def start(self) -> None:
        """Open the journal; blocks until that is done, has failed, or has taken START_PATIENCE_S."""
        self._thread.start()
        self._is_up.wait(START_PATIENCE_S)
        with self._changed:
            self._is_late = not self.has_opened

    def stop(self) -> None:
        """Write what is left, if the disk takes it, and close; blocks for STOP_PATIENCE_S at most."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(STOP_PATIENCE_S)

    def new_run_id(self) -> int:
        """Return the number for a new run; if the file turns out to have it, the next free one is used."""
        with self._changed:
            self._last_run_id += 1
            return self._last_run_id

    def put_all(self, entries: tuple[Entry, ...]) -> None:
        """Queue entries for the thread; those that find no room are lost, and reported once. Never blocks."""
        with self._changed:
            taken = entries[: max(0, self._room - len(self._entries))]
            self._entries.extend(taken)
            self._changed.notify()
            is_first = self._lost == 0 and len(taken) < len(entries)
            self._lost += len(entries) - len(taken)
        if is_first:
            self._on_trouble(f"the journal cannot keep up: {self._room} entries wait for the disk, more are lost")

    def _run(self) -> None:
        try:
            self._attempt(self._open)
            self._is_up.set()
            self._attempt(self._prepare)
            while self._await_work():
                is_tried = self._store is None
                self._attempt(self._open if is_tried else self._write_on)
                if self._is_ending and is_tried and self._store is None:
                    break
            self._log_left()
        except BaseException as error:  # noqa: BLE001 - the camera carries on, so it is reported and not raised
            _log.exception("the journal stopped because of a mistake in backbutton")
            self.is_working = False
            self._on_trouble(f"the journal stopped, and frames are not entered: {error!r}")
        finally:
            self._close()
            self._is_up.set()

    def _log_left(self) -> None:
        left = len(self._entries)
        if left:
            _log.warning(
                "%s lost", "1 entry of the journal is" if left == 1 else f"{left} entries of the journal are"
            )

    def _await_work(self) -> bool:
        with self._changed:
            if self._store is None:
                self._changed.wait_for(lambda: self._is_ending, self._pause_s)
            else:
                self._changed.wait_for(lambda: self._is_ending or self._entries)
            return bool(self._entries) or not self._is_ending

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (*FILE_ERRORS, OSError) as error:
            self._fail(error)

    def _open(self) -> None:
        opened = self._opened()
        for sentence in opened.sentences:
            self._on_trouble(sentence)
        assert self._store is not None
        is_first = not self.has_opened
        if is_first:
            with self._changed:
                self.has_opened = True
        elif self._running is not None:  # this may be another file, and the run continues in it
            self._store.write((self._running,), belated=True)
        self._store.write([self._note("journal", sentence) for sentence in opened.sentences])
        if not self.is_working:
            self._catch_up()
        with self._changed:
            self._last_run_id = max(self._last_run_id, self._store.last_run_id())
        if is_first and self._is_late:
            self._on_open()

    def _opened(self) -> Opened:
        """Open the file and read what the last process left in it; if that cannot be read, begin another file."""
        try:
            return self._use(open_journal(self._path))
        except FILE_ERRORS as error:
            if self._store is None or not is_damage(error, self._file):
                raise
            self._close()
            sentence = set_aside(self._file, error)
        return self._use(open_journal(self._path), sentence)

    def _use(self, opened: Opened, *before: str) -> Opened:
        self._store, self._file = Store(opened.connection), opened.path
        self._identity = _identity(opened.path)
        if not self.has_opened:
            self._find_unfinished(self._store)
        return Opened(opened.connection, opened.path, (*before, *opened.sentences))

    def _find_unfinished(self, store: Store) -> None:
        """Read what the last process left behind, before anything is written."""
        reader = Reader(store.connection)
        self.unfinished, self.mirror_left = reader.unfinished(self._boot_id), reader.mirror()
        store.settle()

    def _prepare(self) -> None:
        """Do what would make the first commit slow, and store the summaries of old runs, unless entries wait."""
        if not self._entries and self._store is not None:
            self._store.begin_log()
        while not self._entries and self._store is not None and self._store.summarise_one():
            pass

    def _catch_up(self) -> None:
        """Write what waited while the journal failed, and prove by a note that it works again."""
        late = left = len(self._entries)
        while left > 0:
            self._write(min(left, BATCH), belated=True)
            left -= BATCH
        entries = "1 entry is" if late == 1 else f"{late} entries are"
        sentence = f"{self._file}: the journal works again; {entries} late"
        self._store_now().write((self._note("journal", sentence),))
        self.is_working = True
        self._on_trouble(sentence)

    def _write_on(self) -> None:
        self._write(BATCH, belated=False)
        self._pause_s = 0.0

    def _write(self, most: int, *, belated: bool) -> None:
        """Write the first `most` entries in one commit; an entry that cannot be written is reported and dropped."""
        with self._changed:
            batch = tuple(islice(self._entries, most))
        self._pause()
        try:
            self._store_now().write(batch, belated=belated)
        except UnicodeDecodeError:  # a row of the file, not an entry
            raise
        except _OURS as error:
            if len(batch) > 1:
                for _ in batch:
                    self._write(1, belated=belated)
                return
            _log.exception("the journal cannot take an entry, because of a mistake in backbutton: %r", batch)
            self._on_trouble(f"the journal cannot take an entry, because of a mistake in backbutton: {error!r}")
            batch = batch[:0]
            self._drop(1)
        if _identity(self._file) != self._identity:  # SQLite would keep writing to a file that has no name any more
            raise FileNotFoundError(0, "another file is in its place", str(self._file))
        self._pause()
        self._drop(len(batch))
        self._track_run(batch)
        report_durable(batch, self._on_durable)
        self._uncheckpointed += len(batch)
        if self._uncheckpointed >= CHECKPOINT_ENTRIES:
            self._store_now().checkpoint()
            self._uncheckpointed = 0

    def _drop(self, size: int) -> None:
        with self._changed:
            for _ in range(size):
                self._entries.popleft()
            lost, self._lost = (0, self._lost) if self._entries else (self._lost, 0)
        if lost:
            sentence = f"the journal keeps up again; {lost} entries were lost"
            self.put_all((self._note("journal", sentence),))
            self._on_trouble(sentence)

    def _track_run(self, batch: tuple[Entry, ...]) -> None:
        for entry in batch:
            if isinstance(entry, Began):
                self._running = entry
            elif isinstance(entry, Ended):
                self._running = None

    def _fail(self, error: Exception) -> None:
        was_working, self.is_working = self.is_working, False
        self._close()
        first_s, most_s = self._pauses_s
        self._pause_s = min(max(first_s, 2 * self._pause_s), most_s)
        if is_damage(error, self._file):
            with contextlib.suppress(OSError):  # the next attempt meets the same file, and reports why it fails
                self._on_trouble(set_aside(self._file, error))
        if was_working:
            self._on_trouble(f"{self._file}: the journal cannot be written ({why(error)}); frames go on without it")

    def _close(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            with contextlib.suppress(sqlite3.Error):  # it could not be written, which has been reported
                store.close()

    def _store_now(self) -> Store:
        assert self._store is not None, "the journal is open"
        return self._store


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
