from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_values import moments

from config.errors import ConfigError
from config.moments import FORMS, Height, Share, format_moment, needs_clock, needs_site, parse_moment
from config.when import When

S = 1_000_000_000
M = 60 * S
NO_MOMENT = f"is not a moment of a run; write it like {FORMS}"


def refusal(text):
    with pytest.raises(ConfigError) as caught:
        parse_moment(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("-6deg", Height(-6_000_000)),
        (" -6 DEG ", Height(-6_000_000)),
        ("-6°", Height(-6_000_000)),
        ("+6 degrees", Height(6_000_000)),
        ("1 degree", Height(1_000_000)),
        ("-0deg", Height(0)),
        ("-0.833333deg", Height(-833_333)),
        ("-6.1234567deg", Height(-6_123_457)),
        ("90deg", Height(90_000_000)),
        ("-90deg", Height(-90_000_000)),
        ("0%", Share(0)),
        ("50 %", Share(500_000)),
        ("33.3333%", Share(333_333)),
        ("100%", Share(1_000_000)),
        ("sunset", When("sun", event="sunset")),
        ("Dusk - 10m", When("sun", -10 * M, event="dusk")),
        ("21:30", When("clock", at=time(21, 30))),
        ("2027-03-20 21:30:15", When("clock", at=time(21, 30, 15), day=date(2027, 3, 20))),
        ("+1h 30m", When("delay", 90 * M)),
        ("+0", Share(0)),  # the first frame
    ],
)
def test_a_moment_is_read_from_text(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "\u22126deg",  # a minus sign
        "\u20136°",  # a dash
        "\uff0d6\u00a0deg",  # wide, and with a blank that does not break
        "-6º",  # the ordinal that some keyboards have
        "-6\u02da",
        "\u200e-6\u202f°",  # as copied from a page
    ],
)
def test_a_height_is_read_as_phones_and_documents_write_it(text):
    assert parse_moment(text) == Height(-6_000_000)


def test_a_sun_event_is_read_with_the_dash_of_a_document():
    assert parse_moment("Sunset\u00a0\u2013\u00a010\u00a0m") == When("sun", -10 * M, event="sunset")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-6", f'"-6" {NO_MOMENT}; did you mean -6deg?'),
        ("+6.5", f'"+6.5" {NO_MOMENT}; did you mean +6.5deg?'),
        ("50", f'"50" {NO_MOMENT}; did you mean 50% or 50deg?'),
        ("now", f'"now" {NO_MOMENT}; did you mean 0%?'),
        ("30m", f'"30m" {NO_MOMENT}; did you mean +30m?'),
        ("sunsett", f'"sunsett" {NO_MOMENT}; did you mean sunset?'),
        ("dusk10m", f'"dusk10m" {NO_MOMENT}; did you mean dusk-10m or dusk+10m?'),
        ("dusk 10m", f'"dusk 10m" {NO_MOMENT}; did you mean dusk-10m or dusk+10m?'),
        ("sunset-10", '"10" has no unit; write 10s for seconds, or 10m for minutes'),
        ("dusk+25h", "dusk+25h is above dusk+24h; choose at most dusk+24h"),
        ("+25h", "+25h is above +24h; choose at most +24h"),
        ("24:00", '"24:00" is not a time of day; choose from 00:00 to 23:59'),
        ("9pm", f'"9pm" {NO_MOMENT}'),
        ("2027-02-29 21:30", '"2027-02-29" is not a date; write it like 2026-11-23'),
        ("91deg", '"91deg" is out of range; choose from -90deg to 90deg'),
        ("-90.000001deg", '"-90.000001deg" is out of range; choose from -90deg to 90deg'),
        ("100.0001%", '"100.0001%" is out of range; choose from 0% to 100%'),
        ("-5%", f'"-5%" {NO_MOMENT}'),
        ("none", None),
        ("", f'"" {NO_MOMENT}'),
        ("blue hour", f'"blue hour" {NO_MOMENT}'),
        ("noon", None),
        ("٦deg", None),
        ("-6d", f'"-6d" {NO_MOMENT}'),
        ("sunset\n-10x\x1b", None),
        ("x" * 10_000, None),
        ("1" * 10_000 + "deg", None),
    ],
)
def test_what_is_no_moment_is_refused_with_what_was_meant(text, sentence):
    message = refusal(text)
    assert message == (sentence or message)
    assert message.isprintable()
    assert len(message) < 300


@given(moments)
def test_every_moment_reads_back_from_its_text(moment):
    text = format_moment(moment)
    assert parse_moment(text) == moment
    assert parse_moment(text.upper().replace("-", "\u2212")) == moment


@given(st.text(alphabet="0123456789+-.:%° dehgnstu", max_size=14))
def test_any_text_is_a_moment_or_refused(text):
    try:
        moment = parse_moment(text)
    except ConfigError as error:
        assert str(error).isprintable()
        return
    assert parse_moment(format_moment(moment)) == moment


@pytest.mark.parametrize(
    ("text", "clock", "site"),
    [
        ("-6deg", True, True),
        ("sunset-10m", True, True),
        ("21:30", True, False),
        ("+1h", False, False),
        ("50%", False, False),
    ],
)
def test_a_moment_tells_whether_it_needs_the_clock_and_the_place(text, clock, site):
    moment = parse_moment(text)
    assert (needs_clock(moment), needs_site(moment)) == (clock, site)
