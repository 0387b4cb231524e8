import io
import os
import signal
import sys

import pexpect
import pytest
from console.fake_box import CONSOLE, NOT_FOCUSED, RUN, served

PROMPT = "backbutton> "


@pytest.fixture
def path(tmp_path):
    return tmp_path / "control.sock"


@pytest.fixture
def box(path):
    with served(path) as box:
        yield box


def spawn(path, program=CONSOLE, size=(24, 200), **environment):
    arguments = ["-c", program, "--socket", str(path)]
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", **environment}
    shell = pexpect.spawn(
        sys.executable,
        arguments,
        env=environment,
        timeout=20,
        encoding="utf-8",
        codec_errors="replace",
        dimensions=size,
    )
    shell.logfile_read = io.StringIO()
    return shell


@pytest.fixture
def shell(path, box):
    with spawn(path) as shell:
        shell.expect_exact(PROMPT)
        yield shell


def press_ctrl_c(shell, expected):
    """Press it once; it works whatever readline is doing."""
    shell.sendcontrol("c")
    shell.expect_exact(expected)


def test_the_greeting_shows_the_state_and_ctrl_d_leaves(path, box):
    with spawn(path) as shell:
        shell.expect_exact("help lists commands")
        shell.expect_exact("focus is not dialled in; nothing is running\r\n" + PROMPT)
        shell.sendcontrol("d")
        shell.expect(pexpect.EOF)
        shell.wait()
        assert shell.exitstatus == 0


def test_the_greeting_of_a_bench_says_that_it_is_one_and_what_to_try(path, box):
    box.status |= {"bench": True, "model": "Nikon D850", "camera": "nikon-10pin"}
    with spawn(path) as shell:
        shell.expect_exact("This is a virtual bench: its camera is simulated, nothing real is connected.\r\n")
        shell.expect_exact("camera: Nikon D850 on nikon-10pin, set to back-button focus\r\n")
        shell.expect_exact("Try first: hold back 800ms, fire, watch (any key leaves it), quit.\r\n")
        shell.expect_exact("nothing is running\r\n" + PROMPT)


def test_the_greeting_of_a_bench_that_does_not_know_the_camera_suggests_setup(path, box):
    box.status |= {"bench": True, "back_button_focus": None}
    with spawn(path) as shell:
        shell.expect_exact("Try first: setup.\r\n")


def test_the_greeting_shows_warnings(path, box):
    box.status["warnings"] = ["a run was interrupted before frame 4; resume (or run) continues it, stop drops it"]
    with spawn(path) as shell:
        shell.expect_exact("leaves\r\nwarning: a run was interrupted before frame 4; resume")
        shell.expect_exact("focus is not dialled in; nothing is running\r\n" + PROMPT)


def test_enter_never_repeats_a_command(shell, box):
    box.status["focus"] = "DIALLED_IN"
    shell.sendline("fire")
    shell.expect_exact("taking a frame\r\n" + PROMPT)
    for _ in range(3):
        shell.sendline("")
        shell.expect_exact(PROMPT)
    assert box.deeds == ["fire"]


def test_a_refusal_is_shown_once_and_in_words(shell):
    shell.sendline("fire")
    shell.expect_exact(f"refused: {NOT_FOCUSED}\r\n" + PROMPT)
    assert NOT_FOCUSED not in shell.before


def test_tab_completes_commands_keys_and_values(shell, box):
    shell.send("foc\t")
    shell.expect_exact("focus ")
    shell.send("rel\t\r")
    shell.expect_exact("focus is dialled in; nothing is running\r\n")
    shell.send("set interval.ov\tst\t\r")
    shell.expect_exact('error: unknown setting "interval.overrun"')
    assert ("settings.set", {"key": "interval.overrun", "value": "stop"}) in box.asked


def test_the_arrow_key_recalls_the_last_line(shell, box):
    shell.sendline("focus hold")
    shell.expect_exact("focusing, back is held; nothing is running\r\n")
    shell.send("\x1b[A\r")
    shell.expect_exact("focusing, back is held; nothing is running\r\n")
    assert box.deeds == ["focus.hold", "focus.hold"]


def test_the_prompt_has_a_star_while_changes_are_not_saved(shell):
    shell.sendline("set interval.every 9s")
    shell.expect_exact("interval.every is 9s\r\nbackbutton*> ")
    shell.sendline("save")
    shell.expect_exact("saved interval.every\r\n" + PROMPT)


def test_help_and_a_near_miss(shell):
    shell.sendline("help")
    shell.expect_exact("topics    bracket, bulb, mirror-up")
    shell.expect_exact(PROMPT)
    shell.sendline("help commands")
    shell.expect_exact("set        change a setting")
    shell.expect_exact(PROMPT)
    shell.sendline("statsu")
    shell.expect_exact('there is no command "statsu"; did you mean status?')


@pytest.mark.parametrize("activity", [{"run": RUN, "release": "WAITING"}, {"lines": {"focus": "closed"}}])
def test_ctrl_c_is_cut_while_a_contact_is_closed_or_a_run_is_on(shell, box, activity):
    box.status |= activity
    shell.send("half a line")
    shell.expect_exact("half a line")
    press_ctrl_c(shell, "cut: focus is not dialled in; nothing is running\r\n" + PROMPT)
    assert box.deeds == ["cut"]


def test_otherwise_ctrl_c_clears_the_line(shell, box):
    shell.send("fire")
    shell.expect_exact("fire")
    press_ctrl_c(shell, PROMPT)
    shell.sendline("help fire")
    shell.expect_exact("take one frame")
    assert box.deeds == []


def test_junk_is_an_error_and_does_not_end_the_console(shell, box):
    os.write(shell.child_fd, b"\xff\xfefire\xff\r")
    shell.expect_exact("the line contains bytes that are not text")
    shell.sendline("help fire")
    shell.expect_exact("take one frame")
    assert box.deeds == []


def test_plain_continues_in_line_mode(shell):
    shell.sendline("plain")
    shell.expect_exact("line mode\r\n")
    shell.sendline("help fire")
    shell.expect_exact("ok fire\r\n")
    shell.sendline("quit")
    shell.expect_exact("ok goodbye\r\n")


def test_quit_leaves_the_box_alone(shell, box):
    shell.sendline("quit")
    shell.expect_exact("goodbye")
    shell.expect(pexpect.EOF)
    assert box.deeds == []


def test_a_daemon_restart_costs_one_sentence(path):
    with served(path):
        shell = spawn(path)
        shell.expect_exact(PROMPT)
    with shell:
        shell.sendline("status")
        shell.expect_exact("error: no daemon at ")
        shell.expect_exact(PROMPT)
        with served(path):
            shell.sendline("fire")
            shell.expect_exact(f"refused: {NOT_FOCUSED}")
    assert "Traceback" not in shell.before


def test_there_is_a_prompt_without_a_daemon(path):
    with spawn(path) as shell:
        shell.expect_exact("no daemon at ")
        shell.expect_exact(PROMPT)
        press_ctrl_c(shell, "no daemon at ")


def test_a_hail_of_interrupts_leaves_no_traceback(shell, box):
    for _ in range(50):
        shell.kill(signal.SIGINT)
    shell.sendline("help fire")
    shell.expect_exact("take one frame")
    assert "Traceback" not in shell.before


def test_input_typed_ahead_is_answered_in_line_mode(shell):
    shell.send("plain\rfocus release\rquit\r")
    shell.expect_exact("line mode\r\n")
    shell.expect_exact("ok focus is dialled in; nothing is running\r\nok goodbye\r\n")
