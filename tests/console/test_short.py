"""Words that are short for others: whatever could be two things does nothing."""

import pytest
from console.fakebox import FakeBox

from controller.console.commands import COMMANDS, Session, execute, visible_commands

ACTS = {
    "fire",
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
def test_a_word_that_can_only_mean_one_thing_means_it(box, say, line, method, params):
    answer = say(line).rpartition("\n")[2]
    assert answer.startswith("ok" if method else "error unknown: ")
    assert method is None or box.asked[-1] == (method, params)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("s", '"s" could be save, set, setup, show, start, status or stop; type more letters'),
        ("C", '"C" could be calibrate, cameras, clear, clock or cut; type more letters'),
        ("f", '"f" could be fire or focus; type more letters'),
        ("show s", '"s" could be safety, shot or site; type more letters'),
        ("show c", '"c" could be camera or changed; type more letters'),
        ("help st", '"st" could be start, status or stop; type more letters'),
        ("st ?", '"st" could be start, status or stop; type more letters'),
    ],
)
def test_a_word_that_could_be_several_is_refused_and_names_them(box, say, line, answer):
    assert say(line) == f"error unknown: {answer}"
    assert box.deeds == []


def test_no_three_letters_act_on_the_camera_or_end_anything_on_a_box_but_cut_itself(box, say):
    assert {command.name for command in visible_commands(Session(box.ask)) if command.is_action} == ACTS
    for name in ACTS - {"cut"}:
        for length in (1, 2, 3):
            assert say(name[:length]).startswith("error unknown: ")
    assert say("fi") == 'error unknown: "fi" is too short: fire needs 4 letters or more'
    assert box.deeds == []


def test_every_beginning_of_a_command_is_that_command_or_does_nothing(box):
    box.status["bench"] = True
    for name in COMMANDS:
        for beginning in (name[:length] for length in range(1, len(name))):
            others = [other for other in COMMANDS if other.startswith(beginning)]
            answer = execute(Session(box.ask), f"{beginning} ?")
            assert (answer.text == COMMANDS[name].usage) == (others == [name]), beginning


def test_a_name_in_full_is_itself_though_others_begin_so(box, say):
    say("set interval.every 9s")
    assert box.deeds == ["settings.set"]


def test_buttons_of_the_bench_are_no_commands_on_a_box_and_stand_in_nobodys_way(box, say):
    assert say("h").rpartition("\n")[2].startswith("ok help ")
    for name in BENCH:
        assert say(f"{name[:-1]} back").startswith("error unknown: there is no command ")
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
