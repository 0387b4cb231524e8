"""Finds out whether the journal's file is damaged, and sets a damaged one aside.

Knows files and SQLite's errors; does not know what is in the tables. Nothing is ever deleted.
"""

import contextlib
import errno
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from config.files import reason_of
from hardware.clock import date_stamp

# Errors of the disk or of another program, after which the file may well be whole: it is tried again as it is.
_NOT_THE_FILE = (
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_ABORT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_AUTH),
)
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
_MAGIC = b"SQLite format 3\0"
_FORMATS = slice(18, 20)  # bytes of the header: how to write and how to read (sqlite.org/fileformat2.html, 1.3.3)
_NEWEST_FORMAT = 2  # WAL. SQLite opens a file whose first byte is higher as read-only


class DamagedError(ValueError):
    """The file is damaged, or not a journal of ours; the text says which, and is meant to follow the file's name."""


# What opening, reading and writing may raise because of the file. sqlite3 raises the last one where an error message
# of SQLite quotes a damaged schema.
FILE_ERRORS = (sqlite3.Error, DamagedError, UnicodeDecodeError)


def is_damage(error: Exception, path: Path) -> bool:
    """Return whether the file is damaged, as opposed to a failing disk or a mistake in our SQL."""
    if isinstance(error, sqlite3.Error):
        if _code(error) == sqlite3.SQLITE_READONLY:
            return _is_read_only_by_damage(path)
        code = _code(error)
        return code in _DAMAGE if code else type(error) is sqlite3.OperationalError  # a text that is not UTF-8
    return isinstance(error, DamagedError | UnicodeDecodeError)


@contextmanager
def schema_errors_as_damage() -> Iterator[None]:
    """Raise DamagedError for every error of SQLite but the disk's; for code that reads only the schema."""
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) in (*_NOT_THE_FILE, *_DAMAGE):
            raise
        raise DamagedError(f"is damaged ({error})") from error


@contextmanager
def values_as_damage() -> Iterator[None]:
    """Raise DamagedError for a value of the wrong kind or size in a row that is read inside."""
    try:
        yield
    except DamagedError:
        raise
    except (ValueError, TypeError, ArithmeticError, AttributeError, LookupError) as error:
        raise DamagedError(f"is damaged ({error})") from error


def set_aside(path: Path, error: Exception) -> str:
    """Rename a damaged journal and the files that belong to it; return a sentence about it. OSError if that fails."""
    why_not = str(error) if isinstance(error, DamagedError) else f"is damaged ({error})"
    stamped = f"{path.name}.damaged-{date_stamp()}"
    names = (stamped if n == 1 else f"{stamped}-{n}" for n in count(1))
    kept = next(each for each in map(path.with_name, names) if not each.exists())
    for suffix in ("-wal", "-shm", ""):  # the file itself last: after a crash it is found again
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(kept.with_name(kept.name + suffix))
    return f"{path}: {why_not}; it is kept as {kept.name}, and a new journal is begun"


def why(error: Exception) -> str:
    """Return in words why the journal cannot be read or written."""
    if isinstance(error, OSError):
        return reason_of(error)
    known = {
        sqlite3.SQLITE_FULL: reason_of(OSError(errno.ENOSPC, "")),
        sqlite3.SQLITE_READONLY: "it can only be read",
        sqlite3.SQLITE_IOERR: "the disk does not take it",
        sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
        sqlite3.SQLITE_PERM: reason_of(OSError(errno.EACCES, "")),
        sqlite3.SQLITE_BUSY: "another program holds it",
    }
    return known.get(_code(error), str(error))


def _is_read_only_by_damage(path: Path) -> bool:
    """Return whether SQLite opened the file only for reading because a byte of it is wrong."""
    try:
        with path.open("rb") as file:
            header = file.read(_FORMATS.stop)
    except OSError:
        return False
    return header.startswith(_MAGIC) and max(header[_FORMATS]) > _NEWEST_FORMAT


def check_kind(path: Path) -> None:
    """Raise DamagedError if a pipe or the like stands there: SQLite would wait for ever (it refuses folders)."""
    with contextlib.suppress(OSError):
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise DamagedError("is not a file")


def check_whole(connection: sqlite3.Connection) -> None:
    """Raise DamagedError if the pages, rows or indexes do not fit together."""
    (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if result != "ok":
        raise DamagedError(f"is damaged ({' '.join(result.split())})")


def check_schema(connection: sqlite3.Connection, statements: Iterable[str]) -> None:
    """Raise DamagedError unless the schema has all that these statements make, in the same words.

    A flipped bit can leave a valid schema that means something else, such as another default.
    """
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in statements:
            fresh.execute(statement)
        missing = _schema(fresh) - _schema(connection)
    if missing:
        kind, name, _, _ = min(missing)
        raise DamagedError(f"is damaged (the {kind} {name} is not as it was made)")


def _schema(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {(kind, name, table, " ".join(str(sql).split())) for kind, name, table, sql in rows}


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
