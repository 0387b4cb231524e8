"""Starts runs: at once, by clock or sun, as a calibration, or again after an interruption.

Plans each run before it starts, and refuses one that cannot work; from then on `running` decides. Knows what the run
button means: a run, a preset, or a phone that asks to be paired.
"""

from dataclasses import replace

from config.when import DELAY, When
from controller.core import exposing, replies, runplan, words
from controller.core.effects import Announce, Answer, CloseRun, EndPairing, Outbox, Refuse, StepPreset
from controller.core.events import ClockRead, InterruptedRunFound, PairingAsked, PresetsMarked
from controller.core.focusing import Focusing
from controller.core.frames import Recipe
from controller.core.grid import Grid, Run
from controller.core.ledger import Ledger
from controller.core.machine import StateMachine
from controller.core.run_times import RunTimes, needs_clock
from controller.core.running import Running
from controller.core.schedule import CHECK_NS
from controller.core.shooting import Shooting
from controller.core.states import Release
from controller.core.words import Reason
from hardware.clock import MILLISECOND_NS, SECOND_NS

# What a slow card may take to make an intent durable; the first frame of a run leaves so much time for it.
JOURNAL_NS = 500 * MILLISECOND_NS
# A start typed up to this long after its time means that time; later, the next one.
_TYPED_GRACE_NS = 60 * SECOND_NS


class Launching:
    """Starts runs in `running`; `interrupted` is a run to be resumed or dropped."""

    def __init__(
        self,
        outbox: Outbox,
        focus: Focusing,
        shooting: Shooting,
        release: StateMachine[Release],
        ledger: Ledger,
        running: Running,
    ) -> None:
        self._outbox = outbox
        self._focus = focus
        self._shooting = shooting
        self._release = release
        self._ledger = ledger
        self._running = running
        self._clock: ClockRead | None = None
        self._is_check_due = False
        self.interrupted: InterruptedRunFound | None = None
        self._marked_presets = 0
        self._pairing_until_ns: int | None = None

    @property
    def wants_clock(self) -> bool:
        """Whether the next decision depends on the time of day."""
        if self._running.run is not None:
            return self._running.run.scheduled_start is not None or self._is_check_due
        needs_grid = self.interrupted is not None and self.interrupted.t0_ns is None
        return needs_grid or needs_clock(self._shooting.setup.settings, starts=True)

    @property
    def next_ns(self) -> int | None:
        """When to read the clock again, or when the wait of a phone ends."""
        return min((ns for ns in (self._next_reading_ns, self._pairing_until_ns) if ns is not None), default=None)

    @property
    def _next_reading_ns(self) -> int | None:
        """When to read the clock again: it may move the end of a run, and an interrupted run may wait for it."""
        run = self._running.run
        waits = self.interrupted is not None and self.interrupted.resumes_itself and self._lacks_clock
        may_move = run is not None and run.scheduled_start is None and run.goes_by_clock
        return self._clock.sample.monotonic_ns + CHECK_NS if (waits or may_move) and self._clock is not None else None

    @property
    def is_pairing(self) -> bool:
        """Whether a phone waits for a press of the run button."""
        return self._pairing_until_ns is not None

    @property
    def _lacks_clock(self) -> bool:
        """Whether a run depends on the clock, which is not set."""
        is_unset = self._clock is None or not self._clock.sample.is_trusted
        return is_unset and needs_clock(self._shooting.setup.settings)

    def start(self, now_ns: int, event: str, typed: When | None = None) -> None:
        """Start a run whose first frame comes as soon as possible, after a delay, or by clock or sun.

        That is as `typed`, or as in the settings.
        """
        settings = self._shooting.setup.settings
        when = settings.interval.start if typed is None else typed
        tolerance_ns = settings.interval.start_tolerance_ns
        grace_ns = tolerance_ns if typed is None else min(tolerance_ns, _TYPED_GRACE_NS)
        delay_ns = when.offset_ns if when.kind == DELAY else 0
        run = self._new_run(runplan.grid_of(settings, self._first_ns(now_ns, delay_ns), settings.interval.count))
        times = self._times(now_ns)
        reason = (
            times.schedule(run, when, grace_ns=grace_ns)
            or times.set_end(run)
            or times.set_exposures(run)
            or self._refuses_plan(run)
        )
        self._begin(run, now_ns, event, reason)

    def learn(self, event: ClockRead | InterruptedRunFound | PresetsMarked | PairingAsked, now_ns: int) -> None:
        """Handle an event that bears on the next start, or on what the run button means."""
        match event:
            case ClockRead():
                self._clock_read(event, now_ns)
            case InterruptedRunFound():
                self.interrupted = event
            case PresetsMarked():
                self._marked_presets = event.count
            case PairingAsked():
                self._pairing_until_ns = event.until_ns

    def _clock_read(self, clock: ClockRead, now_ns: int) -> None:
        """Handle a reading of the clock: it may move the start that a run waits for."""
        self._clock, self._is_check_due = clock, False
        run = self._running.run
        if run is None:
            return
        times = self._times(now_ns)
        if run.scheduled_start is None:
            times.follow_clock(run)
            return
        known_ns = run.scheduled_start.utc_ns
        reason = times.check_start(run) or times.set_end(run) or times.set_exposures(run)
        if reason is None and run.scheduled_start.utc_ns != known_ns:  # what goes by the clock is known only now
            reason = self._refuses_plan(run)
        reason = reason or self._lacks_lock(run, now_ns)
        if reason is not None:
            self._running.end(now_ns, reason)
        elif run.scheduled_start.is_final(now_ns):
            run.scheduled_start = None
            self._running.open(run, resumes=True)
        elif run.scheduled_start.utc_ns != known_ns:
            self._running.open(run, resumes=True)

    def calibrate(self, now_ns: int, event: str) -> None:
        """Start a calibration: a run of a few frames that measures the camera's lag and reports it at its end."""
        grid = runplan.calibration_grid(self._first_ns(now_ns, 0), self._shooting.recipe())
        run = self._new_run(grid)
        run.lags_ns = []
        self._begin(run, now_ns, event, None if self._ledger.is_wired else words.NO_SYNC)

    def toggle(self, now_ns: int, event: str) -> None:
        """Handle a tap of the run button: start, pause, or resume a paused or an interrupted run."""
        run = self._running.run
        if self.is_pairing:
            self._end_pairing(is_paired=True)
        elif run is None and self.interrupted is None:
            self.start(now_ns, event)
        elif run is None or self._release.state is Release.PAUSED or run.pause_wanted:
            self.resume(now_ns, event)
        else:
            self._running.pause(event)

    def resume(self, now_ns: int, event: str) -> None:
        """Resume a paused run, or an interrupted one."""
        if self._running.run is None and self.interrupted is not None:
            self._resume_interrupted(self.interrupted, now_ns, event)
        else:
            self._running.resume(now_ns, event)

    def advance(self, now_ns: int) -> None:
        """Request a reading of the clock when that is due, and resume an interrupted run that resumes itself.

        If that is refused, a person can still resume or drop it.
        """
        if self._pairing_until_ns is not None and self._pairing_until_ns <= now_ns:
            self._end_pairing(is_paired=False)
        self._is_check_due = self._next_reading_ns is not None and self._next_reading_ns <= now_ns
        old = self.interrupted
        if old is None or not old.resumes_itself or self._release.state is not Release.IDLE or self._lacks_clock:
            return
        self.interrupted = replace(old, resumes_itself=False)
        self.resume(now_ns, "resume")

    def stop(self, now_ns: int, event: str) -> None:
        """Stop what is in progress; if that is nothing, drop the interrupted run."""
        if self._running.run is None and self.interrupted is not None and self._release.state is Release.IDLE:
            self._drop()
            self._outbox.put(Answer(event, replies.INTERRUPTED_DROPPED))
        else:
            self._running.stop(now_ns, event)

    def hold(self, now_ns: int, event: str) -> None:
        """Handle a hold of the run button: stop what is in progress, or step to the next preset if nothing is."""
        if self.is_pairing:
            self._end_pairing(is_paired=True)
        elif self._marked_presets and self.refuses_settings(shapes_run=True) is None:
            self._outbox.put(StepPreset(event))
        else:
            self.stop(now_ns, event)

    def _end_pairing(self, *, is_paired: bool) -> None:
        self._pairing_until_ns = None
        self._outbox.put(EndPairing(is_paired))

    def refuses_settings(self, *, shapes_run: bool) -> Reason | None:
        """Return why a setting may not be changed now, None if it may; see `Controller.refuses_settings`."""
        if shapes_run and self._running.run is not None:
            return words.RUN_SHAPED
        if shapes_run and self.interrupted is not None:
            return words.RUN_OFFERED
        rests = self._release.state in (Release.WAITING, Release.PAUSED)
        return None if rests else words.SETTING_BUSY.get(self._release.state)

    def _resume_interrupted(self, old: InterruptedRunFound, now_ns: int, event: str) -> None:
        """Resume an interrupted run: on its old grid, or as soon as possible if that is lost."""
        settings, first_ns = self._shooting.setup.settings, self._first_ns(now_ns, 0)
        grid, t0_ns = runplan.grid_of(settings, 0, settings.interval.count), self._old_t0_ns(old)
        run = self._new_run(replace(grid, t0_ns=first_ns - grid.due_ns(old.slot) if t0_ns is None else t0_ns))
        times = self._times(now_ns)
        missed = None if old.start is None else times.schedule(run, old.start, utc_ns=old.start_utc_ns)
        is_lost = self._shooting.setup.is_factory or (settings.focus.interlock and not old.was_dialled_in)
        reason = (
            self._running.refuses_start
            or self._shooting.refuses_body()
            or (words.LOCK_IS_GONE if is_lost else None)
            or missed
            or times.set_end(run)
            or times.set_exposures(run, old.moves)
        )
        if reason is not None:
            self._outbox.put(Refuse(event, reason))
            if reason is missed:
                self._drop(missed)
            return
        self.interrupted, run.slot = None, old.slot
        run.fired, run.confirmed, run.missed, run.skipped = old.fired, old.confirmed, old.missed, old.skipped
        run.suspected = old.suspected
        if old.was_dialled_in:
            self._focus.restore(now_ns)
        if run.scheduled_start is not None:
            self._running.begin(run, resumes=True)
            return
        if t0_ns is None:
            self._outbox.put(Announce(words.GRID_IS_LOST))
        self._running.resume_interrupted(run, first_ns)

    def _old_t0_ns(self, old: InterruptedRunFound) -> int | None:
        """Return when the first slot of an interrupted run was due, in monotonic time; None if no clock can tell."""
        sample = None if self._clock is None else self._clock.sample
        if old.t0_ns is not None or old.t0_wall_ns is None or sample is None or not sample.is_trusted:
            return old.t0_ns
        return old.t0_wall_ns - sample.wall_ns + sample.monotonic_ns

    def _drop(self, why: str | None = None) -> None:
        """Drop the interrupted run."""
        if self.interrupted is not None:
            self.interrupted = None
            self._outbox.put(CloseRun("dropped", why))

    def _first_ns(self, now_ns: int, delay_ns: int) -> int:
        """Return when the first slot of a run can be due; its intent has to be durable before that."""
        soonest_ns = self._shooting.soonest_ns(self._shooting.recipe(), now_ns)
        return max(soonest_ns + (JOURNAL_NS if self._shooting.waits_for_journal else 0), now_ns + delay_ns)

    def _times(self, now_ns: int) -> RunTimes:
        return RunTimes(self._shooting.setup, self._clock, self._first_ns(now_ns, 0))

    def _new_run(self, grid: Grid) -> Run:
        return Run(grid, self._shooting.recipe().lead_ns, self._focus.is_held)

    def _begin(self, run: Run, now_ns: int, event: str, refusal: Reason | None) -> None:
        """Begin a run, unless `refusal` or anything else prevents it."""
        reason = (
            self._running.refuses_start
            or self._shooting.refuses_body()
            or self._focus.refuses_run(event)
            or refusal
            or self._lacks_lock(run, now_ns)
        )
        if reason is not None:
            self._outbox.put(Refuse(event, reason))
            return
        if self.interrupted is not None:
            self._outbox.put(Announce(words.DROPPED))
            self._drop()
        self._running.begin(run)
        if self._shooting.setup.settings.shot.self_timer_ns:
            self._outbox.put(Announce(words.NO_SELF_TIMER))

    def _refuses_plan(self, run: Run) -> Reason | None:
        setup, is_wired = self._shooting.setup, self._ledger.is_wired

        def planned(slot: int) -> Recipe:
            return self._shooting.recipe(exposure_ns=exposing.planned_ns(setup.settings, run, slot))

        return exposing.refuses(setup, run) or runplan.refuses(setup, run.grid, planned, is_wired=is_wired)

    def _lacks_lock(self, run: Run, now_ns: int) -> Reason | None:
        """Return why the focus lock does not last for the run, None if it does or the start is not known yet."""
        is_unknown = run.scheduled_start is not None and not run.scheduled_start.is_known
        return None if is_unknown else self._running.refuses_lock(run, now_ns)
