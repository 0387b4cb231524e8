from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from config.when import ENDS, EVENTS, STARTS, When, format_when, parse_end, parse_when

S = 1_000_000_000
H = 3600 * S

clock = st.builds(
    lambda at, day: When("clock", at=at, day=day),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.none() | st.dates(date(2000, 1, 1), date(2199, 12, 31)),
)
sun = st.builds(
    lambda event, offset_ns: When("sun", offset_ns, event=event),
    st.sampled_from(EVENTS),
    st.integers(-24 * H, 24 * H),
)
delays = st.integers(1, 24 * H).map(lambda ns: When("delay", ns))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("now", When("now")),
        (" NOW ", When("now")),
        ("+0", When("now")),
        ("+30s", When("delay", 30 * S)),
        ("+1h30m", When("delay", 90 * 60 * S)),
        ("06:30", When("clock", at=time(6, 30))),
        ("6:30", When("clock", at=time(6, 30))),
        ("00:00", When("clock", at=time(0))),
        ("23:59:59", When("clock", at=time(23, 59, 59))),
        ("2026-11-23 06:30", When("clock", at=time(6, 30), day=date(2026, 11, 23))),
        ("2026-11-23T06:30", When("clock", at=time(6, 30), day=date(2026, 11, 23))),
        ("2028-02-29 12:00", When("clock", at=time(12), day=date(2028, 2, 29))),
        ("sunrise", When("sun", event="sunrise")),
        ("sunset-20m", When("sun", -1200 * S, event="sunset")),
        ("Dawn + 1h", When("sun", H, event="dawn")),
        ("dusk+0s", When("sun", event="dusk")),
    ],
)
def test_a_start_is_read_from_text(text, when):
    assert parse_when(text) == when


def test_an_end_is_none_a_length_or_what_a_start_may_be():
    assert parse_end("None") is None
    assert parse_end("+48h") == When("delay", 48 * H)
    assert parse_end("sunset+10m") == parse_when("sunset+10m")
    assert parse_end("06:30") == parse_when("06:30")


@given(st.one_of(st.just(When("now")), delays, clock, sun))
def test_every_start_reads_back_from_its_text(when):
    assert parse_when(format_when(when)) == when


@given(st.one_of(st.none(), delays, clock, sun))
def test_every_end_reads_back_from_its_text(when):
    assert parse_end(format_when(when)) == when


@pytest.mark.parametrize(
    ("text", "shown"),
    [("6:05", "06:05"), ("2026-11-23t06:30:00", "2026-11-23 06:30"), ("sunset - 90s", "sunset-90s"), ("+60m", "+1h")],
)
def test_a_start_has_one_text_form(text, shown):
    assert format_when(parse_when(text)) == shown


START = "is not a start; write it like now, +30s, 06:30, 2026-11-23T06:30, sunrise, sunset-20m, dawn+1h or dusk"
END = "is not an end; write it like none, +2h, 06:30, 2026-11-23T06:30, sunrise, sunset-20m, dawn+1h or dusk"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f'"" {START}'),
        ("30s", f'"30s" {START}; did you mean +30s?'),
        ("sunris", f'"sunris" {START}; did you mean sunrise?'),
        ("sunsett-20m", f'"sunsett-20m" {START}; did you mean sunset-20m?'),
        ("sunset 20m", f'"sunset 20m" {START}; did you mean sunset-20m or sunset+20m?'),
        ("suns+20m", f'"suns+20m" {START}; did you mean sunset+20m?'),
        ("nwo", f'"nwo" {START}; did you mean now?'),
        ("noon", None),
        ("none", None),
        ("6.30", None),
        ("06:30pm", f'"06:30pm" {START}'),
        ("-20m", None),
        ("24:00", '"24:00" is not a time of day; choose from 00:00 to 23:59'),
        ("6:60", '"6:60" is not a time of day; choose from 00:00 to 23:59'),
        ("2027-02-29 06:30", '"2027-02-29" is not a date; write it like 2026-11-23'),
        ("2026-13-01 06:30", '"2026-13-01" is not a date; write it like 2026-11-23'),
        ("1999-01-01 06:30", '"1999-01-01" is out of range; choose from the years 2000 to 2199'),
        ("0000-01-01 06:30", None),
        ("2026-11-23", None),
        ("sunset-25h", "sunset-25h is above sunset-24h; choose at most sunset-24h"),
        ("sunset-", None),
        ("sunset-20", '"20" has no unit; write 20s for seconds, or 20m for minutes'),
        ("sunset20m", None),
        ("+25h", "+25h is above +24h; choose at most +24h"),
        ("+-5s", None),
        ("٠٦:٣٠", None),
        ("sunset\n-20m\x1b", None),
        ("x" * 10_000, None),
    ],
)
def test_an_invalid_start_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(ConfigError) as caught:
        parse_when(text)
    message = str(caught.value)
    assert message == (sentence or message)
    assert message.isprintable()
    assert len(message) < 300


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("now", f'"now" {END}'),
        ("non", f'"non" {END}; did you mean none?'),
        ("2h", f'"2h" {END}; did you mean +2h?'),
        ("+0", '"+0" would end a run at its start; write a length like +2h, or none'),
        ("+745h", "+745h is above +744h; choose at most +744h"),
    ],
)
def test_an_invalid_end_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(ConfigError) as caught:
        parse_end(text)
    assert str(caught.value) == sentence


@given(st.text(max_size=30))
def test_any_text_is_a_start_or_refused(text):
    try:
        when = parse_when(text)
    except ConfigError:
        return
    assert parse_when(format_when(when)) == when


def test_examples_are_valid():
    assert [parse_when(text).kind for text in STARTS] == [
        "now",
        "delay",
        "clock",
        "clock",
        "sun",
        "sun",
        "sun",
        "sun",
    ]
    assert [parse_end(text) is None for text in ENDS] == [True] + [False] * 7


def test_a_start_by_clock_or_sun_needs_a_clock():
    assert [parse_when(text).needs_clock for text in STARTS] == [False] * 2 + [True] * 6


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "later"},
        {"kind": "now", "offset_ns": 1},
        {"kind": "delay"},
        {"kind": "delay", "offset_ns": -1},
        {"kind": "clock"},
        {"kind": "clock", "at": time(6), "offset_ns": 1},
        {"kind": "clock", "at": time(6), "event": "dawn"},
        {"kind": "sun"},
        {"kind": "sun", "event": "noon"},
        {"kind": "sun", "event": "dawn", "offset_ns": 25 * H},
        {"kind": "sun", "event": "dawn", "day": date(2026, 11, 23)},
        {"kind": "clock", "at": time(6), "day": date(1999, 1, 1)},
    ],
)
def test_inconsistent_fields_are_refused(fields):
    with pytest.raises(ValueError, match=r"^not a valid (start or end|day for a start or an end): "):
        When(**fields)
