"""Today's sun times, and whether it is night at the site; `test_daylight` compares the times with an almanac."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from evening import Evening
from hypothesis import given
from hypothesis import strategies as st

from controller.core.daylight import Site
from controller.core.instants import Place
from controller.core.sun_today import sun_today
from controller.errors import CommandError
from hardware.clock import SECOND_NS, ClockSample

ZURICH = Place(Site(47.37, 8.54), ZoneInfo("Europe/Zurich"))
TROMSO = Place(Site(69.65, 18.96), ZoneInfo("Europe/Oslo"))


def at(place, text):
    utc = datetime.fromisoformat(text).replace(tzinfo=place.zone).astimezone(UTC)
    return sun_today(place, ClockSample(wall_ns=int(utc.timestamp()) * SECOND_NS, monotonic_ns=0, is_trusted=True))


def test_a_day_in_march():
    told = at(ZURICH, "2026-03-20T12:00")
    assert told["text"] == "Fri 20 Mar: dawn 05:58, sunrise 06:29, sunset 18:38, dusk 19:08"
    assert (told["date"], told["zone"], told["is_down"]) == ("2026-03-20", "Europe/Zurich", False)
    assert told["changes_in_ns"] == pytest.approx((6 * 60 + 38) * 60 * SECOND_NS, abs=60 * SECOND_NS)


@pytest.mark.parametrize(
    ("time", "is_down"), [("00:05", True), ("06:25", True), ("06:32", False), ("18:34", False), ("18:41", True)]
)
def test_the_sun_is_down_between_sunset_and_sunrise(time, is_down):
    assert at(ZURICH, f"2026-03-20T{time}")["is_down"] is is_down


def test_a_day_without_a_night_and_a_night_without_a_day():
    june, december = at(TROMSO, "2026-06-21T00:30"), at(TROMSO, "2026-12-21T12:00")
    assert june["text"] == "Sun 21 Jun: the sun does not set, it does not get dark"
    assert (june["is_down"], june["changes_in_ns"], june["sunset"]) == (False, None, None)
    assert december["text"] == "Mon 21 Dec: dawn 09:31, dusk 13:53, the sun does not rise"
    assert (december["is_down"], december["changes_in_ns"]) == (True, None)


@given(
    st.integers(-89, 89),
    st.integers(-179, 179),
    st.integers(0, 365 * 24 * 60),
    st.sampled_from(["UTC", "Asia/Tokyo"]),
)
def test_it_is_as_dark_as_it_was_a_minute_ago_unless_the_sun_has_just_crossed(latitude, longitude, minute, zone):
    place = Place(Site(latitude, longitude), ZoneInfo(zone))
    wall_ns = int((datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).timestamp()) * SECOND_NS
    told = sun_today(place, ClockSample(wall_ns=wall_ns, monotonic_ns=0, is_trusted=True))
    if told["changes_in_ns"] is not None and told["changes_in_ns"] > 120 * SECOND_NS and abs(latitude) < 60:
        then_ns = wall_ns + told["changes_in_ns"] - 60 * SECOND_NS
        later = sun_today(place, ClockSample(wall_ns=then_ns, monotonic_ns=0, is_trusted=True))
        assert later["is_down"] is told["is_down"]


def test_the_box_needs_a_place_and_the_date_for_it():
    for box, sentence in (
        (Evening("reset site.latitude"), "site.latitude and site.longitude; set them first"),
        (Evening(trusted=False), "clock is not set; set it first"),
    ):
        with pytest.raises(CommandError, match=sentence):
            box.stage.methods.call("sun", {})
    assert Evening().stage.methods.call("sun", {})["is_down"] is False
