"""An answer on a terminal: its width, its colours."""

import io
import os
import termios

import pytest

from controller.console.answer import Answer, failed
from controller.console.page import Page


class Glass(io.StringIO):
    """A terminal, of no known width."""

    def isatty(self):
        return True

    def fileno(self):
        raise OSError("a serial port has none")


def shown(answer, **environment):
    out = Glass()
    Page(out, environment).show(answer)
    return out.getvalue()


def test_a_sentence_is_parted_between_words_and_nothing_is_shown_of_nothing():
    assert shown(Answer(text="word " * 17 + "end")) == "word " * 15 + "word\nword end\n"
    assert shown(Answer()) == ""


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("value", "\033[31merror:\033[0m it is wrong\n"),
        ("refused", "\033[33mrefused:\033[0m it is wrong\n"),
    ],
)
def test_how_a_refusal_begins_is_coloured(word, text):
    assert shown(failed(word, "it is wrong"), TERM="xterm") == text


@pytest.mark.parametrize("environment", [{"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_no_colour_where_none_is_wanted(environment):
    assert shown(failed("value", "it is wrong"), **environment) == "error: it is wrong\n"


def test_no_colour_where_no_terminal_is(tmp_path):
    with (tmp_path / "out").open("w+") as out:
        Page(out, {"TERM": "xterm"}).show(failed("value", "it is wrong"))
    assert (tmp_path / "out").read_text() == "error: it is wrong\n"


def test_the_width_is_asked_each_time():
    near, far = os.openpty()
    with open(far, "w", encoding="utf-8") as out, open(near, "rb"):  # noqa: PTH123 - they are descriptors
        page = Page(out, {})
        assert page.columns == 80
        termios.tcsetwinsize(far, (24, 40))
        assert page.columns == 40
