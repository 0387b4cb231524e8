"""Ctrl-C cuts, whatever the prompt is in the middle of."""

import fcntl
import os
import struct
import sys
import termios

import pexpect
import pytest
from console.fake_box import CONSOLE, RUN, served

pytestmark = pytest.mark.alone

PROMPT = "backbutton> "


@pytest.fixture(scope="module")
def prompt(tmp_path_factory):
    """A console at its prompt, and the box behind it; one for all tests, so each also checks what the last one left."""
    folder = tmp_path_factory.mktemp("prompt")
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "INPUTRC": str(folder / "inputrc")}
    arguments = ["-c", CONSOLE, "--socket", str(folder / "control.sock")]
    with (
        served(folder / "control.sock") as box,
        pexpect.spawn(sys.executable, arguments, env=environment, timeout=20, encoding="utf-8") as shell,
    ):
        shell.delaybeforesend = None
        shell.expect_exact(PROMPT)
        yield shell, box


def type_and_wait(shell, keys):
    """Type, and block until the console has read every key."""
    shell.send(keys)
    terminal = os.open(f"/proc/{shell.pid}/fd/0", os.O_RDONLY | os.O_NOCTTY)
    try:
        while unread(terminal):
            shell.expect(pexpect.TIMEOUT, timeout=0.01)  # reads what the console echoes
    finally:
        os.close(terminal)


def unread(terminal):
    """Return how many bytes the program on a terminal has not read yet."""
    return struct.unpack("i", fcntl.ioctl(terminal, termios.FIONREAD, bytes(4)))[0]


@pytest.mark.parametrize(
    "keys",
    [
        *("", "sta", "\x1b[200~", "\x1b[200~abc", "\x1b[200~abc\x1b[201~\x1b[200~b", "\x1b[200~" + "x" * 300),
        *("\x16", "\x16\x16", "\x11", "\x12fo", "\x1b", "\x1b[", "\x1b[2", "\x1d", "\x1b5", "\x18", "\x18("),
    ],
)
def test_the_first_ctrl_c_cuts_whatever_was_begun(prompt, keys):
    shell, box = prompt
    box.status["run"] = RUN
    type_and_wait(shell, keys)
    shell.send("\x03")
    shell.expect_exact("cut: ")
    shell.expect_exact(PROMPT)
    assert box.status["run"] is None


def test_a_paste_in_brackets_is_typed_without_them(prompt):
    shell, _ = prompt
    shell.send("\x1b[200~version\x1b[201~\r")
    shell.expect_exact("console protocol")
    shell.expect_exact(PROMPT)


def test_the_keys_that_change_a_line_work(prompt):
    shell, _ = prompt
    shell.send("versionx\x7f lost\x17\x08\r")
    shell.expect_exact("console protocol")
    shell.expect_exact(PROMPT)
    shell.send("lost\x15version\r")
    shell.expect_exact("console protocol")
    shell.expect_exact(PROMPT)
