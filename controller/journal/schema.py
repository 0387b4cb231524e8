"""Opens, creates, migrates or sets aside the journal's file. Knows SQLite and the tables, not what they mean.

Nothing is ever deleted: a file that is damaged or no journal is renamed, one of a newer version is left alone.
"""

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from stat import S_ISDIR

from config.record import dataclass
from controller.journal.damage import (
    FILE_ERRORS,
    DamagedError,
    check_kind,
    check_schema,
    check_whole,
    is_damage,
    schema_errors_as_damage,
    set_aside,
)

FILE = "journal.db"
APPLICATION_ID = 0x42424A4C  # "BBJL": distinguishes our files from other SQLite databases
BUSY_S = 2.0  # in WAL mode readers do not block a writer; this is for other tools that open the file
_CACHE_KIB = 256
# Files up to this size are checked completely when they are opened (9 ms measured at 3.5 MB, 18,000 frames).
CHECKED_BYTES = 4 << 20

# One entry for each version; a file of version n gets those from n on. Times of a frame count from its run's t0,
# those of its edges from when it was due, so that they are meaningful after a reboot.
# An edge is [line, closed, planned, actual or null]. A row of `frame` stands for as many `slots`, from its own on. A
# run that waits for its `start` by clock or sun has no grid yet: its t0 is meaningless. A run that is over has its
# summary in `counts` (JSON) and the three columns after it. `mirror` has at most one row: until when it may be up.
# Times of day are those of the box's clock; of runs only trusted ones are kept, of notes `is_trusted` says which are.
# It is NULL in the notes of versions before, which kept the machine's time. The `moves` of a run (JSON) are triples:
# from which slot on, how many hand-steps are confirmed, and the trim in sixths of a stop. The `bulb_ns` of a frame is
# the bulb exposure that was asked for, NULL if there was none, or several, and in the frames of versions before.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE run (
            id INTEGER PRIMARY KEY, started_wall_ns INTEGER, started_ns INTEGER, boot TEXT NOT NULL,
            t0_ns INTEGER NOT NULL, every_ns INTEGER NOT NULL, count INTEGER NOT NULL, camera TEXT NOT NULL,
            focus TEXT NOT NULL, settings TEXT NOT NULL, outcome TEXT, reason TEXT, ended_wall_ns INTEGER,
            ended_ns INTEGER, belated INTEGER NOT NULL) STRICT""",
        """CREATE TABLE frame (
            run INTEGER NOT NULL, slot INTEGER NOT NULL, at_ns INTEGER NOT NULL, outcome TEXT, reason TEXT,
            late_ns INTEGER, lag_ns INTEGER, edges TEXT, belated INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (run, slot)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE note (
            id INTEGER PRIMARY KEY, run INTEGER, wall_ns INTEGER NOT NULL, at_ns INTEGER NOT NULL,
            boot TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, belated INTEGER NOT NULL) STRICT""",
        "CREATE INDEX note_of_run ON note (run)",
    ),
    (
        "ALTER TABLE frame ADD COLUMN slots INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE run ADD COLUMN start TEXT",
        "ALTER TABLE run ADD COLUMN start_utc_ns INTEGER",
    ),
    (
        "ALTER TABLE run ADD COLUMN counts TEXT",
        "ALTER TABLE run ADD COLUMN median_ns INTEGER",
        "ALTER TABLE run ADD COLUMN p99_ns INTEGER",
        "ALTER TABLE run ADD COLUMN max_ns INTEGER",
        """CREATE TABLE mirror (
            id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL, raised_ns INTEGER NOT NULL,
            down_ns INTEGER NOT NULL) STRICT""",
    ),
    ("ALTER TABLE note ADD COLUMN is_trusted INTEGER",),
    (
        "ALTER TABLE run ADD COLUMN moves TEXT",
        "ALTER TABLE frame ADD COLUMN bulb_ns INTEGER",
        "ALTER TABLE frame ADD COLUMN moved_ns INTEGER NOT NULL DEFAULT 0",
    ),
)
# What each version adds. A statement fails if a table or a column is missing; it reads no row.
_PROBES: tuple[tuple[str, ...], ...] = (
    (
        "SELECT id, started_wall_ns, started_ns, boot, t0_ns, every_ns, count, camera FROM run LIMIT 0",
        "SELECT focus, settings, outcome, reason, ended_wall_ns, ended_ns, belated FROM run LIMIT 0",
        "SELECT run, slot, at_ns, outcome, reason, late_ns, lag_ns, edges, belated FROM frame LIMIT 0",
        "SELECT id, run, wall_ns, at_ns, boot, kind, text, belated FROM note LIMIT 0",
    ),
    ("SELECT start, start_utc_ns FROM run LIMIT 0", "SELECT slots FROM frame LIMIT 0"),
    (
        "SELECT counts, median_ns, p99_ns, max_ns FROM run LIMIT 0",
        "SELECT id, boot, raised_ns, down_ns FROM mirror LIMIT 0",
    ),
    ("SELECT is_trusted FROM note LIMIT 0",),
    ("SELECT moves FROM run LIMIT 0", "SELECT bulb_ns, moved_ns FROM frame LIMIT 0"),
)


class NewerError(ValueError):
    """The file was written by a newer version of backbutton."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A journal that can be written, its file, and sentences on what had to be done to open it."""

    connection: sqlite3.Connection
    path: Path
    sentences: tuple[str, ...] = ()


def open_journal(path: Path) -> Opened:
    """Open the journal for writing, whatever is in its place; sqlite3.Error or OSError if the disk fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return Opened(_open(path), path)
    except NewerError:
        ours = beside(path)
        sentence = f"{path}: was written by a newer version of backbutton; it is left alone, and {ours.name} is used"
        opened = open_journal(ours)
        return Opened(opened.connection, opened.path, (sentence, *opened.sentences))
    except FILE_ERRORS as error:
        if not is_damage(error, path):
            raise
        sentence = set_aside(path, error)
        return Opened(_open(path), path, (sentence,))


@contextmanager
def opened_to_read(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the journal for reading while inside, as it is now; a daemon may write to it meanwhile.

    OSError or sqlite3.Error if it cannot be read, DamagedError if it is not a journal, NewerError if only a newer
    version can read it.
    """
    with ExitStack() as stack:
        try:
            connection = _open_to_read(path, stack)
        except NewerError:
            if not beside(path).exists():
                raise
            connection = _open_to_read(beside(path), stack)
        yield stack.enter_context(closing(connection))


def open_memory() -> sqlite3.Connection:
    """Open a journal in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return connection


def beside(path: Path) -> Path:
    """Return the file to use if `path` is of a newer version."""
    return path.with_stem(f"{path.stem}-v{len(MIGRATIONS)}")


def check(connection: sqlite3.Connection) -> int:
    """Return the version of the file, 0 for an empty one; DamagedError or NewerError if we cannot use it."""
    is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if is_empty and version == 0:
        return 0
    if application_id != APPLICATION_ID:
        raise DamagedError("is not a journal of backbutton")
    if version > len(MIGRATIONS):
        raise NewerError
    if version < 1:
        raise DamagedError(f"is not the journal it says it is (version {version})")
    return int(version)


def migrate(connection: sqlite3.Connection) -> None:
    """Migrate a file to this version in one transaction; DamagedError if it lacks what its own version has."""
    version = check(connection)
    probe(connection, version)
    if version < len(MIGRATIONS):
        connection.execute("BEGIN IMMEDIATE")
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")


def probe(connection: sqlite3.Connection, version: int) -> None:
    """Raise DamagedError unless the tables and columns are those that this version made."""
    try:
        for statements in _PROBES[:version]:
            for statement in statements:
                connection.execute(statement)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        raise DamagedError(f"is not the journal it says it is ({error})") from error
    check_schema(connection, (statement for statements in MIGRATIONS[:version] for statement in statements))


def _open(path: Path) -> sqlite3.Connection:
    check_kind(path)
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, cached_statements=16)
    try:
        with schema_errors_as_damage():
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            check(connection)  # before anything is written to a file that may not be ours
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # `Store.checkpoint` does it, after a commit is reported
        if path.stat().st_size <= CHECKED_BYTES:
            check_whole(connection)
        migrate(connection)
        connection.execute("BEGIN IMMEDIATE")  # finds out here, not at a frame, that the file is read-only
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _open_to_read(path: Path, stack: ExitStack) -> sqlite3.Connection:
    # SQLite says that it cannot be read, but not why. Opening it here would drop this process's locks on it.
    mode = path.stat().st_mode
    for number, is_so in ((errno.EISDIR, S_ISDIR(mode)), (errno.EACCES, not _may_read(path))):
        if is_so:
            raise OSError(number, os.strerror(number), str(path))
    check_kind(path)
    try:
        return _connect_to_read(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
    # Nothing writes to it, and we may not create the file that readers of a WAL share.
    wal = path.with_name(path.name + "-wal")
    if not wal.exists() or wal.stat().st_size == 0:
        return _connect_to_read(path, "immutable=1")
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    for each in (path, wal):
        shutil.copyfile(each, folder / each.name)
    return _connect_to_read(folder / path.name, "mode=rw")


def _may_read(path: Path) -> bool:
    return os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids)


def _connect_to_read(path: Path, how: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)
    try:
        with schema_errors_as_damage():
            connection.execute("BEGIN")  # all queries see one state of the file
            version = check(connection)
            probe(connection, version)
        return connection if version == len(MIGRATIONS) else _migrated_copy(connection)
    except BaseException:
        connection.close()
        raise


def _migrated_copy(old: sqlite3.Connection) -> sqlite3.Connection:
    """Return a migrated copy, in memory, of an older file that we may not write; the daemon will migrate the file."""
    with closing(old):
        old.execute("COMMIT")
        copy = sqlite3.connect(":memory:", isolation_level=None)
        old.backup(copy)
    migrate(copy)
    return copy
