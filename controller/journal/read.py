"""Reads the journal: the list of runs, one run with its frames and notes, what the last process left unfinished.

Knows the tables and what is asked of them; writes nothing, opens nothing.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.record import dataclass
from controller.core.ramp import Moves
from controller.journal.damage import values_as_damage
from controller.journal.possible import IMPOSSIBLE_MOVE, check_run, checked_mirror
from controller.journal.records import (
    INTENDED,
    UNKNOWN,
    FrameEdge,
    FrameRecord,
    MirrorRecord,
    Note,
    RunRecord,
    Unfinished,
)
from controller.journal.summary import Lateness, stored, summarise
from hardware.timeline import Line

_RUNS = (
    "SELECT id, started_wall_ns, started_ns, boot, t0_ns, every_ns, count, camera, focus, settings, start,"
    " start_utc_ns, moves, outcome, reason, ended_wall_ns, ended_ns, belated, counts, median_ns, p99_ns, max_ns"
    " FROM run"
)
_OUTCOME = 13  # where the outcome is in such a row: the run before it, what became of it from there on
_SUMMARY = 18  # where the columns of the summary are
_FRAME = "slot, at_ns, outcome, reason, lag_ns, edges, belated, slots, bulb_ns, moved_ns"
_ALL_FRAMES = f"SELECT {_FRAME} FROM frame WHERE run = ? ORDER BY slot"  # noqa: S608 - constants
_LAST_FRAMES = f"SELECT {_FRAME} FROM frame WHERE run = ? ORDER BY slot DESC LIMIT ?"  # noqa: S608 - constants
_NOTES = "SELECT wall_ns, at_ns, boot, kind, text, is_trusted FROM note WHERE run IS ? ORDER BY id DESC LIMIT ?"


class DamagedFrameError(ValueError):
    """A frame in the journal cannot be read; the text says which."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run and what became of it; `outcome` is None while it is open. `counts` has the outcomes of its frames."""

    run: RunRecord
    outcome: str | None
    reason: str | None
    ended_wall_ns: int | None
    ended_ns: int | None
    is_belated: bool
    is_last: bool
    counts: Mapping[str, int]
    lateness: Lateness | None

    @property
    def is_over(self) -> bool:
        """The run was ended, or a later one was begun."""
        return self.outcome is not None or not self.is_last


class Reader:
    """Queries a journal that is open; inside a transaction, all answers are of one state of it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last_run_id(self) -> int:
        """Return the highest number of a run, 0 if there is none."""
        (last,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM run").fetchone()
        return int(last)

    def last_run_ids(self, last: int) -> list[int]:
        """Return the numbers of the last so many runs, the latest first."""
        rows = self._connection.execute("SELECT id FROM run ORDER BY id DESC LIMIT ?", (last,))
        return [number for (number,) in rows]

    def runs(self, last: int) -> list[RunSummary]:
        """Return the last so many runs, the latest first."""
        rows = self._connection.execute(f"{_RUNS} ORDER BY id DESC LIMIT ?", (last,)).fetchall()
        latest = self.last_run_id()
        return [self._summary(row, latest) for row in rows]

    def run(self, number: int) -> RunSummary | None:
        """Return a run, None if there is none of that number."""
        row = self._connection.execute(f"{_RUNS} WHERE id = ?", (number,)).fetchone()
        return None if row is None else self._summary(row, self.last_run_id())

    def frames(self, summary: RunSummary, last: int | None = None) -> Iterator[FrameRecord]:
        """Yield the frames of a run by slot, or its last so many records; DamagedFrameError if one is damaged.

        A frame without an outcome is intended, or unknown if the run is over.
        """
        run, without_outcome = summary.run, UNKNOWN if summary.is_over else INTENDED
        rows: Iterable[tuple[Any, ...]] = self._connection.execute(_ALL_FRAMES, (run.run_id,))
        if last is not None:
            rows = self._connection.execute(_LAST_FRAMES, (run.run_id, last)).fetchall()[::-1]
        for slot, at_ns, outcome, reason, lag_ns, edges, belated, slots, bulb_ns, moved_ns in rows:
            due_ns = run.t0_ns + at_ns
            try:
                parsed = _edges(edges, due_ns)
            except (ValueError, TypeError) as error:
                raise DamagedFrameError(f"frame {slot + 1} of run {run.run_id} is damaged ({error})") from error
            became = (outcome or without_outcome, reason, lag_ns)
            yield FrameRecord(slot, due_ns, *became, parsed, bool(belated), slots, bulb_ns, moved_ns)

    def notes(self, number: int | None, last: int = -1) -> list[Note]:
        """Return the last so many notes of a run, or with None those outside every run, the latest last."""
        rows = self._connection.execute(_NOTES, (number, last)).fetchall()
        return [_note(row) for row in rows[::-1]]

    def unfinished(self, boot_id: str) -> Unfinished | None:
        """Return the last run if it is open. Call it before anything is written, on a journal nobody else writes.

        DamagedError if a value in it is impossible.
        """
        with values_as_damage():
            return self._unfinished(boot_id)

    def _unfinished(self, boot_id: str) -> Unfinished | None:
        row = self._connection.execute(f"{_RUNS} ORDER BY id DESC LIMIT 1").fetchone()
        if row is None or row[_OUTCOME] is not None:
            return None
        run = _run(row)
        check_run(run)
        query = "SELECT slot FROM frame WHERE run = ? AND (outcome IS NULL OR outcome = ?) ORDER BY slot"
        unknown = tuple(slot for (slot,) in self._connection.execute(query, (run.run_id, UNKNOWN)))
        query = "SELECT coalesce(max(slot + slots), 0) FROM frame WHERE run = ?"
        (next_slot,) = self._connection.execute(query, (run.run_id,)).fetchone()
        is_same_boot = bool(boot_id) and run.boot_id == boot_id
        return Unfinished(run, next_slot, unknown, is_same_boot, self._summary(row, run.run_id).counts)

    def mirror(self) -> MirrorRecord | None:
        """Return the record that the camera's mirror may be up, None if there is none.

        DamagedError if a value in it is impossible.
        """
        row = self._connection.execute("SELECT boot, raised_ns, down_ns FROM mirror").fetchone()
        if row is None:
            return None
        with values_as_damage():
            return checked_mirror(MirrorRecord(*row))

    def _summary(self, row: tuple[Any, ...], latest: int) -> RunSummary:
        run = _run(row)
        outcome, reason, ended_wall_ns, ended_ns, belated = row[_OUTCOME:_SUMMARY]
        is_over = outcome is not None or run.run_id != latest
        kept = stored(row[_SUMMARY:]) if is_over else None
        summary = kept or summarise(self._connection, run.run_id, is_over=is_over)
        ended = (outcome, reason, ended_wall_ns, ended_ns)
        is_last = run.run_id == latest
        return RunSummary(run, *ended, bool(belated), is_last, summary.counts, summary.lateness)


def _run(row: tuple[Any, ...]) -> RunRecord:
    return RunRecord(*(*row[:9], _settings(row[9]), *row[10 : _OUTCOME - 1], _moves(row[_OUTCOME - 1])))


def _note(row: tuple[Any, ...]) -> Note:
    is_trusted = None if row[-1] is None else bool(row[-1])
    return Note(*(*row[:-1], is_trusted))


def _settings(text: str) -> dict[str, str]:
    """Return the settings of a run; text that is damaged becomes the name of one, which does not exist."""
    try:
        return {str(key): str(value) for key, value in json.loads(text).items()}
    except (ValueError, AttributeError):
        return {text: ""}


def _moves(text: str | None) -> Moves:
    """Return what was done in a run; text that is damaged becomes something that nobody can have done."""
    try:
        return tuple((int(slot), int(done), int(trim)) for slot, done, trim in json.loads(text or "[]"))
    except (ValueError, TypeError):
        return (IMPOSSIBLE_MOVE,)


def _edges(text: str | None, due_ns: int) -> tuple[FrameEdge, ...]:
    return tuple(
        FrameEdge(Line(line), bool(closed), due_ns + planned, None if actual is None else due_ns + actual)
        for line, closed, planned, actual in (json.loads(text) if text else ())
    )
