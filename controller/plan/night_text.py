"""The exposures of a run in sentences: its keys and hand-steps in their order, the sun, the moon, and what to know.

Knows the data of a plan; draws nothing and reads no clock.
"""

from collections.abc import Iterator

from config.stops import STOP, format_stops
from config.units import MINUTE_NS
from controller.plan.exposures import ExposurePlan, Moon, PlannedCall, PlannedKey, SunEvent
from controller.plan.scales import Hours, degrees, rounded

_HARDLY = 0.005  # stops, below which a figure of two digits would be none


def night_lines(plan: ExposurePlan, hours: Hours) -> Iterator[str]:
    """Yield the sentences about the exposures of a run, but for its warnings."""
    marks: list[PlannedKey | PlannedCall] = [*plan.keys, *plan.calls]
    for mark in sorted(marks, key=lambda each: each.after_ns):
        yield key_line(mark, hours) if isinstance(mark, PlannedKey) else call_line(mark, hours)
    yield from sky_lines(plan, hours)
    yield from limit_lines(plan)


def key_line(key: PlannedKey, hours: Hours) -> str:
    """Return when a key is, at which frame, its exposure, and how high the sun is."""
    sun = "" if key.sun_deg is None else f"; the sun is at {degrees(key.sun_deg)}"
    at = _at(key.number, key.after_ns, hours, "frame")
    lasts = "lasts" if key.number is not None and key.after_ns >= 0 else "would last"
    return f"{at} ({key.moment}): the bulb {lasts} {rounded(key.exposure_ns)}{sun}"


def call_line(call: PlannedCall, hours: Hours) -> str:
    """Return when a hand-step is called, before which frame, what to set, and what the bulb does."""
    verb, stops = ("drops", call.sixths) if call.sixths > 0 else ("rises", -call.sixths)
    change = f"the bulb {verb} from {rounded(call.before_ns)} to {rounded(call.then_ns)} ({_stops(stops)})"
    return f"{_at(call.number, call.after_ns, hours, 'before frame')}: set {call.change}; {change}"


def sky_lines(plan: ExposurePlan, hours: Hours) -> Iterator[str]:
    """Yield what the sun and the moon do during the run; nothing where the place or the clock is not known."""
    heights = [frame.sun_deg for frame in plan.frames if frame.sun_deg is not None]
    if not heights:
        return
    events = [event_text(event, hours) for event in plan.events]
    between = f"the sun is between {degrees(min(heights))} and {degrees(max(heights))}"
    yield f"{', '.join(events) or 'no sunset, sunrise or twilight'}; {between}"
    if plan.moon is not None:
        yield moon_line(plan.moon)


def event_text(event: SunEvent, hours: Hours) -> str:
    """Return the name of an event and the nearest minute, which is about as exact as it is."""
    at = hours.local(hours.after_ns(event.at_utc_ns) + MINUTE_NS // 2)
    return event.name if at is None else f"{event.name} {at:%H:%M}"


def moon_line(moon: Moon) -> str:
    """Return the moon's phase, how much of it is lit, and how high it is."""
    heights = [_height(deg) for deg in (moon.first_deg, moon.last_deg)]
    if heights[0] == heights[1]:
        where = f"{heights[0]} at the first frame and at the last"
    else:
        where = f"{heights[0]} at the first frame, {heights[1]} at the last"
    return f"moon: {moon.phase}, {moon.lit:.0%} lit, {where}"


def limit_lines(plan: ExposurePlan) -> Iterator[str]:
    """Yield the steepest change of light, and how exact the shortest exposure is."""
    yield f"the light changes by at most {_figure(plan.steepest_stops)} stops from one frame to the next"
    lag = f"if the camera's lag strays by {rounded(plan.strays_ns)}"
    yield f"the shortest bulb is {rounded(plan.shortest_ns)}, and {_figure(plan.error_stops)} stops off {lag}"


def _at(number: int | None, after_ns: int, hours: Hours, noun: str) -> str:
    """Return when something is, and at which frame; a time that counts from the first frame may say both."""
    moment = hours.moment(after_ns)
    if number is None:
        return f"{moment}, after the last frame"
    if moment.endswith("the first frame") and (after_ns < 0 or number == 1):
        return moment
    return f"{moment}, {'before the first frame' if after_ns < 0 else f'{noun} {number}'}"


def _stops(sixths: int) -> str:
    text = format_stops(sixths).removeprefix("+")
    return f"{text} stop" if sixths <= STOP else f"{text} stops"


def _figure(stops: float) -> str:
    return "less than 0.01" if stops < _HARDLY else f"{stops:.2f}"


def _height(height_deg: float) -> str:
    return f"{degrees(height_deg, 0)} high" if height_deg >= 0 else "below the horizon"
