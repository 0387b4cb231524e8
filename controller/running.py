"""Runs: interval shooting on an absolute grid. Each slot is fired, skipped or cut, and entered in the ledger.

Nothing here ever moves the grid: a late frame is late, a slot that was passed is passed, and there is no
burst to catch up. A ledger row is written once its slot is over, never for the future.
"""

from dataclasses import dataclass

from controller import words
from controller.effects import Enter, LedgerRow, Outbox, Refuse, Say
from controller.events import TimelinePlayed
from controller.focusing import Focusing
from controller.frames import SEPARATION_NS
from controller.grid import Grid
from controller.machine import StateMachine
from controller.shooting import Frame, Shooting
from controller.states import Release
from controller.words import Reason
from hardware.clock import MILLISECOND_NS

# A frame is handed to the player this long before its first edge, so that main may be late and the edge not.
AHEAD_NS = 50 * MILLISECOND_NS


@dataclass(slots=True)
class Run:
    """The run in progress: its grid, what every frame needs before it, and the next slot to decide on.

    `needs_lock`: it was planned over a focus lock, and cannot go on without one.
    """

    grid: Grid
    lead_ns: int
    needs_lock: bool
    slot: int = 0
    fired: int = 0
    skipped: int = 0
    pause_wanted: bool = False
    stop_wanted: bool = False

    @property
    def has_more(self) -> bool:
        """There is a slot still to decide on."""
        return self.grid.has(self.slot)

    @property
    def prepares_ns(self) -> int:
        """When the preparation of the next slot should begin."""
        return self.grid.due_ns(self.slot) - self.lead_ns


class Running:
    """Fires the frames of a run through `shooting`, and moves the release machine between them."""

    def __init__(self, outbox: Outbox, focus: Focusing, shooting: Shooting, release: StateMachine[Release]) -> None:
        self._outbox = outbox
        self._focus = focus
        self._shooting = shooting
        self._release = release
        self.run: Run | None = None

    @property
    def is_endless(self) -> bool:
        """A run is in progress that only a person ends, and nobody has asked it to pause or stop."""
        run = self.run
        if run is None or self._release.state is Release.PAUSED or run.pause_wanted or run.stop_wanted:
            return False
        return run.grid.is_endless

    @property
    def next_ns(self) -> int | None:
        """When the next slot has to be decided on."""
        return None if self.run is None or not self.run.has_more else self._decides_ns(self.run)

    def start(self, now_ns: int, event: str, delay_ns: int) -> None:
        """Start a run whose first frame comes as soon as it can, or `delay_ns` from now."""
        run = self._plan(now_ns, delay_ns)
        reason = (
            words.START_BUSY.get(self._release.state)
            or self._shooting.refuses_body()
            or self._focus.refuses_run()
            or self._refuses_interval()
            or self._refuses_lock(run, now_ns)
        )
        if reason is not None:
            self._outbox.put(Refuse(event, reason))
            return
        self.run = run
        self._release.change("wait")
        if self._shooting.setup.settings.shot.self_timer_ns:
            self._outbox.put(Say(words.NO_SELF_TIMER))

    def pause(self, event: str) -> None:
        """Pause the run at the next gap."""
        run = self.run
        if run is None:
            self._outbox.put(Refuse(event, words.NO_RUN))
        elif self._release.state is Release.PAUSED:
            self._outbox.put(Refuse(event, words.ALREADY_PAUSED))
        elif run.stop_wanted:
            self._outbox.put(Refuse(event, words.STOPPING))
        elif self._release.state is Release.WAITING:
            self._release.change("pause")
        else:
            run.pause_wanted = True

    def resume(self, now_ns: int, event: str) -> None:
        """Go on with a paused run, in phase; or take back a pause that has not begun."""
        run = self.run
        if run is None:
            self._outbox.put(Refuse(event, words.NO_RUN))
        elif run.pause_wanted:
            run.pause_wanted = False
        elif self._release.state is not Release.PAUSED:
            self._outbox.put(Refuse(event, words.NOT_PAUSED))
        elif (reason := self._focus.refuses_run() or self._refuses_lock(run, now_ns)) is not None:
            self._outbox.put(Refuse(event, reason))
        else:
            while run.has_more and run.prepares_ns < now_ns:
                self._skip(run, "paused")
            self._release.change("wait")

    def toggle(self, now_ns: int, event: str) -> None:
        """Take a tap of `run`: start, pause, resume."""
        if self.run is None:
            self.start(now_ns, event, self._shooting.setup.settings.interval.start_delay_ns)
        elif self._release.state is Release.PAUSED or self.run.pause_wanted:
            self.resume(now_ns, event)
        else:
            self.pause(event)

    def stop(self, now_ns: int, event: str) -> None:
        """Finish the frame in progress, then end the run; without a run, `stop` is about the single frame."""
        if self.run is None:
            self._shooting.stop(now_ns, event)
        elif self._release.state in (Release.WAITING, Release.PAUSED):
            self._end(now_ns, "end")
        else:
            self.run.stop_wanted = True

    def played(self, report: TimelinePlayed, now_ns: int) -> None:
        """Take the player's report."""
        frame = self._shooting.played(report, now_ns)
        if frame is not None:
            self._enter_frame(frame, "cut" if report.cut else "fired")

    def abandon(self, now_ns: int) -> None:
        """Both lines have been opened: the frame and the run are over."""
        frame = self._shooting.abandon(now_ns)
        if frame is not None:
            self._enter_frame(frame, "cut")
        self.run = None

    def passed(self, now_ns: int) -> None:
        """Do what is due: leave the gap after a frame, fire or skip slots, end a run that has none left."""
        if self._release.state is Release.RECOVERING and self._shooting.recovered_ns <= now_ns:
            self._recovered(now_ns)
        run = self.run
        if run is not None and run.needs_lock and not self._focus.is_held and self._release.state is Release.WAITING:
            self._end_with_lock(now_ns)
        while run is not None and run is self.run and run.has_more and self._decides_ns(run) <= now_ns:
            self._decide(run, now_ns)
        rests = self._release.state in (Release.WAITING, Release.PAUSED)
        if run is not None and run is self.run and rests and (run.stop_wanted or not run.has_more):
            self._end(now_ns, "end")

    def _plan(self, now_ns: int, delay_ns: int) -> Run:
        recipe, interval = self._shooting.recipe(), self._shooting.setup.settings.interval
        t0_ns = max(self._shooting.earliest_ns(recipe, now_ns), now_ns + delay_ns)
        return Run(Grid(t0_ns, interval.every_ns, interval.count), recipe.lead_ns, self._focus.is_held)

    def _refuses_interval(self) -> Reason | None:
        every_ns, recipe = self._shooting.setup.settings.interval.every_ns, self._shooting.recipe()
        if recipe.frame_ns <= every_ns:
            return None
        return words.interval_too_short(every_ns, recipe.lead_ns, recipe.hold_ns, recipe.gap_ns)

    def _refuses_lock(self, run: Run, now_ns: int) -> Reason | None:
        """Return why the focus lock does not last for the run; an endless one is ended before the lock is."""
        until_ns = self._focus.held_until_ns
        last_ns = run.grid.t0_ns + (run.grid.length_ns or 0)
        if until_ns is None or last_ns + self._shooting.recipe().hold_ns + SEPARATION_NS <= until_ns:
            return None
        return words.lock_too_short(last_ns - now_ns, until_ns - now_ns)

    def _recovered(self, now_ns: int) -> None:
        run = self.run
        if run is None:
            self._release.change("finish")
        elif run.stop_wanted or not run.has_more:
            self._end(now_ns, "finish")
        elif run.pause_wanted:
            run.pause_wanted = False
            self._release.change("pause")
        else:
            self._release.change("wait")

    def _decides_ns(self, run: Run) -> int:
        """Return when the next slot is decided on: in time to be played, or once it is passed."""
        if self._release.state is Release.PAUSED:
            return run.grid.due_ns(run.slot)
        return run.prepares_ns - (AHEAD_NS if self._release.state is Release.WAITING else 0)

    def _decide(self, run: Run, now_ns: int) -> None:
        interval = self._shooting.setup.settings.interval
        if self._release.state is Release.PAUSED:
            self._skip(run, "paused")
        elif self._release.state is Release.WAITING and now_ns <= run.prepares_ns + interval.tolerance_ns:
            self._fire(run, now_ns)
        else:
            self._skip(run, "late" if self._release.state is Release.WAITING else "the frame before was not over")
            run.stop_wanted = run.stop_wanted or interval.overrun == "stop"

    def _fire(self, run: Run, now_ns: int) -> None:
        recipe = self._shooting.recipe()
        closes_ns = max(run.grid.due_ns(run.slot), self._shooting.earliest_ns(recipe, now_ns))
        until_ns = self._focus.held_until_ns
        if until_ns is not None and closes_ns + recipe.hold_ns + SEPARATION_NS > until_ns:
            self._end_with_lock(now_ns)
            return
        self._shooting.play(recipe, now_ns, closes_ns, recipe.hold_ns, run.slot)
        run.slot += 1

    def _end_with_lock(self, now_ns: int) -> None:
        self._outbox.put(Say(words.LOCK_ENDS))
        self._end(now_ns, "end")

    def _skip(self, run: Run, reason: str) -> None:
        self._enter(run, run.slot, "skipped", reason)
        run.skipped += 1
        run.slot += 1

    def _enter_frame(self, frame: Frame, outcome: str) -> None:
        if self.run is not None and frame.slot is not None:
            self.run.fired += outcome == "fired"
            self._enter(self.run, frame.slot, outcome, None if outcome == "fired" else outcome)

    def _enter(self, run: Run, slot: int, outcome: str, reason: str | None) -> None:
        self._outbox.put(Enter(LedgerRow(slot, run.grid.due_ns(slot), outcome, reason)))

    def _end(self, now_ns: int, trigger: str) -> None:
        self.run = None
        self._release.change(trigger)
        self._focus.unlock(now_ns)
