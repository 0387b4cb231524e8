"""Enters in the journal what the core says of runs, and tells the core what the journal has kept.

Knows the journal and the core's effects; knows neither files nor threads.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from config.schema import FIELDS, Settings, value_of
from config.when import format_when, parse_when
from controller.core.confirming import CONFIRMED, MISSED
from controller.core.effects import CloseRun, Effect, Intend, LedgerRow, OpenRun, RecordSlot
from controller.core.events import InterruptedRunFound
from controller.core.states import Focus
from controller.journal.journal import Journal
from controller.journal.records import FIRED, FrameEdge, FrameRecord, Intent, RunRecord
from hardware.clock import ClockSample


class Bookkeeper:
    """Keeps the journal of one box. `sample` tells the time of day, `boot_id` which start of the machine this is.

    All calls come from one thread, and none blocks.
    """

    def __init__(self, journal: Journal, boot_id: str, sample: Callable[[], ClockSample]) -> None:
        self.journal = journal
        self._run: RunRecord | None = None
        self._boot_id = boot_id
        self._sample = sample

    @property
    def run_id(self) -> int | None:
        """The number of the run in progress, None if there is none."""
        return None if self._run is None else self._run.run_id

    def take(self, effects: Iterable[Effect], settings: Settings, focus: Focus) -> None:
        """Enter what came of one event: what is over and what is intended next, together or not at all."""
        completed: list[FrameRecord] = []
        intended: Intent | None = None
        for effect in effects:
            match effect:
                case OpenRun():
                    self._open(effect, settings, focus)
                case RecordSlot(row):
                    completed.append(_record(row))
                case Intend(slot, due_ns):
                    intended = Intent(slot, due_ns)
                case CloseRun(outcome, reason):
                    self._advance(completed, None)
                    self._close(outcome, reason)
                    completed, intended = [], None  # another run may begin in the same instant
        self._advance(completed, intended)
        if self._run is not None and focus.name != self._run.focus:  # it was paused: what is restored has to be true
            self._keep(replace(self._run, focus=focus.name), is_old=True)

    def found(self) -> InterruptedRunFound | None:
        """Return the run that was open when the process before this one died, for the core; None if there is none.

        ConfigError if nobody can tell what start it waited for.
        """
        unfinished = self.journal.unfinished
        if unfinished is None:
            return None
        run, counts = unfinished.run, unfinished.counts
        was_dialled_in = run.focus == Focus.DIALLED_IN.name
        if run.start is not None:
            start = parse_when(run.start)
            return InterruptedRunFound(
                unfinished.next_slot, was_dialled_in, start=start, start_utc_ns=run.start_utc_ns
            )
        return InterruptedRunFound(
            unfinished.next_slot,
            was_dialled_in,
            t0_ns=run.t0_ns if unfinished.is_same_boot else None,
            t0_wall_ns=run.t0_wall_ns,
            fired=sum(counts.get(outcome, 0) for outcome in (*FIRED, MISSED)),
            confirmed=counts.get(CONFIRMED, 0),
            missed=counts.get(MISSED, 0),
            skipped=counts.get("skipped", 0),
        )

    def drop(self, reason: str | None = None) -> None:
        """Enter that the run which was found is not gone on with."""
        unfinished, self.journal.unfinished = self.journal.unfinished, None
        if unfinished is not None:
            self.journal.end(unfinished.run.run_id, "dropped", reason)

    def _advance(self, completed: list[FrameRecord], intended: Intent | None) -> None:
        if self._run is not None and (completed or intended is not None):
            self.journal.advance(self._run.run_id, tuple(completed), intended)

    def _close(self, outcome: str, reason: str | None) -> None:
        if self._run is None:
            self.drop(reason)
        else:
            self.journal.end(self._run.run_id, outcome, reason)
            self._run = None

    def _open(self, run: OpenRun, settings: Settings, focus: Focus) -> None:
        sample = self._sample()
        unfinished, self.journal.unfinished = self.journal.unfinished, None
        left = None if unfinished is None else unfinished.run
        goes_on = self._run or left if run.resumes else None
        record = RunRecord(
            run_id=self.journal.new_run_id() if goes_on is None else goes_on.run_id,
            started_wall_ns=sample.wall_ns if sample.is_trusted else None,
            started_ns=sample.monotonic_ns,
            boot_id=self._boot_id,
            t0_ns=run.t0_ns,
            every_ns=run.every_ns,
            count=run.count,
            camera=settings.camera.profile,
            focus=focus.name,
            settings=_said(settings),
            start=None if run.start is None else format_when(run.start),
            start_utc_ns=run.start_utc_ns,
        )
        self._keep(record, is_old=goes_on is not None)

    def _keep(self, run: RunRecord, *, is_old: bool) -> None:
        self._run = run
        (self.journal.resume if is_old else self.journal.begin)(run)


def _said(settings: Settings) -> dict[str, str]:
    """Return the settings that are not the default, as text."""
    values = ((field, value_of(settings, key)) for key, field in FIELDS.items())
    return {field.key: field.format(value) for field, value in values if value != field.default}


def _record(row: LedgerRow) -> FrameRecord:
    edges = tuple(FrameEdge(edge.line, edge.closed, edge.planned_ns, edge.actual_ns) for edge in row.edges)
    return FrameRecord(row.slot, row.due_ns, row.outcome, row.reason, row.lag_ns, edges, slots=row.slots)
