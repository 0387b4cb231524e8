"""Whole nights, as text and as pictures, that a person has looked at."""

import pytest
from plan.nights import GOLDEN, NIGHTS, picture, planned, text

STALE = "{} is stale; look at the new one: PYTHONPATH=.:tests .venv/bin/python -m plan.nights"


@pytest.mark.parametrize("name", NIGHTS)
def test_the_text_of_a_night_is_as_it_was(name):
    file = GOLDEN / f"{name}.txt"
    assert file.read_text(encoding="utf-8") == text(name), STALE.format(file)


@pytest.mark.parametrize("name", NIGHTS)
def test_the_picture_of_a_night_is_as_it_was(name):
    file = GOLDEN / f"{name}.svg"
    assert file.read_text(encoding="utf-8") == picture(name), STALE.format(file)


def test_where_it_does_not_get_dark_a_key_in_the_dark_is_refused_with_how_low_the_sun_gets():
    plan, _ = planned("tromso", shot__ramp="+5deg 1s, -6deg 4s")
    sentence = (
        "shot.ramp: the sun is never at -6deg, there and then it is between 3.1 and 43.7 degrees high; "
        "take keys between these"
    )
    assert plan.refusals == (sentence,)


def test_where_the_sun_does_not_set_a_key_at_sunset_is_refused():
    plan, _ = planned("tromso", shot__ramp="sunset 1s, 00:44 4s")
    sentence = (
        "shot.ramp: there is no sunset then: the sun does not set; there and then it is between 3.1 and 43.7 degrees "
        "high; take keys between these"
    )
    assert plan.refusals == (sentence,)
