"""`backbutton setup`, and `setup` at the console of a real daemon on the virtual bench, as a user types them."""

import io
import os
import sys

import pexpect
import pytest
from support import await_event, play
from system.test_daemon import daemon, run

from config.cameras import Cameras
from config.store import SettingsStore
from controller.cli import main
from controller.client import Client
from controller.console.commands import Session, execute

CONSOLE = ["-m", "controller.cli", "console", "--socket"]


def spawn(folder):
    arguments = [*CONSOLE, str(folder / "control.sock")]
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    return pexpect.spawn(
        sys.executable, arguments, env=environment, timeout=20, encoding="utf-8", dimensions=(24, 200)
    )


def answer(shell, question, word):
    shell.expect_exact(question)
    shell.expect_exact(")> ")
    shell.sendline(word)


def test_a_d850_is_set_up_with_at_most_four_answers(tmp_path):
    with daemon(tmp_path, "--body", "unset"), spawn(tmp_path) as shell:
        shown = shell.logfile_read = io.StringIO()
        answers = (
            ("start setup now? (Enter is yes", "D850"),
            ("a8 AF activation = AF-ON only", "no"),
            ("Set and save this?", ""),
        )
        for question, word in answers:
            answer(shell, question, word)
        with Client.connect(tmp_path / "control.sock") as box:
            box.call("subscribe")
            answer(shell, "Enter fires a test frame", "hold back 1s")  # in the field: the button, not an answer
            await_event(box, lambda event: event.get("focus") == "DIALLED_IN")
            answer(shell, "(Enter fires", "")
            shell.expect_exact("The frame is fired. Look at the camera:\r\n  - Is there a new picture?")
            shell.expect_exact("setup is done; type setup to go through it again\r\nbackbutton> ")
            status = box.call("status")
        assert len(answers) + len(["the test frame"]) <= 4
        assert (status["model"], status["camera"]) == ("Nikon D850", "nikon-10pin")
        assert (status["back_button_focus"], status["unsaved"]) == (True, [])
        assert "set elsewhere" not in shown.getvalue()
    camera = SettingsStore(tmp_path / "none.toml", tmp_path).load().camera
    assert (camera.model, camera.profile, camera.back_button_focus) == ("Nikon D850", "nikon-10pin", True)


def test_a_factory_body_of_any_brand_is_set_up_by_its_connector(tmp_path):
    with daemon(tmp_path, "--body", "factory"), spawn(tmp_path) as shell:
        shell.expect_exact("backbutton> ")
        shell.sendline("setup")
        answer(shell, "Which camera do you have?", "nikon")
        answer(shell, "Which one is yours?", "3")
        answer(shell, "a1 AF-C priority = Release", "yes")
        answer(shell, "The menu step has not taken.", "as it is")
        answer(shell, "AF-C or AI Servo?", "no")
        answer(shell, "camera.continuous_af false", "")
        with Client.connect(tmp_path / "control.sock") as box:
            box.call("subscribe")
            answer(shell, "Enter fires a test frame", "")
            answer(shell, "refused: focus is not dialled in yet", "hold back 1s")
            await_event(box, lambda event: event.get("focus") == "DIALLED_IN")
            answer(shell, "(Enter fires", "back")
            shell.expect_exact("Set and save this?")
            status = box.call("status")
        assert (status["camera"], status["back_button_focus"]) == ("generic", False)


def test_the_greeting_and_status_show_the_body(tmp_path):
    with daemon(tmp_path), spawn(tmp_path) as shell:
        shell.expect_exact("backbutton> ")
        shell.sendline("set camera.profile d850")
        shell.expect_exact("Nikon D850\r\n")
        shell.sendline("status")
        shell.expect_exact("camera     Nikon D850 on nikon-10pin, set to back-button focus\r\n")
        with spawn(tmp_path) as other:
            other.expect_exact("camera: Nikon D850 on nikon-10pin, set to back-button focus\r\n")


def test_one_line_sets_all_or_nothing(tmp_path):
    with daemon(tmp_path), Client.connect(tmp_path / "control.sock") as box:
        session = Session(box.call)
        box.call("settings.set", key="focus.min_hold", value="100ms")
        refused = execute(session, "setup canon-e3 factory").for_scripts()
        assert refused.startswith("error value: focus.min_hold: 100ms is too short for a camera that focuses by half")
        assert box.call("status")["unsaved"] == ["focus.min_hold"]
        assert (
            execute(session, "setup panasonic-rsl1 bbf")
            .for_scripts()
            .startswith("error value: camera.profile: panaso")
        )
        assert execute(session, "setup canon-e3 mf").word is None
        assert box.call("status")["back_button_focus"] is True


def test_during_a_run_it_is_refused_in_the_daemons_own_words():
    outcome = play(
        """
        at 0s hold back 500ms
        at 1s > set interval.count 3
        at 1s > start
        at 3s > setup nikon-mc-dc2 factory
        """
    )
    own = play(
        "at 0s hold back 500ms\nat 1s > set interval.count 3\nat 1s > start\nat 3s > set camera.profile generic\n"
    )
    assert outcome.reasons == own.reasons != []
    assert len(outcome.frames) == 3


@pytest.fixture
def printed(tmp_path, capsys):
    """Run the command; return its output."""

    def printed(*arguments):
        places = ("--config", str(tmp_path / "config.toml"), "--state-dir", str(tmp_path))
        assert main(["setup", *arguments, *places]) == 0
        return capsys.readouterr().out

    return printed


def test_the_command_prints_the_guide_for_every_camera_in_80_columns(printed):
    known = Cameras()
    for profile in (each for each in known.ids() if known.load(each).is_usable):
        lines = printed(profile).splitlines()
        assert max(map(len, lines)) < 80
        assert f"  set camera.profile {profile}" in lines
        assert "A check for every camera: half-press must not focus, the rear button must." in lines


def test_the_command_prints_the_guide_for_a_body(printed, tmp_path):
    lines = printed("D850").splitlines()
    assert "  1. Custom Settings > a8 AF activation = AF-ON only" in lines
    assert "  set camera.model 'Nikon D850'" in lines
    assert "Or in one line: setup 'Nikon D850' bbf (or factory, or mf), then save." in lines
    (tmp_path / "config.toml").write_text('[camera]\nmodel = "D850"\n')
    assert printed().splitlines() == lines


def test_the_command_defaults_to_the_camera_in_the_settings(printed, tmp_path):
    assert "  set camera.profile generic" in printed().splitlines()
    (tmp_path / "config.toml").write_text('[camera]\nprofile = "sony-multi"\n')
    assert "  3. Pre-AF = Off; Priority Set in AF-S = Release" in printed().splitlines()


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ("canon-e4", 'no camera is called "canon-e4"; did you mean canon-e3?'),
        (
            "leica-rsl1",
            "leica-rsl1 cannot be wired, because its contacts are not known: no source describes a Leica port;",
        ),
    ],
)
def test_a_camera_that_cannot_be_set_up_is_one_sentence(profile, sentence, tmp_path):
    result = run("setup", profile, "--config", tmp_path / "none.toml")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"backbutton: {sentence}")
    assert result.stderr.count("\n") == 1


def test_the_guide_for_a_body_that_is_set_up_so_has_only_what_concerns_it():
    bbf, factory, both = (
        run("setup", *more).stdout
        for more in (("D850", "--body", "bbf"), ("--camera", "D850", "--body", "factory"), ("D850",))
    )
    assert "set camera.back_button_focus true" in bbf
    assert "a8 AF activation = AF-ON only" in bbf
    assert "or factory" not in bbf
    assert "set camera.back_button_focus false" in factory
    assert "a8 AF activation" not in factory
    assert "setup 'Nikon D850' factory, then save." in factory
    assert "(or factory, or mf)" in both
    assert "name one" in run("setup", "D850", "--camera", "D810").stderr
