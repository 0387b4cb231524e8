"""Sets when a run starts and ends: at once, after a delay, or by clock or sun.

Knows the settings and the last reading of the clock; knows no states, and decides nothing about frames.
"""

from dataclasses import replace
from datetime import UTC
from math import log2

from config.sections import Settings
from config.when import DELAY, When
from controller.core import exposing, recipes, runplan, words
from controller.core.events import ClockRead
from controller.core.frames import Recipe
from controller.core.grid import Run
from controller.core.instants import place_of
from controller.core.placing import Placing
from controller.core.ramp import Exposures, Moves
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

    def set_exposures(self, run: Run, moves: Moves = ()) -> Reason | None:
        """Place the ramp of the exposures on the grid, if both are known; return why it cannot be placed.

        `moves` are what the photographer did in the run so far: from a slot on, so many hand-steps, so much trim.
        """
        shot = self._setup.settings.shot
        keys, by_sky = exposing.keys_of(self._setup.settings, run.grid.count)
        if not keys or (run.grid.is_endless and not shot.ramp):
            run.exposures = exposing.constant(self._setup, run) if moves else None
            run.take_up(moves)
            return None
        if run.scheduled_start is not None and not run.scheduled_start.is_known:
            return None
        offset_ns, placed = self._offset_ns, run.exposures
        if placed is not None and placed.t0_ns == run.grid.t0_ns and not _is_moved(placed.offset_ns, offset_ns):
            return None
        by_clock = exposing.needs_clock(keys, shot.steps, by_sky=by_sky)
        if offset_ns is None and by_clock:
            return exposing.NEEDS_CLOCK
        zone = UTC if self._clock is None else self._clock.zone
        placing = Placing(run, place_of(self._setup.settings, zone), offset_ns)
        ramp = placing.ramp(keys, shot.steps if shot.ramp else (), by_sky=by_sky)
        if isinstance(ramp, Reason):
            return ramp
        bounds = exposing.bounds_of(self._setup, focus_is_held=run.needs_lock)
        limit = exposing.limit_of(shot)
        placed_ns = offset_ns if by_clock else None
        run.exposures = Exposures(ramp, bounds, limit, run.grid.t0_ns, placed_ns, zone)
        run.move(0, done=ramp.steps_by(run.grid.t0_ns), trim=0)
        run.take_up(moves)
        return None

    @property
    def _offset_ns(self) -> int | None:
        sample = None if self._clock is None else self._clock.sample
        return None if sample is None or not sample.is_trusted else sample.wall_ns - sample.monotonic_ns

    def follow_clock(self, run: Run) -> None:
        """Move the end and the ramp of a run in progress if the clock was set: they go by the clock."""
        offset_ns = self._offset_ns
        if offset_ns is None:
            return
        if run.end_utc_ns is not None and run.ends_ns is not None:
            ends_ns = run.end_utc_ns - offset_ns
            moved_ns = abs(ends_ns - run.ends_ns)
            if JUMP_NS < moved_ns < _SAME_DAY_NS:
                run.ends_ns = ends_ns
            elif moved_ns >= _SAME_DAY_NS:
                self.set_end(run)
        if run.exposures is not None and _is_moved(run.exposures.offset_ns, offset_ns):
            self._move_ramp(run, run.exposures)

    def _move_ramp(self, run: Run, before: Exposures) -> None:
        """Place the ramp by the clock as it is now; the exposures reach it by no more than their limit a frame."""
        last = max(0, run.slot - 1)
        light = log2(before.ramp.light_ns(last, run.grid.due_ns(last))) + run.brighter_by(last)
        if self.set_exposures(run, run.moves) is not None or run.exposures is None:
            run.exposures = before  # by this clock it cannot be placed: it stays where it was
            return
        now = log2(run.exposures.ramp.light_ns(last, run.grid.due_ns(last)))
        run.exposures.move(run.slot, before.done, before.trim, light - now)

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


def _is_moved(placed_ns: int | None, offset_ns: int | None) -> bool:
    """Return whether the clock was set since a ramp was placed by it; False for one that does not go by the clock."""
    return placed_ns is not None and offset_ns is not None and abs(offset_ns - placed_ns) > JUMP_NS


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
        self.run = Run(grid, lead_ns, focus_is_held)
        known = clock if clock is not None and clock.sample.is_trusted else None
        self.refusal = self._set_times(RunTimes(setup, known, t0_ns), is_known=known is not None)

    def recipe(self, slot: int) -> Recipe:
        """Return the recipe of a slot by plan, whether it fits or not."""
        exposure_ns = exposing.planned_ns(self._setup.settings, self.run, slot)
        return recipes.recipe(self._setup, focus_is_held=self.run.needs_lock, exposure_ns=exposure_ns)

    def _set_times(self, times: RunTimes, *, is_known: bool) -> Reason | None:
        interval = self._setup.settings.interval
        if is_known or not interval.start.needs_clock:
            refusal = times.schedule(self.run, interval.start, grace_ns=interval.start_tolerance_ns)
            if refusal is not None:
                return refusal
        ends_by_clock = interval.end is not None and interval.end.needs_clock
        refusal = times.set_end(self.run) if is_known or not ends_by_clock else None
        if refusal is not None or (interval.start.needs_clock and not is_known):
            return refusal
        return times.set_exposures(self.run)


def needs_clock(settings: Settings, *, starts: bool = False) -> bool:
    """Return whether the end of a run, its exposures, or with `starts` its start, go by the time of day."""
    start, end = settings.interval.start, settings.interval.end
    by_clock = (end is not None and end.needs_clock) or exposing.go_by_clock(settings)
    return by_clock or (starts and start.needs_clock)
