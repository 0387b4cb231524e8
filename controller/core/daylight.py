"""Computes how high the sun is, and when it rises, sets or crosses any other height, at a place on a day.

Knows no clock, no time zone and no setting. The astronomy comes from the package `astral` (NOAA's formulas), imported
only when the sun is needed. Its own sunrise() is not used: near midnight UTC it returns the event of another day, or
none (its issues 81 to 86, and 102).
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from math import asin, cos, degrees, radians, sin, tan

from config.record import dataclass

MINUTE_NS = 60_000_000_000
DAYS_TO_J2000 = 10_957.5  # from 0:00 on 1 January 1970 to noon on 1 January 2000, from which astronomers count
CENTURY_DAYS = 36_525
_DAY_MINUTES = 1_440
_DEGREE_MINUTES = 4  # the sun goes round in a day
_EPOCH = date(1970, 1, 1)

# Heights of the centre of the sun, without refraction: 34' of refraction and 16' of radius at sunrise and sunset, 6
# degrees at civil dawn and dusk; the definitions of the US Naval Observatory (aa.usno.navy.mil/faq/RST_defs).
EVENT_HEIGHTS_DEG = {"sunrise": -50 / 60, "sunset": -50 / 60, "dawn": -6.0, "dusk": -6.0}
RISING = frozenset({"dawn", "sunrise"})

_TURN_ROUNDS = 2  # the first is within ten seconds of the turn, where the height hardly changes
_SLOPE_MINUTES = 60  # over which the motion of the declination is taken
_NEAR_DEG = 1e-6  # 0.004 arc seconds, or a quarter of a millisecond where the sun rises steeply
_ROUNDS = 100  # a bound: five are usual, and twenty enough where the sun just touches the height


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

    `day` is the solar day at the place, as in `crossing_ns`. Accurate to a minute or two, as refraction varies;
    ignores mountains.
    """
    return crossing_ns(EVENT_HEIGHTS_DEG[event], day, site, is_rising=event in RISING)


def crossing_ns(height_deg: float, day: date, site: Site, *, is_rising: bool) -> int | NoEvent:
    """Return when the sun's centre crosses that height, in nanoseconds UTC since 1970.

    The height is geometric, without refraction. `day` is the solar day at the place: from its lowest sun, near
    midnight by the sun, to the next; near 180 degrees of longitude it may differ by one from the local date. The sun
    rises until its highest, near noon, then sets. Each crossing belongs to exactly one day, at the poles too. The
    height at the returned time, by `height_at`, is the one asked for to a thousandth of a degree.
    """
    noon = ((day - _EPOCH).days + 0.5) * _DAY_MINUTES - _DEGREE_MINUTES * site.longitude
    highest = _turn(noon, site, is_low=False)
    lowest = _turn(noon - _DAY_MINUTES / 2 if is_rising else noon + _DAY_MINUTES / 2, site, is_low=True)
    low_deg, high_deg = height_at(lowest, site) - height_deg, height_at(highest, site) - height_deg
    if low_deg >= 0 or high_deg < 0:
        return NoEvent(high_deg >= 0)
    return round(_root(partial(_above, height_deg, site), (lowest, low_deg), (highest, high_deg)) * MINUTE_NS)


def height_at(minutes: float, site: Site) -> float:
    """Return the height of the sun's centre, in degrees, that many minutes UTC since 1970; without refraction.

    Within 0.02 degrees of an exact ephemeris from 2000 to 2100.
    """
    declination, equation = _sun(minutes)
    turned, latitude = _turned(minutes, equation, site), radians(site.latitude)
    sine = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(turned)
    return degrees(asin(max(-1.0, min(1.0, sine))))  # rounding may exceed 1 in the zenith


def _turned(minutes: float, equation: float, site: Site) -> float:
    """Return the hour angle in radians, of which whole turns do not matter: 0 at noon by the sun."""
    return radians((minutes % _DAY_MINUTES + equation - _DAY_MINUTES / 2) / _DEGREE_MINUTES + site.longitude)


def _sun(minutes: float) -> tuple[float, float]:
    """Return the sun's declination in radians, and by how many minutes the sun is ahead of a mean clock."""
    from astral.sun import eq_of_time, sun_declination  # noqa: PLC0415 - most boxes never ask

    century = (minutes / _DAY_MINUTES - DAYS_TO_J2000) / CENTURY_DAYS
    return radians(sun_declination(century)), eq_of_time(century)


def _turn(mean: float, site: Site, *, is_low: bool) -> float:
    """Return when the sun is lowest or highest, in minutes since 1970, near `mean`: midnight or noon by a mean clock.

    That is where the hour angle and the declination move it equally fast, one up and one down: seconds from noon and
    midnight by the sun in the tropics, minutes at the polar circles, hours near the poles. Where the declination is
    faster all day, next to the poles, the sun only rises or only sets, and its lowest and highest are a day apart or
    at once.
    """
    minutes, side = mean, -1 if is_low else 1
    for _ in range(_TURN_ROUNDS):
        declination, equation = _sun(minutes)
        gained = _sun(minutes + _SLOPE_MINUTES)[0] - _sun(minutes - _SLOPE_MINUTES)[0]
        slope = gained / radians(2 * _SLOPE_MINUTES / _DEGREE_MINUTES)
        late = side * slope * (tan(radians(site.latitude)) - side * tan(declination))
        minutes = mean - equation + _DEGREE_MINUTES * degrees(asin(max(-1.0, min(1.0, late))))
    return minutes


def _above(height_deg: float, site: Site, minutes: float) -> float:
    return height_at(minutes, site) - height_deg


def _root(above: Callable[[float], float], low: tuple[float, float], high: tuple[float, float]) -> float:
    """Return where `above` is zero, between `low`, where it is negative, and `high`, where it is not.

    Both are given with their values. By the Illinois method: a secant that halves the weight of an end which stays.
    """
    (start, start_deg), (end, end_deg) = low, high
    for _ in range(_ROUNDS):
        if abs(end_deg) < _NEAR_DEG:
            break
        between = end - end_deg * (end - start) / (end_deg - start_deg)
        found_deg = above(between)
        if (found_deg < 0) == (end_deg < 0):
            start_deg /= 2
        else:
            start, start_deg = end, end_deg
        end, end_deg = between, found_deg
    return end
