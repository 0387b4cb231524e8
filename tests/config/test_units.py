from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from config.units import LONGEST_NS, did_you_mean, format_duration, near_miss, parse_duration


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("250ms", 250_000_000),
        ("1.5s", 1_500_000_000),
        ("1/60s", 16_666_667),
        ("1 / 4 s", 250_000_000),
        ("2h", 7_200_000_000_000),
        ("5m", 300_000_000_000),
        ("5min", 300_000_000_000),
        ("0", 0),
        ("0.0", 0),
        ("0s", 0),
        ("900us", 900_000),
        ("7ns", 7),
        ("0.4ns", 0),
        ("1h30m", 5_400_000_000_000),
        (" 1h 30m 5 s ", 5_405_000_000_000),
        ("2H", 7_200_000_000_000),
        ("0.333333333s", 333_333_333),
    ],
)
def test_a_duration_is_read_as_people_write_it(text, ns):
    assert parse_duration(text) == ns


@pytest.mark.parametrize("text", ["5", "5.0", "1/60", " 300 "])
def test_a_number_without_a_unit_is_refused(text):
    with pytest.raises(ConfigError, match="has no unit; write "):
        parse_duration(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "s", "-5s", "+5s", "nan", "inf", "infs", "nans", "1e3s", "1_000s", ".5s", "5.s", "1,5s"),
        *("1/0s", "1/60", "1.5/60s", "1/-60s", "5 parsecs", "5 m s", "5mss", "1h30", "30m1h", "5s5s", "0x5s"),
        *("\u0665s", "\uff15s", "5µs", "²s", "5s\x00", "9" * 39 + "ss"),
        pytest.param("1" * 100_000 + "s", id="many digits"),
        pytest.param("1s" * 50_000, id="many terms"),
        pytest.param("1" * 100_000, id="many digits without a unit"),
    ],
)
def test_text_that_is_not_a_duration_is_refused(text):
    with pytest.raises(ConfigError):
        parse_duration(text)


def test_the_refusal_is_one_sentence_with_a_remedy():
    with pytest.raises(ConfigError) as caught:
        parse_duration("5 parsecs")
    assert str(caught.value) == '"5 parsecs" is not a duration; write it like 250ms, 1.5s, 1/60s or 2h'


def test_a_refused_text_cannot_write_to_the_terminal_or_fill_it():
    with pytest.raises(ConfigError) as caught:
        parse_duration("\x1b[2J\n" + "x" * 10_000)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


def test_more_than_a_year_is_too_long():
    assert parse_duration("8784h") == LONGEST_NS
    with pytest.raises(ConfigError, match="the longest duration is 8784h"):
        parse_duration("8785h")


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1_500, "1.5us"),
        (250_000_000, "250ms"),
        (333_333_333, "333.333333ms"),
        (1_000_000_000, "1s"),
        (1_500_000_000, "1.5s"),
        (1_000_000_001, "1.000000001s"),
        (60_000_000_000, "1m"),
        (90_000_000_000, "90s"),
        (5_400_000_000_000, "90m"),
        (86_400_000_000_000, "24h"),
    ],
)
def test_a_duration_is_shown_in_the_unit_that_fits(ns, text):
    assert format_duration(ns) == text


@given(st.integers(0, LONGEST_NS) | st.integers(0, 10**10))
def test_a_shown_duration_reads_back_exactly(ns):
    assert parse_duration(format_duration(ns)) == ns


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_fraction_of_a_second_is_the_nearest_nanosecond(numerator, denominator):
    exact = Fraction(numerator, denominator) * 10**9
    assert abs(parse_duration(f"{numerator}/{denominator}s") - exact) <= Fraction(1, 2)


@given(st.text(alphabet="0123456789. /hminsu+-_eNM\u0665\x1b\n", max_size=50))
def test_any_text_is_a_duration_or_is_refused_with_a_sentence(text):
    message = ""
    try:
        assert parse_duration(text) >= 0
    except ConfigError as error:
        message = str(error)
    assert message.isprintable()


def test_a_suggestion_is_found_by_spelling_case_or_last_part():
    names = ["focus.mode", "focus.min_hold", "interval.every"]
    assert near_miss("focus.mod", names) == "focus.mode"
    assert near_miss("Focus.Mode", names) == "focus.mode"
    assert near_miss("every", names) == "interval.every"
    assert near_miss("inter", names) == near_miss("eve", names) == "interval.every"
    assert near_miss("evry", names) == "interval.every"
    assert near_miss("ev", names) is None
    assert near_miss("volume", names) is None
    assert near_miss("x" * 1_000_000, names) is None


def test_the_hint_ends_a_sentence_or_is_empty():
    assert did_you_mean("focus.mod", ["focus.mode"]) == "; did you mean focus.mode?"
    assert did_you_mean("volume", ["focus.mode"]) == ""


def test_the_typed_word_is_never_suggested():
    assert near_miss("self", ["self"]) is None
    assert near_miss(" self ", ["self", "shelf"]) == "shelf"
