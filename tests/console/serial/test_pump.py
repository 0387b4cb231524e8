import os
import signal
import subprocess
import sys
import tty
from pathlib import Path

import pexpect
import pexpect.fdpexpect
import pytest
from console.fake_box import CONSOLE, NOT_FOCUSED, RUN, served

from controller.client import Client
from controller.console.serial.port import Port
from controller.errors import DaemonError

PROMPT = "backbutton> "
READY = "ok focus is not dialled in; nothing is running\r\n"
PUMP = """
import sys
from pathlib import Path
from controller.console.serial.pump import serve_port
sys.exit(serve_port(Path(sys.argv[1]), sys.argv[2], 115200, "--plain" in sys.argv, (sys.executable, "-c", sys.argv[3])))
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "control.sock"


class Cable:
    """A pty in place of a serial port, its far end behind a link that can be plugged and unplugged."""

    def __init__(self, link):
        self.link = link
        self.plug()

    def plug(self):
        self.fd, far = os.openpty()
        tty.setraw(far)
        self.link.symlink_to(os.ttyname(far))
        self.peer = pexpect.fdpexpect.fdspawn(self.fd, timeout=20, encoding="utf-8")
        self.peer.delaybeforesend = None
        self.far = far

    def unplug(self):
        self.link.unlink()
        os.close(self.far)
        os.close(self.fd)


@pytest.fixture
def cable(tmp_path):
    cable = Cable(tmp_path / "ttyX")
    yield cable
    cable.unplug()


@pytest.fixture
def box(path):
    with served(path) as box:
        yield box


@pytest.fixture
def start(path, cable, box):
    pumps = []

    def begin(*options):
        command = [sys.executable, "-c", PUMP, str(path), str(cable.link), CONSOLE, *options]
        environment = {**os.environ, "NO_COLOR": "1"}
        pumps.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment))
        wait_until_served(pumps[-1])
        return pumps[-1]

    yield begin
    for pump in pumps:
        pump.terminate()
        _, errors = pump.communicate()
        assert pump.returncode == 0
        assert "Traceback" not in errors


def wait_until_served(pump):
    """Wait until the port is open: opening discards what was written before."""
    while "is served on" not in pump.stderr.readline():
        assert pump.poll() is None


def at_terminal(peer):
    """Press Enter and reply as a terminal does, until there is a prompt."""
    peer.send("\r")
    peer.expect_exact("\x1b[6n")
    peer.send("\x1b[50;132R")
    peer.expect_exact(PROMPT)


def test_a_first_line_with_text_is_answered_in_line_mode(cable, start):
    start()
    cable.peer.send("focus release\r\n")
    cable.peer.expect_exact("ok focus is dialled in; nothing is running\r\n")
    assert cable.peer.before == ""
    cable.peer.send("status\r")
    cable.peer.expect_exact("\r\nok ")
    assert all(line.startswith(" ") for line in cable.peer.before.splitlines())


def test_enter_at_a_terminal_brings_the_prompt(cable, start):
    start()
    at_terminal(cable.peer)
    cable.peer.send("foc\trel\t\r\0")  # as telnet ends a line
    cable.peer.expect_exact("focus is dialled in; nothing is running\r\n")
    cable.peer.expect_exact(PROMPT)


def test_enter_without_a_reply_brings_line_mode(cable, start):
    start()
    cable.peer.send("\rplain\r")
    cable.peer.expect_exact("\r\n* line mode: ")
    cable.peer.expect_exact("\r\nok line mode\r\n")


def test_plain_is_line_mode_from_the_first_key(cable, start):
    start("--plain")
    cable.peer.send("\r\rplain\r")
    cable.peer.expect_exact("ok line mode\r\n")
    assert cable.peer.before == ""


def test_enter_after_quit_starts_a_new_session(cable, start):
    start()
    cable.peer.send("quit\r")
    cable.peer.expect_exact("ok goodbye\r\n* the session has ended; press Enter for a new one\r\n")
    at_terminal(cable.peer)
    cable.peer.send("quit\r")
    cable.peer.expect_exact("goodbye\r\n* the session has ended")


def test_watch_over_a_cable_is_ascii_and_ctrl_c_leaves_it(cable, start, box):
    start()
    at_terminal(cable.peer)
    box.status["run"] = RUN
    cable.peer.send("watch\r")
    cable.peer.expect_exact("\r\n[##-----")
    cable.peer.expect_exact("at 04:12")
    cable.peer.send("\x03")
    cable.peer.expect_exact("cut: focus is not dialled in; nothing is running\r\n")
    cable.peer.expect_exact(PROMPT)
    assert set(box.deeds) == {"cut"}


def test_noise_does_not_end_watch_but_redraws_it(cable, start, box):
    start()
    at_terminal(cable.peer)
    cable.peer.send("watch\r")
    cable.peer.expect_exact("FOCUS open")
    os.write(cable.fd, b"\xff\xfefire\r\xff")
    cable.peer.expect_exact("* noise on the line")
    cable.peer.expect_exact("FOCUS open")
    assert PROMPT not in cable.peer.before
    while cable.peer.expect_exact(
        [PROMPT, pexpect.TIMEOUT], timeout=0.1
    ):  # until the noise has ended, a key counts as noise
        cable.peer.send("q")
    assert box.deeds == []


def test_ctrl_c_is_cut_whatever_the_console_does(cable, start, box, path):
    start()
    at_terminal(cable.peer)
    os.kill(console_pid(path), signal.SIGSTOP)
    box.publish = None
    with Client.connect(path) as watcher:
        cable.peer.send("\x1b[200~abc\x03")
        while box.deeds[-1:] != ["cut"]:
            watcher.call("status")
    os.kill(console_pid(path), signal.SIGCONT)


def console_pid(path):
    """Return the process id of the console that the pump started."""
    found = [place.name for place in Path("/proc").iterdir() if place.name.isdigit() and is_console(place, path)]
    (pid,) = found
    return int(pid)


def is_console(place, path):
    try:
        words = (place / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"--socket" in words and str(path).encode() in words


def test_a_console_that_dies_starts_again_at_the_next_key(cable, start, path):
    start()
    at_terminal(cable.peer)
    os.kill(console_pid(path), signal.SIGKILL)
    cable.peer.expect_exact("* the console has stopped")
    cable.peer.send("\r")
    cable.peer.expect_exact(PROMPT)


def test_a_port_that_is_unplugged_is_opened_again_for_a_new_session(cable, start):
    pump = start()
    at_terminal(cable.peer)
    cable.unplug()
    assert "was unplugged; trying again every second" in pump.stderr.readline()
    cable.plug()
    wait_until_served(pump)
    cable.peer.send("plain\r")
    cable.peer.expect_exact("ok line mode\r\n")


def test_a_host_that_does_not_read_loses_the_oldest_lines_and_blocks_nothing(cable, start, box, path):
    start()
    cable.peer.send("plain\r")
    cable.peer.expect_exact("ok line mode\r\n")
    with Client.connect(path) as other:
        for _ in range(20):  # less than the daemon buffers for a client
            other.call("shout", times=10)
    cable.peer.send("focus hold\r")
    while box.deeds[-1] != "focus.hold":
        pass
    cable.peer.expect_exact("* some lines are lost: nobody read them\r\n")
    cable.peer.send("plain\r")
    cable.peer.expect_exact("\nok line mode\r\n")


def test_garbage_blocks_nothing_and_its_ctrl_c_is_not_cut(cable, start, box):
    start()
    os.write(cable.fd, bytes(range(256)) * 8 + b"\r")
    cable.peer.send("plain\r")
    cable.peer.expect_exact("ok line mode\r\n")
    os.write(cable.fd, b"\x03\xff" * 999 + b"\x04\r")
    cable.peer.expect_exact("error usage: the line contains bytes that are not text; it was ignored\r\n")
    cable.peer.send("focus release\r")
    cable.peer.expect_exact("ok focus is dialled in")
    assert "cut" not in box.deeds


def test_garbage_at_a_prompt_repeats_no_command(cable, start, box):
    start()
    at_terminal(cable.peer)
    cable.peer.send("fire\r")
    cable.peer.expect_exact(NOT_FOCUSED)
    cable.peer.expect_exact(PROMPT)
    fired = box.deeds.count("fire")
    cable.peer.send("fire")
    os.write(cable.fd, b"\xfe\x10\r\x1b[A\r\x12f\r\x04")
    cable.peer.expect_exact(
        "* noise on the line: bytes that are not text were ignored, and everything that came with them\r\n"
    )
    cable.peer.expect_exact(PROMPT)
    while "focus.release" not in box.deeds:  # until the noise has ended, input counts as noise
        cable.peer.send("focus release\r")
        cable.peer.expect_exact([PROMPT, pexpect.TIMEOUT], timeout=0.1)
    assert box.deeds.count("fire") == fired


def test_sigterm_ends_it_at_once_with_output_that_nobody_reads(cable, start, path):
    pump = start()
    cable.peer.send("plain\r")
    cable.peer.expect_exact("ok line mode\r\n")
    with Client.connect(path) as other:
        other.call("shout", times=100)
    pump.send_signal(signal.SIGTERM)
    assert pump.wait(10) == 0


def test_a_missing_port_is_reported_once_and_retried_every_second(tmp_path, capsys):
    port = Port(str(tmp_path / "ttyNone"), 115200)
    assert not any(port.open(now_ns) for now_ns in (0, 1, 1_000_000_000, 2_000_000_000))
    assert port.retry_ns == 3_000_000_000
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "ttyNone" in complaint


def test_an_impossible_speed_is_explained_in_a_sentence(cable):
    with pytest.raises(DaemonError, match="try --baud 115200"):
        Port(str(cable.link), -1).open(0)


def test_setup_asks_over_a_serial_port_and_ctrl_c_leaves_it(cable, start, box):
    box.status["lines"] = {"focus": "closed", "shutter": "open"}
    start()
    at_terminal(cable.peer)
    cable.peer.send("setup\r")
    cable.peer.expect_exact("Which camera do you have? (e.g. D850)\r\ncamera (Enter keeps it)> ")
    cable.peer.send("\x03")
    cable.peer.expect_exact("setup ended; nothing was changed\r\n")
    cable.peer.expect_exact("backbutton")
    assert "cut" in box.deeds
