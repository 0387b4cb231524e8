"""Plans a run from the settings: its grid, its exposures, and whether its frames fit. Pure; knows no states."""

from collections.abc import Callable

from config.schema import Settings
from config.units import format_duration
from controller.core import calibrating, checks
from controller.core.frames import Recipe
from controller.core.grid import ExposureRamp, Grid
from controller.core.setup import Setup
from controller.core.words import Reason, Why
from hardware.clock import MILLISECOND_NS, SECOND_NS


def grid_of(settings: Settings, t0_ns: int, count: int) -> Grid:
    """Return the grid of a run of `count` slots (0: endless) whose first one is due at `t0_ns`."""
    interval = settings.interval
    return Grid(t0_ns, interval.every_ns, count, interval.every_end_ns or None)


def exposures_of(settings: Settings, count: int) -> ExposureRamp | None:
    """Return the bulb exposures of a run of `count` slots, None if they do not change from frame to frame."""
    shot = settings.shot
    if shot.drive != "bulb" or not shot.exposure_end_ns:
        return None
    return ExposureRamp(shot.exposure_ns, shot.exposure_end_ns, count)


def calibration_grid(t0_ns: int, frame_ns: int) -> Grid:
    """Return the grid of a calibration: one frame a second, or every few seconds if a frame needs longer."""
    return Grid(t0_ns, max(1, -(-frame_ns // SECOND_NS)) * SECOND_NS, calibrating.FRAMES)


def done_ns(grid: Grid, last: int, recipe: Recipe) -> int:
    """Return when the box is done with a run whose last slot is `last`, with that `recipe`."""
    return grid.due_ns(last) + recipe.hold_ns + recipe.rest_ns


def refuses(setup: Setup, grid: Grid, recipe_of: Callable[[int], Recipe]) -> Reason | None:
    """Return why a run cannot work, None if it can; `recipe_of` returns the recipe of a slot.

    Exposures change by equal fractions of a stop, and intervals by equal steps: if the first and the last frame fit,
    all do.
    """
    settings = setup.settings
    ramps = [
        key
        for key, is_set in (
            ("interval.every_end", settings.interval.every_end_ns),
            ("shot.exposure_end", exposures_of(settings, grid.count)),
        )
        if is_set
    ]
    if ramps and grid.is_endless:
        sentence = (
            f"{' and '.join(ramps)} {'needs' if len(ramps) == 1 else 'need'} a last frame; "
            "set interval.count to the number of frames"
        )
        return Reason(Why.PLAN, sentence)
    reason = checks.refuses_last_exposure(setup)
    if reason is not None:
        return reason
    last = 0 if grid.is_endless else max(0, grid.count - 2)  # nothing comes after the last frame
    for slot in sorted({0, last}):
        frame, interval_ns = recipe_of(slot), grid.interval_ns(slot)
        if frame.frame_ns > interval_ns and not ramps:
            return checks.refuses_interval(frame, interval_ns)
        if frame.frame_ns > interval_ns:
            frame_ns = -(-frame.frame_ns // MILLISECOND_NS) * MILLISECOND_NS
            return Reason(
                Why.PLAN,
                f"at frame {slot + 1} the interval is {format_duration(interval_ns)}, but the frame takes "
                f"{format_duration(frame_ns)}; make {' or '.join(ramps)} so that it fits",
            )
    return None
