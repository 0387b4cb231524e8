"""Wrapping text: no word is split or lost at any width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.console.page import wrap

WORDS = st.lists(st.text("abc.", min_size=1, max_size=15), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("line", "columns", "lines"),
    [
        ("short", 80, ["short"]),
        ("x" * 79, 80, ["x" * 79]),
        ("x" * 80, 80, ["x" * 79, "x"]),
        ("hold back while you focus, let go", 21, ["hold back while you", "focus, let go"]),
        ("  shot.drive is single, and so on", 24, ["  shot.drive is single,", "  and so on"]),
        ("camera    canon-e3, back-button focus", 30, ["camera    canon-e3,", "          back-button focus"]),
        ("a  b  c d e f g h i j k l m n o p", 25, ["a  b  c d e f g h i j k", "      l m n o p"]),
        ("  one-word  another-one  and-a-third", 30, ["  one-word  another-one", "  and-a-third"]),
        ("a-long-name-of-something  two words", 30, ["a-long-name-of-something  two", "words"]),
    ],
)
def test_continuation_lines_are_indented_like_their_column(line, columns, lines):
    assert wrap(line, columns) == lines


@given(WORDS, st.integers(20, 200), st.integers(0, 4))
def test_words_are_not_split_or_lost_and_fit_the_width(words, columns, indent):
    lines = wrap(" " * indent + " ".join(words), columns)
    assert max(map(len, lines)) < columns
    assert [word for line in lines for word in line.split()] == words


@given(st.text(), st.integers(1, 200))
def test_any_text_can_be_wrapped(text, columns):
    assert "".join("".join(wrap(text, columns)).split()) == "".join(text.split())
