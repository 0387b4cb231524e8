"""`setup` with a fake box: what it calls, and what it leaves unchanged."""

import pytest
from console.fake_box import NOT_FOCUSED, FakeBox, fresh_status, served
from console.test_shell import PROMPT, press_ctrl_c, spawn
from hypothesis import given, settings
from hypothesis import strategies as st

from config.cameras import Cameras
from config.naming import camera_called
from controller.client import Client
from controller.console.answer import NOTHING
from controller.console.commands import Session, execute
from controller.console.completion import completions
from controller.console.setup.interactive import InteractiveSetup
from controller.errors import CommandError

BEFORE = {
    "camera.profile": "canon-e3",
    "camera.model": "unset",
    "camera.back_button_focus": "unset",
    "camera.continuous_af": "unset",
}
D850 = {"camera.profile": "nikon-10pin", "camera.model": "Nikon D850"}
NIKON = ("setup nikon-mc-dc2", "no")  # up to the question `Set and save this?`
BUSY = "camera.profile: a run is on; stop it first"


class Box(FakeBox):
    """A fake box with a camera's settings; refuses the values in `refuses`, by key."""

    def __init__(self, **status):
        super().__init__(**status)
        self.values = {"interval.every": "5s", **BEFORE}
        self.refuses = {}
        self.refuses_fire = False

    def do_fire(self):
        if self.refuses_fire:
            raise CommandError("refused", NOT_FOCUSED)
        return {"focus": "DIALLED_IN", "release": "EXPOSING"}

    def do_settings_set(self, key, value):
        if value in self.refuses.get(key, ()):
            raise CommandError("refused", BUSY)
        if key not in ("camera.profile", "camera.model") or value == "unset":
            return super().do_settings_set(key, value)
        called = camera_called(Cameras(), value)
        super().do_settings_set("camera.model", called.model or "unset")
        return super().do_settings_set("camera.profile", called.profile)

    @property
    def now(self):
        return {key: value for key, value in self.values.items() if key in BEFORE}


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def setup(box):
    return InteractiveSetup(box.ask)


def led(setup, *lines):
    """Type these lines; return the last answer."""
    return [setup.handle(line) for line in lines][-1]


def test_a_d850_takes_four_answers(box, setup):
    led(setup, "setup", "D850", "no")
    assert box.now == BEFORE
    assert (
        led(setup, "")
        .lines[0]
        .startswith("It is set and saved. Now, with the camera plugged in, dial focus in: hold")
    )
    assert box.now == BEFORE | D850 | {"camera.back_button_focus": "true"}
    assert (box.deeds[-1], setup.prompt) == ("settings.save", "test frame (Enter fires)> ")
    answer = led(setup, "")
    assert answer.lines[:2] == (
        "The frame is fired. Look at the camera:",
        "  - Is there a new picture? If not: is the plug in, is the camera on, is its",
    )
    assert answer.text == "setup is done; type setup to go through it again"
    assert setup.prompt == ""


def test_a_test_frame_is_fired_once_focus_is_dialled_in(box, setup):
    led(setup, *NIKON, "")
    box.refuses_fire = True
    assert led(setup, "").text == NOT_FOCUSED
    assert setup.prompt.startswith("test frame")
    assert [setup.handle(line) for line in ("focus hold", "focus release", "status", "hold back 1s")] == [None] * 4
    box.refuses_fire = False
    assert led(setup, "fire").lines[0] == "The frame is fired. Look at the camera:"


def test_the_test_frame_can_be_skipped(box, setup):
    answer = led(setup, *NIKON, "", "skip")
    assert "camera.noise_reduction true" in " ".join(answer.lines)
    assert (answer.text, setup.prompt) == ("setup is done; type setup to go through it again", "")
    assert "fire" not in box.deeds


def test_after_a_skipped_check_no_frame_is_fired(box, setup):
    answer = led(setup, "setup D850", "skip", "")
    assert " ".join(answer.lines).startswith("You skipped the check: until the box knows whether half-press focuses")
    assert (box.now, setup.prompt) == (BEFORE | D850, "")


@pytest.mark.parametrize("said", range(1, len(NIKON) + 1))
@pytest.mark.parametrize("leave", [lambda setup: setup.handle("quit"), lambda setup: setup.leave()])
def test_leaving_at_any_step_changes_nothing(box, setup, said, leave):
    led(setup, *NIKON[:said])
    assert leave(setup).text == "setup ended; nothing was changed"
    assert box.now == BEFORE
    assert (setup.prompt, setup.words, setup.leave()) == ("", (), NOTHING)


def test_leaving_after_setting_mentions_it(setup):
    led(setup, *NIKON, "yes")
    assert setup.leave().text == "setup is done; type setup to go through it again"


@pytest.mark.parametrize("before", [{}, D850, {"camera.profile": "generic", "camera.back_button_focus": "false"}])
def test_back_undoes_what_was_set_and_saved(box, setup, before):
    box.values |= before
    led(setup, "setup R5", "no", "")
    assert box.now == BEFORE | before | {
        "camera.profile": "canon-r",
        "camera.model": "Canon EOS R5",
        "camera.back_button_focus": "true",
    }
    assert led(setup, "back").lines[-1] == "Set and save this?"
    assert (box.now, box.deeds[-1]) == (BEFORE | before, "settings.save")
    assert led(setup, "back").lines[-1] == "focus?"
    assert led(setup, "back").lines[-1] == "Which camera do you have? (e.g. D850)"
    assert led(setup, "quit").text == "setup ended; nothing was changed"
    assert box.now == BEFORE | before


def test_a_refused_change_leaves_everything_as_it_was(box, setup):
    box.refuses = {"camera.back_button_focus": ("true",)}
    answer = led(setup, "setup D850", "no", "yes")
    assert (answer.word, answer.text) == ("refused", BUSY)
    assert box.now == BEFORE
    assert setup.prompt == ""


def test_a_refused_change_restores_the_body_too(box):
    box.values |= D850
    box.refuses = {"camera.back_button_focus": ("true",)}
    assert execute(Session(box.ask), "setup R5 bbf").text == BUSY
    assert box.now == BEFORE | D850


def test_a_failed_restore_is_reported(box):
    box.refuses = {"camera.back_button_focus": ("true",), "camera.profile": ("canon-e3",)}
    answer = execute(Session(box.ask), "setup nikon-mc-dc2 bbf")
    assert answer.text == f"{BUSY}; and camera.profile could not be restored to canon-e3: {BUSY}"
    assert box.now == BEFORE | {"camera.profile": "nikon-mc-dc2"}


def test_it_does_not_start_while_settings_cannot_be_changed(box, setup):
    box.refuses = {"camera.profile": ("canon-e3",)}
    answer = led(setup, "setup")
    assert (answer.word, answer.text, setup.prompt) == ("refused", BUSY, "")


def test_to_begin_keeps_the_body_that_is_set(box, setup):
    box.values |= D850
    assert led(setup, "setup").lines[0].startswith("The camera is set to Nikon D850 (nikon-10pin); Enter keeps it")
    assert box.now == BEFORE | D850


def test_a_name_that_cannot_be_used_says_why_and_asks_again(box, setup):
    answer = led(setup, "setup zfc")
    assert (answer.word, answer.lines[-1]) == ("value", "Which camera do you have? (e.g. D850)")
    assert answer.text.startswith("the Nikon Z fc has no port for a wired remote")
    assert setup.prompt == "camera (Enter keeps it)> "
    assert led(setup, "gh5").text.startswith("the Panasonic DC-GH5 cannot be used: its port")
    assert led(setup, "D850").lines[0].startswith("Nikon D850. Its port: Nikon 10-pin")


@settings(deadline=None)
@given(st.lists(st.sampled_from(("", "yes", "no", "skip", "back", "again", "as it is", "D850", "d60", "1", "R5"))))
def test_no_answers_set_anything_before_the_confirmation(answers):
    box = Box()
    setup = InteractiveSetup(box.ask)
    setup.handle("setup")
    for answer in answers:
        is_asking = not setup.prompt.startswith(("yes or no (", "test frame"))
        before = box.now
        setup.handle(answer)
        assert box.now == before or not is_asking
        if not setup.prompt:
            break


def test_other_commands_do_not_start_setup_and_cut_always_works(setup):
    others = (
        "setup ?",
        "setup canon?",
        "setup canon-e3 ?",
        "setup --json",
        "setup canon-e3 --json",
        "s",
        "set",
        "se",
    )
    for line in ("fire", "", "setup canon-e3 bbf", "setup canon-e3 bff", "set camera.profile canon-e3", *others):
        assert setup.handle(line) is None
    led(setup, "setup")
    assert setup.handle("Cut") is None
    assert setup.prompt != ""
    assert setup.handle("fire").word == "unknown"
    assert setup.handle("don't").word == "usage"


@pytest.mark.parametrize("yes", ["", "yes", "setup"])
def test_a_fresh_box_offers_the_set_up(setup, yes):
    answer = setup.offer(fresh_status() | {"back_button_focus": None})
    assert answer.text.startswith("This box does not know your camera yet.")
    assert setup.prompt == "start setup now? (Enter is yes)> "
    assert setup.handle(yes).lines[-1] == "Which camera do you have? (e.g. D850)"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("D850", "Nikon D850. Its port: Nikon 10-pin"),
        ("nikon d850", "Nikon D850. Its port: Nikon 10-pin"),
        ("A7 III", "Sony \N{GREEK SMALL LETTER ALPHA}7 III. Its port: Sony Multi"),
        ("setup D850", "Nikon D850. Its port: Nikon 10-pin"),
        ("D805", "D805: did you mean Nikon D850?"),
        ("d60", "d60 could be one of these cameras:"),
        ("nikon", "Nikon has these connectors:"),
        ("nikon-10pin", "How to set back-button focus on the camera, nikon-10pin - "),
    ],
)
def test_a_camera_named_at_the_offer_begins_the_set_up_with_it(setup, line, shown):
    setup.offer(fresh_status() | {"back_button_focus": None})
    hint, first, *_ = setup.handle(line).lines
    assert hint == "At any question, back goes back one step and quit ends the set-up."
    assert first.startswith(shown)


@pytest.mark.parametrize("line", ["status", "sta", "statsu", "show interval", "?", "D850 ?", "xyzzy", "focus hold"])
def test_a_command_at_the_offer_is_carried_out_as_usual(setup, line):
    setup.offer(fresh_status() | {"back_button_focus": None})
    assert (setup.handle(line), setup.prompt) == (None, "")


def test_the_offer_ends_with_no_a_command_or_ctrl_c(setup):
    fresh = fresh_status() | {"back_button_focus": None}
    setup.offer(fresh)
    assert (setup.handle("no").text, setup.prompt) == ("all right; type setup at any time", "")
    setup.offer(fresh)
    assert (setup.handle("show interval"), setup.prompt) == (None, "")
    setup.offer(fresh)
    assert (setup.leave(), setup.prompt) == (NOTHING, "")


def test_a_box_that_knows_its_camera_offers_nothing(setup):
    assert (setup.offer(fresh_status()), setup.prompt) == (NOTHING, "")


def test_setup_can_be_abbreviated(setup):
    assert led(setup, "SETU").lines[-1] == "Which camera do you have? (e.g. D850)"
    assert led(setup, "quit", "setu canon-e3").lines[1].endswith("canon-e3 - Canon E3, 2.5 mm 3-pole")


def test_a_damaged_camera_file_does_not_stop_setup(box, setup):
    box.do_cameras = broken_cameras(box.do_cameras)
    assert led(setup, "setup").lines[-1] == "Which camera do you have? (e.g. D850)"
    assert led(setup, "canon-n3").text == "canon-n3.toml: damaged"
    assert led(setup, "canon").lines[1].startswith("  1. canon-e3")


def broken_cameras(ask):
    def answer(profile=None):
        if profile == "canon-n3":
            raise CommandError("value", "canon-n3.toml: damaged")
        return ask(profile)

    return answer


@pytest.mark.parametrize(("body", "statement"), [("bbf", "true"), ("mf", "true"), ("factory", "false")])
def test_one_line_sets_everything(box, body, statement):
    answer = execute(Session(box.ask), f"setup Nikon-MC-DC2 {body}").for_scripts()
    what = f"camera.profile is nikon-mc-dc2; camera.back_button_focus is {statement}"
    assert answer == f"ok {what}; save keeps it"
    assert box.now == BEFORE | {"camera.profile": "nikon-mc-dc2", "camera.back_button_focus": statement}


@pytest.mark.parametrize("line", ["setup D850 bbf", "setup 'nikon d850' bbf", "setup nikon d850 bbf"])
def test_one_line_sets_the_body_its_profile_and_how_it_is_set_up(box, line):
    what = "camera.model is Nikon D850; camera.profile is nikon-10pin; camera.back_button_focus is true"
    assert execute(Session(box.ask), line).for_scripts() == f"ok {what}; save keeps it"
    assert box.now == BEFORE | D850 | {"camera.back_button_focus": "true"}


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "setup canon-e3 bff",
            "error usage: expected: setup [CAMERA] [bbf|factory|mf], for example: setup D850 bbf; did",
        ),
        (
            "setup canon-e3 bbf now",
            "error usage: expected: setup [CAMERA] [bbf|factory|mf], for example: setup D850 bbf",
        ),
        (
            "setup leica-rsl1",
            "error value: leica-rsl1 cannot be wired, because its contacts are not known: no source",
        ),
    ],
)
def test_a_line_that_is_wrong_says_why_and_sets_nothing(box, line, answer):
    assert execute(Session(box.ask), line).for_scripts().startswith(answer)
    assert box.now == BEFORE


def test_line_mode_shows_the_steps_of_the_present_or_named_camera(box):
    *lines, last = execute(Session(box.ask), "setup").for_scripts().splitlines()
    assert last == "ok set up canon-e3 like this, then type the lines above"
    assert max(map(len, lines)) <= 80
    assert "  set camera.profile canon-e3" in [line[1:] for line in lines]
    assert (
        "\n   3. Custom Settings > a1 AF-C priority = Release"
        in execute(Session(box.ask), "setup nikon-mc-dc2").for_scripts()
    )
    assert box.now == BEFORE


def test_line_mode_shows_the_steps_of_a_body(box):
    for line in ("setup D850", "setup"):
        *lines, last = execute(Session(box.ask), line).for_scripts().splitlines()
        assert last == "ok set up the Nikon D850 like this, then type the lines above"
        assert lines[0].startswith(" Nikon D850. Its port: Nikon 10-pin round")
        assert "   1. Custom Settings > a8 AF activation = AF-ON only" in lines
        assert "   set camera.model 'Nikon D850'" in lines
        assert max(map(len, lines)) <= 80
        assert box.now == BEFORE | (D850 if line == "setup" else {})
        box.values |= D850


def test_tab_offers_cameras_and_bodies(box):
    assert completions(Session(box.ask), "setup ", "canon-e") == ["canon-e3"]
    assert completions(Session(box.ask), "setup canon-e3 ", "") == ["bbf", "factory", "mf"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "control.sock"


@pytest.fixture
def shell(path):
    with served(path) as box:
        box.values |= BEFORE
        with spawn(path) as shell:
            shell.box = box
            shell.expect_exact(PROMPT)
            yield shell


def test_setup_at_the_prompt_completes_answers_and_shows_events(path, shell):
    shell.sendline("setup")
    shell.expect_exact("Which camera do you have? (e.g. D850)\r\ncamera (Enter keeps it)> ")
    with Client.connect(path) as other:
        other.call("say", text="the mirror is up")
        shell.expect_exact("* the mirror is up\r\ncamera (")
    shell.sendline("xyzzy")
    shell.expect_exact('error: no camera is called "xyzzy"; type list to choose by brand and plug\r\ncamera (')
    shell.send("li\t\r")
    shell.expect_exact("brand (Enter is generic)> ")
    shell.sendline("quit")
    shell.expect_exact("setup ended; nothing was changed\r\n")
    shell.expect("backbutton.*> ")
    assert shell.box.values["camera.profile"] == "canon-e3"


def test_ctrl_c_leaves_setup_and_is_still_cut(shell):
    shell.sendline("setup")
    shell.expect_exact("Enter keeps it)> ")
    shell.box.status["lines"] = {"focus": "closed", "shutter": "open"}
    press_ctrl_c(shell, "setup ended; nothing was changed\r\ncut: focus is not dialled in; nothing is running\r\n")
    assert shell.box.deeds[-1] == "cut"


def test_setup_does_not_start_without_a_daemon(path):
    with spawn(path) as shell:
        shell.expect_exact(PROMPT)
        shell.sendline("setup")
        shell.expect_exact("error: no daemon at ")
        shell.expect_exact(PROMPT)
