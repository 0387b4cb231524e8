"""Runs: interval shooting on an absolute grid. Each slot is fired, skipped or cut, and recorded in the ledger.

Nothing here ever moves the grid: a late frame stays late, a missed slot stays missed, and no burst catches up. A
ledger row is written once its slot is over, never ahead of time.
"""

from controller.core import lag_watch, replies, runplan, words
from controller.core.effects import Announce, Answer, CloseRun, Intend, OpenRun, Outbox, Refuse
from controller.core.events import TimelinePlayed
from controller.core.focusing import Focusing
from controller.core.frames import SEPARATION_NS, Recipe
from controller.core.grid import Run
from controller.core.ledger import Ledger
from controller.core.machine import StateMachine
from controller.core.runplan import AHEAD_NS
from controller.core.shooting import Shooting
from controller.core.states import Release
from controller.core.words import Reason


class Running:
    """Fires the frames of a run through `shooting`, and changes the release machine between them."""

    def __init__(
        self, outbox: Outbox, focus: Focusing, shooting: Shooting, release: StateMachine[Release], ledger: Ledger
    ) -> None:
        self._outbox = outbox
        self._focus = focus
        self._shooting = shooting
        self._release = release
        self._ledger = ledger
        self.run: Run | None = None

    @property
    def is_endless(self) -> bool:
        """Whether an endless run is in progress, and nobody has requested a pause or a stop."""
        run = self.run
        if run is None or self._release.state is Release.PAUSED or run.pause_wanted or run.stop_wanted:
            return False
        return run.last_slot is None

    @property
    def refuses_start(self) -> Reason | None:
        """Why no run can be started because of another one or of what the box is doing, None if one can."""
        if self.run is not None:
            return replies.refuses_start(self.run, self._release.state)
        return words.START_BUSY.get(self._release.state)

    @property
    def next_ns(self) -> int | None:
        """When to decide on the next slot, or to check a scheduled start."""
        if self.run is not None and self.run.scheduled_start is not None:
            return self.run.scheduled_start.next_check_ns
        return None if self.run is None or not self.run.has_more else self._decides_ns(self.run)

    @property
    def done_ns(self) -> int | None:
        """When the box is done with the run: its last frame is over, with its dark frame and gap. None if unknown."""
        run = self.run
        if run is None:
            return None
        last, is_waiting = run.last_slot, run.scheduled_start is not None and not run.scheduled_start.is_known
        if run.stop_wanted or (last is not None and run.slot > last):
            return self._shooting.done_ns
        return None if last is None or is_waiting else runplan.done_ns(run.grid, last, self.recipe(run, last))

    def begin(self, run: Run, *, resumes: bool = False) -> None:
        """Begin a run that was planned and not refused, or start waiting for its scheduled start."""
        self.run = run
        self.open(run, resumes=resumes)
        self._release.change("wait")

    def resume_interrupted(self, run: Run, first_ns: int) -> None:
        """Resume an interrupted run; skip the slots that are due before `first_ns`."""
        self.run = run
        self.open(run, resumes=True)
        passed = run.slots_until(first_ns) - run.slot
        if passed > 0:
            self._ledger.skip(run, "power off", passed)
        self._release.change("wait")

    def open(self, run: Run, *, resumes: bool = False) -> None:
        """Record the run in the journal, or, with `resumes`, update it: its start or its grid has become known."""
        grid, awaited = run.grid, run.scheduled_start
        when, utc_ns = (None, None) if awaited is None else (awaited.when, awaited.utc_ns)
        self._outbox.put(OpenRun(grid.t0_ns, grid.every_ns, grid.count, resumes, when, utc_ns, run.moves))

    def recipe(self, run: Run, slot: int) -> Recipe:
        """Return the recipe of a slot, with the exposure of that slot."""
        return self._shooting.recipe(exposure_ns=run.exposure_ns(slot))

    def end(self, now_ns: int, why: Reason) -> None:
        """End a run that waits for its start, and announce why."""
        self._outbox.put(Announce(why))
        self._end(now_ns, "end", why)

    def press_shutter(self, now_ns: int, event: str, *, held: bool) -> None:
        """Handle a press of `shutter`: during a run it ends a bulb exposure, and is refused otherwise."""
        refusal = None if self.run is None else replies.refuses_frame(self.run, self._release.state)
        self._shooting.pressed(now_ns, event, held=held, run_refuses=refusal)

    def pause(self, event: str) -> None:
        """Pause the run, after the frame in progress."""
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
            self._outbox.put(Answer(event, replies.pauses(run, self._shooting.frame)))
            run.pause_wanted = run.has_more

    def resume(self, now_ns: int, event: str) -> None:
        """Resume a paused run on its grid, or cancel a pause that has not begun."""
        run = self.run
        if run is None:
            self._outbox.put(Refuse(event, words.NO_RUN))
        elif run.pause_wanted:
            run.pause_wanted = False
            self._outbox.put(Answer(event, replies.continues(run)))
        elif self._release.state is not Release.PAUSED:
            self._outbox.put(Refuse(event, words.NOT_PAUSED))
        elif (reason := self._focus.refuses_run(event) or self.refuses_lock(run, now_ns)) is not None:
            self._outbox.put(Refuse(event, reason))
        else:
            awake_ns = self._focus.pulses.awake_ns(now_ns)
            while run.has_more and run.prepares_ns < awake_ns:
                self._ledger.skip(run, "paused")
            self._outbox.put(Answer(event, replies.continues(run)))
            self._release.change("wait")

    def stop(self, now_ns: int, event: str) -> None:
        """End the run after the frame in progress; without a run, stop the single frame."""
        if self.run is None:
            self._shooting.stop(now_ns, event)
        elif self._release.state in (Release.WAITING, Release.PAUSED):
            self._outbox.put(Answer(event, replies.has_ended(self.run)))
            self._end(now_ns, "end")
        else:
            self._outbox.put(Answer(event, replies.stops(self.run, self._shooting.frame)))
            self.run.stop_wanted = True

    def played(self, report: TimelinePlayed, now_ns: int) -> None:
        """Handle the player's report."""
        frame = self._shooting.played(report, now_ns)
        if frame is not None:
            self._ledger.played(self.run, frame, report)

    def sync_seen(self, at_ns: int) -> None:
        """Handle an edge of the flash contact; it counts for the frame in progress, if there is one."""
        if self._release.state in (Release.EXPOSING, Release.RECOVERING):
            self._ledger.sync_seen(at_ns)

    def abandon(self, now_ns: int) -> None:
        """Record that both lines were opened: ends the frame and the run."""
        self._judge(is_over=False)  # a frame that was fired and is in its gap
        frame = self._shooting.abandon(now_ns)
        if frame is not None:
            self._ledger.cut(self.run, frame)
        self._ledger.ended(self.run, is_cut=True)
        if self.run is not None:
            self._outbox.put(CloseRun("cut"))
        self.run = None

    def intent_saved(self, slot: int) -> None:
        """Record that the intent to fire a slot is durable."""
        if self.run is not None and slot <= self.run.intended:
            self.run.saved = max(self.run.saved, slot)

    def advance(self, now_ns: int) -> None:
        """Do everything that is due: leave the gap after a frame, fire or skip slots, end a run that is over."""
        if self._release.state is Release.RECOVERING and self._shooting.recovered_ns <= now_ns:
            self._recovered(now_ns)
        run = self.run
        if run is None:
            return
        if run.needs_lock and not self._focus.is_held and self._release.state is Release.WAITING:
            self._end_with_lock(now_ns)
        if run.scheduled_start is not None:
            return
        while run is self.run and (has_more := run.has_more) and self._decides_ns(run) <= now_ns:
            self._decide(run, now_ns)
        if run is not self.run:
            return
        if (run.stop_wanted or not has_more) and self._release.state in (Release.WAITING, Release.PAUSED):
            self._end(now_ns, "end")
        elif has_more:
            self._intend(run)

    def refuses_lock(self, run: Run, now_ns: int) -> Reason | None:
        """Return why the focus lock is too short for the run, or None; an endless run ends before its lock does."""
        until_ns, last = self._focus.held_until_ns, run.last_slot or 0
        if until_ns is None:
            return None
        return runplan.refuses_lock(run.grid, self.recipe(run, last), last, now_ns, until_ns)

    def _recovered(self, now_ns: int) -> None:
        self._judge(is_over=True)
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

    def _judge(self, *, is_over: bool) -> None:
        """Judge the frame that was fired; if it may have focused, and the settings say so, pause before the next."""
        run, setup = self.run, self._shooting.setup
        is_suspected = self._ledger.judge(run, lag_watch.usual_of(setup), is_over=is_over)
        pauses = is_suspected and is_over and lag_watch.pauses_runs(setup)
        if pauses and run is not None and run.has_more and not run.stop_wanted:
            run.pause_wanted = True
            self._outbox.put(Announce(lag_watch.pauses(run.slot - 1)))

    def _intend(self, run: Run) -> None:
        """Record the intent to fire the next slot, together with the row of the slot before it."""
        is_between = self._release.state in (Release.WAITING, Release.RECOVERING) and not self._ledger.is_waiting
        if self._shooting.waits_for_journal and not run.stop_wanted and is_between and run.intended < run.slot:
            run.intended = run.slot
            setup, due_ns = self._shooting.setup, run.grid.due_ns(run.slot)
            late_ns = setup.settings.interval.tolerance_ns
            mirror = self._shooting.mirror.intend_in_slot(self.recipe(run, run.slot), due_ns, late_ns, setup.profile)
            self._outbox.put(Intend(run.slot, due_ns, mirror))

    def _lacks_intent(self, run: Run) -> bool:
        return self._release.state is Release.WAITING and self._shooting.waits_for_journal and run.saved < run.slot

    def _decides_ns(self, run: Run) -> int:
        """Return when to decide on the next slot: in time to play it, or once it has passed.

        As long as it may be late, it waits for what it lacks: its intent to be durable, the frame before to be over.
        """
        if self._release.state is Release.PAUSED:
            return run.grid.due_ns(run.slot)
        if self._release.state is Release.WAITING and not self._lacks_intent(run):
            return run.prepares_ns - AHEAD_NS
        return run.prepares_ns + self._shooting.setup.settings.interval.tolerance_ns

    def _decide(self, run: Run, now_ns: int) -> None:
        interval = self._shooting.setup.settings.interval
        if self._release.state is Release.PAUSED:
            self._ledger.skip(run, "paused")
        elif self._lacks_intent(run):
            self._ledger.skip(run, "journal")
        elif self._release.state is Release.WAITING and now_ns <= run.prepares_ns + interval.tolerance_ns:
            self._fire(run, now_ns)
        else:
            is_waiting = self._release.state is Release.WAITING
            self._skip_late(run, "late" if is_waiting else "the frame before was not over")

    def _skip_late(self, run: Run, reason: str) -> None:
        """Skip the next slot, as it cannot be on time; end the run if that is what `interval.overrun` says."""
        self._ledger.skip(run, reason)
        run.stop_wanted = run.stop_wanted or self._shooting.setup.settings.interval.overrun == "stop"

    def _fire(self, run: Run, now_ns: int) -> None:
        recipe, grid_ns = self.recipe(run, run.slot), run.grid.due_ns(run.slot)
        due_ns = max(grid_ns, self._shooting.earliest_ns(recipe, now_ns))
        if due_ns > grid_ns + self._shooting.setup.settings.interval.tolerance_ns:
            self._skip_late(run, "the camera was not ready in time")
            return
        until_ns = self._focus.held_until_ns
        if until_ns is not None and due_ns + recipe.hold_ns + SEPARATION_NS > until_ns:
            self._end_with_lock(now_ns)
            return
        self._shooting.play(recipe, now_ns, due_ns, run.slot)
        run.slot += 1

    def _end_with_lock(self, now_ns: int) -> None:
        self._outbox.put(Announce(words.LOCK_ENDS))
        self._end(now_ns, "end", words.LOCK_ENDS)

    def _end(self, now_ns: int, trigger: str, why: str | None = None) -> None:
        self._ledger.ended(self.run)
        self._shooting.mirror.withdraw()
        if self.run is not None:
            waited, has_more = self.run.scheduled_start is not None, self.run.has_more
            self._outbox.put(CloseRun("not begun" if waited else "stopped" if has_more else "finished", why))
        self.run = None
        self._release.change(trigger)
        self._focus.unlock(now_ns)
