"""`?` and `help` over the real methods, for every command and every setting; they change nothing."""

import pytest
from evening import Evening

from config.schema import FIELDS, SECTIONS
from controller.console.commands import COMMANDS, Session, execute
from controller.errors import CommandError

LOCK = "focus is not dialled in"


@pytest.fixture(scope="module")
def box():
    return Evening(trusted=False)


@pytest.fixture
def say(box):
    return lambda line: box.type(line).split("\n")


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (
            "set interval.every ?",
            [
                " change a setting until power-off, or show its range",
                " interval.every  time from the start of one frame to the start of the next",
                " value           5s (built-in)",
                " built-in        5s",
                " allowed         100ms to 24h",
                " during a run    cannot be changed",
                "ok set KEY [VALUE], for example: set interval.every 5s",
            ],
        ),
        (
            "help pins.sync",
            [
                " pins.sync     sync input (flash contact through an optocoupler), BCM number; 25",
                "               is free",
                " value         unset (built-in)",
                " built-in      unset",
                " allowed       0 to 27, unset",
                " takes effect  after save, then sudo systemctl restart backbutton",
                "ok pins.sync",
            ],
        ),
        (
            "set interval.e?",
            [
                " change a setting until power-off, or show its range",
                "   KEY  a setting, like interval.every; help KEY explains it",
                "   interval.every  interval.every_end  interval.end",
                "ok set KEY [VALUE], for example: set interval.every 5s",
            ],
        ),
        (
            "focus ?",
            [
                " hold (for some time) or release back, accept or clear the focus",
                "   hold  release  accept  clear",
                "ok focus hold|release|accept|clear [DURATION], for example: focus hold 2s",
            ],
        ),
        (
            "foc h ?",
            [
                " hold (for some time) or release back, accept or clear the focus",
                "   DURATION  a time with its unit, like 500ms, 1.5s or 2m",
                "   500ms  1s  2s",
                "   or nothing",
                "ok focus hold|release|accept|clear [DURATION], for example: focus hold 2s",
            ],
        ),
        (
            "clock set ?",
            [
                " show or set the date and time",
                "   TIME  a time like 21:30 for today, or a date and a time like 2026-11-23T06:30",
                "   2026-06-21T12:00",
                "ok clock [set TIME], for example: clock set 2026-11-23T06:30",
            ],
        ),
        (
            "rollback ?",
            [
                " go back to the previous save, or N saves back",
                "   N  how many saves to go back; 1 if you leave it out",
                "   1  2  3  4  5",
                "   or nothing",
                "ok rollback [N], for example: rollback 1",
            ],
        ),
        ("fire ?", [" take one frame, like the shutter button", "ok fire takes no arguments except --json"]),
        ("cut?", [*[" cut [--json]", " open both contacts and end everything, like Ctrl-C", " for example: cut"], "ok cut"]),
        ("set nons ?", ['error value: unknown setting "nons"; the sections of settings are ' + ", ".join(SECTIONS)]),
        ("set focus ?", ['error value: "focus" is a section, not a setting; its settings are ' + ", ".join(key for key in FIELDS if key.startswith("focus."))]),
        ("xyz?", ['error unknown: there is no command "xyz"; see help']),
        ("xyz ?", ['error unknown: there is no command "xyz"; see help']),
    ],
)  # fmt: skip
def test_a_question_mark_shows_what_can_stand_there(say, line, lines):
    assert say(line) == lines


def test_a_question_mark_alone_is_help_and_after_letters_lists_the_commands_that_match(say):
    assert say("?") == say("help")
    assert [line.split()[0] for line in say("cl?")] == ["clock", "clear", "ok"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_line_that_ends_in_a_question_mark_does_nothing(box, name):
    before = (box.engine.status(), box.engine.store.current, box.type("status --json"))
    for line in (COMMANDS[name].example + " ?", COMMANDS[name].example + "?", f"{name} ?"):
        assert box.type(line).split("\n")[-1].startswith(("ok ", "error "))
    assert (box.engine.status(), box.engine.store.current, box.type("status --json")) == before


def test_help_explains_both_a_command_and_a_section_of_the_same_name(say):
    told = say("help focus")
    assert told[0] == " focus hold|release|accept|clear [DURATION] [--json]"
    assert " focus: what the back button does" in told
    assert "   focus.min_hold    a press of back shorter than this counts as a tap" in told


@pytest.mark.parametrize("key", FIELDS)
def test_help_explains_every_setting(say, key):
    told = say(f"help {key}")
    assert told[:-1] == say(f"show {key}")[:-1] == say(f"set {key} ?")[1:-1]
    assert told[-1] == f"ok {key}"
    assert " ".join(FIELDS[key].help.split()) in " ".join(" ".join(told).split())


def test_without_a_daemon_help_shows_all_but_the_values():
    def call(_method, **_params):
        raise CommandError("offline", "no daemon")

    told = execute(Session(call), "help interval.every").for_scripts().split("\n")
    assert told[:2] == [
        " interval.every  time from the start of one frame to the start of the next",
        " built-in        5s",
    ]
    assert execute(Session(call), "set interval.every ?").for_scripts().split("\n")[1:3] == told[:2]
    assert execute(Session(call), "help focus").text == "focus"
    assert execute(Session(call), "?").word is None


def test_no_line_is_wider_than_a_terminal(say):
    for line in (
        "help",
        "show",
        "show changed",
        "help interval",
        "set ?",
        "setup ?",
        *(f"help {name}" for name in COMMANDS),
    ):
        assert max(map(len, say(line)[:-1])) <= 80, line
