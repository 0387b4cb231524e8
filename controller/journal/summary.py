"""What became of a run in a few numbers: how many frames came to each outcome, and how late they were.

SQLite works them out, so no Python loop over the frames holds the GIL. They are stored with a run when it is over.
"""

import json
import sqlite3
from collections.abc import Mapping

from config.record import dataclass
from controller.journal.records import INTENDED, UNKNOWN

_COUNTS = "SELECT coalesce(outcome, ?), sum(slots) FROM frame WHERE run = ? GROUP BY 1"
_FIRED = "SELECT count(late_ns), max(late_ns) FROM frame WHERE run = ?"
_RANKED = "SELECT late_ns FROM frame WHERE run = ? AND late_ns IS NOT NULL ORDER BY late_ns LIMIT 1 OFFSET ?"
_STORE = "UPDATE run SET counts = ?, median_ns = ?, p99_ns = ?, max_ns = ? WHERE id = ?"
_LACKING = (
    "SELECT id FROM run WHERE counts IS NULL AND (outcome IS NOT NULL OR id < (SELECT max(id) FROM run))"
    " ORDER BY id DESC LIMIT ?"
)

Columns = tuple[str | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late SHUTTER closed in the frames of a run, in ns, by nearest rank: half and 99 of 100 were no later."""

    median_ns: int
    p99_ns: int
    max_ns: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How many slots came to each outcome; and how late the frames were, None if none was fired."""

    counts: Mapping[str, int]
    lateness: Lateness | None


def stored(columns: Columns) -> Summary | None:
    """Return the summary that a row of `run` has in its last four columns; None if it has none, or a damaged one."""
    counts, median_ns, p99_ns, max_ns = columns
    try:
        parsed = {str(outcome): int(number) for outcome, number in json.loads(counts or "").items()}
    except (ValueError, AttributeError, TypeError):
        return None
    if median_ns is None or p99_ns is None or max_ns is None:
        return Summary(parsed, None)
    return Summary(parsed, Lateness(median_ns, p99_ns, max_ns))


def summarise(connection: sqlite3.Connection, number: int, *, is_over: bool) -> Summary:
    """Work out the summary of a run from its frames; one without an outcome is intended, or unknown if `is_over`."""
    counts = connection.execute(_COUNTS, (UNKNOWN if is_over else INTENDED, number)).fetchall()
    fired, max_ns = connection.execute(_FIRED, (number,)).fetchone()
    if not fired:
        return Summary(dict(counts), None)
    median_ns, p99_ns = (_ranked(connection, number, -(-fired * percent // 100)) for percent in (50, 99))
    return Summary(dict(counts), Lateness(median_ns, p99_ns, max_ns))


def store_summary(connection: sqlite3.Connection, number: int) -> None:
    """Store the summary of a run that is over."""
    summary = summarise(connection, number, is_over=True)
    late = summary.lateness
    numbers = (None, None, None) if late is None else (late.median_ns, late.p99_ns, late.max_ns)
    connection.execute(_STORE, (json.dumps(dict(summary.counts)), *numbers, number))


def lacking_summary(connection: sqlite3.Connection, last: int) -> list[int]:
    """Return the last so many runs that are over and have no summary: older versions stored none."""
    return [number for (number,) in connection.execute(_LACKING, (last,))]


def _ranked(connection: sqlite3.Connection, number: int, rank: int) -> int:
    (late_ns,) = connection.execute(_RANKED, (number, rank - 1)).fetchone()
    return int(late_ns)
