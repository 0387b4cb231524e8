"""Proposes the hand-steps that a ramp needs: where its bulb exposures would be too long, or too short. Pure.

As few steps as the bounds allow, each early enough that it need not be confirmed to the second. What is proposed has
been planned, and works.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log2

from config.moments import DEGREE_UDEG, WHOLE_PPM, Height, Moment, Share
from config.ramp import Key, format_ramp
from config.record import dataclass
from config.schema import with_value
from config.steps import LARGEST, MOST, Step, format_steps
from config.stops import STOP
from config.units import third_digit_ns
from controller.core import exposing
from controller.core.events import ClockRead
from controller.core.grid import Run
from controller.core.ramp import Exposures
from controller.core.run_times import PlannedRun
from controller.core.setup import Setup

_EARLY_STOPS = 1 / 3  # before the exposure reaches a bound: in twilight about a minute
_THIRD = STOP // 3
_TENTH_UDEG = DEGREE_UDEG // 10
_HUNDREDTH_PPM = WHOLE_PPM // 10_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hand-steps that make a ramp work, and the keys with them: each exposure is what it is after the steps to it.

    The camera begins with so many sixths of a stop more light, or less, than the keys were written for.
    """

    ramp: str
    steps: str
    begins: int = 0


def propose(setup: Setup, whole: PlannedRun, clock: ClockRead | None) -> Proposal | None:
    """Return hand-steps for a ramp without any that cannot work for its exposures, None if none would do."""
    run, shot = whole.run, setup.settings.shot
    if run.exposures is None or not shot.ramp or shot.steps or exposing.refuses(setup, run) is None:
        return None
    begins, spots = _spots(run, run.exposures)
    steps = tuple(Step(_moment(run, run.exposures, slot, sixths), sixths) for slot, sixths in spots)
    keys = tuple(
        Key(knot.key.at, _rounded(knot.light_ns / 2 ** ((begins + _gained(spots, knot.slot)) / STOP)))
        for knot in run.exposures.ramp.knots
    )
    if not (steps or begins) or len(steps) > MOST:
        return None
    settings = with_value(with_value(setup.settings, "shot.ramp", keys), "shot.steps", steps)
    tried = Setup(settings, setup.profile)
    again = PlannedRun(tried, focus_is_held=run.needs_lock, clock=clock)
    if again.refusal is not None or exposing.refuses(tried, again.run) is not None:
        return None
    return Proposal(format_ramp(keys), format_steps(steps), begins)


def _spots(run: Run, exposures: Exposures) -> tuple[int, list[tuple[int, int]]]:
    """Return the change before the first frame, and from which slot on a step is needed, in sixths of a stop."""
    slots = exposing.ramp_slots(run)
    lights = [(slot, log2(exposures.ramp.light_ns(slot, run.grid.due_ns(slot)))) for slot in slots]
    low = log2(max(1, exposures.bounds.least_ns))
    high = log2(max(1, min(exposures.bounds.most_in(run.room_ns(slot)) for slot in slots)))
    spots: list[tuple[int, int]] = []
    begins = gained = _in_bounds(lights[0][1], low, high)
    for at, (slot, light) in enumerate(lights):
        bulb = light - gained / STOP
        later = [each for _, each in lights[at:]]
        if bulb > high - _EARLY_STOPS and max(later) - gained / STOP > high:
            sixths = _sixths(_climb(later) - gained / STOP - high, bulb - low)
        elif bulb < low + _EARLY_STOPS and min(later) - gained / STOP < low:
            sixths = -_sixths(low + gained / STOP - _fall(later), high - bulb)
        else:
            continue
        if not sixths:
            return begins, []
        spots.append((slot, sixths))
        gained += sixths
    return begins, spots


def _in_bounds(stops: float, low: float, high: float) -> int:
    """Return the change that brings the first exposure within the bounds, 0 if it is."""
    if stops > high:
        return ceil((stops - high) * STOP / _THIRD) * _THIRD
    return -ceil(max(0.0, low - stops) * STOP / _THIRD) * _THIRD


def _climb(lights: Sequence[float]) -> float:
    """Return how far the light rises before it falls again."""
    return next((before for before, after in pairwise(lights) if after < before), lights[-1])


def _fall(lights: Sequence[float]) -> float:
    return next((before for before, after in pairwise(lights) if after > before), lights[-1])


def _sixths(needed: float, room: float) -> int:
    """Return the size of a step: what is needed in whole stops, or in third stops as far as there is room."""
    wanted = ceil(needed + _EARLY_STOPS) * STOP
    fits = floor((room - _EARLY_STOPS) * STOP / _THIRD) * _THIRD
    return max(0, min(wanted, fits, LARGEST))


def _moment(run: Run, exposures: Exposures, slot: int, sixths: int) -> Moment:
    """Return the moment of a slot as a person would write it, a little before it."""
    sky = exposures.ramp.sky
    if sky is None:
        last = max(1, (run.last_slot if run.grid.is_endless else run.grid.count - 1) or 1)
        return Share(floor(slot / last * WHOLE_PPM / _HUNDREDTH_PPM) * _HUNDREDTH_PPM)
    tenths = sky.height_deg(run.grid.due_ns(slot)) * 10
    return Height((ceil(tenths) if sixths > 0 else floor(tenths)) * _TENTH_UDEG)


def _gained(spots: Sequence[tuple[int, int]], position: float) -> int:
    return sum(sixths for slot, sixths in spots if slot <= position)


def _rounded(ns: float) -> int:
    """Return an exposure to three digits: nobody sees more."""
    unit_ns = third_digit_ns(round(ns))
    return int(round(ns / unit_ns) * unit_ns)
