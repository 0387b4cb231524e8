"""Places the keys and the hand-steps of a ramp on the grid of a run.

A key by the sun or the clock means many instants. The keys follow each other, so they mean those that do: each the
first such instant after the key before. Of the series found the run takes the one that it begins in, else the next
one, else the nearest.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from config.files import Pause, no_pause
from config.moments import Height, Moment, Share, format_moment
from config.ramp import Key
from config.record import dataclass
from config.steps import Step
from config.units import HOUR_NS
from config.when import DELAY, EVENTS, When
from controller.core.grid import Run
from controller.core.instants import NO_EVENT, Place
from controller.core.occurrences import occurrences_ns
from controller.core.ramp import Knot, PlacedStep, Ramp, Sky, light_of
from controller.core.remedies import COUNT
from controller.core.words import Reason, Why, cannot_work

_DAY_NS = 24 * HOUR_NS
_AROUND_NS = 3 * _DAY_NS // 2  # from a run, in which its keys are looked for
_LONGEST_NS = 7 * _DAY_NS  # of a run, beyond which no key is looked for
_SAMPLES_NS = HOUR_NS // 4


@dataclass(frozen=True, slots=True)
class Spot:
    """An instant in monotonic time that a moment may mean; `is_rising`: the sun is, None where that is not asked."""

    at_ns: int
    is_rising: bool | None = None


class Placing:
    """Places moments on the grid of `run`, whose first and last slot are known.

    `offset_ns` is UTC less monotonic time, None if the clock is not trusted: then ValueError for what goes by it.
    Calls `pause` between steps of less than a millisecond.
    """

    def __init__(self, run: Run, place: Place, offset_ns: int | None, pause: Pause = no_pause) -> None:
        self._run = run
        self._place = place
        self._offset_ns = offset_ns
        self._pause = pause
        last = run.last_slot if run.grid.is_endless else run.grid.count - 1
        self._last = last
        self._begins_ns = run.grid.t0_ns
        self._ends_ns = None if run.last_slot is None else run.grid.due_ns(max(0, run.last_slot))

    def ramp(self, keys: Sequence[Key], steps: Sequence[Step], *, by_sky: bool) -> Ramp | Reason:
        """Return the ramp through `keys`, or why one of them cannot be placed."""
        spots = [self._spots(key.at) for key in keys]
        missing = next((key for key, found in zip(keys, spots, strict=True) if not found), None)
        if missing is not None:
            return self._never(missing)
        series = self._choose(_series(spots))
        if series is None:
            return self._out_of_order(keys, spots)
        placed = self._placed_steps(steps, series)
        if isinstance(placed, Reason):
            return placed
        sky = self._sky if by_sky else None
        return Ramp(tuple(self._knot(*pair, placed, sky) for pair in zip(keys, series, strict=True)), placed, sky)

    @property
    def _sky(self) -> Sky:
        if self._place.site is None or self._offset_ns is None:
            raise ValueError("the sky needs a site and a clock")
        return Sky(self._place.site, self._offset_ns)

    def _knot(self, key: Key, at_ns: int, steps: tuple[PlacedStep, ...], sky: Sky | None) -> Knot:
        slot = self._run.grid.slot_at(at_ns)
        return Knot(key, at_ns, slot, light_of(key, steps, at_ns), 0.0 if sky is None else sky.stops_at(at_ns))

    def _spots(self, moment: Moment) -> list[Spot]:
        """Return all instants that a moment may mean, in their order."""
        grid = self._run.grid
        if isinstance(moment, Share):
            return [] if self._last is None else [Spot(grid.at_ns(self._last * moment.ppm / 1_000_000))]
        if isinstance(moment, When) and moment.kind == DELAY:
            return [Spot(self._begins_ns + moment.offset_ns)]
        if self._offset_ns is None:
            raise ValueError(f"no clock to find {format_moment(moment)} by")
        from_ns, to_ns = (ns + self._offset_ns for ns in self._window_ns)
        found = occurrences_ns(moment, self._place, from_ns, to_ns, self._pause)
        return [Spot(at_ns - self._offset_ns, is_rising) for at_ns, is_rising in found]

    @property
    def _window_ns(self) -> tuple[int, int]:
        latest_ns = self._begins_ns + _LONGEST_NS
        ends_ns = self._begins_ns if self._ends_ns is None else min(self._ends_ns, latest_ns)
        return self._begins_ns - _AROUND_NS, ends_ns + _AROUND_NS

    def _choose(self, series: list[tuple[int, ...]]) -> tuple[int, ...] | None:
        begins_ns, ends_ns = self._begins_ns, self._ends_ns
        around = [each for each in series if each[0] <= begins_ns <= each[-1]]
        ahead = [each for each in series if each[0] > begins_ns and (ends_ns is None or each[0] <= ends_ns)]
        if around or ahead:
            return around[-1] if around else ahead[0]
        return min(series, key=lambda each: min(abs(each[0] - begins_ns), abs(each[-1] - begins_ns)), default=None)

    def _placed_steps(self, steps: Sequence[Step], series: Sequence[int]) -> tuple[PlacedStep, ...] | Reason:
        placed: list[PlacedStep] = []
        after_ns = series[0]
        for step in steps:
            between = [spot for spot in self._spots(step.at) if series[0] <= spot.at_ns <= series[-1]]
            fitting = [spot.at_ns for spot in _by_direction(step, between) if spot.at_ns >= after_ns]
            if not fitting:
                return _step_outside(step, is_between=bool(between))
            placed.append(PlacedStep(step, fitting[0]))
            after_ns = fitting[0]  # two changes of the camera may come at once
        return tuple(placed)

    # -- why not ------------------------------------------------------------------------------------------

    def _never(self, key: Key) -> Reason:
        moment, text = key.at, format_moment(key.at)
        if isinstance(moment, Share):
            return cannot_work(f"shot.ramp: {text} needs a last frame", COUNT)
        if isinstance(moment, Height):
            return self._not_reached(moment)
        if moment.event in EVENTS:
            is_up = self._extremes()[1] > 0
            cause = f"there is no {moment.event} then: {NO_EVENT[moment.event][is_up]}"
            return Reason(Why.PLAN, f"shot.ramp: {cause}; {self._heights_there}")
        return Reason(Why.PLAN, f"shot.ramp: {text} is not within a day of the run; take another key")

    def _not_reached(self, height: Height) -> Reason:
        return Reason(Why.PLAN, f"shot.ramp: the sun is never at {height}, {self._heights_there}")

    @property
    def _heights_there(self) -> str:
        """Which heights the sun passes, rounded to ones that it does pass, and what to do."""
        low, high = self._extremes()
        digits = 1 if high - low > 1 else 3  # next to a pole it hardly moves in a day
        scale = 10**digits
        least, most = math.ceil(low * scale) / scale, math.floor(high * scale) / scale
        rule = f"there and then it is between {least:.{digits}f} and {most:.{digits}f} degrees high"
        return f"{rule}; take keys between these"

    def _extremes(self) -> tuple[float, float]:
        """Return how low and how high the sun gets in the day around the beginning of the run, in degrees."""
        sky = self._sky
        around = range(self._begins_ns - _DAY_NS // 2, self._begins_ns + _DAY_NS // 2, _SAMPLES_NS)
        heights = [sky.height_deg(at_ns) for at_ns in around]
        return min(heights), max(heights)

    def _out_of_order(self, keys: Sequence[Key], spots: Sequence[list[Spot]]) -> Reason:
        for (before, first), (after, second) in pairwise(zip(keys, spots, strict=True)):
            if first[0].at_ns >= second[-1].at_ns:
                texts = (format_moment(each.at) for each in (after, before))
                rule = "{} does not come after {}; write the keys in their order".format(*texts)
                return Reason(Why.PLAN, f"shot.ramp: in this run {rule}")
        return Reason(Why.PLAN, "shot.ramp: in this run the keys do not follow each other; write them in their order")


def _by_direction(step: Step, spots: Sequence[Spot]) -> Sequence[Spot]:
    """Return the spots of a height at which the sun sets, for a step to more light, or rises, for one to less.

    All if there is none of these, and for other moments.
    """
    wanted = [spot for spot in spots if spot.is_rising is (step.sixths < 0)]
    return wanted if wanted and isinstance(step.at, Height) else spots


def _step_outside(step: Step, *, is_between: bool) -> Reason:
    if is_between:
        rule = "does not come after the hand-step before it; write them in their order"
    else:
        rule = "does not lie between the first and the last key of shot.ramp; put it between them"
    return Reason(Why.PLAN, f"shot.steps: {format_moment(step.at)} {rule}")


def _series(spots: Sequence[list[Spot]]) -> list[tuple[int, ...]]:
    """Return the series in which each key is the first of its kind after the one before, as short as they can be."""
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    rest = [[spot.at_ns for spot in each] for each in spots[1:]]
    for begins in spots[0]:
        series = [begins.at_ns]
        for each in rest:
            after = bisect_right(each, series[-1])
            if after == len(each):
                break
            series.append(each[after])
        else:
            found[tuple(series[1:])] = tuple(series)  # a later first key with the same rest is nearer to it
    return list(found.values())
