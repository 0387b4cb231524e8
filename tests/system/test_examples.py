"""The example scripts of the docs, as a photographer runs them: over a serial cable, against a daemon on the bench."""

import os
import select
import signal
import subprocess
import sys
import threading
import tty
from contextlib import contextmanager
from pathlib import Path

import pytest
from system.test_daemon import daemon, started

from controller.client import Client

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
TIMELAPSE = (sys.executable, EXAMPLES / "timelapse.py")
FIRE = ("sh", EXAMPLES / "fire.sh")
BITE = 4096


class Cable:
    """Two serial ports joined by a cable; `near` and `far` are their paths."""

    def __init__(self):
        self._ends = [os.openpty(), os.openpty()]
        for _, port in self._ends:
            tty.setraw(port)
        self.near, self.far = (os.ttyname(port) for _, port in self._ends)
        self._wake = os.pipe()
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def _carry(self):
        one, other = (wire for wire, _ in self._ends)
        while True:
            ready = select.select([one, other, self._wake[0]], [], [])[0]
            if self._wake[0] in ready:
                return
            for wire in ready:
                os.write(other if wire == one else one, os.read(wire, BITE))

    def close(self):
        os.close(self._wake[1])
        self._thread.join()
        for fd in (self._wake[0], *(fd for end in self._ends for fd in end)):
            os.close(fd)


@pytest.fixture
def cable():
    cable = Cable()
    yield cable
    cable.close()


@pytest.fixture
def box(tmp_path, cable):
    """A client of a daemon on the bench whose console is served at the far end of the cable."""
    socket = tmp_path / "control.sock"
    served = ("console", "--socket", socket, "--port", cable.far)
    with (
        daemon(tmp_path, "--camera", "canon-e3"),
        started(*served, ready_on="stderr", ready="is served on"),
        Client.connect(socket) as client,
    ):
        yield client


def dial_in(box):
    box.call("subscribe")
    box.call("thumb.hold", button="back", duration="400ms")
    until(box, lambda event: event["kind"] == "changed" and event["focus"] == "DIALLED_IN")


def until(box, is_it):
    while not any(is_it(event) for event in box.events()):
        select.select([box], [], [])


def run(command, *arguments):
    return subprocess.run([*map(str, command), *arguments], capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def begun(command, *arguments):
    with subprocess.Popen(
        [*map(str, command), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        patience = threading.Timer(60, process.kill)  # a missing line fails the test instead of blocking it
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            process.kill()


def test_a_timelapse_is_taken_and_followed_to_its_end(box, cable):
    dial_in(box)
    done = run(TIMELAPSE, cable.near, "600ms", "3")
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert told[0].startswith("the run has started: frame 1 of 3 ")
    assert told[-1] == "focus is dialled in; nothing is running"
    frames = [line.partition(": ") for line in told if line.startswith("* frame ")]
    assert [head for head, _, _ in frames] == ["* frame 1", "* frame 2", "* frame 3"]
    assert all(outcome == "fired" or outcome.startswith("skipped (") for _, _, outcome in frames)  # a busy machine
    assert box.call("status")["run"] is None


def test_a_timelapse_does_not_start_before_focus_is_dialled_in(box, cable):
    done = run(TIMELAPSE, cable.near, "600ms", "3")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "focus is not dialled in: hold back while you focus, let go, and start this again\n"
    assert box.call("status")["unsaved"] == []


def test_an_impossible_value_ends_a_timelapse_with_the_boxs_sentence(box, cable):
    dial_in(box)
    done = run(TIMELAPSE, cable.near, "1ms", "3")
    assert done.returncode == 1
    assert done.stderr == (
        "set interval.every 1ms: error value: interval.every: 1ms is below 100ms; choose from 100ms to 24h\n"
    )


def test_ctrl_c_stops_a_timelapse_after_its_frame(box, cable):
    dial_in(box)
    with begun(TIMELAPSE, cable.near, "600ms", "1000") as process:
        while not process.stdout.readline().startswith("* frame 1: "):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
    assert told.endswith("focus is dialled in; nothing is running\n")
    assert box.call("status")["run"] is None


def test_a_script_copes_with_a_prompt_left_at_the_port(box, cable):
    port = os.open(cable.near, os.O_RDWR | os.O_NOCTTY)
    os.write(port, b"\r")
    heard = b""
    while b"\x1b[6n" not in heard:
        heard += os.read(port, BITE)
    os.write(port, b"\x1b[50;132Rhalf a line")
    while b"half a line" not in heard:
        heard += os.read(port, BITE)
    os.close(port)
    dial_in(box)
    done = run(FIRE, cable.near)
    assert (done.stdout, done.stderr) == ("ok focus is dialled in; taking a frame\n", "")


def test_a_frame_is_fired_from_a_shell_or_the_reason_is_shown(box, cable):
    refused = run(FIRE, cable.near)
    assert refused.returncode == 1
    assert refused.stdout.startswith("error refused: focus is not dialled in yet; ")
    dial_in(box)
    fired = run(FIRE, cable.near)
    assert (fired.returncode, fired.stdout, fired.stderr) == (0, "ok focus is dialled in; taking a frame\n", "")


@pytest.mark.parametrize(
    ("command", "told"), [(TIMELAPSE, "timelapse.py /dev/ttyACM0 5s 300"), (FIRE, "fire.sh /dev/ttyACM0")]
)
def test_without_a_port_an_example_shows_its_usage(command, told):
    done = run(command)
    assert done.returncode != 0
    assert told in done.stderr
