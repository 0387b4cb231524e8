"""Finds every instant that a moment by the sun or the clock may mean, at a place. Knows no run and reads no clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from config.files import Pause, no_pause
from config.moments import DEGREE_UDEG, Height
from config.when import SUN, When
from controller.core.daylight import NoEvent, Site, crossing_ns, sun_ns
from controller.core.instants import Place, instants_ns
from hardware.clock import SECOND_NS

_DAY = timedelta(days=1)
_SECONDS_A_DEGREE = 240  # the sun goes round in a day


def occurrences_ns(
    moment: Height | When, place: Place, from_ns: int, to_ns: int, pause: Pause = no_pause
) -> list[tuple[int, bool | None]]:
    """Return when a moment by the sun or the clock comes, in nanoseconds UTC since 1970, ascending.

    With each comes whether the sun is rising then; None for the clock. `place` needs a site for the sun, else
    ValueError. Calls `pause` between steps of less than a millisecond.
    """
    found = []
    for each in _found(moment, place, from_ns, to_ns):
        pause()
        found.append(each)
    return sorted(each for each in found if from_ns <= each[0] <= to_ns)


def _found(moment: Height | When, place: Place, from_ns: int, to_ns: int) -> Iterator[tuple[int, bool | None]]:
    if isinstance(moment, When) and moment.kind != SUN:
        yield from ((at_ns, None) for at_ns in _by_clock(moment, place, from_ns, to_ns))
        return
    if place.site is None:
        raise ValueError(f"no site to find {moment} at")
    reach = timedelta() if isinstance(moment, Height) else _DAY  # of an offset
    for day in solar_days(place.site, from_ns, to_ns, reach):
        if isinstance(moment, Height):
            for is_rising in (True, False):
                at = crossing_ns(moment.udeg / DEGREE_UDEG, day, place.site, is_rising=is_rising)
                if not isinstance(at, NoEvent):
                    yield at, is_rising
        else:
            at = sun_ns(str(moment.event), day, place.site)
            if not isinstance(at, NoEvent):
                yield at + moment.offset_ns, moment.event in ("dawn", "sunrise")


def _by_clock(when: When, place: Place, from_ns: int, to_ns: int) -> Iterator[int]:
    if when.at is None:
        raise ValueError(f"not by the clock: {when}")
    first, last = place.local(from_ns).date(), place.local(to_ns).date()
    days = [when.day] if when.day is not None else list(_days(first - _DAY, last + _DAY))
    for day in days:
        yield from instants_ns(day, when.at, place.zone)


def solar_days(site: Site, from_ns: int, to_ns: int, reach: timedelta = timedelta()) -> Iterator[date]:
    """Return the days by the sun at a place between two instants, and so much more around them."""
    shift_s = round(site.longitude * _SECONDS_A_DEGREE)
    first, last = (datetime.fromtimestamp(ns // SECOND_NS + shift_s, UTC).date() for ns in (from_ns, to_ns))
    return _days(first - _DAY - reach, last + _DAY + reach)  # a day by the sun begins where that is lowest


def _days(first: date, last: date) -> Iterator[date]:
    return (first + _DAY * k for k in range((last - first).days + 1))
