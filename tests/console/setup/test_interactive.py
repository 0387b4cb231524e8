"""`setup` over a box that is none: what it asks the daemon, and what it leaves as it was."""

import pytest
from console.fakebox import NOT_FOCUSED, FakeBox, fresh_status, served
from console.test_shell import PROMPT, press_ctrl_c, spawn

from controller.client import Client
from controller.console.answer import NOTHING
from controller.console.commands import Session, execute
from controller.console.completion import candidates
from controller.console.setup.interactive import Guide
from controller.errors import CommandError

STOOD = {
    "camera.profile": "canon-e3",
    "camera.back_button_focus": "unset",
    "camera.noise_reduction": "false",
    "camera.keep_awake": "false",
}
NIKON = ("setup nikon-mc-dc2", "", "", "no", "yes", "skip", "skip")  # up to the question whether to set it
BUSY = "camera.profile: a run is on; stop it first"


class Box(FakeBox):
    """Refuses the values in `refuses`, by key; knows the settings of a camera."""

    def __init__(self, **status):
        super().__init__(**status)
        self.values = {"interval.every": "5s", **STOOD}
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
        return {key: value for key, value in self.values.items() if key in STOOD}


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def guide(box):
    return Guide(box.ask)


def led(guide, *lines):
    """Say these lines; the last answer."""
    return [guide.take(line) for line in lines][-1]


def test_what_is_said_is_set_then_saved(box, guide):
    assert led(guide, *NIKON).lines[-1] == "Set that now?"
    assert box.now == STOOD
    assert led(guide, "").lines == ("It is set. Save it, so that it stays after a restart?",)
    assert box.now == STOOD | {"camera.profile": "nikon-mc-dc2", "camera.back_button_focus": "true"}
    assert "settings.save" not in box.deeds
    answer = led(guide, "")
    assert answer.lines[0].startswith("It is saved. Dial focus in now: hold back on the box while you focus")
    assert (answer.word, box.deeds[-1]) == (None, "settings.save")
    assert guide.prompt == "setup (fire, skip or quit; Enter is fire)> "
    assert led(guide, "skip").text == "the set-up is done; setup goes through it again"
    assert guide.prompt == ""


def test_a_test_frame_is_fired_once_focus_is_dialled_in(box, guide):
    led(guide, *NIKON, "", "")
    box.refuses_fire = True
    assert led(guide, "").text == NOT_FOCUSED
    assert guide.prompt.startswith("setup (fire")
    assert [guide.take(line) for line in ("focus hold", "focus release", "status", "hold back 1s")] == [None] * 4
    box.refuses_fire = False
    assert led(guide, "fire").lines[0].startswith("The frame is fired. Did the camera take it")
    answer = led(guide, "no")
    assert answer.lines[0].startswith("  - No picture")
    assert (answer.text, guide.prompt) == ("the set-up is left; what is set stays", "")


def test_what_is_set_need_not_be_saved(box, guide):
    assert led(guide, *NIKON, "", "no").lines[0].startswith("It is set until the box is switched off; save keeps it.")
    answer = led(guide, "quit")
    assert answer.text == "it is set until the box is switched off; save keeps it"
    assert box.now["camera.profile"] == "nikon-mc-dc2"
    assert "settings.save" not in box.deeds


@pytest.mark.parametrize("said", range(1, len(NIKON) + 1))
@pytest.mark.parametrize("leave", [lambda guide: guide.take("quit"), lambda guide: guide.leave()])
def test_leaving_at_any_step_changes_nothing(box, guide, said, leave):
    led(guide, *NIKON[:said])
    assert leave(guide).text == "setup is left; nothing is changed"
    assert box.now == STOOD
    assert (guide.prompt, guide.words, guide.leave()) == ("", (), NOTHING)


def test_leaving_after_it_is_set_says_that_it_is(guide):
    led(guide, *NIKON, "yes")
    assert guide.leave().text == "it is set until the box is switched off; save keeps it"


def test_what_is_refused_leaves_all_as_it_was(box, guide):
    box.refuses = {"camera.back_button_focus": ("true",)}
    answer = led(guide, *NIKON, "yes")
    assert (answer.word, answer.text) == ("refused", BUSY)
    assert box.now == STOOD
    assert guide.prompt == ""


def test_what_cannot_be_put_back_is_said(box):
    box.refuses = {"camera.back_button_focus": ("true",), "camera.profile": ("canon-e3",)}
    answer = execute(Session(box.ask), "setup nikon-mc-dc2 bbf")
    assert answer.text == f"{BUSY}; and camera.profile could not be put back to canon-e3: {BUSY}"
    assert box.now == STOOD | {"camera.profile": "nikon-mc-dc2"}


def test_it_does_not_begin_while_settings_may_not_be_changed(box, guide):
    box.refuses = {"camera.profile": ("canon-e3",)}
    answer = led(guide, "setup")
    assert (answer.word, answer.text, guide.prompt) == ("refused", BUSY, "")


def test_all_as_it_was_and_a_rear_button_that_does_nothing_end_it(box, guide):
    assert led(guide, "setup", "", "", "", "skip", "skip").lines[0].startswith("All of it is set like that already.")
    assert led(guide, "quit").text == "the set-up is done; setup goes through it again"
    assert led(guide, "setup", "", "", "", "no", "no", "no").text.endswith("nothing is changed")
    assert (guide.prompt, box.now) == ("", STOOD)


def test_other_commands_are_not_for_the_guide_and_cut_never_is(guide):
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
        assert guide.take(line) is None
    led(guide, "setup")
    assert guide.take("Cut") is None
    assert guide.prompt != ""
    assert guide.take("fire").word == "unknown"
    assert guide.take("don't").word == "usage"


@pytest.mark.parametrize("yes", ["", "yes", "setup"])
def test_a_fresh_box_offers_the_set_up(guide, yes):
    answer = guide.offer(fresh_status() | {"back_button_focus": None})
    assert answer.text.startswith("nobody has said which camera this is")
    assert guide.prompt == "begin now? (yes, no, or any command; Enter is yes)> "
    assert guide.take(yes).lines[-1] == "Is that your camera?"


def test_the_offer_can_be_left_by_no_by_a_command_and_by_ctrl_c(guide):
    fresh = fresh_status() | {"back_button_focus": None}
    guide.offer(fresh)
    assert (guide.take("no").text, guide.prompt) == ("as you like; setup begins it at any time", "")
    guide.offer(fresh)
    assert (guide.take("show interval"), guide.prompt) == (None, "")
    guide.offer(fresh)
    assert (guide.leave(), guide.prompt) == (NOTHING, "")


def test_a_box_that_was_told_offers_nothing(guide):
    assert (guide.offer(fresh_status()), guide.prompt) == (NOTHING, "")


def test_the_guide_leads_whoever_types_the_beginning_of_its_name(guide):
    assert led(guide, "SETU").lines[-1] == "Is that your camera?"
    assert led(guide, "quit", "setu canon-e3").lines[0].endswith("canon-e3 - Canon E3, 2.5 mm 3-pole")


def test_a_broken_profile_among_the_cameras_is_no_hindrance(box, guide):
    box.do_cameras = broken_cameras(box.do_cameras)
    assert led(guide, "setup").lines[-1] == "Is that your camera?"
    assert led(guide, "canon-n3").text == "canon-n3.toml: damaged"


def broken_cameras(ask):
    def answer(profile=None):
        if profile == "canon-n3":
            raise CommandError("value", "canon-n3.toml: damaged")
        return ask(profile)

    return answer


@pytest.mark.parametrize(("body", "statement"), [("bbf", "true"), ("mf", "true"), ("factory", "false")])
def test_one_line_says_all(box, body, statement):
    answer = execute(Session(box.ask), f"setup Nikon-MC-DC2 {body}").plain()
    what = f"camera.profile is nikon-mc-dc2; camera.back_button_focus is {statement}"
    assert answer == f"ok {what}; save keeps it"
    assert box.now == STOOD | {"camera.profile": "nikon-mc-dc2", "camera.back_button_focus": statement}


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("setup canon-e3 bff", "error usage: setup [ID] [bbf|factory|mf], for example: setup canon-e3 bbf; did"),
        ("setup canon-e3 bbf now", "error usage: setup [ID] [bbf|factory|mf], for example: setup canon-e3 bbf"),
        (
            "setup leica-rsl1",
            "error value: leica-rsl1 cannot be wired, because its contacts are not known: no source",
        ),
    ],
)
def test_a_line_that_is_wrong_says_why_and_sets_nothing(box, line, answer):
    assert execute(Session(box.ask), line).plain().startswith(answer)
    assert box.now == STOOD


def test_line_mode_tells_the_steps_of_the_camera_that_is_set_or_named(box):
    *lines, last = execute(Session(box.ask), "setup").plain().splitlines()
    assert last == "ok set up canon-e3 like that, then say so"
    assert max(map(len, lines)) <= 80
    assert "  set camera.profile canon-e3" in [line[1:] for line in lines]
    assert "\n   4. a1 AF-C priority = Release" in execute(Session(box.ask), "setup nikon-mc-dc2").plain()
    assert box.now == STOOD


def test_tab_offers_cameras_and_bodies(box):
    assert candidates(Session(box.ask), "setup ", "canon-e") == ["canon-e3"]
    assert candidates(Session(box.ask), "setup canon-e3 ", "") == ["bbf", "factory", "mf"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "control.sock"


@pytest.fixture
def shell(path):
    with served(path) as box:
        box.values |= STOOD
        with spawn(path) as shell:
            shell.box = box
            shell.expect_exact(PROMPT)
            yield shell


def test_the_shell_asks_completes_and_tells_what_comes_meanwhile(path, shell):
    shell.sendline("setup")
    shell.expect_exact("Is that your camera?\r\nsetup (yes, no, ID or quit; Enter is yes)> ")
    with Client.connect(path) as other:
        other.call("say", text="the mirror is up")
        shell.expect_exact("* the mirror is up\r\nsetup (")
    shell.sendline("what")
    shell.expect_exact('error: unknown camera profile "what"; no asks for the brand\r\nsetup (')
    shell.send("sk\t\r")
    shell.expect_exact("setup (Enter or quit)> ")
    shell.sendline("quit")
    shell.expect_exact("setup is left; nothing is changed\r\n")
    shell.expect("backbutton.*> ")
    assert shell.box.values["camera.profile"] == "canon-e3"


def test_ctrl_c_leaves_the_setup_and_is_cut_all_the_same(shell):
    shell.sendline("setup")
    shell.expect_exact("Enter is yes)> ")
    shell.box.status["lines"] = {"focus": "closed", "shutter": "open"}
    press_ctrl_c(shell, "setup is left; nothing is changed\r\ncut: focus is not dialled in; nothing is running\r\n")
    assert shell.box.deeds[-1] == "cut"


def test_without_a_daemon_the_setup_does_not_begin(path):
    with spawn(path) as shell:
        shell.expect_exact(PROMPT)
        shell.sendline("setup")
        shell.expect_exact("error: no daemon at ")
        shell.expect_exact(PROMPT)
