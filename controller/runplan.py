"""What a run would be as things are set: its grid, its exposures, whether its frames fit. Pure; knows no states."""

from collections.abc import Callable

from config.schema import Settings
from config.units import format_duration
from controller import checks
from controller.frames import Recipe
from controller.grid import ExposureRamp, Grid
from controller.words import Reason, Why


def grid_of(settings: Settings, t0_ns: int, count: int) -> Grid:
    """Return the grid of a run of `count` slots (0: endless) whose first is due at `t0_ns`."""
    interval = settings.interval
    return Grid(t0_ns, interval.every_ns, count, interval.every_end_ns or None)


def exposures_of(settings: Settings, count: int) -> ExposureRamp | None:
    """Return the bulb exposures of a run of `count` slots, where they change from frame to frame."""
    shot = settings.shot
    if shot.drive != "bulb" or not shot.exposure_end_ns:
        return None
    return ExposureRamp(shot.exposure_ns, shot.exposure_end_ns, count)


def refuses(settings: Settings, grid: Grid, recipe_of: Callable[[int], Recipe]) -> Reason | None:
    """Return why a run cannot work, None if it can; `recipe_of` is the frame of a slot.

    A frame grows by even parts of a stop, an interval by even parts: if the first and the last frame fit, all do.
    """
    ramps = [
        key
        for key, is_set in (
            ("interval.every_end", settings.interval.every_end_ns),
            ("shot.exposure_end", exposures_of(settings, 1)),
        )
        if is_set
    ]
    if ramps and grid.is_endless:
        sentence = f"{' and '.join(ramps)} need an end to go to; set interval.count to the number of frames"
        return Reason(Why.PLAN, sentence)
    last = 0 if grid.is_endless else max(0, grid.count - 2)  # nothing comes after the last frame
    for slot in {0, last}:
        frame, interval_ns = recipe_of(slot), grid.interval_ns(slot)
        if frame.frame_ns > interval_ns and not ramps:
            return checks.refuses_interval(frame, interval_ns)
        if frame.frame_ns > interval_ns:
            return Reason(
                Why.PLAN,
                f"at frame {slot + 1} the interval is {format_duration(interval_ns)}, but the frame takes "
                f"{format_duration(frame.frame_ns)}; make {' or '.join(ramps)} such that it fits",
            )
    return None
