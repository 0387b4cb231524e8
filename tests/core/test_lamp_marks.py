"""The lamps as text: marks, and what they mean."""

import pytest

from controller.core.lamp_marks import changes, code_in_words, looks_of, signs_of
from controller.core.lamp_text import ASCII, CIRCLES, DARK, ON, lamp_marks_for
from controller.core.lamps import CODES, STEADY, Lamp, View
from controller.core.lamps import DARK as DARK_PATTERN
from controller.core.states import Focus, Release
from controller.core.words import Reason, Why


def view(focus=Focus.DIALLED_IN, release=Release.IDLE, *, is_warned=False):
    return View(focus, release, is_warned)


@pytest.mark.parametrize("focus", Focus)
@pytest.mark.parametrize("release", Release)
@pytest.mark.parametrize("is_warned", [False, True])
def test_the_signs_are_the_patterns_that_the_lamps_show(focus, release, is_warned):
    shown = view(focus, release, is_warned=is_warned)
    patterns = {lamp: sign.pattern for lamp, sign in signs_of(shown).items()}
    lit = shown.signs()
    assert patterns == {lamp: lit.get(lamp, DARK_PATTERN) for lamp in (Lamp.READY, Lamp.BUSY, Lamp.FAULT)}


def test_the_words_for_on_and_dark_are_those_of_the_patterns():
    assert (STEADY.look, DARK_PATTERN.look) == (ON, DARK)


def test_each_lamp_is_a_mark():
    looks = looks_of(signs_of(view(release=Release.WAITING)))
    assert looks == {"green": "on", "amber": "blinks slowly", "red": "dark"}
    assert (CIRCLES.draw(looks), ASCII.draw(looks)) == ("● ◐ ○", "* + .")


@pytest.mark.parametrize(
    ("encoding", "marks"),
    [("utf-8", CIRCLES), ("ascii", ASCII), ("latin-1", ASCII), (None, ASCII), ("no such", ASCII)],
)
def test_marks_are_ascii_where_the_terminal_is_not_utf_8(encoding, marks):
    assert lamp_marks_for(encoding) is marks


def test_only_lamps_that_change_are_described():
    before, now = signs_of(view(Focus.UNFOCUSED)), signs_of(view())
    assert list(changes(before, now)) == ["green on (focus is dialled in)"]
    assert list(changes(now, now)) == []


def test_a_blink_code_is_a_phrase():
    assert code_in_words(Reason(Why.FOCUS, "no")) == "red blinks once: refused, focus is not dialled in"
    unstated = "red blinks 3 times: refused, the box does not know how the camera is set up"
    assert code_in_words(Reason(Why.UNSTATED, "no")) == unstated
    assert all(code_in_words(Reason(why, "no")) for why in CODES)
    assert code_in_words(Reason(Why.FAULT, "no")) is None
    assert code_in_words("a sentence of no kind") is None
