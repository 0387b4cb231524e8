"""Finds the instant that a start or an end by clock or sun means: the next one, at a place, in UTC.

Knows calendars, time zones and the sun; reads no clock: the caller passes the time from which to search.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from config.record import dataclass
from config.schema import Settings
from config.sections import SiteSettings
from config.when import SUN, When, format_when
from controller.core.daylight import NoEvent, Site, sun_ns
from controller.core.words import Reason, Why
from hardware.clock import SECOND_NS

_UDEG = 1_000_000
_DAY = timedelta(days=1)
_SECONDS_A_DEGREE = 240  # the sun goes round in a day
NO_EVENT = {  # why there is no such event, if the sun is up all day (True) or down (False)
    "sunrise": {True: "the sun does not set", False: "the sun does not rise"},
    "dawn": {True: "it does not get dark", False: "it does not get light"},
}
NO_EVENT |= {"sunset": NO_EVENT["sunrise"], "dusk": NO_EVENT["dawn"]}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the box is (None if unknown), and the time zone of its clock times."""

    site: Site | None
    zone: tzinfo

    def local(self, utc_ns: int) -> datetime:
        """Return that instant in local time, to the second."""
        return local_time(utc_ns, self.zone)


def local_time(utc_ns: int, zone: tzinfo) -> datetime:
    """Return the time that clocks in `zone` show at that instant, to the second."""
    return datetime.fromtimestamp(utc_ns // SECOND_NS, zone)


def site_of(settings: SiteSettings) -> Site | None:
    """Return the site in the settings, None unless both coordinates are set."""
    if settings.latitude_udeg is None or settings.longitude_udeg is None:
        return None
    return Site(settings.latitude_udeg / _UDEG, settings.longitude_udeg / _UDEG)


def place_of(settings: Settings, zone: tzinfo) -> Place:
    """Return the place in the settings, in `zone`: that of `site.timezone`, or of the machine."""
    return Place(site_of(settings.site), zone)


def next_instant_ns(when: When, place: Place, after_ns: int) -> int | Reason:
    """Return the first instant at or after `after_ns`, both in nanoseconds UTC since 1970, or why there is none.

    `when` has to be by clock or sun, else ValueError. A time on a given day is returned even if it is past. When
    daylight saving ends, clocks show a time twice: the next of the two counts. A time that they leave out when it
    begins is as long after midnight as on other days.
    """
    if when.kind == SUN and when.event is not None:
        return _next_sun_ns(when, when.event, place.site, after_ns)
    if when.at is None:
        raise ValueError(f"not by clock or sun: {when}")
    if when.day is not None:
        instants = instants_ns(when.day, when.at, place.zone)
        return next((at_ns for at_ns in instants if at_ns >= after_ns), instants[-1])
    today = place.local(after_ns).date()
    days = (today + _DAY * shift for shift in range(3))  # a zone that crosses the date line leaves out a day
    return next(at_ns for day in days for at_ns in instants_ns(day, when.at, place.zone) if at_ns >= after_ns)


def lacks_place(when: When) -> Reason:
    """Return why a time by the sun cannot be found where nobody has set the place."""
    return Reason(Why.PLAN, f"{format_when(when)} needs site.latitude and site.longitude; set them first")


def instants_ns(day: date, at: time, zone: tzinfo) -> list[int]:
    """Return the one or two instants at which clocks show that time on that day."""
    first, second = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    instants = [first, second] if first < second else [first]  # in a gap the second reading is the earlier one
    return [int(instant.timestamp()) * SECOND_NS for instant in instants]


def _next_sun_ns(when: When, event: str, site: Site | None, after_ns: int) -> int | Reason:
    if site is None:
        return lacks_place(when)
    from_ns = after_ns - when.offset_ns
    today = datetime.fromtimestamp(from_ns // SECOND_NS + site.longitude * _SECONDS_A_DEGREE, UTC).date()
    no_event = NoEvent(is_up=True)
    for shift in range(-1, 3):
        found = sun_ns(event, today + _DAY * shift, site)
        if isinstance(found, NoEvent):
            no_event = found
        elif found >= from_ns:
            return found + when.offset_ns
    why = NO_EVENT[event][no_event.is_up]
    return Reason(Why.PLAN, f"there is no {event} at {site} on {today} or the day after: {why}")
