import json

import pytest
from console.fake_box import NOT_FOCUSED, RUN, FakeBox
from hypothesis import given
from hypothesis import strategies as st

from controller import __version__, telling
from controller.console.answer import ERROR_WORDS, NOTHING, Answer
from controller.console.commands import COMMANDS, Session, execute
from controller.errors import CommandError


@pytest.fixture
def box():
    return FakeBox()


@pytest.fixture
def say(box):
    return lambda line: execute(Session(box.ask), line).for_scripts()


def test_output_lines_start_with_a_space_and_the_last_line_with_ok_or_error():
    assert Answer(("one", "two"), None, "done").for_scripts() == " one\n two\nok done"
    assert Answer((), "refused", "not now").for_scripts() == "error refused: not now"
    assert Answer(("x",)).for_scripts() == " x\nok"


def test_text_from_the_daemon_cannot_break_an_answer_into_more_lines():
    answer = Answer(("a\nok done\r\x1b[2J",), None, "b\u2028c\udcff\x85d")
    assert answer.for_scripts().splitlines() == [" a ok done  [2J", "ok b c  d"]


@pytest.mark.parametrize(
    ("line", "method", "params"),
    [
        ("fire", "fire", {}),
        ("FIRE", "fire", {}),
        ("  fire  ", "fire", {}),
        ("fire\r", "fire", {}),
        ("focus hold", "focus.hold", {}),
        ("focus release", "focus.release", {}),
        ("focus clear", "focus.clear", {}),
        ("start", "start", {}),
        ("start +30s", "start", {"when": "+30s"}),
        ("pause", "pause", {}),
        ("resume", "resume", {}),
        ("stop", "stop", {}),
        ("calibrate", "calibrate", {}),
        ("cut", "cut", {}),
        ("clear", "clear", {}),
        ("set interval.every 10s", "settings.set", {"key": "interval.every", "value": "10s"}),
        ("set interval.every '1h 30m'", "settings.set", {"key": "interval.every", "value": "1h 30m"}),
        ("set\tinterval.every\t10s", "settings.set", {"key": "interval.every", "value": "10s"}),
        ("reset interval.every", "settings.reset", {"key": "interval.every"}),
        ("show", "settings.show", {}),
        ("show interval", "settings.show", {"section": "interval"}),
        ("diff", "settings.diff", {}),
        ("save", "settings.save", {}),
        ("rollback", "settings.rollback", {"n": 1}),
        ("rollback 3", "settings.rollback", {"n": 3}),
        ("plan", "plan", {}),
        ("cameras canon-e3", "cameras", {"profile": "canon-e3"}),
    ],
)
def test_a_command_makes_one_call(box, say, line, method, params):
    box.status["focus"] = "DIALLED_IN"
    assert say(line).rpartition("\n")[2].startswith("ok ")
    assert box.asked == [(method, params)]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("set", "error usage: expected: set KEY [VALUE], for example: set interval.every 5s"),
        (
            "set interval.every 'five",
            "error usage: a quote is not closed, or the line ends in a backslash; write text with spaces like 'a b'",
        ),
        ("fire twice", "error usage: fire takes no arguments except --json"),
        ("fire --json twice", "error usage: fire takes no arguments except --json"),
        ("quit --json", "error usage: quit takes no arguments"),
        ("clock set", "error usage: expected: clock [set TIME], for example: clock set 2026-11-23T06:30"),
        ("status now", "error usage: status takes no arguments except --json"),
        ("focus", "error usage: expected: focus hold|release|accept|clear [DURATION], for example: focus hold 2s"),
        (
            "focus hodl",
            "error usage: expected: focus hold|release|accept|clear [DURATION], for example: focus hold 2s; did you mean hold?",
        ),
        ("statis", 'error unknown: there is no command "statis"; did you mean status?'),
        ("fier", 'error unknown: there is no command "fier"; did you mean fire?'),
        ("xyzzy", 'error unknown: there is no command "xyzzy"; see help'),
        ("''", 'error unknown: there is no command ""; see help'),
        (
            "help xyzzy",
            'error unknown: there is no command, section or setting "xyzzy"; help lists the commands, show the settings',
        ),
        ("help evry", 'error unknown: there is no command, section or setting "evry"; did you mean interval.every?'),
        ("rollback -1", 'error value: rollback: "-1" is not a number of saves; write it like: rollback 1'),
        ("rollback ²", 'error value: rollback: "²" is not a number of saves; write it like: rollback 1'),
        ("set nonsense 1", 'error value: unknown setting "nonsense"'),
        ("fire", f"error refused: {NOT_FOCUSED}"),
        ("ok", 'error unknown: there is no command "ok"; see help'),
        ("fi\x00re", "error usage: the line contains bytes that are not text; it was ignored"),
        ("fire\x1b[A", "error usage: the line contains bytes that are not text; it was ignored"),
        ("fire\nfire", "error usage: the line contains bytes that are not text; it was ignored"),
        ("fire\udcff", "error usage: the line contains bytes that are not text; it was ignored"),
        ("\udcff", "error usage: the line contains bytes that are not text; it was ignored"),
        ("press back", "error refused: press works on the virtual bench only; on a box, press the button"),
    ],
)
def test_an_invalid_line_is_answered_with_the_reason(say, line, answer):
    assert say(line) == answer


def test_an_invalid_line_changes_nothing(box, say):
    for line in ("fire now", "fi\x00re", "fire\udcff", "set", "focus", "'fire", "fire " + "x" * 5000):
        assert say(line).startswith("error usage: ")
    assert box.deeds == []


@pytest.mark.parametrize("line", ["", " ", "\r", "\r\n", "\n", "\t ", "\x00", "\x00\x07\x1b\r", "\x7f"])
def test_an_empty_line_does_nothing_and_gets_no_answer(box, say, line):
    box.status["focus"] = "DIALLED_IN"
    say("fire")
    assert say(line) == ""
    assert execute(Session(box.ask), line) is NOTHING
    assert box.deeds == ["fire"]


def test_a_line_may_have_4096_characters(say):
    assert say("x" * 4096).startswith("error unknown: ")
    assert len(say("x" * 4096)) < 200
    assert say("x" * 4097) == (
        "error usage: a line can have at most 4096 characters; this one was longer and was ignored"
    )


def test_the_bench_has_buttons(box, say):
    box.status["bench"] = True
    for line in ("press back", "release back", "tap shutter", "hold back 500ms"):
        assert say(line) == "ok done"
    assert box.asked[-1] == ("thumb.hold", {"button": "back", "duration": "500ms"})
    assert box.deeds == ["thumb.press", "thumb.release", "thumb.tap", "thumb.hold"]


def test_help_lists_the_commands_of_the_bench_only_on_the_bench(box, say):
    assert " press  " not in say("help commands")
    assert " press," not in say("help")
    box.status["bench"] = True
    assert " press  " in say("help commands")
    assert " press," in say("help")


def test_help_works_without_a_daemon():
    def call(_method, **_params):
        raise CommandError("offline", "no daemon")

    session = Session(call)
    assert " set        change a setting" in execute(session, "help commands").for_scripts()
    assert execute(session, "status").for_scripts() == "error offline: no daemon"
    assert execute(session, "press back").word == "offline"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_an_example_that_works(name):
    box = FakeBox(bench=True, focus="DIALLED_IN")
    session = Session(box.ask)
    assert execute(session, f"help {name}").lines[1] == COMMANDS[name].help
    assert execute(session, COMMANDS[name].example).word is None


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("watch", "plain", "quit")])
def test_every_reply_can_be_json_in_one_line(box, say, name):
    box.status |= {"bench": True, "focus": "DIALLED_IN"}
    say("set interval.every 9s")
    output, ok = say(f"{COMMANDS[name].example} --json").split("\n")
    assert output.startswith(" ")
    assert json.loads(output)
    assert ok == "ok"


def test_an_error_is_one_line_with_json_too(say):
    assert say("fire --json") == f"error refused: {NOT_FOCUSED}"


def test_an_error_with_an_unknown_word_is_a_fault():
    def call(_method):
        raise CommandError("weird", "something")

    assert execute(Session(call), "cut").for_scripts() == "error fault: something"


def test_status_counts_a_bulb_exposure_up_and_a_mirror_down(box, say):
    box.status |= {"exposing": {"elapsed_ns": 61_300_000_000, "asked_ns": 240_000_000_000}}
    assert " exposure   1m 01s of 4m; press shutter to end it" in say("status").split("\n")
    box.status |= {"exposing": None, "mirror_waits_ns": 24_000_000_000}
    told = " mirror     may still be up after a cut; the camera lowers it within 24.0 s"
    assert told in say("status").split("\n")


def test_status_shows_everything(box, say):
    box.status |= {"run": RUN, "interlock": False, "unsaved": ["a.b"], "bench": True, "lock": True}
    box.status |= {"warnings": ["beware"], "fault": "ZeroDivisionError", "release": "WAITING"}
    assert say("status").split("\n") == [
        " focus      unfocused, focus lock on",
        " release    waiting",
        " contacts   FOCUS open, SHUTTER open",
        " camera     canon-e3, set to back-button focus",
        " technique  focus.mode single, shot.drive single",
        " timing     SCHED_FIFO 70, memory locked",
        " run        frame 12 of 300 in 3.2 s; every 5s; 10 fired, 1 skipped; 55.0 s elapsed, ends in 24m 10s, at 04:12",
        " interlock  off: the shutter does not wait for focus",
        " not saved  a.b",
        " bench      this is the virtual bench; no camera is connected",
        " warning    beware",
        " fault      ZeroDivisionError",
        "ok focus is not dialled in; waiting for the next frame",
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "show",
            """ interval: how many frames a run takes, how often, and when
   interval.every  5s  set, not saved
 camera: which camera is connected, and how it is set up
   camera.profile  canon-e3  set, not saved  (built-in: generic)
ok 2 settings; show KEY explains one of them""",
        ),
        (
            "show interval",
            """ interval.every  time from the start of one frame to the start of the next
 value           5s (set, not saved)
 built-in        5s
 allowed         100ms to 24h
 during a run    cannot be changed
ok interval.every is 5s""",
        ),
        ("set interval.every 9s", "ok interval.every is 9s"),
        ("reset interval.every",
         "ok interval.every is 5s; it takes effect after save, then sudo systemctl restart backbutton"),
        ("diff", "ok all settings are saved"),
        ("save", "ok there was nothing to save"),
        ("rollback", "ok restored from the settings saved before: interval.every"),
        ("plan", " FOCUS    ____\n SHUTTER  _██_\n SHUTTER closes for 200ms\nok one frame with the present settings"),
        ("start", f"ok the run has started: {telling.progress(RUN)}"),
        ("focus release", "ok focus is dialled in; nothing is running"),
        ("quit", "ok goodbye"),
        ("plain", "ok line mode"),
        ("version", f"ok backbutton {__version__}, console protocol 1"),
        ("help fire", " fire [--json]\n take one frame, like the shutter button\n for example: fire\nok fire"),
    ],
)  # fmt: skip
def test_answers_in_plain_words(say, line, answer):
    assert say(line) == answer


def test_changes_are_shown_and_saved(say):
    say("set interval.every 9s")
    assert say("diff") == " interval.every is 9s, saved as 5s\nok 1 setting is not saved; save keeps the changes"
    assert say("save") == "ok saved interval.every"


@given(st.text(max_size=60) | st.text("firestop'\"\\ -\r\n\x00", max_size=20))
def test_any_input_gets_exactly_one_answer_or_none(line):
    answer = execute(Session(FakeBox(bench=True).ask), line)
    lines = answer.for_scripts().splitlines()
    if lines:
        assert all(each.startswith(" ") for each in lines[:-1])
        assert lines[-1].split()[0] in ("ok", "error")
    assert answer.word in (None, *ERROR_WORDS)


def test_log_asks_for_all_runs_or_one(box, say):
    assert say("log").split("\n")[0] == " no run yet"
    assert say("log 3").split("\n")[0] == " run 3"
    assert box.asked[-2:] == [("log", {}), ("log", {"run": 3})]


def test_a_narrow_terminal_asks_for_a_narrow_drawing_and_table(box):
    for columns, asked in ((40, {"columns": 39}), (79, {"columns": 78}), (80, {}), (200, {})):
        session = Session(box.ask, lambda columns=columns: columns)
        for line in ("plan", "log", "log 3"):
            execute(session, line)
        assert box.asked[-3:] == [("plan", asked), ("log", asked), ("log", {"run": 3, **asked})]


@pytest.mark.parametrize("run", ["x", "-1", "1.5", "9" * 40])
def test_a_run_is_a_number(say, run):
    assert say(f"log {run}").startswith(f'error value: log: "{run[:20]}')
