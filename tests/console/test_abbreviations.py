"""Abbreviations: an ambiguous one does nothing."""

import pytest
from console.fake_box import FakeBox

from controller.console.commands import COMMANDS, Session, execute, visible_commands

ACTS = {
    "step",
    "trim",
    "fire",
    "page",
    "start",
    "resume",
    "stop",
    "calibrate",
    "cut",
    "clear",
    "pause",
    "focus",
    "rollback",
    "reset",
    "preset",
    "prove",
    "bulb",
}
BENCH = ("press", "release", "hold", "tap")


@pytest.fixture
def box():
    return FakeBox(focus="DIALLED_IN")


@pytest.fixture
def say(box):
    return lambda line: execute(Session(box.ask), line).for_scripts()


@pytest.mark.parametrize(
    ("line", "method", "params"),
    [
        ("FIRE", "fire", {}),
        ("paus", "pause", {}),
        ("star +30s", "start", {"when": "+30s"}),
        ("sh interval", "settings.show", {"section": "interval"}),
        ("sh int", "settings.show", {"section": "interval"}),
        ("show Camera", "settings.show", {"section": "camera"}),
        ("focu h", "focus.hold", {}),
        ("focus REL", "focus.release", {}),
        ("cl s 2026-11-23T06:30", None, None),
        ("clo s 2026-11-23T06:30", "clock.set", {"time": "2026-11-23T06:30"}),
        ("l 3", "log", {"run": 3}),
        ("stat --json", "status", {}),
    ],
)
def test_an_unambiguous_abbreviation_is_expanded(box, say, line, method, params):
    answer = say(line).rpartition("\n")[2]
    assert answer.startswith("ok" if method else "error unknown: ")
    assert method is None or box.asked[-1] == (method, params)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("s", '"s" could be save, set, setup, show, start, status, step or stop; type more letters'),
        ("C", '"C" could be calibrate, cameras, clear, clock or cut; type more letters'),
        ("f", '"f" could be fire or focus; type more letters'),
        ("show s", '"s" could be safety, shot or site; type more letters'),
        ("show c", '"c" could be camera or changed; type more letters'),
        ("help st", '"st" could be start, status, step or stop; type more letters'),
        ("st ?", '"st" could be start, status, step or stop; type more letters'),
    ],
)
def test_an_ambiguous_abbreviation_is_refused_with_the_candidates(box, say, line, answer):
    assert say(line) == f"error unknown: {answer}"
    assert box.deeds == []


def test_an_action_needs_four_letters_except_cut(box, say):
    assert {command.name for command in visible_commands(Session(box.ask)) if command.is_action} == ACTS
    for name in ACTS - {"cut"}:
        for length in (1, 2, 3):
            assert say(name[:length]).startswith("error unknown: ")
    assert say("fi") == 'error unknown: "fi" is too short: fire needs 4 letters or more'
    assert box.deeds == []


def test_every_abbreviation_is_its_command_or_does_nothing(box):
    box.status["bench"] = True
    for name in COMMANDS:
        for beginning in (name[:length] for length in range(1, len(name))):
            others = [other for other in COMMANDS if other.startswith(beginning)]
            answer = execute(Session(box.ask), f"{beginning} ?")
            assert (answer.text == COMMANDS[name].usage) == (others == [name]), beginning


def test_a_full_name_is_never_ambiguous(box, say):
    say("set interval.every 9s")
    assert box.deeds == ["settings.set"]


def test_bench_commands_do_not_exist_on_a_box(box, say):
    assert say("h").rpartition("\n")[2].startswith("ok help ")
    for name in BENCH:
        if name != "press":  # which begins like preset
            assert say(f"{name[:-1]} back").startswith("error unknown: there is no command ")
    assert say("pres back") == 'error value: there is no preset "back"'
    assert "thumb.press" not in box.deeds
    box.status["bench"] = True
    assert say("h") == 'error unknown: "h" could be help or hold; type more letters'
    assert say("ta sh") == "ok done"
    assert box.asked[-1] == ("thumb.tap", {"button": "shutter"})


@pytest.mark.parametrize("line", ["set interval.ev 9s", "set every 9s", "reset every", "set interval.overru stop"])
def test_a_key_is_never_guessed(box, say, line):
    values = dict(box.values)
    say(line)
    key = line.split()[1]
    assert box.values == values
    assert box.asked[-1][1]["key"] == key
