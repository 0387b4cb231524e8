"""What became of each slot of a run, and of each frame the flash contact can speak of. Decides outcomes, no edges.

Without a sync input a frame is `fired` as soon as the player has played it. With one it waits until its window is
over (see `confirming`), and is then confirmed, unconfirmed or missed. A row is entered once its slot is over.
"""

from config.record import dataclass
from controller.core import calibrating, words
from controller.core.calibrating import Measured
from controller.core.confirming import CONFIRMED, MISSED, Confirming, SyncStatus
from controller.core.effects import Announce, LedgerRow, Outbox, RecordSlot, ReportFrame
from controller.core.events import TimelinePlayed
from controller.core.grid import Run
from controller.core.shooting import Frame
from hardware.player import PlayedEdge
from hardware.timeline import Line


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A frame that was fired and is to be judged once its window is over."""

    frame: Frame
    shutter_ns: int | None
    edges: tuple[PlayedEdge, ...]


class Ledger:
    """Enters slots and frames; `run` is the one they belong to, None for a single frame."""

    def __init__(self, outbox: Outbox, confirming: Confirming) -> None:
        self._outbox = outbox
        self._confirming = confirming
        self._awaited: _Awaited | None = None
        self._measured: Measured | None = None

    @property
    def is_wired(self) -> bool:
        """There is a sync input."""
        return self._confirming.is_wired

    @property
    def sync(self) -> SyncStatus | None:
        """What is known by the sync input, None in a box without one."""
        confirming = self._confirming
        if not confirming.is_wired:
            return None
        return SyncStatus(confirming.last_outcome, confirming.last_lag_ns, self._measured)

    @property
    def is_waiting(self) -> bool:
        """A frame was fired, and waits for its window to be over."""
        return self._awaited is not None

    def sync_seen(self, at_ns: int) -> None:
        """Take an edge of the flash contact that came while a frame was in progress."""
        self._confirming.seen(at_ns)

    def played(self, run: Run | None, frame: Frame, report: TimelinePlayed) -> None:
        """Take a frame that the player is done with."""
        if report.cut:
            self.cut(run, frame, report.edges)
        elif self.is_wired:
            closings = (edge for edge in report.edges if edge.line is Line.SHUTTER and edge.closed)
            exposing = (edge.actual_ns for edge in closings if edge.planned_ns >= frame.due_ns)  # not the mirror's
            self._awaited = _Awaited(frame, next(exposing, None), report.edges)
        else:
            self._enter_fired(run, frame, "fired", edges=report.edges)

    def cut(self, run: Run | None, frame: Frame, edges: tuple[PlayedEdge, ...] = ()) -> None:
        """Take a frame that was cut: it may have been taken or not."""
        self._confirming.forget()
        if run is not None and frame.slot is not None:
            self._enter(run, frame.slot, "cut", "cut", edges=edges)

    def skip(self, run: Run, reason: str, slots: int = 1) -> None:
        """Take the next slot as passed, or so many together."""
        row = LedgerRow(run.slot, run.grid.due_ns(run.slot), "skipped", reason, slots=slots)
        self._outbox.put(RecordSlot(row))
        run.skipped += slots
        run.slot += slots

    def judge(self, run: Run | None, *, is_over: bool) -> None:
        """Judge the frame that was fired, if one waits for it; only a window that `is_over` can miss an edge."""
        awaited, self._awaited = self._awaited, None
        if awaited is None:
            return
        is_expected = is_over and run is not None and run.confirmed > 0
        verdict = self._confirming.judge(awaited.shutter_ns, is_expected=is_expected)
        self._outbox.put(ReportFrame(awaited.frame.due_ns, verdict.outcome))
        if run is None:
            self._outbox.put(Announce(words.frame_seen(verdict.lag_ns)))
            return
        run.confirmed += verdict.outcome == CONFIRMED
        run.missed += verdict.outcome == MISSED
        if run.lags_ns is not None and verdict.lag_ns is not None:
            run.lags_ns.append(verdict.lag_ns)
        self._enter_fired(run, awaited.frame, verdict.outcome, verdict.reason, verdict.lag_ns, awaited.edges)

    def ended(self, run: Run | None, *, is_cut: bool = False) -> None:
        """Say what a calibration has found, at its end; of any other run there is nothing to say."""
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
        for sentence in words.calibrated(measured):
            self._outbox.put(Announce(sentence))

    def _enter_fired(
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
            self._enter(run, frame.slot, outcome, reason, lag_ns, edges)

    def _enter(
        self,
        run: Run,
        slot: int,
        outcome: str,
        reason: str | None,
        lag_ns: int | None = None,
        edges: tuple[PlayedEdge, ...] = (),
    ) -> None:
        self._outbox.put(RecordSlot(LedgerRow(slot, run.grid.due_ns(slot), outcome, reason, lag_ns, edges)))
