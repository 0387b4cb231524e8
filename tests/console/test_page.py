"""An answer on a terminal: its width, its colours."""

import io
import os
import termios

import pytest

from controller.console.answer import Answer, failed
from controller.console.page import Page


class TerminalWithoutWidth(io.StringIO):
    """A terminal of unknown width."""

    def isatty(self):
        return True

    def fileno(self):
        raise OSError("a serial port has none")


def shown(answer, **environment):
    out = TerminalWithoutWidth()
    Page(out, environment).show(answer)
    return out.getvalue()


def test_a_sentence_is_wrapped_between_words_and_an_empty_answer_shows_nothing():
    assert shown(Answer(text="word " * 17 + "end")) == "word " * 15 + "word\nword end\n"
    assert shown(Answer()) == ""


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("value", "\033[31merror:\033[0m it is wrong\n"),
        ("refused", "\033[33mrefused:\033[0m it is wrong\n"),
    ],
)
def test_the_first_word_of_a_refusal_is_coloured(word, text):
    assert shown(failed(word, "it is wrong"), TERM="xterm") == text


@pytest.mark.parametrize("environment", [{"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_no_colour_if_switched_off(environment):
    assert shown(failed("value", "it is wrong"), **environment) == "error: it is wrong\n"


def test_no_colour_in_a_file(tmp_path):
    with (tmp_path / "out").open("w+") as out:
        Page(out, {"TERM": "xterm"}).show(failed("value", "it is wrong"))
    assert (tmp_path / "out").read_text() == "error: it is wrong\n"


def test_the_width_is_read_each_time():
    near, far = os.openpty()
    with open(far, "w", encoding="utf-8") as out, open(near, "rb"):  # noqa: PTH123 - they are descriptors
        page = Page(out, {})
        assert page.columns == 80
        termios.tcsetwinsize(far, (24, 40))
        assert page.columns == 40
