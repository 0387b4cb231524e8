"""Latitudes and longitudes as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.angles import parse_degrees
from config.errors import ConfigError

NS, EW = ("n", "s"), ("e", "w")


@pytest.mark.parametrize(
    ("text", "udeg"),
    [
        ("47.37", 47_370_000),
        ("-33.8", -33_800_000),
        ("47.37N", 47_370_000),
        ("33.8 s", -33_800_000),
        ("S 33.8", -33_800_000),
        ("47°22'N", 47_366_667),
        ("47°22\u2032N", 47_366_667),
        ("47° 22' 12\" N", 47_370_000),
        ("47 22 12 N", 47_370_000),
        ("47 deg 22' N", 47_366_667),
        ("47°22'", 47_366_667),
    ],
)
def test_the_usual_ways_to_write_a_latitude_are_read(text, udeg):
    assert parse_degrees(text, NS) == udeg


@given(st.integers(0, 89), st.integers(0, 59), st.integers(0, 59), st.sampled_from("NS"))
def test_degrees_minutes_and_seconds_are_exact(degrees, minutes, seconds, side):
    udeg = round((degrees * 3600 + minutes * 60 + seconds) * 1_000_000 / 3600)
    sign = 1 if side == "N" else -1
    assert parse_degrees(f"{degrees}°{minutes}'{seconds}\"{side}", NS) == sign * udeg


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("47,37", '"47,37" has a comma in the number; write 47.37'),
        ("47.37, 8.54", "is two numbers; set site.latitude to the first and site.longitude to the second"),
        ("47°22'N 8°32'E", "is two numbers; set site.latitude to the first"),
        ("8°32'E", "is not an angle; write degrees like 47.37 or 47°22'N, with a minus or S for the other side"),
        ("47°61'N", "is not an angle"),
        ("-47 S", "is not an angle"),
        ("47.5°30'N", "is not an angle"),
        ("", "is not an angle"),
        ("n", "is not an angle"),
        ("4" * 100, "is not an angle"),
    ],
)
def test_what_is_no_latitude_is_answered_with_what_was_meant(text, sentence):
    with pytest.raises(ConfigError) as caught:
        parse_degrees(text, NS)
    assert sentence in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    with suppress(ConfigError):
        assert abs(parse_degrees(text, EW)) < 1_000_000_000
