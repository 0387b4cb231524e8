"""Records in the journal what the core reports of runs, and tells the core what the last process left unfinished.

Knows the journal and the core's effects; knows neither files nor threads.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace

from config.schema import Settings, changes
from config.when import format_when, parse_when
from controller.core.confirming import CONFIRMED, MISSED, SUSPECTED
from controller.core.effects import (
    CloseRun,
    Effect,
    Intend,
    IntendMirror,
    LedgerRow,
    MirrorDown,
    MirrorUp,
    OpenRun,
    RecordSlot,
)
from controller.core.events import InterruptedRunFound
from controller.core.schedule import JUMP_NS
from controller.core.states import Focus
from controller.journal.journal import Journal
from controller.journal.records import FIRED, FrameEdge, FrameRecord, Intent, MirrorRecord, RunRecord
from controller.journal.times import since_1970

_DEFAULTS = Settings()


class Bookkeeper:
    """Keeps the journal of one box; `boot_id` names this boot of the machine.

    All calls come from one thread, and none blocks. `has_begun`: a run was begun or resumed by this process.
    """

    def __init__(self, journal: Journal, boot_id: str) -> None:
        self.journal = journal
        self.boot_id = boot_id
        self.has_begun = False
        self._run: RunRecord | None = None
        self._is_mirror_down = False  # to be recorded with the slot that is over next

    @property
    def run_id(self) -> int | None:
        """The number of the run in progress, None if there is none."""
        return None if self._run is None else self._run.run_id

    def take(self, effects: Sequence[Effect], settings: Settings, focus: Focus) -> None:
        """Record what came of one event, in one commit."""
        with self.journal.together() if effects else nullcontext():
            self._take(effects, settings, focus)

    def _take(self, effects: Sequence[Effect], settings: Settings, focus: Focus) -> None:
        completed: list[FrameRecord] = []
        intended: Intent | None = None
        for effect in effects:
            match effect:
                case OpenRun():
                    self._open(effect, settings, focus)
                case RecordSlot(row):
                    completed.append(_frame_record(row))
                case Intend(slot, due_ns, mirror):
                    intended = Intent(slot, due_ns, None if mirror is None else self._mirror_record(mirror))
                case IntendMirror(number, mirror):
                    self.journal.intend_mirror(number, self._mirror_record(mirror))
                case MirrorDown():
                    self._mirror_down()
                case CloseRun(outcome, reason):
                    self._advance(completed, None)
                    self._close(outcome, reason)
                    completed, intended = [], None  # another run may begin in the same instant
        self._advance(completed, intended)
        if self._run is None:
            return
        run = self._on_this_clock(self._run) if completed or intended is not None else self._run
        run = replace(run, focus=focus.name)  # it may change in a pause, and a restart must restore it
        if run != self._run:
            self._record(run, is_old=True)

    def found(self) -> InterruptedRunFound | None:
        """Return the run that was open when the process before this one died, for the core; None if there is none.

        ConfigError if the start it waited for cannot be read.
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
            suspected=counts.get(SUSPECTED, 0),
            moves=run.moves,
        )

    def drop(self, reason: str | None = None) -> None:
        """Record that the run which was found is dropped."""
        unfinished, self.journal.unfinished = self.journal.unfinished, None
        if unfinished is not None:
            self.journal.end(unfinished.run.run_id, "dropped", reason)

    def _mirror_record(self, mirror: MirrorUp) -> MirrorRecord:
        return MirrorRecord(self.boot_id, mirror.raised_ns, mirror.down_ns)

    def _mirror_down(self) -> None:
        """Record it with the slot that it was about: a commit of its own would be one more wait for the disk."""
        if self._run is None:
            self.journal.mirror_is_down()
        else:
            self._is_mirror_down = True

    def _advance(self, completed: list[FrameRecord], intended: Intent | None) -> None:
        if self._run is not None and (completed or intended is not None):
            is_mirror_down, self._is_mirror_down = self._is_mirror_down, False
            self.journal.advance(self._run.run_id, tuple(completed), intended, is_mirror_down=is_mirror_down)

    def _close(self, outcome: str, reason: str | None) -> None:
        if self._run is None:
            self.drop(reason)
            return
        if self._is_mirror_down:
            self.journal.mirror_is_down()
            self._is_mirror_down = False
        self.journal.end(self._run.run_id, outcome, reason)
        self._run = None

    def _on_this_clock(self, run: RunRecord) -> RunRecord:
        """Return the run as begun by the clock as it is now, if that was set during the run.

        A restart finds the grid by it, and must not find it by a clock that was corrected.
        """
        now = self.journal.sample()
        if run.started_ns is None or not now.is_trusted:
            return run
        started_wall_ns = since_1970(now.wall_ns - now.monotonic_ns + run.started_ns)
        known_ns = run.started_wall_ns
        has_moved = known_ns is None or started_wall_ns is None or abs(started_wall_ns - known_ns) > JUMP_NS
        return replace(run, started_wall_ns=started_wall_ns) if has_moved else run

    def _open(self, run: OpenRun, settings: Settings, focus: Focus) -> None:
        sample = self.journal.sample()
        unfinished, self.journal.unfinished = self.journal.unfinished, None
        left = None if unfinished is None else unfinished.run
        resumed = self._run or left if run.resumes else None
        record = RunRecord(
            run_id=self.journal.new_run_id() if resumed is None else resumed.run_id,
            started_wall_ns=sample.wall_ns if sample.is_trusted else None,
            started_ns=sample.monotonic_ns,
            boot_id=self.boot_id,
            t0_ns=run.t0_ns,
            every_ns=run.every_ns,
            count=run.count,
            camera=settings.camera.profile,
            focus=focus.name,
            settings=changes(_DEFAULTS, settings),
            start=None if run.start is None else format_when(run.start),
            start_utc_ns=run.start_utc_ns,
            moves=run.moves,
        )
        self._record(record, is_old=resumed is not None)

    def _record(self, run: RunRecord, *, is_old: bool) -> None:
        self._run, self.has_begun = run, True
        (self.journal.resume if is_old else self.journal.begin)(run)


def _frame_record(row: LedgerRow) -> FrameRecord:
    edges = tuple(FrameEdge(edge.line, edge.closed, edge.planned_ns, edge.actual_ns) for edge in row.edges)
    became = (row.outcome, row.reason, row.lag_ns, edges)
    return FrameRecord(row.slot, row.due_ns, *became, slots=row.slots, bulb_ns=row.bulb_ns, moved_ns=row.moved_ns)
