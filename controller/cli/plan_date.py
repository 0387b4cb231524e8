"""Finds the time that `backbutton plan --date` plans from: on a day in the zone of the settings, by no clock."""

from datetime import date, time

from config.record import dataclass
from config.schema import Settings
from config.units import HOUR_NS
from config.when import SUN, When
from controller.core.events import ClockRead
from controller.core.instants import Place, instants_ns, next_instant_ns, place_of
from hardware.clock import ClockSample
from hardware.walltime import zone_named

_BEFORE_SUNSET = When(SUN, -HOUR_NS, event="sunset")
_NOON, _MIDNIGHT = time(12), time(0)
_HALF_DAY_NS = 12 * HOUR_NS


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and the time of it to plan from; None leaves it to the settings. Local, without a time zone."""

    day: date
    at: time | None = None


def clock_on(day: Day, settings: Settings) -> ClockRead:
    """Return what the clock shows then, in the zone of the settings.

    Without a time that is an hour before sunset, or noon where the place is not known or the sun does not set; but
    midnight if the run starts by clock or sun, so that its start is found on that day.
    ClockError if this machine does not know the time zone.
    """
    place = place_of(settings, zone_named(settings.site.timezone))
    if day.at is not None:
        wall_ns = _first_ns(day.day, day.at, place)
    elif settings.interval.start.needs_clock:
        wall_ns = _first_ns(day.day, _MIDNIGHT, place)
    else:
        wall_ns = _evening_ns(day.day, place)
    return ClockRead(ClockSample(wall_ns, 0, is_trusted=True), place.zone)


def _first_ns(day: date, at: time, place: Place) -> int:
    return instants_ns(day, at, place.zone)[0]


def _evening_ns(day: date, place: Place) -> int:
    noon_ns = _first_ns(day, _NOON, place)
    if place.site is None:
        return noon_ns
    found = next_instant_ns(_BEFORE_SUNSET, place, noon_ns)
    return found if isinstance(found, int) and found < noon_ns + _HALF_DAY_NS else noon_ns
