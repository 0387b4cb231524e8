"""Events at the prompt are shown at once, above the line being typed."""

import io
import os
import select
import signal
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest
from console.fake_box import CONSOLE, NOT_FOCUSED, served
from console.fake_terminal import FakeTerminal
from console.test_shell import PROMPT, press_ctrl_c, spawn

from controller.client import Client
from controller.console.terminal import REDRAW_KEY

# A readline that has none of the functions of GNU's: libedit is such a one.
WITHOUT_GNU = "import readline; readline.__file__ = 'libc.so.6';" + CONSOLE

# Memory that is both written and executed is refused, as the unit of the serial console has it.
HARDENED = "import ctypes; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0);" + CONSOLE


@pytest.fixture
def path(tmp_path):
    return tmp_path / "control.sock"


@pytest.fixture
def box(path):
    with served(path) as box:
        yield box


@pytest.fixture
def other(path, box):
    with Client.connect(path) as other:
        yield other


@pytest.fixture
def shell(path, box):
    with begun(path) as shell:
        yield shell


@contextmanager
def begun(path, *more, **options):
    """Start a shell; discard the output before its first prompt."""
    with spawn(path, *more, **options) as shell:
        shell.expect_exact(PROMPT)
        shell.logfile_read = io.StringIO()
        shell.logfile_read.write(PROMPT)
        yield shell


def screen_of(shell, **size):
    return FakeTerminal(shell.logfile_read.getvalue(), **size)


def type_in(shell, text):
    """Type text and wait until it is echoed."""
    shell.send(text)
    shell.expect_exact(text)


def changed(focus, release, lock=False):
    return {"kind": "changed", "focus": focus, "release": release, "lock": lock, "at_ns": 1}


def test_a_half_typed_line_continues_below_an_event(shell, other):
    type_in(shell, "help f")
    other.call("say", text="the mirror is up")
    shell.expect_exact("* the mirror is up\r\n" + PROMPT + "help f")
    shell.sendline("ire")
    shell.expect_exact("take one frame")
    assert screen_of(shell).lines[:2] == ["* the mirror is up", PROMPT + "help fire"]


def test_the_cursor_keeps_its_place_in_the_line(shell, other):
    type_in(shell, "help fre")
    shell.send("\x02\x02")  # Ctrl-B
    shell.expect_exact("\b\b")
    other.call("say", text="the mirror is up")
    shell.expect_exact("* the mirror is up\r\n" + PROMPT + "help fre\b\b")
    seen = screen_of(shell)
    assert seen.lines == ["* the mirror is up", PROMPT + "help fre"]
    assert (seen.row, seen.column) == (1, len(PROMPT + "help f"))
    shell.send("i\r")
    shell.expect_exact("take one frame")


@pytest.mark.parametrize("back", [0, 30, 70])
def test_a_line_over_several_rows_is_redrawn_completely(path, box, other, back):
    line = "help " + "fire " * 20
    with begun(path, size=(24, 40)) as shell:
        shell.send(line + "\x02" * back)
        other.call("say", text="not yet drawn")  # shows that the whole line has been read
        shell.expect_exact("* not yet drawn\r\n")
        shell.send("!")
        shell.expect_exact("!")
        other.call("say", text="the mirror is up")
        shell.expect_exact("* the mirror is up\r\n")
        shell.send("#\r")
        shell.expect_exact("error: ")
    place = len(line) - back
    typed = PROMPT + line[:place] + "!#" + line[place:]
    seen = screen_of(shell, columns=40).lines
    rows = [typed[begin : begin + 40].rstrip() for begin in range(0, len(typed), 40)]
    assert seen[: 2 + len(rows)] == ["* not yet drawn", "* the mirror is up", *rows]


def test_an_event_on_a_narrow_terminal_is_broken_between_words(path, box, other):
    with begun(path, size=(24, 40)) as shell:
        type_in(shell, "help f")
        other.call("say", text="the camera did not confirm the last frame 1, nor frame 2")
        shell.expect_exact("nor frame 2\r\n" + PROMPT + "help f")
    seen = screen_of(shell, columns=40).lines
    assert seen[:2] == ["* the camera did not confirm the last", "  frame 1, nor frame 2"]


def test_a_history_search_continues_after_an_event(shell, other):
    shell.sendline("help fire")
    shell.expect_exact("take one frame")
    shell.expect_exact(PROMPT)
    shell.send("\x12fi")  # Ctrl-R
    shell.expect_exact("reverse-i-search")
    other.call("say", text="the mirror is up")
    shell.expect_exact("* the mirror is up\r\n(reverse-i-search)`fi': help fire")
    shell.send("\r")
    shell.expect_exact("take one frame")


def test_a_list_of_completions_stays_above_the_event(shell, other):
    shell.send("focus \t\t")
    shell.expect_exact("release")
    shell.expect_exact(PROMPT + "focus ")
    other.call("say", text="the mirror is up")
    shell.expect_exact("* the mirror is up\r\n" + PROMPT + "focus ")
    shell.sendline("hold")
    shell.expect_exact("focusing, back is held")
    assert screen_of(shell).lines[1:4] == [
        "accept    clear     hold      release",
        "* the mirror is up",
        PROMPT + "focus hold",
    ]


def test_events_are_all_shown_whether_or_not_keys_are_typed(shell, box, other):
    for number in range(30):
        other.call("say", text=f"number {number}")
        shell.send("x")
    shell.expect_exact("* number 29\r\n")
    shell.sendcontrol("u")
    shell.sendline("help fire")
    shell.expect_exact("take one frame")
    told = [line for line in screen_of(shell).lines if line.startswith("* number")]
    assert told == [f"* number {number}" for number in range(30)]


def test_a_line_can_be_typed_in_a_flood_of_events(shell, box, other):
    type_in(shell, "help ")
    for letter in "fire":
        other.call("shout", times=500, size=20)
        shell.send(letter)
        shell.expect_exact(letter)
    other.call("say", text="the last")
    shell.expect_exact("* the last\r\n" + PROMPT + "help fire")
    shell.sendline("")
    shell.expect_exact("take one frame")
    lines = screen_of(shell).lines
    assert any(line.endswith("earlier messages are left out)") for line in lines)
    assert sum(line.startswith("* x") for line in lines) < 1000
    assert "lost the connection" not in shell.logfile_read.getvalue()


def test_a_signal_loses_no_output(shell):
    type_in(shell, "help " + "fire " * 30)
    often = REDRAW_KEY.decode() * 600  # more than an unread terminal takes, so readline blocks
    shown = []
    for signals in (0, 20):
        shell.send(often)
        for _ in range(signals):
            wait_until_it_cannot_write(shell)
            os.kill(shell.pid, signal.SIGIO)
        shell.send("!\b")
        shell.expect_exact("!")
        shown.append(shell.before)
        shell.expect_exact("\b\x1b[K")
    assert shown[0] == shown[1]


def wait_until_it_cannot_write(shell):
    """Wait, without reading, until the shell sleeps in a write."""
    state = Path(f"/proc/{shell.pid}/stat")
    select.select([shell], [], [])
    while state.read_text().rpartition(")")[2].split()[0] != "S":
        os.sched_yield()


def test_a_refusal_elsewhere_is_shown_even_if_it_equals_the_last_answer(shell, other):
    shell.sendline("fire")
    shell.expect_exact(f"refused: {NOT_FOCUSED}\r\n" + PROMPT)
    other.call("tell", event={"kind": "refused", "event": "shutter", "reason": NOT_FOCUSED})
    shell.expect_exact(f"* shutter was refused: {NOT_FOCUSED}\r\n" + PROMPT)
    assert screen_of(shell).lines.count(PROMPT + "fire") == 1


def test_frames_are_not_shown_but_the_run_is(shell, other):
    for state in ("WAITING", "EXPOSING", "RECOVERING", "WAITING"):
        other.call("tell", event=changed("UNFOCUSED", state))
    other.call("tell", event={"kind": "entered", "slot": 0, "slots": 1, "outcome": "fired", "reason": None})
    other.call("tell", event={"kind": "entered", "slot": 1, "slots": 1, "outcome": "skipped", "reason": "late"})
    other.call("tell", event=changed("UNFOCUSED", "IDLE"))
    shell.expect_exact("* the run has ended\r\n")
    lines = [line for line in screen_of(shell).lines if line.startswith("*")]
    assert lines == ["* a run has started", "* frame 2: skipped (late)", "* the run has ended"]


def test_the_events_of_our_own_commands_are_not_shown(shell, box, other):
    box.publishes_changes = True
    shell.sendline("start")
    shell.expect_exact("the run has started")
    shell.expect_exact(PROMPT)
    shell.sendline("stop")
    shell.expect_exact("the run is paused\r\n" + PROMPT)
    other.call("say", text="the last")
    shell.expect_exact("* the last")
    assert [line for line in screen_of(shell).lines if line.startswith("*")] == ["* the last"]


def test_a_setting_changed_elsewhere_is_shown(shell, other):
    shell.sendline("set interval.every 9s")
    shell.expect_exact("interval.every is 9s\r\nbackbutton*> ")
    other.call("settings.set", key="interval.every", value="8s")
    shell.expect_exact("* interval.every is now 8s (set elsewhere)\r\nbackbutton*> ")
    shell.sendline("rollback")
    shell.expect_exact("restored from the settings saved before: interval.every\r\nbackbutton*> ")
    other.call("say", text="the last")
    shell.expect_exact("* the last")
    told = [line for line in screen_of(shell).lines if line.startswith("*")]
    assert told == ["* interval.every is now 8s (set elsewhere)", "* the last"]


def test_losing_the_daemon_is_shown_at_once(path):
    with served(path):
        shell = spawn(path)
        shell.expect_exact(PROMPT)
        type_in(shell, "help f")
    with shell:
        shell.expect_exact("* lost the connection to the daemon at ")
        shell.expect_exact("it closed the connection")
        shell.expect_exact(PROMPT + "help f")
        shell.sendline("ire")
        shell.expect_exact("take one frame")


def test_ctrl_c_clears_the_line_after_events_too(shell, other):
    type_in(shell, "fire")
    other.call("say", text="the mirror is up")
    shell.expect_exact("* the mirror is up\r\n" + PROMPT + "fire")
    press_ctrl_c(shell, "\r\n" + PROMPT)
    shell.sendline("help fire")
    shell.expect_exact("take one frame")


def test_a_hardened_console_shows_events_at_once_too(path, box, other):
    with begun(path, HARDENED) as shell:
        other.call("say", text="the mirror is up")
        shell.expect_exact("* the mirror is up\r\n" + PROMPT)


def test_another_readline_shows_events_before_the_next_prompt(path, box, other):
    with spawn(path, WITHOUT_GNU) as shell:
        shell.expect_exact(PROMPT)
        other.call("say", text="the first")
        other.call("say", text="the second")
        shell.sendline("")
        shell.expect_exact("* the first\r\n* the second\r\n" + PROMPT)


def test_another_readline_keeps_reading_events_and_shows_the_latest(path, box, other):
    with spawn(path, WITHOUT_GNU) as shell:
        shell.expect_exact(PROMPT)
        for _ in range(12):  # together far more than the daemon buffers for a client
            other.call("shout", times=60)
            shell.send("x")
            shell.expect_exact("x")
        other.call("say", text="the last")
        shell.sendcontrol("u")
        shell.sendline("")
        shell.expect(r"\* \((\d+) earlier messages are left out\)")
        shell.expect_exact("* the last\r\n" + PROMPT)
        assert "lost the connection" not in shell.before


def test_the_console_ends_cleanly_in_a_flood_of_events(shell, other):
    other.call("shout", times=100, size=20)
    shell.expect_exact("* x")
    other.call("shout", times=100, size=20)
    shell.sendcontrol("d")
    shell.expect(pexpect.EOF)
    shell.wait()
    assert (shell.exitstatus, shell.signalstatus) == (0, None)
