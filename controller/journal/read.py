"""Reads the journal: the list of runs, one run with its frames and notes, the run that was left unfinished.

Knows the tables and what is asked of them; writes nothing, opens nothing.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from config.record import dataclass
from controller.journal.records import INTENDED, UNKNOWN, FrameEdge, FrameRecord, Note, RunRecord, Unfinished
from hardware.timeline import Line

_RUNS = (
    "SELECT id, started_wall_ns, started_ns, boot, t0_ns, every_ns, count, camera, focus, settings,"
    " start, start_utc_ns, outcome, reason, ended_wall_ns, ended_ns, belated FROM run"
)
_OUTCOME = 12  # its place in such a row; a run, and then what became of it
_FRAMES = (
    "SELECT slot, at_ns, outcome, reason, lag_ns, edges, belated, slots FROM frame WHERE run = ?"
    " ORDER BY slot LIMIT -1 OFFSET ?"
)


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late SHUTTER closed in the frames of a run, in ns, by nearest rank: half and 99 of 100 were no later."""

    median_ns: int
    p99_ns: int
    max_ns: int


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
        """It was ended, or a later one was begun."""
        return self.outcome is not None or not self.is_last


class Reader:
    """Asks a journal that is open; in a transaction, if all answers are to be of one state of it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last_run_id(self) -> int:
        """Return the highest number of a run, 0 if there is none."""
        (last,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM run").fetchone()
        return int(last)

    def runs(self, last: int) -> list[RunSummary]:
        """Return the last so many runs, the last one first."""
        rows = self._connection.execute(f"{_RUNS} ORDER BY id DESC LIMIT ?", (last,)).fetchall()
        latest = self.last_run_id()
        return [self._summary(row, latest) for row in rows]

    def run(self, number: int) -> RunSummary | None:
        """Return a run, None if there is none of that number."""
        row = self._connection.execute(f"{_RUNS} WHERE id = ?", (number,)).fetchone()
        return None if row is None else self._summary(row, self.last_run_id())

    def frames(self, summary: RunSummary, last: int | None = None) -> Iterator[FrameRecord]:
        """Yield the frames of a run by slot, or its last so many records.

        One without an outcome is intended, or unknown if the run is over.
        """
        run, unsaid = summary.run, UNKNOWN if summary.is_over else INTENDED
        skipped = 0 if last is None else max(0, self._records(run.run_id) - last)
        for row in self._connection.execute(_FRAMES, (run.run_id, skipped)):
            slot, at_ns, outcome, reason, lag_ns, edges, belated, slots = row
            due_ns = run.t0_ns + at_ns
            told = (outcome or unsaid, reason, lag_ns)
            yield FrameRecord(slot, due_ns, *told, _edges(edges, due_ns), bool(belated), slots)

    def _records(self, number: int) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM frame WHERE run = ?", (number,)).fetchone()
        return int(count)

    def notes(self, number: int | None, last: int = -1) -> list[Note]:
        """Return the last so many notes of a run, or with None those outside every run, the last one last."""
        asked = "SELECT wall_ns, at_ns, boot, kind, text FROM note WHERE run IS ? ORDER BY id DESC LIMIT ?"
        return [Note(*row) for row in self._connection.execute(asked, (number, last))][::-1]

    def unfinished(self, boot_id: str) -> Unfinished | None:
        """Return the last run if it is open. To be asked before anything is written, of a journal nobody writes."""
        row = self._connection.execute(f"{_RUNS} ORDER BY id DESC LIMIT 1").fetchone()
        if row is None or row[_OUTCOME] is not None:
            return None
        run = _run(row)
        asked = "SELECT slot FROM frame WHERE run = ? AND (outcome IS NULL OR outcome = ?) ORDER BY slot"
        unknown = tuple(slot for (slot,) in self._connection.execute(asked, (run.run_id, UNKNOWN)))
        asked = "SELECT coalesce(max(slot + slots), 0) FROM frame WHERE run = ?"
        (next_slot,) = self._connection.execute(asked, (run.run_id,)).fetchone()
        is_same_boot = bool(boot_id) and run.boot_id == boot_id
        return Unfinished(run, next_slot, unknown, is_same_boot, self._summary(row, run.run_id).counts)

    def _summary(self, row: tuple[Any, ...], latest: int) -> RunSummary:
        run = _run(row)
        outcome, reason, ended_wall_ns, ended_ns, belated = row[_OUTCOME:]
        unsaid = INTENDED if outcome is None and run.run_id == latest else UNKNOWN
        counts: Counter[str] = Counter()
        late_ns: list[int] = []
        asked = "SELECT outcome, late_ns, slots FROM frame WHERE run = ?"
        for became, late, slots in self._connection.execute(asked, row[:1]):
            counts[became or unsaid] += slots
            if late is not None:
                late_ns.append(late)
        ended = (outcome, reason, ended_wall_ns, ended_ns)
        return RunSummary(run, *ended, bool(belated), run.run_id == latest, counts, lateness(late_ns))


def lateness(late_ns: list[int]) -> Lateness | None:
    """Return the statistics of these, None of none."""
    if not late_ns:
        return None
    ranked = sorted(late_ns)
    median_ns, p99_ns = (ranked[-(-len(ranked) * percent // 100) - 1] for percent in (50, 99))
    return Lateness(median_ns, p99_ns, ranked[-1])


def _run(row: tuple[Any, ...]) -> RunRecord:
    return RunRecord(*(*row[:9], _settings(row[9]), *row[10:_OUTCOME]))


def _settings(text: str) -> dict[str, str]:
    """Return the settings of a run; text that is damaged stands there as the name of one, which there is not."""
    try:
        return {str(key): str(value) for key, value in json.loads(text).items()}
    except (ValueError, AttributeError):
        return {text: ""}


def _edges(text: str | None, due_ns: int) -> tuple[FrameEdge, ...]:
    return tuple(
        FrameEdge(Line(line), bool(closed), due_ns + planned, None if actual is None else due_ns + actual)
        for line, closed, planned, actual in (json.loads(text) if text else ())
    )
