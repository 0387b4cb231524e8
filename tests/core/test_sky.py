"""Sun heights and times against published ones, and the brightness against its sources.

Largest errors found: a height 0.056 degrees from a table rounded to 0.1, so 0.006 beyond rounding; a time 25 seconds
from a table rounded to minutes, so none beyond rounding; 0.0003 degrees from published heights of more digits; 0.0125
from Meeus's own way to the height, which is the equation of time that NOAA rounds.
"""

import itertools
import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.daylight import MINUTE_NS, Site, crossing_ns, height_at
from controller.core.sky import brightness_stops, sun_height_deg

S = 1_000_000_000


def utc(text):
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp()) * S


def refracted(height_deg):
    """Return the apparent height: Saemundsson's formula, as in Meeus, Astronomical Algorithms."""
    return height_deg + 1.02 / math.tan(math.radians(height_deg + 10.3 / (height_deg + 5.11))) / 60


ITHACA = Site(42.45, -76.5)
EQUATOR = Site(0, 0)
GULF_OF_GUINEA = Site(5, -5)
INDIAN_OCEAN = Site(-42.45, 76.5)
# Tables "Altitude and Azimuth of the Sun" of the US Naval Observatory, to 0.1 degrees, kept in the tests of Vesper
# (test_usno_altitude_azimuth_table.py); times moved to UTC. The Observatory's note on them: for the centre of the disc,
# with refraction only above the horizon (aa.usno.navy.mil/data/docs/AltAz.php).
BELOW = [
    (ITHACA, "2016-02-10 11:10", -11.6),
    (ITHACA, "2016-02-10 11:20", -9.7),
    (ITHACA, "2016-02-10 11:30", -7.9),
    (ITHACA, "2016-02-10 11:40", -6.1),
    (ITHACA, "2016-02-10 11:50", -4.3),
    (ITHACA, "2016-02-10 12:00", -2.6),
    (ITHACA, "2016-02-10 22:40", -2.4),
    (ITHACA, "2016-02-10 22:50", -4.2),
    (ITHACA, "2016-02-10 23:00", -5.9),
    (ITHACA, "2016-02-10 23:10", -7.7),
    (ITHACA, "2016-02-10 23:20", -9.6),
    (ITHACA, "2016-02-10 23:30", -11.4),
    (ITHACA, "2016-02-17 11:56", -1.6),
    (ITHACA, "2016-02-17 12:00", -0.9),
    (EQUATOR, "2016-02-01 06:00", -3.2),
    (GULF_OF_GUINEA, "2016-12-20 06:00", -6.0),
    (INDIAN_OCEAN, "2016-02-17 00:00", -3.9),
    (INDIAN_OCEAN, "2016-02-17 14:00", -1.2),
]
ABOVE = [
    (ITHACA, "2016-02-10 12:20", 1.3),
    (ITHACA, "2016-02-10 12:30", 2.9),
    (ITHACA, "2016-02-10 12:40", 4.5),
    (ITHACA, "2016-02-10 14:00", 17.0),
    (ITHACA, "2016-02-10 17:20", 33.2),
    (ITHACA, "2016-02-10 20:00", 22.4),
    (ITHACA, "2016-02-10 22:20", 1.4),
    (EQUATOR, "2016-02-01 08:00", 25.4),
    (EQUATOR, "2016-02-01 12:00", 72.5),
    (EQUATOR, "2016-02-01 18:00", 3.4),
    (GULF_OF_GUINEA, "2016-12-20 12:00", 61.2),
    (GULF_OF_GUINEA, "2016-12-20 18:00", 2.4),
    (INDIAN_OCEAN, "2016-02-17 06:00", 56.3),
    (INDIAN_OCEAN, "2016-02-17 08:00", 57.7),
    (INDIAN_OCEAN, "2016-02-17 12:00", 20.7),
]


@pytest.mark.parametrize(("site", "at", "published"), BELOW)
def test_heights_below_the_horizon_agree_with_the_naval_observatory(site, at, published):
    assert abs(sun_height_deg(utc(at), site) - published) < 0.05 + 0.02


@pytest.mark.parametrize(("site", "at", "published"), ABOVE)
def test_heights_above_the_horizon_agree_with_the_naval_observatory(site, at, published):
    assert abs(refracted(sun_height_deg(utc(at), site)) - published) < 0.05 + 0.02


def test_the_height_of_the_example_of_the_solar_position_algorithm():
    """NREL/TP-560-34302, appendix A.5, without refraction as in the tests of pvlib (test_solarposition.py)."""
    assert sun_height_deg(utc("2003-10-17 19:30:30"), Site(39.742476, -105.1786)) == pytest.approx(
        39.872046, abs=0.02
    )


def test_the_height_at_the_pole_is_the_declination_of_the_book():
    """Meeus, Astronomical Algorithms, example 25.a: 13 October 1992, 0:00 TD, apparent declination -7.78507.

    As quoted in the tests of MoonClock (test_sun.py).
    """
    at_ns = utc("1992-10-12 23:59:01")  # TD was 59 seconds ahead of UT
    assert sun_height_deg(at_ns, Site(90, 0)) == pytest.approx(-7.78507, abs=0.001)
    assert sun_height_deg(at_ns, Site(-90, 0)) == pytest.approx(7.78507, abs=0.001)


DEFIANCE = Site(41.281944, -84.362778)
FREDONIA = Site(36.95, -112.52)
# Height, whether rising, the solar day, the time in UTC.
TIMES = [
    # Skyfield with the ephemeris DE421, to the minute, in its tests (test_almanac.py): Defiance, Ohio.
    (-18, True, DEFIANCE, "2019-11-08", "2019-11-08 10:42"),
    (-12, True, DEFIANCE, "2019-11-08", "2019-11-08 11:15"),
    (-6, True, DEFIANCE, "2019-11-08", "2019-11-08 11:48"),
    (-50 / 60, True, DEFIANCE, "2019-11-08", "2019-11-08 12:17"),
    (-50 / 60, False, DEFIANCE, "2019-11-08", "2019-11-08 22:25"),
    (-6, False, DEFIANCE, "2019-11-08", "2019-11-08 22:54"),
    (-12, False, DEFIANCE, "2019-11-08", "2019-11-08 23:27"),
    (-18, False, DEFIANCE, "2019-11-08", "2019-11-08 23:59"),
    # The US Naval Observatory's table "Rise and Set for the Sun for 2023", in python-skyfield
    # (design/test_sunrise_moonrise.py): Fredonia, Arizona; its zone is 7 hours behind UTC.
    (-50 / 60, True, FREDONIA, "2023-01-01", "2023-01-01 14:43"),
    (-50 / 60, False, FREDONIA, "2023-01-01", "2023-01-02 00:24"),
    (-50 / 60, True, FREDONIA, "2023-02-15", "2023-02-15 14:19"),
    (-50 / 60, False, FREDONIA, "2023-02-15", "2023-02-16 01:10"),
    (-50 / 60, True, FREDONIA, "2023-03-20", "2023-03-20 13:34"),
    (-50 / 60, False, FREDONIA, "2023-03-20", "2023-03-21 01:42"),
    (-50 / 60, True, FREDONIA, "2023-05-10", "2023-05-10 12:27"),
    (-50 / 60, False, FREDONIA, "2023-05-10", "2023-05-11 02:27"),
    (-50 / 60, True, FREDONIA, "2023-06-21", "2023-06-21 12:11"),
    (-50 / 60, False, FREDONIA, "2023-06-21", "2023-06-22 02:53"),
    (-50 / 60, True, FREDONIA, "2023-08-01", "2023-08-01 12:35"),
    (-50 / 60, False, FREDONIA, "2023-08-01", "2023-08-02 02:37"),
    (-50 / 60, True, FREDONIA, "2023-09-23", "2023-09-23 13:19"),
    (-50 / 60, False, FREDONIA, "2023-09-23", "2023-09-24 01:26"),
    (-50 / 60, True, FREDONIA, "2023-11-05", "2023-11-05 13:58"),
    (-50 / 60, False, FREDONIA, "2023-11-05", "2023-11-06 00:29"),
    (-50 / 60, True, FREDONIA, "2023-12-21", "2023-12-21 14:39"),
    (-50 / 60, False, FREDONIA, "2023-12-21", "2023-12-22 00:17"),
]


@pytest.mark.parametrize(("height_deg", "is_rising", "site", "day", "published"), TIMES)
def test_crossings_agree_with_almanacs(height_deg, is_rising, site, day, published):
    found = crossing_ns(height_deg, date.fromisoformat(day), site, is_rising=is_rising)
    assert abs(found - utc(published)) < (30 + 10) * S
    assert abs(sun_height_deg(found, site) - height_deg) < 0.0001


def exact_height_deg(utc_ns, site):
    """Another way to the same height, as a check: Meeus, chapter 25, by sidereal time."""
    days = utc_ns / MINUTE_NS / 1_440 - 10_957.5
    century = (days + 69 / 86_400) / 36_525  # TD was 69 seconds ahead of UT in 2020
    anomaly = math.radians(357.52911 + 35_999.05029 * century)
    centre = 1.914602 * math.sin(anomaly) + 0.019993 * math.sin(2 * anomaly) + 0.000289 * math.sin(3 * anomaly)
    node = math.radians(125.04 - 1_934.136 * century)
    longitude = math.radians(280.46646 + 36_000.76983 * century + centre - 0.00569 - 0.00478 * math.sin(node))
    tilt = math.radians(23.439291 - 0.013004 * century + 0.00256 * math.cos(node))
    ascension = math.degrees(math.atan2(math.cos(tilt) * math.sin(longitude), math.cos(longitude)))
    declination = math.asin(math.sin(tilt) * math.sin(longitude))
    equinoxes = -0.00478 * math.sin(node) * math.cos(tilt)
    sidereal = 280.46061837 + 360.98564736629 * days + equinoxes
    turned, latitude = math.radians(sidereal + site.longitude - ascension), math.radians(site.latitude)
    sine = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(declination) * math.cos(turned)
    return math.degrees(math.asin(sine))


@given(
    st.datetimes(datetime(2010, 1, 1), datetime(2039, 12, 31)),  # noqa: DTZ001 - hypothesis wants naive ones
    st.builds(Site, st.floats(-90, 90), st.floats(-180, 180)),
)
def test_the_sun_is_where_another_formula_puts_it(at, site):
    at_ns = utc(f"{at:%Y-%m-%d %H:%M:%S}")
    assert abs(sun_height_deg(at_ns, site) - exact_height_deg(at_ns, site)) < 0.02
    assert sun_height_deg(at_ns, site) == height_at(at_ns / MINUTE_NS, site)


def circular_171_stops(height_deg):
    """Return the Circular's clear sky: page 22, subroutines REFR and ATMOS, and the night's 0.0005 lux."""
    if height_deg >= -50 / 60:
        height_deg += 1 / math.tan(math.radians(height_deg + 8.6 / (height_deg + 4.42))) / 60
    sine, cosine = math.sin(math.radians(height_deg)), math.cos(math.radians(height_deg))
    earth = 753.66156  # its radius, in heights of the atmosphere
    inner = math.asin(earth * cosine / (earth + 1))
    mass = earth * (math.cos(inner) - sine) + math.cos(inner)
    sky = 0.0289 * math.exp(-0.042 * mass) * (1 + math.radians(height_deg + 90) * sine)
    return math.log2(133_775 * (math.exp(-0.21 * mass) * sine + sky) + 0.0005)


HEIGHTS = [step / 50 for step in range(-18 * 50, 90 * 50 + 1)]


def test_the_brightness_is_the_circulars_but_near_sunset():
    errors = {each: brightness_stops(each) - circular_171_stops(each) for each in HEIGHTS}
    assert max(abs(error) for each, error in errors.items() if not -2.5 < each < 0.5) < 0.03
    assert max(abs(error) for each, error in errors.items() if -2.5 < each < 0.5) < 0.4


def test_the_brightness_rises_with_the_sun_from_18_degrees_below():
    steps = [high - low for low, high in itertools.pairwise(map(brightness_stops, HEIGHTS))]
    assert min(steps) > 0
    assert max(steps) < 1.6 / 50  # nowhere a jump: no more than 1.6 stops a degree
    assert brightness_stops(-18) == brightness_stops(-18.1) == brightness_stops(-90)


# Glossary of the American Meteorological Society, "civil twilight" and "astronomical twilight"; the latter's values are
# of sunlight alone, without the night's own light.
@pytest.mark.parametrize(
    ("height_deg", "least_lux", "most_lux", "off_stops"),
    [(-50 / 60, 410, 585, 0), (-6, 2, 3.5, 0), (-12, 0.008, 0.008, 0.75), (-18, 6e-4, 6e-4, 0.3)],
)
def test_the_brightness_agrees_with_the_glossary(height_deg, least_lux, most_lux, off_stops):
    stops = brightness_stops(height_deg)
    assert math.log2(least_lux) - off_stops <= stops <= math.log2(most_lux) + off_stops


@pytest.mark.parametrize(
    ("high_deg", "low_deg", "stops"), [(5, -9, 15.2), (5, -12, 19.7), (-4, -10, 6 * 1.5), (-4, -7, 3 * 1.5)]
)
def test_twilight_loses_as_many_stops_as_is_known(high_deg, low_deg, stops):
    assert brightness_stops(high_deg) - brightness_stops(low_deg) == pytest.approx(stops, abs=0.3)
