import itertools
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.core.daylight import (
    EVENT_HEIGHTS_DEG,
    MINUTE_NS,
    RISING,
    NoEvent,
    Site,
    crossing_ns,
    height_at,
    sun_ns,
)

S = 1_000_000_000
TROMSO = Site(69.6492, 18.9553)
LONGYEARBYEN = Site(78.22, 15.65)


def utc(text):
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp()) * S


# Times as published, to the minute, in UTC. USNO: the US Naval Observatory's calculator, as quoted by others.
PUBLISHED = [
    # USNO, in the tests of Skyfield (test_almanac.py): Bluffton, Ohio.
    ("sunrise", "2018-09-12", Site(40.8939, -83.8917), "2018-09-12 11:13"),
    ("sunset", "2018-09-12", Site(40.8939, -83.8917), "2018-09-12 23:50"),
    # Skyfield with the ephemeris DE421 (the same file): Defiance, Ohio.
    ("dawn", "2019-11-08", Site(41.281944, -84.362778), "2019-11-08 11:48"),
    ("sunrise", "2019-11-08", Site(41.281944, -84.362778), "2019-11-08 12:17"),
    ("sunset", "2019-11-08", Site(41.281944, -84.362778), "2019-11-08 22:25"),
    ("dusk", "2019-11-08", Site(41.281944, -84.362778), "2019-11-08 22:54"),
    # USNO, in issue 89 of mourner/suncalc: Atlanta.
    ("sunrise", "2009-09-06", Site(33.766667, -84.416667), "2009-09-06 11:15"),
    ("sunset", "2009-09-06", Site(33.766667, -84.416667), "2009-09-06 23:56"),
    # USNO, in issue 102 of sffjunkie/astral: the sunset passes midnight UTC, and astral's own loses one.
    ("sunset", "2024-05-04", Site(-30, -100), "2024-05-05 00:02"),
    ("sunset", "2024-05-05", Site(-30, -100), "2024-05-06 00:01"),
    ("sunset", "2024-05-06", Site(-30, -100), "2024-05-07 00:00"),
    ("sunset", "2024-05-07", Site(-30, -100), "2024-05-07 23:59"),
    # USNO, in issue 84 of sffjunkie/astral: Kap Morris Jesup, the end of the polar day; and Tromso.
    ("sunset", "2022-09-09", Site(83.6561, -33.3739), "2022-09-10 00:39"),
    ("sunset", "2022-09-08", Site(83.6561, -33.3739), "2022-09-09 01:24"),
    ("sunset", "2022-09-10", Site(83.6561, -33.3739), "2022-09-11 00:08"),
    ("sunset", "2022-09-11", Site(83.6561, -33.3739), "2022-09-11 23:44"),
    ("sunrise", "2023-05-12", TROMSO, "2023-05-12 00:13"),
    ("sunrise", "2023-05-13", TROMSO, "2023-05-13 00:04"),
    ("sunrise", "2023-05-14", TROMSO, "2023-05-13 23:56"),
    ("sunrise", "2023-05-17", TROMSO, "2023-05-16 23:22"),
    # timeanddate.com/sun/norway/oslo, as quoted in tests of others.
    ("sunrise", "2010-12-24", Site(59.91, 10.75), "2010-12-24 08:19"),
    ("sunset", "2010-12-24", Site(59.91, 10.75), "2010-12-24 14:13"),
    # Museums Victoria, Skynotes of October 2025; Melbourne lies at 37 50 S, 145 E by its page on rise and set times.
    ("sunrise", "2025-10-01", Site(-37.8333, 145), "2025-09-30 19:55"),
    ("sunset", "2025-10-01", Site(-37.8333, 145), "2025-10-01 08:24"),
    # Schlyter's program, in the tests of Astro::Sunrise (04basic.t): Quito, on the equator.
    ("sunrise", "2013-03-21", Site(-0.25, -78.5833), "2013-03-21 11:18"),
    ("sunset", "2013-03-21", Site(-0.25, -78.5833), "2013-03-21 23:25"),
]


@pytest.mark.parametrize(("event", "day", "site", "published"), PUBLISHED)
def test_sun_times_agree_with_almanacs_to_a_minute(event, day, site, published):
    days = (date.fromisoformat(day).toordinal() + shift for shift in (-1, 0, 1))
    found = [sun_ns(event, date.fromordinal(each), site) for each in days]
    assert min(abs(each - utc(published)) for each in found if isinstance(each, int)) <= 60 * S


def test_no_sunset_is_lost_when_it_passes_midnight_utc():
    found = [sun_ns("sunset", date(2024, 5, day), Site(-30, -100)) for day in range(1, 31)]
    gaps = [(later - earlier) / S for earlier, later in itertools.pairwise(found)]
    assert all(86_300 < gap < 86_400 for gap in gaps)


@pytest.mark.parametrize(
    ("event", "day", "site", "is_up"),
    [
        ("sunrise", "2026-06-21", TROMSO, True),
        ("sunset", "2026-06-21", TROMSO, True),
        ("dawn", "2026-06-21", TROMSO, True),
        ("sunrise", "2026-12-21", TROMSO, False),
        ("sunset", "2026-12-21", TROMSO, False),
        ("sunset", "2026-06-21", LONGYEARBYEN, True),
        ("sunrise", "2026-12-21", LONGYEARBYEN, False),
        ("dusk", "2026-12-21", LONGYEARBYEN, False),
        ("sunrise", "2026-06-21", Site(-77.85, 166.67), False),  # McMurdo
        ("sunrise", "2026-12-21", Site(-77.85, 166.67), True),
        ("sunrise", "2026-06-21", Site(90, 0), True),
        ("sunrise", "2026-12-21", Site(90, 180), False),
        ("sunset", "2026-12-21", Site(-90, -180), True),
    ],
)
def test_a_polar_day_and_a_polar_night_have_no_event(event, day, site, is_up):
    assert sun_ns(event, date.fromisoformat(day), site) == NoEvent(is_up)


def test_civil_twilight_is_left_in_the_polar_night_of_tromso():
    dawn, dusk = (sun_ns(event, date(2026, 12, 21), TROMSO) for event in ("dawn", "dusk"))
    assert 4 * 3600 * S < dusk - dawn < 6 * 3600 * S


def test_there_is_a_sunrise_on_a_leap_day():
    assert abs(sun_ns("sunrise", date(2028, 2, 29), Site(47.37, 8.54)) - utc("2028-02-29 06:09")) < 300 * S


sites = st.builds(Site, st.floats(-65, 65), st.floats(-180, 180))


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)), sites)
def test_the_events_of_a_day_are_in_order_around_noon(day, site):
    noon_ns = (day - date(1970, 1, 1)).days * 86_400 * S + round((720 - 4 * site.longitude) * 60 * S)
    events = [sun_ns(event, day, site) for event in ("dawn", "sunrise", "sunset", "dusk")]
    events.insert(2, noon_ns)
    there = [each for each in events if isinstance(each, int)]
    assert there == sorted(there)
    assert all(abs(each - noon_ns) < 13 * 3600 * S for each in there)
    assert isinstance(events[1], int)  # between the polar circles


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)), st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_and_day_has_an_answer(day, latitude, longitude):
    for event in ("dawn", "sunrise", "sunset", "dusk"):
        assert isinstance(sun_ns(event, day, Site(latitude, longitude)), int | NoEvent)


def test_astral_is_imported_only_when_a_sun_time_is_needed():
    code = (
        "import sys; import controller.core.controller, controller.core.schedule, controller.core.moon, controller.core.sky, controller.core.daylight as d; from datetime import date\n"
        "assert 'astral' not in sys.modules; d.sun_ns('dawn', date(2026, 1, 1), d.Site(0, 0)); print('astral' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout == "True\n"


def test_times_are_in_utc():
    found = sun_ns("sunrise", date(2026, 3, 20), Site(0, 0))
    assert datetime.fromtimestamp(found // S, UTC).strftime("%Y-%m-%d %H") == "2026-03-20 06"


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
places = st.builds(Site, st.floats(-90, 90), st.floats(-180, 180))


def noon_of(day, site):
    """Return noon by a mean clock at the place, in minutes since 1970."""
    return ((day - date(1970, 1, 1)).days + 0.5) * 1_440 - 4 * site.longitude


@given(st.floats(-90, 90), days, places, st.booleans())
def test_the_sun_has_the_height_asked_for_when_it_crosses_it(height_deg, day, site, is_rising):
    found = crossing_ns(height_deg, day, site, is_rising=is_rising)
    if isinstance(found, int):
        assert abs(height_at(found / MINUTE_NS, site) - height_deg) < 0.001
        assert abs(found / MINUTE_NS - noon_of(day, site)) < 1_500


@given(st.floats(-9, 0), st.sampled_from([-1, 1]), st.sampled_from([0, 720]), days, places, st.booleans())
def test_a_height_that_the_sun_just_touches_is_found_exactly_or_not_at_all(
    exponent, sign, shift, day, site, is_rising
):
    height_deg = height_at(noon_of(day, site) + shift, site) + sign * 10**exponent
    found = crossing_ns(height_deg, day, site, is_rising=is_rising)
    assert isinstance(found, NoEvent) or abs(height_at(found / MINUTE_NS, site) - height_deg) < 0.001


@given(st.floats(-90, 90), days, st.builds(Site, st.floats(-89, 89), st.floats(-180, 180)))
def test_the_sun_moves_the_way_it_was_asked_for(height_deg, day, site):
    for is_rising in (True, False):
        found = crossing_ns(height_deg, day, site, is_rising=is_rising)
        if isinstance(found, int):
            before, after = (height_at(found / MINUTE_NS + shift, site) for shift in (-0.01, 0.01))
            assert (before <= after + 1e-6) if is_rising else (before >= after - 1e-6)


@settings(max_examples=25)
@given(st.floats(0, 4), st.sampled_from([0.0, 0.02, -0.02, -6, -0.833]), days, places)
def test_no_crossing_is_lost_or_found_twice(part, offset, day, site):
    """Compared with the heights each ten minutes, over four days; a touch between two of them may be found besides."""
    start = noon_of(day, site) - 720
    height_deg = height_at(start + part * 1_440, site) + offset
    heights = [height_at(start + step * 10, site) for step in range(4 * 144 + 1)]
    found = [
        (crossing_ns(height_deg, date.fromordinal(day.toordinal() + shift), site, is_rising=way), way)
        for shift in range(-1, 6)
        for way in (True, False)
    ]
    crossings = [(at_ns / MINUTE_NS - start, way) for at_ns, way in found if isinstance(at_ns, int)]
    assert len(crossings) == len(set(crossings))
    for step, (before, after) in enumerate(itertools.pairwise(heights)):
        if (before < height_deg) != (after < height_deg):
            assert any(way == (before < after) and -0.1 < at - step * 10 < 10.1 for at, way in crossings)


# Equinoxes: the first as the US Naval Observatory's (aa.usno.navy.mil/seasons), in the tests of Skyfield
# (test_almanac.py); the others of skycaramba.com/2017/earths-seasons.
@pytest.mark.parametrize(
    ("equinox", "pole"), [("2018-09-23 01:54", -90), ("2017-03-20 10:29", 90), ("2017-09-22 20:02", -90)]
)
def test_at_the_poles_the_sun_rises_and_sets_at_an_equinox(equinox, pole):
    first = date.fromisoformat(equinox[:10]).toordinal() - 10
    for latitude in (90, -90):
        for is_rising in (True, False):
            found = [
                crossing_ns(0, date.fromordinal(first + each), Site(latitude, 0), is_rising=is_rising)
                for each in range(20)
            ]
            times = [each for each in found if isinstance(each, int)]
            assert len(times) == (is_rising == (latitude == pole))
            assert all(abs(each - utc(equinox)) < 900 * S for each in times)


@given(days, st.floats(-180, 180), st.booleans())
def test_the_sun_in_the_zenith_is_found(day, longitude, is_rising):
    noon = noon_of(day, Site(0, longitude))
    declination = height_at(noon, Site(90, 0))
    found = crossing_ns(89.995, day, Site(declination, longitude), is_rising=is_rising)
    assert abs(found / MINUTE_NS - noon) < 20


@pytest.mark.parametrize("event", EVENT_HEIGHTS_DEG)
def test_an_event_is_the_crossing_of_its_height(event):
    day, site = date(2026, 3, 20), Site(47.37, 8.54)
    assert sun_ns(event, day, site) == crossing_ns(EVENT_HEIGHTS_DEG[event], day, site, is_rising=event in RISING)


def test_the_midnight_sun_is_above_all_but_its_highest():
    day = date(2026, 6, 21)
    assert crossing_ns(-6, day, TROMSO, is_rising=False) == NoEvent(is_up=True)
    assert crossing_ns(60, day, TROMSO, is_rising=False) == NoEvent(is_up=False)
    assert isinstance(crossing_ns(20, day, TROMSO, is_rising=False), int)
