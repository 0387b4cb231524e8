from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.schema import build
from config.when import parse_when
from controller.core.daylight import Site
from controller.core.instants import Place, next_instant_ns, place_of, site_of
from controller.core.words import Reason, Why

S = 1_000_000_000
H = 3600 * S
ZURICH = Place(Site(47.37, 8.54), ZoneInfo("Europe/Zurich"))
NOWHERE = Place(None, ZoneInfo("Europe/Zurich"))
TROMSO = Place(Site(69.65, 18.96), ZoneInfo("Europe/Oslo"))
SYDNEY = Place(Site(-33.87, 151.21), ZoneInfo("Australia/Sydney"))


def at(text):
    """UTC unless the text has an offset."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * S


def found(when, place, after):
    return datetime.fromtimestamp(next_instant_ns(parse_when(when), place, at(after)) / S, UTC).strftime(
        "%Y-%m-%d %H:%M"
    )


@pytest.mark.parametrize(
    ("when", "after", "utc"),
    [
        ("06:30", "2026-11-23T04:00+01:00", "2026-11-23 05:30"),
        ("06:30", "2026-11-23T06:30+01:00", "2026-11-23 05:30"),
        ("06:30", "2026-11-23T06:30:01+01:00", "2026-11-24 05:30"),
        ("00:00", "2026-11-23T23:59+01:00", "2026-11-23 23:00"),
        ("00:00", "2026-12-31T12:00+01:00", "2026-12-31 23:00"),
        ("23:59", "2026-11-23T00:00+01:00", "2026-11-23 22:59"),
        ("12:00", "2028-02-28T13:00+01:00", "2028-02-29 11:00"),
        ("12:00", "2027-02-28T13:00+01:00", "2027-03-01 11:00"),
        ("2028-02-29 12:00", "2026-11-23T00:00+01:00", "2028-02-29 11:00"),
        ("2026-11-20 06:30", "2026-11-23T00:00+01:00", "2026-11-20 05:30"),  # past, and that is what it says
        # summer time begins on 2027-03-28: 02:00 is followed by 03:00
        ("02:30", "2027-03-28T00:00+01:00", "2027-03-28 01:30"),  # which clocks show as 03:30
        ("02:30", "2027-03-27T12:00+01:00", "2027-03-28 01:30"),
        ("03:30", "2027-03-28T00:00+01:00", "2027-03-28 01:30"),
        ("2027-03-28 02:30", "2027-03-01T00:00+01:00", "2027-03-28 01:30"),
        ("2027-03-28 02:30", "2027-04-01T00:00+02:00", "2027-03-28 01:30"),
        ("06:30", "2027-03-27T12:00+01:00", "2027-03-28 04:30"),
        # it ends on 2026-10-25: 03:00 is followed by 02:00 once more
        ("02:30", "2026-10-24T12:00+02:00", "2026-10-25 00:30"),
        ("02:30", "2026-10-25T02:29+02:00", "2026-10-25 00:30"),
        ("02:30", "2026-10-25T02:31+02:00", "2026-10-25 01:30"),
        ("02:30", "2026-10-25T02:31+01:00", "2026-10-26 01:30"),
        ("2026-10-25 02:30", "2026-10-25T02:31+02:00", "2026-10-25 01:30"),
        ("2026-10-25 02:30", "2026-10-24T12:00+02:00", "2026-10-25 00:30"),
        ("06:30", "2026-10-24T12:00+02:00", "2026-10-25 05:30"),
    ],
)
def test_a_clock_time_is_the_next_one(when, after, utc):
    assert found(when, NOWHERE, after) == utc


def test_a_zone_that_leaves_out_a_day_still_has_a_next_time():
    apia = Place(None, ZoneInfo("Pacific/Apia"))  # no 30 December 2011: it went to the other side of the date line
    assert found("06:30", apia, "2011-12-29T12:00-10:00") == "2011-12-30 16:30"


@pytest.mark.parametrize(
    ("when", "place", "after", "utc"),
    [
        ("sunrise", ZURICH, "2026-11-23T04:00+01:00", "2026-11-23 06:41"),
        ("sunrise", ZURICH, "2026-11-23T12:00+01:00", "2026-11-24 06:42"),
        ("sunset-20m", ZURICH, "2026-11-23T12:00+01:00", "2026-11-23 15:22"),
        ("sunset-20m", ZURICH, "2026-11-23T16:30+01:00", "2026-11-24 15:21"),  # before sunset, after the start
        ("sunset+20m", ZURICH, "2026-11-23T16:50+01:00", "2026-11-23 16:02"),  # after sunset, before the start
        ("dusk+12h", ZURICH, "2026-11-24T03:00+01:00", "2026-11-24 04:16"),  # of the day before
        ("dawn-12h", ZURICH, "2026-11-23T12:00+01:00", "2026-11-23 18:08"),  # of the day after
        ("sunrise", SYDNEY, "2026-12-21T04:00+11:00", "2026-12-20 18:40"),
        ("dusk", SYDNEY, "2026-06-21T12:00+10:00", "2026-06-21 07:21"),
        ("sunset", Place(Site(0, -179.9), UTC), "2026-03-20T00:00", "2026-03-20 06:10"),
        ("sunset", Place(Site(0, 179.9), UTC), "2026-03-20T00:00", "2026-03-20 06:11"),
        ("sunrise", TROMSO, "2026-11-27T00:00+01:00", "2026-11-27 10:20"),  # the last of the year
        ("dawn", TROMSO, "2026-12-21T00:00+01:00", "2026-12-21 08:31"),
        # near the end of the polar day dusk falls after midnight by the mean sun, and so belongs to the day before
        ("dusk", Place(Site(-68, 18.96), UTC), "2026-02-04T22:50", "2026-02-04 22:55"),
    ],
)
def test_a_sun_time_is_the_next_one(when, place, after, utc):
    assert found(when, place, after) == utc


@pytest.mark.parametrize(
    ("when", "after", "sentence"),
    [
        (
            "sunrise",
            "2026-06-21T12:00",
            "there is no sunrise at 69.65, 18.96 on 2026-06-21 or the day after: the sun does not set",
        ),
        (
            "sunset-20m",
            "2026-12-21T12:00",
            "there is no sunset at 69.65, 18.96 on 2026-12-21 or the day after: the sun does not rise",
        ),
        (
            "dusk",
            "2026-06-21T12:00",
            "there is no dusk at 69.65, 18.96 on 2026-06-21 or the day after: it does not get dark",
        ),
    ],
)
def test_a_polar_day_or_night_is_explained_in_a_sentence(when, after, sentence):
    reason = next_instant_ns(parse_when(when), TROMSO, at(after))
    assert reason == sentence
    assert reason.why is Why.PLAN


def test_a_winter_too_dark_for_dawn_is_explained():
    reason = next_instant_ns(parse_when("dawn"), Place(Site(78.22, 15.65), UTC), at("2026-12-21T12:00"))
    assert reason.endswith("it does not get light")


def test_the_sun_needs_a_place():
    reason = next_instant_ns(parse_when("sunset-20m"), NOWHERE, at("2026-06-21T12:00"))
    assert isinstance(reason, Reason)
    assert reason == "sunset-20m needs site.latitude and site.longitude; set them first"


def test_a_start_that_is_not_by_clock_or_sun_has_no_instant():
    with pytest.raises(ValueError, match="not by clock or sun"):
        next_instant_ns(parse_when("+30s"), ZURICH, 0)


moments = st.integers(at("2000-01-02T00:00"), at("2199-12-30T00:00"))


@given(
    st.sampled_from(["sunrise", "dawn-3h", "dusk+24h", "sunset-24h"]),
    moments,
    st.floats(-60, 60),
    st.floats(-180, 180),
)
def test_the_next_sun_time_lies_within_a_day_and_some_minutes(when, after_ns, latitude, longitude):
    place = Place(Site(latitude, longitude), UTC)
    due_ns = next_instant_ns(parse_when(when), place, after_ns)
    assert after_ns <= due_ns <= after_ns + 24 * H + 600 * S


@given(
    st.sampled_from(["00:00", "02:30", "23:59:59"]),
    moments,
    st.sampled_from(["Europe/Zurich", "Asia/Kathmandu", "America/Havana"]),
)
def test_the_next_clock_time_lies_within_a_day_and_an_hour(when, after_ns, zone):
    place = Place(None, ZoneInfo(zone))
    due_ns = next_instant_ns(parse_when(when), place, after_ns)
    assert after_ns <= due_ns <= after_ns + 25 * H


def test_the_settings_name_the_place():
    named = build({"site.latitude": 47_370_000, "site.longitude": -8_540_000})
    assert place_of(named, UTC) == Place(Site(47.37, -8.54), UTC)
    assert site_of(build({"site.latitude": 47_370_000}).site) is None
