"""Enters in the journal what the core says of runs, and tells the core what the journal has kept.

Knows the journal and the core's effects; knows neither files nor threads.
"""

from collections.abc import Callable, Iterable

from config.schema import FIELDS, Settings, value_of
from controller.effects import CloseRun, Effect, Enter, Intend, LedgerRow, OpenRun
from controller.events import RunFound
from controller.journal.journal import Journal
from controller.journal.records import FrameEdge, FrameRecord, Intent, RunRecord
from controller.states import Focus
from hardware.clock import ClockSample


class Bookkeeper:
    """Keeps the journal of one box. `sample` tells the time of day, `boot_id` which start of the machine this is.

    All calls come from one thread, and none blocks.
    """

    def __init__(self, journal: Journal, boot_id: str, sample: Callable[[], ClockSample]) -> None:
        self.journal = journal
        self.run_id: int | None = None
        self._boot_id = boot_id
        self._sample = sample

    def take(self, effects: Iterable[Effect], settings: Settings, focus: Focus) -> None:
        """Enter what came of one event: what is over and what is intended next, together or not at all."""
        completed: list[FrameRecord] = []
        intended: Intent | None = None
        for effect in effects:
            match effect:
                case OpenRun():
                    self._open(effect, settings, focus)
                case Enter(row):
                    completed.append(_record(row))
                case Intend(slot, due_ns):
                    intended = Intent(slot, due_ns)
                case CloseRun(outcome):
                    self._advance(completed, None)
                    self._close(outcome)
                    completed, intended = [], None  # another run may begin in the same instant
        self._advance(completed, intended)

    def found(self) -> RunFound | None:
        """Return the run that was open when the process before this one died, for the core; None if there is none.

        Its grid stands where this is the same boot still, or where the time of day was known then and is now.
        """
        unfinished = self.journal.unfinished
        if unfinished is None:
            return None
        run, sample = unfinished.run, self._sample()
        t0_ns = run.t0_ns if unfinished.is_same_boot else None
        if t0_ns is None and sample.is_trusted and run.t0_wall_ns is not None:
            t0_ns = run.t0_wall_ns - sample.wall_ns + sample.monotonic_ns
        return RunFound(t0_ns, unfinished.next_slot, run.focus == Focus.DIALLED_IN.name)

    def drop(self) -> None:
        """Enter that the run which was found is not gone on with."""
        unfinished, self.journal.unfinished = self.journal.unfinished, None
        if unfinished is not None:
            self.journal.end(unfinished.run.run_id, "dropped")

    def _advance(self, completed: list[FrameRecord], intended: Intent | None) -> None:
        if self.run_id is not None and (completed or intended is not None):
            self.journal.advance(self.run_id, tuple(completed), intended)

    def _close(self, outcome: str) -> None:
        if self.run_id is None:
            self.drop()
        else:
            self.journal.end(self.run_id, outcome)
            self.run_id = None

    def _open(self, run: OpenRun, settings: Settings, focus: Focus) -> None:
        sample = self._sample()
        unfinished, self.journal.unfinished = self.journal.unfinished, None
        is_old = run.resumes and unfinished is not None
        self.run_id = unfinished.run.run_id if is_old and unfinished is not None else self.journal.new_run_id()
        record = RunRecord(
            run_id=self.run_id,
            started_wall_ns=sample.wall_ns if sample.is_trusted else None,
            started_ns=sample.monotonic_ns,
            boot_id=self._boot_id,
            t0_ns=run.t0_ns,
            every_ns=run.every_ns,
            count=run.count,
            camera=settings.camera.profile,
            focus=focus.name,
            settings=_said(settings),
        )
        (self.journal.resume if is_old else self.journal.begin)(record)


def _said(settings: Settings) -> dict[str, str]:
    """Return the settings that are not the default, as text."""
    values = ((field, value_of(settings, key)) for key, field in FIELDS.items())
    return {field.key: field.format(value) for field, value in values if value != field.default}


def _record(row: LedgerRow) -> FrameRecord:
    edges = tuple(FrameEdge(edge.line, edge.closed, edge.planned_ns, edge.actual_ns) for edge in row.edges)
    return FrameRecord(row.slot, row.due_ns, row.outcome, row.reason, row.lag_ns, edges)
