"""Sets when a run starts and ends: at once, after a delay, or by clock or sun.

Knows the settings and the last reading of the clock; knows no states, and decides nothing about frames.
"""

from dataclasses import replace

from config.when import DELAY, When
from controller.core import recipes, runplan, words
from controller.core.events import ClockRead
from controller.core.frames import Recipe
from controller.core.grid import Run
from controller.core.instants import place_of
from controller.core.schedule import (
    JUMP_NS,
    UNTRUSTED,
    ScheduledStart,
    end_is_past,
    find_end_utc_ns,
    refuses_place,
)
from controller.core.setup import Setup
from controller.core.words import Reason
from hardware.clock import SECOND_NS

# If the clock was wrong by less than this, its time was wrong, and the end of a run stays on its day. If it was wrong
# by more, its date was wrong.
_SAME_DAY_NS = 12 * 3600 * SECOND_NS
_FAR_NS = 400 * 24 * 3600 * SECOND_NS  # until a start that is not known yet


class RunTimes:
    """Sets the start and the end of a run. `clock` is None until the clock was read for the first time.

    `first_ns` is the earliest time for the first slot to be due.
    """

    def __init__(self, setup: Setup, clock: ClockRead | None, first_ns: int) -> None:
        self._setup = setup
        self._clock = clock
        self._first_ns = first_ns

    def schedule(self, run: Run, when: When, *, grace_ns: int = 0, utc_ns: int | None = None) -> Reason | None:
        """Make the run wait if its start is by clock or sun; return why it cannot.

        A start that has passed by no more than `grace_ns` counts. `utc_ns` is the start that was found before an
        interruption.
        """
        if not when.needs_clock:
            return None
        if self._clock is None:
            return UNTRUSTED
        place = place_of(self._setup.settings, self._clock.zone)
        tolerance_ns = self._setup.settings.interval.start_tolerance_ns
        run.scheduled_start = ScheduledStart(when, place, tolerance_ns, grace_ns=grace_ns, utc_ns=utc_ns)
        return refuses_place(when, place) or self.check_start(run)

    def check_start(self, run: Run) -> Reason | None:
        """Move the grid of a waiting run to where its start is now; return why there will be no start."""
        if run.scheduled_start is None or self._clock is None:
            return None
        due_ns = run.scheduled_start.check(self._clock.sample, run.lead_ns)
        if isinstance(due_ns, Reason):
            return due_ns
        t0_ns = self._first_ns + _FAR_NS if due_ns is None else max(due_ns, self._first_ns)
        run.grid, run.meant_ns = replace(run.grid, t0_ns=t0_ns), due_ns
        return None

    def set_end(self, run: Run) -> Reason | None:
        """Set when the run ends by `interval.end`, if that is known; return why it cannot end so.

        The end counts from when the run was meant to start, even if it starts late.
        """
        end, run.ends_ns, run.end_utc_ns = self._setup.settings.interval.end, None, None
        if end is None or (run.scheduled_start is not None and not run.scheduled_start.is_known):
            return None
        meant_ns = run.grid.t0_ns if run.meant_ns is None else run.meant_ns
        if end.kind == DELAY:
            run.ends_ns = meant_ns + end.offset_ns
        else:
            reason = self._find_end(run, end, meant_ns)
            if reason is not None:
                return reason
        if run.ends_ns is not None and run.scheduled_start is not None and run.ends_ns <= run.grid.t0_ns:
            return end_is_past(run.scheduled_start.when, end, run.grid.t0_ns - run.ends_ns)
        return None

    def follow_clock(self, run: Run) -> None:
        """Move the end of a run in progress if the clock was set: it ends when the clock says so."""
        if run.end_utc_ns is None or run.ends_ns is None or self._clock is None or not self._clock.sample.is_trusted:
            return
        ends_ns = run.end_utc_ns - self._clock.sample.wall_ns + self._clock.sample.monotonic_ns
        moved_ns = abs(ends_ns - run.ends_ns)
        if JUMP_NS < moved_ns < _SAME_DAY_NS:
            run.ends_ns = ends_ns
        elif moved_ns >= _SAME_DAY_NS:
            self.set_end(run)

    def _find_end(self, run: Run, end: When, meant_ns: int) -> Reason | None:
        """Set when the run ends by clock or sun; return why it cannot."""
        if self._clock is None:
            return words.END_NEEDS_CLOCK
        place, sample = place_of(self._setup.settings, self._clock.zone), self._clock.sample
        utc_ns = refuses_place(end, place) or find_end_utc_ns(end, place, meant_ns, sample)
        if isinstance(utc_ns, Reason):
            return words.END_NEEDS_CLOCK if utc_ns is UNTRUSTED else utc_ns
        run.end_utc_ns, run.ends_ns = utc_ns, utc_ns - sample.wall_ns + sample.monotonic_ns
        return None


class PlannedRun:
    """The run that the settings would start now; `now_ns` is 0 if no clock was read.

    `refusal` is why its start or its end cannot be found. What depends on a clock that is not set is left out: such a
    run is planned as one that starts at once, and ends by its count or when somebody stops it.
    """

    def __init__(self, setup: Setup, *, focus_is_held: bool, clock: ClockRead | None) -> None:
        interval = setup.settings.interval
        self._setup = setup
        self.now_ns = 0 if clock is None else clock.sample.monotonic_ns
        lead_ns = recipes.recipe(setup, focus_is_held=focus_is_held).lead_ns
        t0_ns = self.now_ns + max(lead_ns, interval.start_delay_ns)
        grid = runplan.grid_of(setup.settings, t0_ns, interval.count)
        exposures = runplan.exposures_of(setup.settings, interval.count)
        self.run = Run(grid, lead_ns, focus_is_held, exposures)
        known = clock if clock is not None and clock.sample.is_trusted else None
        self.refusal = self._set_times(RunTimes(setup, known, t0_ns), is_known=known is not None)

    def recipe(self, slot: int) -> Recipe:
        """Return the recipe of a slot."""
        exposure_ns = self.run.exposure_ns(slot)
        return recipes.recipe(self._setup, focus_is_held=self.run.needs_lock, exposure_ns=exposure_ns)

    def _set_times(self, times: RunTimes, *, is_known: bool) -> Reason | None:
        interval = self._setup.settings.interval
        if is_known or not interval.start.needs_clock:
            refusal = times.schedule(self.run, interval.start, grace_ns=interval.start_tolerance_ns)
            if refusal is not None:
                return refusal
        ends_by_clock = interval.end is not None and interval.end.needs_clock
        return times.set_end(self.run) if is_known or not ends_by_clock else None
