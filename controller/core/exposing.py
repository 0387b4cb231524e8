"""Which bulb exposures a run has: its keys as the settings say, what bounds them, and why they cannot work. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log2

from config import moments
from config.moments import WHOLE_PPM, Share
from config.ramp import Key, format_ramp
from config.schema import Settings, find_field
from config.sections import ShotSettings
from config.steps import Step
from config.stops import STOP, parse_stops
from config.units import format_duration, third_digit_ns
from controller.core import recipes, runplan, words
from controller.core.checks import shortest_bulb_ns
from controller.core.grid import Run
from controller.core.instants import local_time
from controller.core.ramp import Bounds, Exposures, Knot, Ramp
from controller.core.remedies import AT_LEAST, Remedy, at_least, possible
from controller.core.setup import Setup
from controller.core.sky import brightness_stops
from controller.core.words import Reason, Why
from hardware.clock import MILLISECOND_NS, SECOND_NS

NEEDS_CLOCK = Reason(
    Why.PLAN,
    "shot.ramp goes by the time of day, and the box does not know it yet: set the clock, or let the box find it over "
    "the network",
)
MOST_LOOKED_AT = 2_000  # frames of a ramp; of a longer one, so many of them evenly
_ROUND_NS = 10 * MILLISECOND_NS
_ROUNDING = 1e-9  # stops
_NIGHT_STOPS = brightness_stops(-15.0)  # darker than this the sky has hardly a shape
_GLOW_DEG = -8.0  # from here on the glow of a city is brighter than the sky
_GLOW = "and moon, and from 8 degrees below the horizon on the glow of a city, "
_HEIGHTS_APART = 20  # frames


def keys_of(settings: Settings, count: int) -> tuple[tuple[Key, ...], bool]:
    """Return the keys of a run of `count` slots, and whether the sky shapes what is between; none: no ramp.

    `shot.exposure_end` is a ramp by equal fractions of a stop from the first frame to the last.
    """
    shot = settings.shot
    if shot.ramp and shot.drive == "bulb":
        return shot.ramp, shot.ramp_shape == "sky"
    if not runplan.ramps_to_end(settings, count):
        return (), False
    return (Key(Share(0), shot.exposure_ns), Key(Share(WHOLE_PPM), shot.exposure_end_ns)), False


def needs_clock(keys: Sequence[Key], steps: Sequence[Step], *, by_sky: bool) -> bool:
    """Return whether a ramp can only be placed by the time of day."""
    at = (*(key.at for key in keys), *(step.at for step in steps))
    return by_sky or any(map(moments.needs_clock, at))


def constant(setup: Setup, run: Run) -> Exposures:
    """Return the exposures of a run without a ramp, so that it can be trimmed."""
    exposure_ns = setup.settings.shot.exposure_ns
    knot = Knot(Key(Share(0), exposure_ns), run.grid.t0_ns, 0, exposure_ns)
    bounds = bounds_of(setup, focus_is_held=run.needs_lock)
    return Exposures(Ramp((knot,)), bounds, limit_of(setup.settings.shot), run.grid.t0_ns)


def go_by_clock(settings: Settings) -> bool:
    """Return whether the exposures of a run with these settings go by the time of day."""
    keys, by_sky = keys_of(settings, settings.interval.count)
    return needs_clock(keys, settings.shot.steps, by_sky=by_sky)


def planned_ns(settings: Settings, run: Run, slot: int) -> int | None:
    """Return the bulb exposure of a slot by plan, None if it is the one in the settings.

    While the start of a run is not known its ramp is not placed: then it is the shortest of `shot.ramp`, so that
    only what cannot work in any case is refused.
    """
    ns, shot = run.planned_ns(slot), settings.shot
    if ns is None and shot.ramp and shot.drive == "bulb":
        return min(key.exposure_ns for key in shot.ramp)
    return ns


def limit_of(shot: ShotSettings) -> float:
    """Return by how many stops the exposure may change from one frame to the next."""
    return parse_stops(shot.ramp_limit) / STOP


def bounds_of(setup: Setup, *, focus_is_held: bool) -> Bounds:
    """Return what the exposures of a run may be on this body, with these settings.

    A frame of `shot.ramp` leaves the time by which the next is handed over; one of `shot.exposure_end`, which is
    refused rather than shortened, need not.
    """
    recipe, longer = (
        recipes.recipe(setup, focus_is_held=focus_is_held, exposure_ns=seconds * SECOND_NS)
        for seconds in (10, 11)  # no lag is that long
    )
    times = (longer.frame_ns - recipe.frame_ns) // SECOND_NS
    is_wired = setup.settings.pins.sync is not None
    margin_ns = runplan.margin_ns(recipe, is_wired=is_wired) if setup.settings.shot.ramp else 0
    fixed_ns = recipe.frame_ns - 10 * times * SECOND_NS + margin_ns
    most_ns = [setup.settings.safety.max_exposure_ns, setup.profile.bulb_max_ns]
    limits = [ns for ns in most_ns if ns is not None]
    return Bounds(shortest_bulb_ns(setup), min(limits), fixed_ns, times)


def refuses(setup: Setup, run: Run) -> Reason | None:
    """Return why the exposures by plan cannot work, None if they can or there is no `shot.ramp`."""
    if run.exposures is None or not setup.settings.shot.ramp:
        return None
    return next(_refusals(setup, run, run.exposures), None)


def ramp_slots(run: Run) -> range:
    """Return the slots between which the exposures of a run change; of very many, some of them evenly."""
    if run.exposures is None:
        return range(0)
    knots, last = run.exposures.ramp.knots, run.last_slot
    first = max(0, int(knots[0].slot))
    stop = max(first, int(knots[-1].slot) + 1) + 1
    if last is not None:
        first, stop = min(first, last), min(stop, last + 1)
    return range(first, max(stop, first + 1), max(1, (stop - first) // MOST_LOOKED_AT))


def _refusals(setup: Setup, run: Run, exposures: Exposures) -> Iterator[Reason]:
    planned = [(slot, run.planned_ns(slot) or 0) for slot in _slots_to_check(run, exposures)]
    bounds, shot = exposures.bounds, setup.settings.shot
    shortest = min(planned, key=lambda each: each[1])
    if shortest[1] < bounds.least_ns:
        yield _too_short(shot, bounds, _frame(run, exposures, shortest[0]), shortest[1])
    longest = max(planned, key=lambda each: each[1])
    if longest[1] > bounds.most_ns:
        yield _too_long(setup, bounds, _frame(run, exposures, longest[0]), longest[1])
    followed = [(slot, ns, bounds.most_in(run.room_ns(slot))) for slot, ns in planned if slot != run.last_slot]
    over = [(slot, ns, most_ns) for slot, ns, most_ns in followed if most_ns < ns]
    if over:
        yield _no_room(setup, run, exposures, over)
    yield from _too_steep(shot, exposures, run)


def _slots_to_check(run: Run, exposures: Exposures) -> list[int]:
    """Return the slots of the ramp, and the ends of all its parts: between them exposures go one way."""
    last, ramp = run.last_slot, exposures.ramp
    ends = {0} if last is None else {0, max(0, last - 1), max(0, last)}
    for at_ns in (*(knot.at_ns for knot in ramp.knots), *(placed.at_ns for placed in ramp.steps)):
        slot = max(0, int(run.grid.slot_at(at_ns)))
        ends |= {each for each in (slot - 1, slot, slot + 1) if each >= 0 and (last is None or each <= last)}
    return sorted({*ramp_slots(run), *ends})


def _frame(run: Run, exposures: Exposures, slot: int) -> str:
    """Name a frame by its number, and its time of day where that is known."""
    if exposures.offset_ns is None:
        return f"frame {slot + 1}"
    local = local_time(run.grid.due_ns(slot) + exposures.offset_ns, exposures.zone)
    return f"frame {slot + 1}, at {local:%H:%M:%S},"


def _too_short(shot: ShotSettings, bounds: Bounds, frame: str, planned_ns: int) -> Reason:
    least = format_duration(bounds.least_ns)
    cause = f"shot.ramp: {frame} is exposed for {_rounded(planned_ns)}, and the shortest bulb is {least}"
    return _advised(
        cause, _keys_within(shot, bounds.least_ns, None), "make the hand-step before it smaller, or later"
    )


def _too_long(setup: Setup, bounds: Bounds, frame: str, planned_ns: int) -> Reason:
    most = format_duration(bounds.most_ns)
    why = "safety.max_exposure" if bounds.most_ns == setup.settings.safety.max_exposure_ns else "the camera's longest"
    cause = f"shot.ramp: {frame} is exposed for {_rounded(planned_ns)}, and {why} is {most}"
    shorter = _keys_within(setup.settings.shot, 0, bounds.most_ns)
    return _advised(cause, shorter, "put the hand-step after it earlier, or make it larger")


def _no_room(setup: Setup, run: Run, exposures: Exposures, over: list[tuple[int, int, int]]) -> Reason:
    """Return that the frames `over` do not fit; with each comes its exposure, and the longest that would fit."""
    slot, planned_ns, most_ns = min(over, key=lambda each: each[2] - each[1])
    bounds, interval = exposures.bounds, setup.settings.interval
    room = f"an interval of {format_duration(_down(run.grid.interval_ns(slot)))} has"
    rule = f"{room} room for {_rounded(most_ns, down=True)}" if most_ns > 0 else f"{room} no room for an exposure"
    cause = f"shot.ramp: {_frame(run, exposures, slot)} is exposed for {_rounded(planned_ns)}, and {rule}"
    least_ns = _down(min(each[2] for each in over))
    shorter = _keys_within(setup.settings.shot, 0, least_ns) if least_ns >= bounds.least_ns else ()
    frame_ns = bounds.fixed_ns + bounds.times * _longest_ns(run, exposures)
    longer = at_least("interval.every", -(-frame_ns // _ROUND_NS) * _ROUND_NS)
    remedies = (*shorter, *([longer] if longer.is_possible and not interval.every_end_ns else []))
    by_hand = "put the hand-step after it earlier, or make it larger" if setup.settings.shot.steps else ""
    return _advised(cause, remedies, by_hand or "make its interval longer, or the keys around it shorter")


def _down(ns: int) -> int:
    """Round a time down so that it can be read and typed; intervals that change have nanoseconds."""
    return ns // _ROUND_NS * _ROUND_NS


def _longest_ns(run: Run, exposures: Exposures) -> int:
    """Return the longest exposure by plan at a key or at a hand-step, whether the run comes there or not.

    With longer intervals it comes further.
    """
    before_steps = (placed.at_ns - 1 for placed in exposures.ramp.steps)
    return max(
        *(knot.key.exposure_ns for knot in exposures.ramp.knots),
        *(exposures.planned_ns(int(run.grid.slot_at(at_ns)), at_ns) for at_ns in before_steps),
    )


def steepest(run: Run) -> tuple[float, int]:
    """Return by how many stops the light changes most from one frame to the next, and from which slot on."""
    if run.exposures is None:
        return 0.0, 0
    slots, ramp = ramp_slots(run), run.exposures.ramp
    lights = [(slot, log2(ramp.light_ns(slot, run.grid.due_ns(slot)))) for slot in slots]
    changes = ((abs(after - before) / slots.step, slot) for (slot, before), (_, after) in pairwise(lights))
    return max(changes, default=(0.0, 0))


def remarks(run: Run) -> Iterator[str]:
    """Yield what the photographer should know about a ramp that works."""
    if run.exposures is None or run.exposures.ramp.sky is None:
        return
    knots, sky, last = run.exposures.ramp.knots, run.exposures.ramp.sky, run.last_slot
    begins_ns, ends_ns = run.grid.t0_ns, None if last is None else run.grid.due_ns(max(0, last))
    if begins_ns > knots[-1].at_ns or (ends_ns is not None and ends_ns < knots[0].at_ns):
        side, knot = ("after", knots[-1]) if begins_ns > knots[-1].at_ns else ("before", knots[0])
        exposure = format_duration(knot.key.exposure_ns)
        yield f"the whole run is {side} all keys of shot.ramp: the exposure stays at {exposure}"
        return
    slots = ramp_slots(run)
    looked_at = {*slots[::_HEIGHTS_APART], slots[-1], slots[-1] if last is None else max(0, last)}
    lowest_deg = min(sky.height_deg(run.grid.due_ns(slot)) for slot in looked_at)
    glow = _GLOW if lowest_deg < _GLOW_DEG else ""
    yield f"the ramp goes by a clear sky: clouds {glow}change the light; trim it on the way"
    for first, second in pairwise(knots):
        if max(first.sky, second.sky) <= _NIGHT_STOPS and first.key.exposure_ns != second.key.exposure_ns:
            keys = f"{first.key} and {second.key}"
            yield f"between {keys} the sky is dark and hardly changes: the exposure changes evenly, or late"


def _too_steep(shot: ShotSettings, exposures: Exposures, run: Run) -> Iterator[Reason]:
    most, slot = steepest(run)
    if most <= exposures.limit + _ROUNDING:
        return
    choices = find_field("shot.ramp_limit").choices
    limit = next((text for text in choices if parse_stops(text) / STOP >= most), None)
    frame = _frame(run, exposures, slot)
    cause = f"shot.ramp: from {frame} to the next the light changes by {most:.2f} stops"
    cause = f"{cause}, and shot.ramp_limit is {shot.ramp_limit}"
    remedies = () if limit is None else (Remedy("shot.ramp_limit", limit, AT_LEAST),)
    yield _advised(cause, remedies, "put the keys further apart, or take frames more often")


def _advised(cause: str, remedies: Sequence[Remedy], by_hand: str) -> Reason:
    """Return the refusal with its remedies, or with what to do `by_hand` where no single setting would do."""
    return words.cannot_work(cause, *remedies) if possible(remedies) else Reason(Why.PLAN, f"{cause}; {by_hand}")


def _keys_within(shot: ShotSettings, least_ns: int, most_ns: int | None) -> tuple[Remedy, ...]:
    """Return the remedy to bring all keys within bounds; none where hand-steps make exposures between the keys."""
    if shot.steps:
        return ()
    keys = tuple(
        Key(key.at, max(least_ns, key.exposure_ns if most_ns is None else min(key.exposure_ns, most_ns)))
        for key in shot.ramp
    )
    return (Remedy("shot.ramp", format_ramp(keys)),)


def _rounded(ns: int, *, down: bool = False) -> str:
    """Format an exposure for a person, to three digits, rounded up unless `down`."""
    unit_ns = third_digit_ns(ns)
    return format_duration((ns if down else ns + unit_ns - 1) // unit_ns * unit_ns)
