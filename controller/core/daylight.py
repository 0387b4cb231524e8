"""Computes when the sun rises and sets, at a place on a day. Knows no clock, no time zone and no setting.

The astronomy comes from the package `astral` (NOAA's formulas), imported only when a sun time is needed. Its own
sunrise() is not used: near midnight UTC it returns the event of another day, or none (its issues 81 to 86, and 102).
"""

from datetime import date
from math import degrees

from config.record import dataclass

_DAY_MINUTES = 1_440
_MINUTE_NS = 60_000_000_000
_EPOCH = date(1970, 1, 1)

# How far below the horizon the centre of the sun is: 34' of refraction and 16' of radius at sunrise and sunset, 6
# degrees at civil dawn and dusk; the definitions of the US Naval Observatory (aa.usno.navy.mil/faq/RST_defs).
_BELOW = {"sunrise": 50 / 60, "sunset": 50 / 60, "dawn": 6.0, "dusk": 6.0}
_RISING = ("dawn", "sunrise")
# Iterations: each gets far closer than the one before; near a polar day or night the usual three are not enough.
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Site:
    """A place on earth, in degrees; north and east are positive."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        return f"{self.latitude:g}, {self.longitude:g}"


@dataclass(frozen=True, slots=True)
class NoEvent:
    """The sun does not cross that height on that day: it is above it all day (`is_up`), or below."""

    is_up: bool


def sun_ns(event: str, day: date, site: Site) -> int | NoEvent:
    """Return when dawn, sunrise, sunset or dusk is, in nanoseconds UTC since 1970.

    `day` is the solar day at the place, from midnight to midnight by the sun, which near 180 degrees of longitude may
    differ by one from the local date. Accurate to a minute or two, as refraction varies; ignores mountains.
    """
    from astral import SunDirection  # noqa: PLC0415 - most boxes never ask
    from astral.julian import julianday, julianday_to_juliancentury  # noqa: PLC0415 - the same
    from astral.sun import eq_of_time, hour_angle, sun_declination  # noqa: PLC0415 - the same

    direction = SunDirection.RISING if event in _RISING else SunDirection.SETTING
    zenith = 90 + _BELOW[event]
    minutes = noon = _DAY_MINUTES / 2 - 4 * site.longitude  # after 0:00 UTC; 4 minutes a degree
    for _ in range(_ROUNDS):
        century = julianday_to_juliancentury(julianday(day) + minutes / _DAY_MINUTES)
        declination = sun_declination(century)
        is_up = abs(site.latitude - declination) < zenith  # at noon
        try:
            turned, passes = degrees(hour_angle(site.latitude, declination, zenith, direction)), True
        except ValueError:  # the cosine of no angle; the next round looks where the sun is lowest, or highest
            turned, passes = direction.value * (180.0 if is_up else 0.0), False
        minutes = noon - eq_of_time(century) - 4 * turned
    if not passes:
        return NoEvent(is_up)
    return (day - _EPOCH).days * _DAY_MINUTES * _MINUTE_NS + round(minutes * _MINUTE_NS)
