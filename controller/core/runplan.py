"""Plans a run from the settings: its grid, its exposures, and whether its frames fit. Pure; knows no states."""

from collections.abc import Callable, Iterator

from config.schema import Settings, find_field
from config.units import format_duration
from controller.core import calibrating, checks, recipes, words
from controller.core.frames import SEPARATION_NS, Recipe
from controller.core.grid import Grid
from controller.core.remedies import AT_MOST, BACK_BUTTON_FOCUS, COUNT, Remedy, at_least, within
from controller.core.setup import Setup
from controller.core.words import Reason
from hardware.clock import MILLISECOND_NS, SECOND_NS

# The player gets a frame this long before its first edge, so that the edge is on time even if main is late.
AHEAD_NS = 50 * MILLISECOND_NS
# A slow card takes about this long to make an intent durable (decision 24).
COMMIT_NS = 150 * MILLISECOND_NS
_ROUND_NS = 10 * MILLISECOND_NS  # of an advised interval, so that it can be typed
# Runs of so many frames have a single interval, or a single exposure: nothing can change from the first to the last.
_NO_INTERVAL_RAMP, _NO_EXPOSURE_RAMP = (1, 2), (1,)


def grid_of(settings: Settings, t0_ns: int, count: int) -> Grid:
    """Return the grid of a run of `count` slots (0: endless) whose first one is due at `t0_ns`."""
    interval = settings.interval
    every_end_ns = None if count in _NO_INTERVAL_RAMP else interval.every_end_ns or None
    return Grid(t0_ns, interval.every_ns, count, every_end_ns)


def ramps_to_end(settings: Settings, count: int) -> bool:
    """Return whether `shot.exposure_end` makes the exposures of a run of `count` slots change."""
    shot = settings.shot
    return shot.drive == "bulb" and bool(shot.exposure_end_ns) and count not in _NO_EXPOSURE_RAMP


def idle_ramps(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each ramp that is set and has no effect, because the run has too few frames."""
    count, shot = settings.interval.count, settings.shot
    frames = "1 frame" if count == 1 else f"{count} frames"
    if settings.interval.every_end_ns and count in _NO_INTERVAL_RAMP:
        yield f"interval.every_end has no effect in a run of {frames}: a ramp of the interval takes 3 frames or more"
    if shot.ramp and (shot.drive != "bulb" or count in _NO_EXPOSURE_RAMP):
        why = f"shot.drive is {shot.drive}; set shot.drive bulb" if shot.drive != "bulb" else "the run has one frame"
        yield f"shot.ramp has no effect: {why}"
    if shot.drive == "bulb" and shot.exposure_end_ns and count in _NO_EXPOSURE_RAMP:
        yield f"shot.exposure_end has no effect in a run of {frames}: a ramp of the exposure takes 2 frames or more"


def calibration_grid(t0_ns: int, recipe: Recipe) -> Grid:
    """Return the grid of a calibration: one frame a second, or every few seconds if a frame needs longer."""
    needed_ns = recipe.frame_ns + margin_ns(recipe, is_wired=True)
    return Grid(t0_ns, max(1, -(-needed_ns // SECOND_NS)) * SECOND_NS, calibrating.FRAMES)


def margin_ns(recipe: Recipe, *, is_wired: bool) -> int:
    """Return how much longer than a frame an interval has to be, so that no frame is late.

    The player gets each frame AHEAD_NS before its first edge. Its intent has to be durable then. It is recorded when
    SHUTTER has opened, or, if a sync input is wired, when the camera is ready again.
    """
    commit_ns = COMMIT_NS if is_wired else max(0, COMMIT_NS - recipe.rest_ns)
    return AHEAD_NS + commit_ns


def least_interval_ns(recipe: Recipe, *, is_wired: bool) -> int:
    """Return the shortest interval to advise: a frame and its margin, rounded up."""
    return -(-(recipe.frame_ns + margin_ns(recipe, is_wired=is_wired)) // _ROUND_NS) * _ROUND_NS


def done_ns(grid: Grid, last: int, recipe: Recipe) -> int:
    """Return when the box is done with a run whose last slot is `last`, with that `recipe`."""
    return grid.due_ns(last) + recipe.hold_ns + recipe.rest_ns


def refuses(setup: Setup, grid: Grid, recipe_of: Callable[[int], Recipe], *, is_wired: bool) -> Reason | None:
    """Return why a run cannot work, None if it can; `recipe_of` returns the recipe of a slot.

    Exposures change by equal fractions of a stop, and intervals by equal steps: if the first and the last frame fit,
    all do.
    """
    ramps = _ramps(setup, grid)
    if ramps and grid.is_endless:
        cause = f"{' and '.join(ramps)} {'needs' if len(ramps) == 1 else 'need'} a last frame"
        return words.cannot_work(cause, COUNT)
    reason = checks.refuses_last_exposure(setup) if "shot.exposure_end" in ramps else None
    if reason is not None:
        return reason
    last = 0 if grid.is_endless else max(0, grid.count - 2)  # nothing comes after the last frame
    for slot in sorted({0, last}):
        frame, interval_ns = recipe_of(slot), grid.interval_ns(slot)
        if frame.frame_ns > interval_ns:
            key = "interval.every_end" if slot and grid.every_end_ns else "interval.every"
            fitting = _fitting(setup, key, frame, is_wired=is_wired)
            if ramps:
                return _frame_too_long(slot, interval_ns, frame, *fitting)
            return words.interval_too_short(interval_ns, frame, *fitting)
    return None


def _frame_too_long(slot: int, interval_ns: int, frame: Recipe, *remedies: Remedy) -> Reason:
    """Return that a frame of a ramp does not fit into the interval after it."""
    frame_ns = -(-frame.frame_ns // MILLISECOND_NS) * MILLISECOND_NS
    numbers = f"the interval is {format_duration(interval_ns)}, but the frame takes {format_duration(frame_ns)}"
    return words.cannot_work(f"at frame {slot + 1} {numbers}", *remedies)


def refuses_lock(grid: Grid, recipe: Recipe, last: int, now_ns: int, until_ns: int) -> Reason | None:
    """Return why a focus lock until `until_ns` is too short for a run to slot `last`, with that recipe; or None."""
    open_ns = recipe.hold_ns + SEPARATION_NS
    ends_ns = grid.due_ns(last) + open_ns
    if ends_ns <= until_ns:
        return None
    limit_ns = checks.minutes_up(ends_ns - now_ns + checks.TYPING_NS)
    limit = at_least("focus.lock_limit", limit_ns, "set focus.lock_limit to at least {value} and focus again")
    fewer = _fewer_frames(grid, last, until_ns - checks.TYPING_NS - open_ns)
    return words.lock_too_short(ends_ns - now_ns, until_ns - now_ns, *fewer, limit, BACK_BUTTON_FOCUS)


def warn_of_tight_interval(setup: Setup, recipe: Recipe, *, is_wired: bool) -> Iterator[str]:
    """Yield a warning if the frames of a run just fit into the interval."""
    interval, fits_ns = setup.settings.interval, recipe.frame_ns
    if setup.settings.shot.ramp:  # its exposures leave the time that is needed
        return
    if interval.count != 1 and fits_ns <= interval.every_ns < fits_ns + margin_ns(recipe, is_wired=is_wired):
        remedy = at_least("interval.every", least_interval_ns(recipe, is_wired=is_wired))
        yield words.interval_is_tight(interval.every_ns, remedy)


def idle_ns(setup: Setup, recipe: Recipe) -> int | None:
    """Return how long the camera is idle between two frames of a run; None if FOCUS may move the lens."""
    settings, count = setup.settings, setup.settings.interval.count
    if setup.is_factory or count == 1:
        return None
    grid, shot = grid_of(settings, 0, count), settings.shot
    exposures = [key.exposure_ns for key in shot.ramp] if shot.drive == "bulb" else []
    exposures += [shot.exposure_ns, shot.exposure_end_ns] if ramps_to_end(settings, count) else []
    if exposures:  # the shortest leaves the longest pause
        recipe = recipes.recipe(setup, focus_is_held=False, exposure_ns=min(exposures))
    return max(0, max(grid.every_ns, grid.every_end_ns or 0) - recipe.lead_ns - recipe.hold_ns)


def _fewer_frames(grid: Grid, last: int, ends_ns: int) -> Iterator[Remedy]:
    """Yield the remedy to take as many frames as are due by `ends_ns`, if that is at least one."""
    if last and ends_ns >= grid.t0_ns:
        mean_ns = max(grid.interval_ns(0), -(-(grid.due_ns(last) - grid.t0_ns) // last))
        yield Remedy("interval.count", str((ends_ns - grid.t0_ns) // mean_ns + 1), AT_MOST)


def _ramps(setup: Setup, grid: Grid) -> list[str]:
    """Return the settings that make a ramp of this run."""
    ramps = {
        "interval.every_end": grid.every_end_ns,
        "shot.exposure_end": ramps_to_end(setup.settings, grid.count),
    }
    return [key for key, is_set in ramps.items() if is_set]


def _fitting(setup: Setup, key: str, frame: Recipe, *, is_wired: bool) -> Iterator[Remedy]:
    """Yield what to set so that a frame fits into the interval of `key`; shorter exposures, if none is that long."""
    least_ns = least_interval_ns(frame, is_wired=is_wired)
    interval = at_least(key, least_ns)
    yield interval
    exposures = [take.bulb_ns for take in frame.takes if take.bulb_ns is not None]
    if interval.is_possible or not exposures:
        return
    over_ns = least_ns - (find_field(key).maximum or 0)
    spare_ns = sum(exposures) - -(-over_ns // (2 if frame.reduces_noise else 1))
    each_ns = spare_ns // len(exposures) // SECOND_NS * SECOND_NS
    shot = setup.settings.shot
    exposure_key = "shot.exposure_end" if "_end" in key and shot.exposure_end_ns else "shot.exposure"
    yield within("shot.bracket" if shot.drive == "bracket" else exposure_key, exposures, 0, each_ns)
