"""`setup` with a fake box: what it calls, and what it leaves unchanged."""

import pytest
from console.fake_box import NOT_FOCUSED, FakeBox, fresh_status, served
from console.test_shell import PROMPT, press_ctrl_c, spawn

from controller.client import Client
from controller.console.answer import NOTHING
from controller.console.commands import Session, execute
from controller.console.completion import completions
from controller.console.setup.interactive import InteractiveSetup
from controller.errors import CommandError

BEFORE = {
    "camera.profile": "canon-e3",
    "camera.back_button_focus": "unset",
    "camera.continuous_af": "unset",
    "camera.noise_reduction": "false",
    "camera.keep_awake": "false",
}
NIKON = ("setup nikon-mc-dc2", "", "", "no", "yes", "skip", "skip")  # up to the question `Set this now?`
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
        return super().do_settings_set(key, value)

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


def test_the_answers_are_set_then_saved(box, setup):
    assert led(setup, *NIKON).lines[-1] == "Set this now?"
    assert box.now == BEFORE
    assert led(setup, "").lines == ("It is set until the box is switched off. Save it, so that it stays?",)
    assert box.now == BEFORE | {"camera.profile": "nikon-mc-dc2", "camera.back_button_focus": "true"}
    assert "settings.save" not in box.deeds
    answer = led(setup, "")
    assert answer.lines[0].startswith("It is saved. Now dial focus in: hold back on the box while you focus")
    assert (answer.word, box.deeds[-1]) == (None, "settings.save")
    assert setup.prompt == "setup (fire, skip or quit; Enter is fire)> "
    assert led(setup, "skip").text == "setup is done; type setup to go through it again"
    assert setup.prompt == ""


def test_a_test_frame_is_fired_once_focus_is_dialled_in(box, setup):
    led(setup, *NIKON, "", "")
    box.refuses_fire = True
    assert led(setup, "").text == NOT_FOCUSED
    assert setup.prompt.startswith("setup (fire")
    assert [setup.handle(line) for line in ("focus hold", "focus release", "status", "hold back 1s")] == [None] * 4
    box.refuses_fire = False
    assert led(setup, "fire").lines[0].startswith("The frame is fired. Did the camera take it")
    answer = led(setup, "no")
    assert answer.lines[0].startswith("  - No picture")
    assert (answer.text, setup.prompt) == ("setup ended; the settings stay as they are", "")


def test_saving_can_be_skipped(box, setup):
    assert led(setup, *NIKON, "", "no").lines[0].startswith("It is set until the box is switched off; save keeps it.")
    answer = led(setup, "quit")
    assert answer.text == "setup ended; the settings last until the box is switched off, save keeps them"
    assert box.now["camera.profile"] == "nikon-mc-dc2"
    assert "settings.save" not in box.deeds


@pytest.mark.parametrize("said", range(1, len(NIKON) + 1))
@pytest.mark.parametrize("leave", [lambda setup: setup.handle("quit"), lambda setup: setup.leave()])
def test_leaving_at_any_step_changes_nothing(box, setup, said, leave):
    led(setup, *NIKON[:said])
    assert leave(setup).text == "setup ended; nothing was changed"
    assert box.now == BEFORE
    assert (setup.prompt, setup.words, setup.leave()) == ("", (), NOTHING)


def test_leaving_after_setting_mentions_it(setup):
    led(setup, *NIKON, "yes")
    assert setup.leave().text == "setup ended; the settings last until the box is switched off, save keeps them"


def test_a_refused_change_leaves_everything_as_it_was(box, setup):
    box.refuses = {"camera.back_button_focus": ("true",)}
    answer = led(setup, *NIKON, "yes")
    assert (answer.word, answer.text) == ("refused", BUSY)
    assert box.now == BEFORE
    assert setup.prompt == ""


def test_a_failed_restore_is_reported(box):
    box.refuses = {"camera.back_button_focus": ("true",), "camera.profile": ("canon-e3",)}
    answer = execute(Session(box.ask), "setup nikon-mc-dc2 bbf")
    assert answer.text == f"{BUSY}; and camera.profile could not be restored to canon-e3: {BUSY}"
    assert box.now == BEFORE | {"camera.profile": "nikon-mc-dc2"}


def test_it_does_not_start_while_settings_cannot_be_changed(box, setup):
    box.refuses = {"camera.profile": ("canon-e3",)}
    answer = led(setup, "setup")
    assert (answer.word, answer.text, setup.prompt) == ("refused", BUSY, "")


def test_unchanged_settings_and_a_dead_rear_button_end_it(box, setup):
    assert led(setup, "setup", "", "", "", "skip", "skip").lines[0].startswith("All of this is set already.")
    assert led(setup, "quit").text == "setup is done; type setup to go through it again"
    assert led(setup, "setup", "", "", "", "no", "no", "no").text.startswith("setup ended, nothing was changed")
    assert (setup.prompt, box.now) == ("", BEFORE)


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
    for line in ("fire", "", "setup canon-e3 bbf", "setup a b c", "set camera.profile canon-e3", *others):
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
    assert setup.prompt == "start setup now? (yes, no or any command; Enter is yes)> "
    assert setup.handle(yes).lines[-1] == "Is that your camera?"


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
    assert led(setup, "SETU").lines[-1] == "Is that your camera?"
    assert led(setup, "quit", "setu canon-e3").lines[0].endswith("canon-e3 - Canon E3, 2.5 mm 3-pole")


def test_a_damaged_camera_file_does_not_stop_setup(box, setup):
    box.do_cameras = broken_cameras(box.do_cameras)
    assert led(setup, "setup").lines[-1] == "Is that your camera?"
    assert led(setup, "canon-n3").text == "canon-n3.toml: damaged"


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


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "setup canon-e3 bff",
            "error usage: expected: setup [ID] [bbf|factory|mf], for example: setup canon-e3 bbf; did",
        ),
        (
            "setup canon-e3 bbf now",
            "error usage: expected: setup [ID] [bbf|factory|mf], for example: setup canon-e3 bbf",
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
    shell.expect_exact("Is that your camera?\r\nsetup (yes, no, ID or quit; Enter is yes)> ")
    with Client.connect(path) as other:
        other.call("say", text="the mirror is up")
        shell.expect_exact("* the mirror is up\r\nsetup (")
    shell.sendline("what")
    shell.expect_exact('error: there is no camera "what"; answer no to choose by brand\r\nsetup (')
    shell.send("sk\t\r")
    shell.expect_exact("setup (Enter or quit)> ")
    shell.sendline("quit")
    shell.expect_exact("setup ended; nothing was changed\r\n")
    shell.expect("backbutton.*> ")
    assert shell.box.values["camera.profile"] == "canon-e3"


def test_ctrl_c_leaves_setup_and_is_still_cut(shell):
    shell.sendline("setup")
    shell.expect_exact("Enter is yes)> ")
    shell.box.status["lines"] = {"focus": "closed", "shutter": "open"}
    press_ctrl_c(shell, "setup ended; nothing was changed\r\ncut: focus is not dialled in; nothing is running\r\n")
    assert shell.box.deeds[-1] == "cut"


def test_setup_does_not_start_without_a_daemon(path):
    with spawn(path) as shell:
        shell.expect_exact(PROMPT)
        shell.sendline("setup")
        shell.expect_exact("error: no daemon at ")
        shell.expect_exact(PROMPT)
