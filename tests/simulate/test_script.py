import pytest

from controller.errors import ScriptError
from controller.simulate.script import BUTTONS, LetGo, Press, ScriptLine, Type, parse_script, read_script
from hardware.virtual.thumb import TAP_NS

MS = 1_000_000
S = 1_000_000_000


def refusal(text):
    """Parse a script that must be refused, and return the sentence without the name of the file."""
    with pytest.raises(ScriptError) as caught:
        parse_script(text, "night.session")
    sentence = str(caught.value)
    assert sentence.startswith("night.session line ")
    assert "\n" not in sentence
    return sentence.removeprefix("night.session ")


# -- what may be written ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at_ns", "action"),
    [
        ("at 0s press back", 0, Press("back")),
        ("at 0.1s release shutter", 100 * MS, LetGo("shutter")),
        ("at 900ms hold back 500ms", 900 * MS, Press("back", 500 * MS)),
        ("at 1m tap run", 60 * S, Press("run", TAP_NS)),
        ("at 2h > set interval.every 5s", 7_200 * S, Type("set interval.every 5s")),
        ("at 0s >status", 0, Type("status")),
        ("\tat   1s   hold\tback   1s  ", S, Press("back", S)),
    ],
)
def test_a_line_is_an_action_at_a_time(text, at_ns, action):
    assert parse_script(text, "script") == (ScriptLine(1, at_ns, action),)


def test_a_tap_takes_100_ms():
    assert TAP_NS == 100 * MS


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_can_be_pressed(button):
    assert parse_script(f"at 0s press {button}", "script")[0].action == Press(button)


def test_blank_lines_and_comments_are_skipped_but_counted():
    text = "# a night\n\nat 0s tap back\n   # and then\n\t\nat 1s tap shutter\n"
    assert [(line.number, line.at_ns) for line in parse_script(text, "script")] == [(3, 0), (6, S)]


def test_lines_may_end_as_other_systems_end_them():
    assert len(parse_script("at 0s tap back\r\nat 1s tap back\r\n", "script")) == 2


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing"])
def test_a_script_may_be_empty(text):
    assert parse_script(text, "script") == ()


def test_several_lines_may_share_one_time():
    assert [line.at_ns for line in parse_script("at 1s press run\nat 1s press back", "script")] == [S, S]


# -- what is refused, with file, line, rule and remedy -------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("tap back", '"tap back" is not a script line; write: at TIME ACTION, e.g. at 0.5s tap back'),
        ("at 1s", '"at 1s" is not a script line; write: at TIME ACTION, e.g. at 0.5s tap back'),
        ("at", '"at" is not a script line; write: at TIME ACTION, e.g. at 0.5s tap back'),
        ("AT 1s tap back", '"AT 1s tap back" is not a script line; write: at TIME ACTION, e.g. at 0.5s tap back'),
        ("at 1 tap back", '"1" has no unit; write 1s for seconds, or 1m for minutes'),
        ("at soon tap back", '"soon" is not a duration; write it like 250ms, 1.5s, 1/60s or 2h'),
        ("at -1s tap back", '"-1s" is not a duration; write it like 250ms, 1.5s, 1/60s or 2h'),
        ("at 1s >", "a console command is missing after >; e.g. at 0s > status"),
        ("at 1s prss back", '"prss" is not an action; did you mean press?'),
        ("at 1s dance", '"dance" is not an action; choose from press, release, hold, tap, or > COMMAND'),
        ("at 1s tap", '"tap" has the wrong number of words; write: tap BUTTON'),
        ("at 1s press", '"press" has the wrong number of words; write: press BUTTON'),
        ("at 1s release back now", '"release back now" has the wrong number of words; write: release BUTTON'),
        ("at 1s hold back", '"hold back" has the wrong number of words; write: hold BUTTON DURATION'),
        ("at 1s tap shuter", '"shuter" is not a button; did you mean shutter?'),
        ("at 1s tap menu", '"menu" is not a button; choose from back, shutter, run'),
        ("at 1s hold back long", '"long" is not a duration; write it like 250ms, 1.5s, 1/60s or 2h'),
        ("at 1s hold back 0s", "a hold of 0s does not press the button; give a longer time, e.g. hold back 500ms"),
        ("at 1s tap b\x00ck", '"b\\x00ck" is not a button; did you mean back?'),
    ],
)
def test_a_wrong_line_is_refused_with_its_number_and_the_remedy(line, sentence):
    assert refusal(f"# a night\n{line}\nat nonsense") == f"line 2: {sentence}"


def test_times_must_not_decrease():
    assert refusal("at 1.5s tap back\n\nat 1s tap shutter") == (
        "line 3: 1s is before 1.5s of line 1; times must not decrease"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("at 1s press back", "at 60s press back"),
        ("at 1s press back", "at 60s tap back"),
        ("at 1s hold back 5s", "at 5.999s hold back 1s"),
        ("at 1s tap back", "at 1.099s press back"),
        ("at 1s tap back", "at 1s tap back"),
    ],
)
def test_a_button_that_is_still_pressed_cannot_be_pressed(first, second):
    assert refusal(f"{first}\nat 1s > status\n{second}") == (
        "line 3: back is still pressed since line 1; release it first"
    )


@pytest.mark.parametrize(
    "text",
    [
        "at 1s press back\nat 2s release back\nat 2s press back",
        "at 1s hold back 5s\nat 6s press back",
        "at 1s hold back 5s\nat 2s release back\nat 3s tap back",
        "at 1s press back\nat 1s press shutter\nat 1s press run",
        "at 1s release back\nat 2s release back",
    ],
)
def test_a_button_that_was_let_go_can_be_pressed_again(text):
    assert len(parse_script(text, "script")) == len(text.split("\n"))


def test_the_first_wrong_line_is_reported():
    assert refusal("at 0s tap back\nat 1s tap bak\nat 0s tap back").startswith("line 2: ")


def test_a_huge_line_is_refused_in_a_short_sentence():
    assert len(refusal("x" * 1_000_000)) < 200
    assert len(refusal("at " + "9" * 100_000 + "s tap back")) < 200
    assert len(refusal("at 0s tap " + "x" * 1_000_000)) < 200
    assert len(refusal("at 0s " + "y" * 1_000_000)) < 200


def test_a_huge_command_is_left_for_the_console_to_refuse():
    command = "set focus.mode " + "x" * 100_000
    assert parse_script(f"at 0s > {command}", "script")[0].action == Type(command)


# -- files -----------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    return tmp_path / "night.session"


def test_a_script_is_read_from_a_file(file):
    file.write_text("at 1s tap back\n")
    assert read_script(file) == (ScriptLine(1, S, Press("back", TAP_NS)),)


def test_a_byte_order_mark_and_letters_of_any_alphabet_are_accepted(file):
    file.write_text("# Nacht über dem Fjord\nat 1s tap back\n", encoding="utf-8-sig")
    assert len(read_script(file)) == 1


def test_a_wrong_line_of_a_file_is_named_with_its_path(file):
    file.write_text("at 1s tap bak\n")
    with pytest.raises(ScriptError) as caught:
        read_script(file)
    assert str(caught.value) == f'{file} line 1: "bak" is not a button; did you mean back?'


def test_a_binary_file_is_refused_in_one_sentence(file):
    file.write_bytes(b"at 1s tap back\n\xff\xfe\x00")
    with pytest.raises(ScriptError) as caught:
        read_script(file)
    assert str(caught.value) == f"{file}: not a text file (byte 15 is not UTF-8)"


def test_a_missing_file_is_refused_in_one_sentence(file):
    with pytest.raises(ScriptError) as caught:
        read_script(file)
    assert str(caught.value) == f"{file}: cannot be read (No such file or directory)"


def test_a_folder_is_not_a_script(tmp_path):
    with pytest.raises(ScriptError) as caught:
        read_script(tmp_path)
    assert str(caught.value) == f"{tmp_path}: cannot be read (Is a directory)"


def test_a_comment_may_follow_an_action():
    lines = parse_script("at 0s tap back # focus\n  # nothing\nat 1s > status #2\nat 2s > show a#b\n", "a script")
    assert [line.action for line in lines] == [Press("back", TAP_NS), Type("status"), Type("show a#b")]
