import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from config.stops import format_stops, parse_stops


@pytest.mark.parametrize(
    ("text", "sixths"),
    [
        ("0", 0),
        ("-0", 0),
        ("+1/3", 2),
        ("1/3", 2),
        ("- 1/3", -2),
        ("\u22121/3", -2),
        ("⅔", 4),
        ("+2½", 15),
        ("+2 2/3", 16),
        ("+1/6", 1),
        ("-5/6 stop", -5),
        ("0.5", 3),
        ("0.3", 2),
        ("0.33", 2),
        ("0.7", 4),
        ("-1.67", -10),
        ("3 Stops", 18),
        ("+3EV", 18),
        ("1\u00a01/3\u00a0ev", 8),
        ("+12", 72),
    ],
)
def test_stops_are_read_as_people_write_them(text, sixths):
    assert parse_stops(text) == sixths


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", '"" is not a number of stops; write it like +1/3, -1, +2 2/3 or 0'),
        ("bright", '"bright" is not a number of stops; write it like +1/3, -1, +2 2/3 or 0'),
        ("+", None),
        ("stops", None),
        ("1/2 1/3", None),
        ("1/0", None),
        ("+-1", None),
        ("1,5", None),
        ("0.25", '"0.25" is neither thirds nor halves of a stop; write it like +1/3, -1, +2 2/3 or 0'),
        ("1/4", '"1/4" is neither thirds nor halves of a stop; write it like +1/3, -1, +2 2/3 or 0'),
        ("1/7", '"1/7" is neither thirds nor halves of a stop; write it like +1/3, -1, +2 2/3 or 0'),
        ("٣", None),
        ("1\x1b", None),
        ("9" * 10_000, None),
    ],
)
def test_what_is_no_number_of_stops_is_refused(text, sentence):
    with pytest.raises(ConfigError) as caught:
        parse_stops(text)
    message = str(caught.value)
    assert message == (sentence or message)
    assert message.isprintable()
    assert len(message) < 200


@given(st.integers(-594, 594))
def test_every_number_of_stops_reads_back_from_its_text(sixths):
    assert parse_stops(format_stops(sixths)) == sixths


@pytest.mark.parametrize(
    ("sixths", "text"), [(0, "0"), (2, "+1/3"), (-3, "-1/2"), (6, "+1"), (-16, "-2 2/3"), (1, "+1/6")]
)
def test_stops_are_shown_with_their_sign_and_in_lowest_terms(sixths, text):
    assert format_stops(sixths) == text
