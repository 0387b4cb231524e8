"""The ledger: the outcome of each slot of a run, and of each frame that the flash contact can confirm.

Decides outcomes, moves no lines. Without a sync input a frame counts as `fired` as soon as the player has played it.
With one it waits until its window is over (see `confirming`), and is then confirmed, suspected (see `lag_watch`),
unconfirmed or missed. A row is recorded once its slot is over.
"""

from config.record import dataclass
from controller.core import calibrating, lag_watch, words
from controller.core.calibrating import Measured
from controller.core.confirming import CONFIRMED, MISSED, SUSPECTED, Confirming, SyncStatus
from controller.core.effects import Announce, LedgerRow, Outbox, RecordSlot, ReportFrame
from controller.core.events import TimelinePlayed
from controller.core.frames import Frame
from controller.core.grid import Run
from controller.core.lag_watch import Usual
from controller.core.setup import Setup
from hardware.player import PlayedEdge
from hardware.timeline import Line


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A frame that was fired and awaits its judgement, until its window is over."""

    frame: Frame
    shutter_ns: int | None
    edges: tuple[PlayedEdge, ...]


class Ledger:
    """Records slots and frames. In its methods `run` is the run they belong to, None for a single frame."""

    def __init__(self, outbox: Outbox, confirming: Confirming) -> None:
        self._outbox = outbox
        self._confirming = confirming
        self._awaited: _Awaited | None = None
        self._measured: Measured | None = None
        self.suspected = 0  # frames of the last run, or a single frame since, that may have focused

    @property
    def is_wired(self) -> bool:
        """Whether the box has a sync input."""
        return self._confirming.is_wired

    def sync(self, setup: Setup) -> SyncStatus | None:
        """Return what the sync input has shown, and what is watched for; None in a box without one."""
        confirming, usual = self._confirming, lag_watch.usual_of(setup)
        if not confirming.is_wired:
            return None
        latest_ns = None if usual is None else usual.latest_ns
        shown = (confirming.last_outcome, confirming.last_lag_ns, self._measured)
        return SyncStatus(*shown, self.suspected, latest_ns)

    @property
    def is_waiting(self) -> bool:
        """Whether a frame that was fired still waits for the end of its window."""
        return self._awaited is not None

    def sync_seen(self, at_ns: int) -> None:
        """Handle an edge of the flash contact during a frame."""
        self._confirming.seen(at_ns)

    def played(self, run: Run | None, frame: Frame, report: TimelinePlayed) -> None:
        """Handle a frame that the player has finished."""
        if report.cut:
            self.cut(run, frame, report.edges)
        elif self.is_wired:
            closings = (edge for edge in report.edges if edge.line is Line.SHUTTER and edge.closed)
            exposing = (edge.actual_ns for edge in closings if edge.planned_ns >= frame.due_ns)  # not the mirror's
            self._awaited = _Awaited(frame, next(exposing, None), report.edges)
        else:
            self._record_fired(run, frame, "fired", edges=report.edges)

    def cut(self, run: Run | None, frame: Frame, edges: tuple[PlayedEdge, ...] = ()) -> None:
        """Record a frame that was cut: it may or may not have been taken."""
        self._confirming.forget()
        if run is not None:
            self._record(run, frame, "cut", "cut", edges=edges)

    def skip(self, run: Run, reason: str, slots: int = 1) -> None:
        """Record the next slot, or the next `slots` of them, as skipped."""
        row = LedgerRow(run.slot, run.grid.due_ns(run.slot), "skipped", reason, slots=slots)
        self._outbox.put(RecordSlot(row))
        run.skipped += slots
        run.slot += slots

    def judge(self, run: Run | None, usual: Usual | None, *, is_over: bool) -> bool:
        """Judge the frame that was fired, if one waits; return whether it may have focused, by the `usual` lag.

        An edge can be missing only once its window `is_over`. A calibration measures lags and suspects none.
        """
        awaited, self._awaited = self._awaited, None
        if awaited is None:
            return False
        is_expected = is_over and run is not None and run.confirmed + run.suspected > 0
        latest_ns = None if usual is None or (run is not None and run.lags_ns is not None) else usual.latest_ns
        verdict = self._confirming.judge(awaited.shutter_ns, is_expected=is_expected, latest_ns=latest_ns)
        self._outbox.put(ReportFrame(awaited.frame.due_ns, verdict.outcome))
        is_suspected, reason = verdict.outcome == SUSPECTED, verdict.reason
        if is_suspected and usual is not None and verdict.lag_ns is not None:
            reason = lag_watch.reason(verdict.lag_ns, usual)
        if run is None:
            self.suspected = int(is_suspected)
            self._outbox.put(Announce(f"the frame is {reason}" if is_suspected else words.frame_seen(verdict.lag_ns)))
            return is_suspected
        run.confirmed += verdict.outcome == CONFIRMED
        run.suspected += is_suspected
        run.missed += verdict.outcome == MISSED
        self.suspected = run.suspected
        if run.lags_ns is not None and verdict.lag_ns is not None:
            run.lags_ns.append(verdict.lag_ns)
        self._record_fired(run, awaited.frame, verdict.outcome, reason, verdict.lag_ns, awaited.edges)
        return is_suspected

    def ended(self, run: Run | None, *, is_cut: bool = False) -> None:
        """Announce the result of a calibration at its end; does nothing for other runs."""
        if run is None or run.lags_ns is None:
            return
        if is_cut:
            self._outbox.put(Announce(words.CALIBRATION_CUT))
            return
        measured = calibrating.measure(run.lags_ns, run.fired)
        if measured is None:
            self._outbox.put(Announce(words.not_calibrated(len(run.lags_ns), run.fired, calibrating.FEWEST)))
            return
        self._measured = measured
        late = lag_watch.late_among(run.lags_ns, Usual(measured.median_ns, measured.spread_ns))
        for sentence in (*words.calibrated(measured), *late):
            self._outbox.put(Announce(sentence))

    def _record_fired(
        self,
        run: Run | None,
        frame: Frame,
        outcome: str,
        reason: str | None = None,
        lag_ns: int | None = None,
        edges: tuple[PlayedEdge, ...] = (),
    ) -> None:
        if run is not None and frame.slot is not None:
            run.fired += 1
            self._record(run, frame, outcome, reason, lag_ns, edges)

    def _record(
        self,
        run: Run,
        frame: Frame,
        outcome: str,
        reason: str | None,
        lag_ns: int | None = None,
        edges: tuple[PlayedEdge, ...] = (),
    ) -> None:
        slot = frame.slot
        if slot is not None:
            due_ns, became = run.grid.due_ns(slot), (outcome, reason, lag_ns, edges)
            bulb_ns, moved_ns = frame.recipe.only_bulb_ns, frame.due_ns - due_ns
            row = LedgerRow(slot, due_ns, *became, bulb_ns=bulb_ns, moved_ns=moved_ns)
            self._outbox.put(RecordSlot(row))
