import sys
import zoneinfo

import pytest

from config.errors import ConfigError
from config.zones import zone_name, zone_names


@pytest.fixture
def no_zones(tmp_path):
    """A machine without tzdata: an empty database, and no package of that name."""
    zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath([tmp_path])
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


def test_a_machine_without_time_zones_gets_a_remedy(no_zones, monkeypatch):
    monkeypatch.setitem(sys.modules, "tzdata", None)
    with pytest.raises(ConfigError) as caught:
        zone_name("Europe/Zurich")
    assert str(caught.value) == (
        '"Europe/Zurich" cannot be looked up: this machine has no time zones; install tzdata'
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Zzz", ""),
        ("new york", "; did you mean America/New_York?"),
        ("Europe/Zurch", "; did you mean Europe/Zurich?"),
    ],
)
def test_a_mistyped_zone_is_refused_with_a_suggestion(text, hint):
    with pytest.raises(ConfigError) as caught:
        zone_name(text)
    assert str(caught.value) == f'"{text}" is not a time zone; write it like Europe/Zurich, or unset{hint}'


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("GMT+2", "for 2 h ahead of UTC write Etc/GMT-2 (its sign is reversed), or a place like Europe/Zurich"),
        ("utc-7", "for 7 h behind UTC write Etc/GMT+7 (its sign is reversed), or a place like Europe/Zurich"),
        ("+02:00", "for 2 h ahead of UTC write Etc/GMT-2 (its sign is reversed), or a place like Europe/Zurich"),
        ("UTC+5:30", "write a place with that time, like Asia/Kolkata, or unset"),
        ("GMT+15", "write a place with that time, like Asia/Kolkata, or unset"),
    ],
)
def test_an_offset_from_utc_is_answered_with_the_zone_of_that_offset(text, remedy):
    with pytest.raises(ConfigError) as caught:
        zone_name(text)
    assert str(caught.value) == f'"{text}" is not a time zone; {remedy}'


@pytest.mark.parametrize("name", ["Etc/GMT+2", "UTC"])
def test_an_offset_that_the_database_has_is_a_zone(name):
    assert zone_name(name.lower()) == name


def test_no_offset_is_a_zone_or_is_answered_with_utc():
    if "GMT+0" in zone_names():  # Debian 13 keeps such names in a package of their own
        assert zone_name("gmt+0") == "GMT+0"
    with pytest.raises(ConfigError) as caught:
        zone_name("UTC+0")
    assert str(caught.value) == '"UTC+0" is not a time zone; write UTC'
