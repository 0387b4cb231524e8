"""Wrapping text: no word is split or lost at any width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.console.page import join_wrapped, wrap

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
        ("a-long-name-of-something  two words", 30, ["a-long-name-of-something", "    two words"]),
        ("  a-long-name-of-something    text", 40, ["  a-long-name-of-something    text"]),
        ("  a-long-name-of-something     text", 34, ["  a-long-name-of-something  text"]),
        (
            "  shot.drive       single      set, not saved  (built-in: x)",
            40,
            ["  shot.drive       single", "      set, not saved  (built-in: x)"],
        ),
        ("  shot.drive       single                 built-in", 40, ["  shot.drive       single  built-in"]),
        ("  - an item of a list", 20, ["  - an item of a", "    list"]),
        ("* a message at the prompt", 20, ["* a message at the", "  prompt"]),
        (f"{' ' * 60}0 s", 40, [f"{' ' * 19}0 s"]),
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


def test_a_text_wrapped_for_79_columns_is_joined_before_it_is_wrapped_again():
    text = "Half-press the camera's own shutter button: nothing must focus, and the lens must not move at all."
    item, row = f"  - {text}", f"  a name                     {text}"
    words = "  " + "  ".join(f"word-{number}" for number in range(30))
    for line in (text, item, row, words):
        assert join_wrapped([*wrap(line, 80), "", "next"]) == [line, "", "next"]


@pytest.mark.parametrize(
    "lines",
    [
        ["a run takes 3 frames, one every 1m, and lasts 2m 530ms; it ends at 14:26:43", "the camera may sleep"],
        ["x" * 90, "next"],
        ["Short.", "Next."],
        ["  a name of a setting      a text that fills the line up to its very last column", "  another  text"],
    ],
)
def test_lines_that_were_not_wrapped_stay_apart(lines):
    assert join_wrapped(lines) == lines


@given(st.lists(st.text(" ab-.1*", max_size=100)), st.integers(1, 90))
def test_joining_keeps_every_word(lines, columns):
    rows = [row for line in join_wrapped(lines) for row in wrap(line, columns)]
    assert "".join("".join(rows).split()) == "".join("".join(lines).split())
