"""Which instant a start or an end by clock or sun means: the next one, at a place, in UTC.

Knows calendars, time zones and the sun; knows no clock: the time after which it looks is an argument.
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
_LACKS = {  # why there is no such event: the sun is up all day, or down
    "sunrise": {True: "the sun does not set", False: "the sun does not rise"},
    "dawn": {True: "it does not get dark", False: "it does not get light"},
}
_LACKS |= {"sunset": _LACKS["sunrise"], "dusk": _LACKS["dawn"]}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the box is, None if nobody has said so, and the time zone of its clock times."""

    site: Site | None
    zone: tzinfo

    def local(self, utc_ns: int) -> datetime:
        """Return that instant as clocks show it there, to the second."""
        return datetime.fromtimestamp(utc_ns // SECOND_NS, self.zone)


def site_of(settings: SiteSettings) -> Site | None:
    """Return the place the settings name, None unless they name both coordinates."""
    if settings.latitude_udeg is None or settings.longitude_udeg is None:
        return None
    return Site(settings.latitude_udeg / _UDEG, settings.longitude_udeg / _UDEG)


def place_of(settings: Settings, zone: tzinfo) -> Place:
    """Return the place of the settings, in `zone`: that of `site.timezone`, or of the machine."""
    return Place(site_of(settings.site), zone)


def next_ns(when: When, place: Place, after_ns: int) -> int | Reason:
    """Return the first such instant from `after_ns` on, both in nanoseconds UTC since 1970, or why there is none.

    `when` is one by clock or sun. A time on a day is that instant, be it past. A time that clocks show twice (when
    daylight saving ends) is the next of the two; one that they leave out is as long after midnight as on other days.
    """
    if when.kind == SUN and when.event is not None:
        return _by_sun(when, when.event, place.site, after_ns)
    if when.at is None:
        raise ValueError(f"not by clock or sun: {when}")
    if when.day is not None:
        moments = _moments(when.day, when.at, place.zone)
        return next((each for each in moments if each >= after_ns), moments[-1])
    today = place.local(after_ns).date()
    days = (today + _DAY * shift for shift in range(3))  # a zone that crosses the date line leaves out a day
    return next(each for day in days for each in _moments(day, when.at, place.zone) if each >= after_ns)


def _moments(day: date, at: time, zone: tzinfo) -> list[int]:
    """Return when clocks show that, once or twice."""
    first, second = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    moments = [first, second] if first < second else [first]  # in a gap the second reading is the earlier one
    return [int(each.timestamp()) * SECOND_NS for each in moments]


def _by_sun(when: When, event: str, site: Site | None, after_ns: int) -> int | Reason:
    if site is None:
        return Reason(Why.PLAN, f"{format_when(when)} needs site.latitude and site.longitude; set them first")
    from_ns = after_ns - when.offset_ns
    today = datetime.fromtimestamp(from_ns // SECOND_NS + site.longitude * _SECONDS_A_DEGREE, UTC).date()
    lack = NoEvent(is_up=True)
    for shift in range(-1, 3):
        found = sun_ns(event, today + _DAY * shift, site)
        if isinstance(found, NoEvent):
            lack = found
        elif found >= from_ns:
            return found + when.offset_ns
    why = _LACKS[event][lack.is_up]
    return Reason(Why.PLAN, f"there is no {event} at {site} on {today} or the day after: {why}")
