"""Writes entries into the journal: the SQL, on one connection. Knows neither files nor threads.

Writes are idempotent (except notes): a caller that does not know whether a commit reached the disk repeats it.
"""

import json
import sqlite3
from collections.abc import Sequence

from controller.journal.damage import values_as_damage
from controller.journal.read import Reader
from controller.journal.records import (
    UNKNOWN,
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
)
from controller.journal.summary import lacking_summary, store_summary
from controller.journal.times import Moment, end_on_one_clock, resumed_start

_RUN = (
    "INSERT INTO run (id, started_wall_ns, started_ns, boot, t0_ns, every_ns, count, camera, focus, settings,"
    " start, start_utc_ns, moves, belated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_FIND = "SELECT id FROM run WHERE id = ? AND ? OR id >= ? AND boot = ? AND t0_ns = ? ORDER BY id LIMIT 1"
_STARTED = "SELECT started_wall_ns, started_ns, boot FROM run WHERE id = ?"
_WAITS = "SELECT start IS NOT NULL FROM run WHERE id = ?"
_TAKE_UP = (
    "UPDATE run SET started_wall_ns = ?, started_ns = ?, boot = ?, t0_ns = ?, focus = ?, start = ?, start_utc_ns = ?,"
    " moves = ?, outcome = NULL, reason = NULL, counts = NULL WHERE id = ?"
)
_LISTED = 20  # runs that `log` lists
_INTEND = "INSERT INTO frame (run, slot, at_ns) VALUES (?, ?, ?) ON CONFLICT (run, slot) DO NOTHING"
_COMPLETE = (
    "INSERT INTO frame (run, slot, at_ns, outcome, reason, late_ns, lag_ns, edges, belated, slots, bulb_ns, moved_ns)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, slot) DO UPDATE SET at_ns = excluded.at_ns,"
    " outcome = excluded.outcome, reason = excluded.reason, late_ns = excluded.late_ns, lag_ns = excluded.lag_ns,"
    " edges = excluded.edges, belated = excluded.belated, slots = excluded.slots, bulb_ns = excluded.bulb_ns,"
    " moved_ns = excluded.moved_ns"
)
_END = "UPDATE run SET outcome = ?, reason = ?, started_wall_ns = ?, ended_wall_ns = ?, ended_ns = ? WHERE id = ?"
_UNINTEND = "DELETE FROM frame WHERE run = ? AND outcome IS NULL"
_MIRROR = "INSERT OR REPLACE INTO mirror (id, boot, raised_ns, down_ns) VALUES (1, ?, ?, ?)"
_MIRROR_DOWN = "DELETE FROM mirror"
_NOTE = (
    "INSERT INTO note (run, wall_ns, at_ns, boot, kind, text, is_trusted, belated) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_SETTLE = (  # in the last run only, and only if it is open: no other run is ever resumed
    "UPDATE frame SET outcome = ? WHERE outcome IS NULL AND run ="
    " (SELECT id FROM run WHERE id = (SELECT max(id) FROM run) AND outcome IS NULL)"
)


class Store:
    """Writes to a journal that is open. Accepts frames only of runs that were begun or resumed through this store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._reader = Reader(connection)
        self._open: dict[int, tuple[int, int]] = {}  # of each run that is not over: its number in this file, its t0

    def last_run_id(self) -> int:
        """Return the highest number of a run, 0 if there is none."""
        return self._reader.last_run_id()

    def settle(self) -> None:
        """Mark slots that a dead process intended but never completed as unknown. Call it before any write."""
        self.connection.execute(_SETTLE, (UNKNOWN,))

    def summarise_one(self) -> bool:
        """Store the summary of one run that lacks it, as an older version left it; False if there is none.

        DamagedError if its frames cannot be read.
        """
        for number in lacking_summary(self.connection, _LISTED):
            with values_as_damage():
                store_summary(self.connection, number)
            return True
        return False

    def write(self, entries: Sequence[Entry], *, belated: bool = False) -> None:
        """Write entries in one transaction. They are durable when this returns; if it raises, they may not be."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            for entry in entries:
                self._write(entry, belated=belated)
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def checkpoint(self) -> None:
        """Copy the WAL into the database and begin it again. Blocks for several fsyncs, so that no commit has to."""
        self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        self.begin_log()

    def begin_log(self) -> None:
        """Write a page that says what it said before: the first commit to a WAL takes an fsync more than others."""
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        self.connection.execute(f"PRAGMA user_version = {version}")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _write(self, entry: Entry, *, belated: bool) -> None:
        match entry:
            case Began(run, resumes):
                self._open[run.run_id] = self._begin(run, resumes=resumes, belated=belated), run.t0_ns
            case Advanced(run_id, completed, intended, is_mirror_down):
                number, t0_ns = self._open[run_id]
                if is_mirror_down:
                    self.connection.execute(_MIRROR_DOWN)
                self.connection.executemany(_COMPLETE, [_row(number, t0_ns, frame, belated) for frame in completed])
                if intended is not None:
                    self._intend(number, t0_ns, intended)
            case Ended():
                self._end(entry)
            case MirrorIntended(_, mirror):
                self._record_mirror(mirror)
            case MirrorIsDown():
                self.connection.execute(_MIRROR_DOWN)
            case Note(wall_ns, at_ns, boot_id, kind, text, is_trusted):
                in_run = next((number for number, _ in self._open.values()), None)
                row = (in_run, wall_ns, at_ns, boot_id, kind, text, is_trusted, belated)
                self.connection.execute(_NOTE, row)

    def _begin(self, run: RunRecord, *, resumes: bool, belated: bool) -> int:
        """Write a run, and return its number in this file: its own, unless another run has that."""
        number = self._number(run, resumes=resumes)
        if number is not None:
            started = self._resumed_start(run, number)
            facts = (run.boot_id, run.t0_ns, run.focus, run.start, run.start_utc_ns, _moves(run))
            self.connection.execute(_TAKE_UP, (started.wall_ns, started.at_ns, *facts, number))
            return number
        number = max(run.run_id, self.last_run_id() + 1)
        grid = (run.t0_ns, run.every_ns, run.count)
        settings = json.dumps(dict(run.settings), ensure_ascii=False)
        row = (number, run.started_wall_ns, run.started_ns, run.boot_id, *grid, run.camera, run.focus, settings)
        self.connection.execute(_RUN, (*row, run.start, run.start_utc_ns, _moves(run), belated))
        return number

    def _end(self, ended: Ended) -> None:
        number, _ = self._open.get(ended.run_id, (ended.run_id, 0))  # it may be ended without being resumed
        row = self.connection.execute(_STARTED, (number,)).fetchone() or (None, None, "")
        is_same_boot = ended.run_id in self._open or _is_one_boot(row[2], ended.boot_id)
        started = Moment(row[0], row[1] if is_same_boot else None)
        times = end_on_one_clock(started, Moment(ended.wall_ns, ended.at_ns))
        self.connection.execute(_END, (ended.outcome, ended.reason, *times, ended.at_ns, number))
        self.connection.execute(_UNINTEND, (number,))  # a process that ends a run knows what it has not fired
        store_summary(self.connection, number)
        self._open.pop(ended.run_id, None)

    def _resumed_start(self, run: RunRecord, number: int) -> Moment:
        """Return when a run that continues was started; if it only waited until now, that is now."""
        (waits,) = self.connection.execute(_WAITS, (number,)).fetchone()
        if waits:
            return Moment(run.started_wall_ns, run.started_ns)
        wall_ns, at_ns, boot_id = self.connection.execute(_STARTED, (number,)).fetchone()
        is_same_boot = run.run_id in self._open or _is_one_boot(boot_id, run.boot_id)
        return resumed_start(run, Moment(wall_ns, at_ns), is_same_boot=is_same_boot)

    def _number(self, run: RunRecord, *, resumes: bool) -> int | None:
        """Return the number that a run has in this file, None if it is not in it."""
        if run.run_id in self._open:
            return self._open[run.run_id][0]
        same = (run.run_id, resumes, run.run_id, run.boot_id, run.t0_ns)
        row = self.connection.execute(_FIND, same).fetchone()
        return None if row is None else int(row[0])

    def _intend(self, number: int, t0_ns: int, intent: Intent) -> None:
        self.connection.execute(_INTEND, (number, intent.slot, intent.due_ns - t0_ns))
        if intent.mirror is not None:
            self._record_mirror(intent.mirror)

    def _record_mirror(self, mirror: MirrorRecord) -> None:
        self.connection.execute(_MIRROR, (mirror.boot_id, mirror.raised_ns, mirror.down_ns))


def _moves(run: RunRecord) -> str | None:
    return json.dumps(run.moves) if run.moves else None


def _is_one_boot(boot_id: str, other: str) -> bool:
    return bool(boot_id) and boot_id == other


def _row(number: int, t0_ns: int, frame: FrameRecord, belated: bool) -> tuple[object, ...]:
    due_ns = frame.due_ns
    edges = [
        [e.line.value, int(e.closed), e.planned_ns - due_ns, None if e.actual_ns is None else e.actual_ns - due_ns]
        for e in frame.edges
    ]
    became = (frame.outcome, frame.reason, frame.late_ns, frame.lag_ns)
    written = (json.dumps(edges, separators=(",", ":")), belated, frame.slots, frame.bulb_ns, frame.moved_ns)
    return (number, frame.slot, due_ns - t0_ns, *became, *written)
