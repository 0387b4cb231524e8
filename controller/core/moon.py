"""Computes how high the moon is, and how much of it is lit. Pure; knows no clock and no setting.

Good enough for a note in a plan. The positions come from the package `astral`, imported only when the moon is needed:
for the moon it has the series of T. Van Flandern and K. Pulkkinen (Astrophysical Journal Supplement 41, 1979). Its
own phase() is not used: it rounds the elongation to degrees, and is hours off (its issue 57).
"""

from math import acos, asin, atan2, cos, degrees, radians, sin, tan

from controller.core.daylight import CENTURY_DAYS, DAYS_TO_J2000, MINUTE_NS, Site

_DAY_NS = 1_440 * MINUTE_NS
_SUN_RADII = 23_455  # the distance of the sun in radii of the earth: 149,597,871 km by 6,378 km
_TILT = radians(23.44)  # of the earth's axis
_TURN_DEG = 360
_QUARTER_DEG = 90
_PHASES = ("new moon", "first quarter", "full moon", "last quarter")
_BETWEEN = ("waxing crescent", "waxing gibbous", "waning gibbous", "waning crescent")
_HALF_DAY_DEG = 6.1  # the moon gains 12.2 degrees a day on the sun


def moon_height_deg(utc_ns: int, site: Site) -> float:
    """Return the height of the moon's centre in degrees, without refraction, at nanoseconds UTC since 1970.

    As seen from the place, where the moon is up to a degree lower than from the centre of the earth. Within 0.1
    degrees from 2000 to 2100.
    """
    days = _days(utc_ns)
    ascension, declination, distance = _moon(days)
    sidereal = 280.46061837 + 360.98564736629 * days  # in degrees, at Greenwich; as in astral.sidereal
    turned, latitude = radians((sidereal + site.longitude) % _TURN_DEG) - ascension, radians(site.latitude)
    sine = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(turned)
    return degrees(atan2(sine - 1 / distance, cos(asin(max(-1.0, min(1.0, sine))))))


def moon_lit(utc_ns: int) -> float:
    """Return how much of the moon's disc is lit: 0 at a new moon, 1 at a full one. Within 0.01."""
    days = _days(utc_ns)
    ascension, declination, distance = _moon(days)
    sun_ascension, sun_declination = _sun(days)
    cosine = sin(declination) * sin(sun_declination)
    cosine += cos(declination) * cos(sun_declination) * cos(ascension - sun_ascension)
    elongation = acos(max(-1.0, min(1.0, cosine)))
    # The angle at the moon between sun and earth, 180 degrees at a new moon: Meeus, Astronomical Algorithms, (48.3).
    phase = atan2(_SUN_RADII * sin(elongation), distance - _SUN_RADII * cosine)
    return (1 + cos(phase)) / 2


def moon_phase_name(utc_ns: int) -> str:
    """Return the phase in words, "full moon" or "waning gibbous".

    New moon, the quarters and full moon are instants; they are named for half a day before and after.
    """
    ahead = moon_ahead_deg(utc_ns)
    nearest = round(ahead / _QUARTER_DEG)
    if abs(ahead - nearest * _QUARTER_DEG) < _HALF_DAY_DEG:
        return _PHASES[nearest % len(_PHASES)]
    return _BETWEEN[int(ahead // _QUARTER_DEG)]


def moon_ahead_deg(utc_ns: int) -> float:
    """Return how far the moon is ahead of the sun along the ecliptic, 0 to 360 degrees: 180 at a full moon.

    Within 0.1 degrees from 2000 to 2100, which the moon takes ten minutes to gain.
    """
    days = _days(utc_ns)
    ascension, declination, _ = _moon(days)
    return degrees(_longitude(ascension, declination) - _longitude(*_sun(days))) % _TURN_DEG


def _days(utc_ns: int) -> float:
    return utc_ns / _DAY_NS - DAYS_TO_J2000


def _moon(days: float) -> tuple[float, float, float]:
    """Return the moon's right ascension and declination in radians, and its distance in radii of the earth."""
    from astral.moon import moon_position  # noqa: PLC0415 - most boxes never ask

    found = moon_position(days)
    return found.right_ascension, found.declination, found.distance


def _sun(days: float) -> tuple[float, float]:
    """Return the sun's right ascension and declination in radians."""
    from astral.sun import sun_declination, sun_rt_ascension  # noqa: PLC0415 - most boxes never ask

    century = days / CENTURY_DAYS
    return radians(sun_rt_ascension(century)), radians(sun_declination(century))


def _longitude(ascension: float, declination: float) -> float:
    """Return the longitude along the ecliptic, in radians: turned by the tilt of the axis."""
    return atan2(sin(ascension) * cos(_TILT) + tan(declination) * sin(_TILT), cos(ascension))
