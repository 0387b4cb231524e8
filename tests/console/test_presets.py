"""The commands that set several settings at once, as a console reads and answers them."""

import pytest
from console.fake_box import FakeBox, served

from controller.console.commands import Session, execute
from controller.console.link import Link
from controller.console.news import News, sentences
from controller.printing import one_line


@pytest.fixture
def box():
    return FakeBox(focus="DIALLED_IN")


@pytest.fixture
def say(box):
    return lambda line: execute(Session(box.ask), line).for_scripts()


@pytest.mark.parametrize(
    ("line", "method", "params"),
    [
        ("preset", "presets", {}),
        ("preset dusk", "preset.apply", {"name": "dusk"}),
        ("PRES dusk", "preset.apply", {"name": "dusk"}),
        ("preset save dusk", "preset.save", {"name": "dusk"}),
        ("preset sa dusk", "preset.save", {"name": "dusk"}),
        ("preset delete dusk", "preset.delete", {"name": "dusk"}),
        ("preset mark dusk", "preset.mark", {"name": "dusk", "is_marked": True}),
        ("preset unmark dusk", "preset.mark", {"name": "dusk", "is_marked": False}),
        ("bulb 2m", "bulb", {"exposure": "2m"}),
        ("bulb 1m 30s", "bulb", {"exposure": "1m 30s"}),
        ("start", "start", {}),
        ("start +30s", "start", {"when": "+30s"}),
        ("start 2026-11-23 06:30", "start", {"when": "2026-11-23 06:30"}),
        ("start sunset - 20m", "start", {"when": "sunset - 20m"}),
        ("start 24 every 5s", "start", {"count": "24", "every": "5s"}),
        ("start 24 every 1m 30s", "start", {"count": "24", "every": "1m 30s"}),
    ],
)
def test_a_line_is_one_call(box, say, line, method, params):
    assert say(line).rpartition("\n")[2].startswith("ok")
    assert box.asked[-1] == (method, params)
    assert box.deeds[-1:] == [method]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("preset save", "error usage: preset save needs the name of a preset, like: preset save dusk"),
        ("preset unmark", "error usage: preset unmark needs the name of a preset, like: preset unmark dusk"),
        ("preset dusk dawn", "error usage: preset dusk takes no second name; to keep a preset: preset save NAME"),
        ("preset save dusk dawn", "error usage: expected: preset [save|delete|mark|unmark|PRESET] [PRESET], for"),
        ("bulb", "error usage: expected: bulb DURATION, for example: bulb 2m"),
        ("start x every 5s", 'error value: start: "x" is not a number of frames; write the number of frames before'),
        ("start 24 every", "error usage: expected: start [WHEN|COUNT] [every DURATION], for example: start 24 every"),
        ("bul 2m", 'error unknown: "bul" is too short: bulb needs 4 letters or more'),
        ("pre dusk", 'error unknown: "pre" is too short: preset needs 4 letters or more'),
    ],
)
def test_a_wrong_line_calls_nothing(box, say, line, answer):
    assert say(line).startswith(answer)
    assert box.deeds == []


def test_the_list_has_what_each_does_and_the_number_of_the_marked():
    answer = execute(Session(FakeBox().ask), "preset")
    assert answer.lines == ("  stars  bulb 20s, every 20.38s", "1 dusk   single frames, every 5s")
    assert answer.text == "2 presets; holding run for 1.5 s steps through those with a number"


def test_control_characters_of_a_reply_never_reach_a_terminal():
    class Odd(FakeBox):
        def do_presets(self):
            row = {"name": "x\x1b[2J", "built_in": False, "number": None, "does": "\x07\u202ebell"}
            return {"presets": [row], "faults": ["bad \x1b]0;title\x07"], "last": None}

    answer = execute(Session(Odd().ask), "preset")
    for text in (answer.for_scripts(), answer.for_people()):
        assert all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            {"kind": "preset", "at_ns": 1, "preset": "dusk", "number": 2, "count": 3},
            "* preset dusk is chosen, number 2 of 3",
        ),
        ({"kind": "presets", "at_ns": 1, "text": "preset dusk is saved", "marked": []}, "* preset dusk is saved"),
        (
            {"kind": "set", "at_ns": 1, "values": {"shot.drive": "bulb"}, "preset": "dusk"},
            "* shot.drive is now bulb (preset dusk)",
        ),
    ],
)
def test_other_consoles_are_told(event, line):
    assert News().lines([event]) == [line]
    assert [one_line(f"* {text}") for text in sentences([event])] == [line]


@pytest.mark.parametrize("line", ["preset dusk", "preset save dusk"])
def test_the_console_that_did_it_is_told_once(tmp_path, line):
    with served(tmp_path / "s"):
        link = Link(tmp_path / "s")
        answer = execute(Session(link.call), line)
        assert answer.word is None
        assert sentences(link.take_events(), answer.text) == []
        link.close()
