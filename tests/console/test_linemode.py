import os
import subprocess
import sys
import threading

import pytest
from console.fake_box import CONSOLE, NOT_FOCUSED, RUN, served

from controller.client import Client
from controller.console.linemode import LineMode
from controller.console.link import Link

READY = "ok focus is not dialled in; nothing is running"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "control.sock"


class Script:
    """A script at the other end of line mode, which runs in a thread of its own."""

    def __init__(self, link, in_fd, out_fd, write_fd, read_fd):
        self.write_fd = write_fd
        self.read_fd = read_fd
        self.held = b""
        self.fds = {in_fd, out_fd, write_fd, read_fd}
        self.thread = threading.Thread(target=self.serve, args=(link, in_fd, out_fd))
        self.thread.start()

    def serve(self, link, in_fd, out_fd):
        LineMode(link, in_fd, out_fd).run()
        link.close()
        self.shut(in_fd)
        self.shut(out_fd)

    def shut(self, fd):
        if fd in self.fds:
            self.fds.discard(fd)
            os.close(fd)

    def write(self, text):
        while text:
            text = text[os.write(self.write_fd, text) :]

    def read(self):
        """Return the next line."""
        while b"\n" not in self.held:
            chunk = os.read(self.read_fd, 4096)
            assert chunk, f"the end, after {self.held!r}"
            self.held += chunk
        line, _, self.held = self.held.partition(b"\n")
        return line.decode().rstrip("\r")

    def ask(self, text):
        """Send text; return the lines up to and with the answer."""
        self.write(text)
        lines = [self.read()]
        while not lines[-1].startswith(("ok", "error")):
            lines.append(self.read())
        return lines

    def end(self):
        """Close the input; return all that is still to be read."""
        self.shut(self.write_fd)
        rest = self.held
        while chunk := os.read(self.read_fd, 4096):
            rest += chunk
        self.thread.join()
        self.shut(self.read_fd)
        return rest.decode().splitlines()


@pytest.fixture
def start(path):
    scripts = []

    def begin(*fds):
        if not fds:
            (in_fd, write_fd), (read_fd, out_fd) = os.pipe(), os.pipe()
            fds = (in_fd, out_fd, write_fd, read_fd)
        scripts.append(Script(Link(path), *fds))
        return scripts[-1]

    yield begin
    for script in scripts:
        if script.thread.is_alive():
            script.end()
        for fd in tuple(script.fds):
            script.shut(fd)


def run(path, text):
    """Run a whole session as a process; return status, output, errors."""
    command = [sys.executable, "-c", CONSOLE, "--socket", str(path)]
    done = subprocess.run(command, input=text, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_session_from_a_pipe(path):
    with served(path, focus="DIALLED_IN") as box:
        status, output, errors = run(path, b"fire\r\n\r\n\r\n\x00\r\nset interval.every '9s'\nsave")
    assert (status, errors) == (0, "")
    assert output.splitlines() == [
        "ok focus is dialled in; taking a frame",
        "ok interval.every is 9s",
        "ok saved interval.every",
    ]
    assert box.deeds == ["fire", "settings.set", "settings.save"]


def test_without_a_daemon_every_line_is_answered_and_the_status_is_1(path):
    status, output, errors = run(path, b"status\nfire\nhelp fire\n")
    reason = f"no daemon at {path}: no such file or directory"
    offline = f"error offline: {reason}; is the daemon running? sudo systemctl status backbutton"
    lines = [line for line in output.splitlines() if not line.startswith(" ")]
    assert lines == [offline, offline, "ok fire"]
    assert status == 1
    assert errors.count("\n") == 1
    assert "no daemon at" in errors


def test_quit_ends_the_session_and_ignores_the_rest(path):
    with served(path) as box:
        status, output, _ = run(path, b"quit\nfire\n")
    assert (status, output, box.deeds) == (0, "ok goodbye\n", [])


def test_an_event_starts_with_a_star(path, start):
    with served(path), Client.connect(path) as other:
        script = start()
        assert script.ask(b"status\n")[-1] == READY
        other.call("say", text="the mirror\nis up")
        assert script.read() == "* the mirror is up"


def test_a_refusal_that_was_answered_is_not_repeated_as_an_event(path, start):
    with served(path), Client.connect(path) as other:
        script = start()
        assert script.ask(b"fire\n") == [f"error refused: {NOT_FOCUSED}"]
        other.call("say", text="next")
        assert script.read() == "* next"


def test_changes_by_others_are_shown_as_events_and_our_own_are_not(path, start):
    with served(path), Client.connect(path) as other:
        script = start()
        assert script.ask(b"set interval.every 9s\n") == ["ok interval.every is 9s"]
        other.call("settings.set", key="interval.every", value="8s")
        assert script.read() == "* interval.every is now 8s (set elsewhere)"
        assert script.ask(b"rollback\n") == ["ok restored from the settings saved before: interval.every"]
        other.call("say", text="next")
        assert script.read() == "* next"


def frame(slot):
    return {"kind": "entered", "slot": slot, "slots": 1, "outcome": "fired", "reason": None, "at_ns": 1}


def test_watch_writes_a_line_for_each_change_until_the_next_line_arrives(path, start):
    with served(path, focus="DIALLED_IN", release="WAITING", run=RUN) as box, Client.connect(path) as other:
        script = start()
        script.write(b"watch\n")
        assert script.read().startswith(
            "* focus is dialled in; waiting for the next frame; frame 12 of 300 in 3.2 s; "
        )
        box.status |= {"release": "EXPOSING", "run": RUN | {"slot": 12, "fired": 11}}
        states = {"focus": "DIALLED_IN", "release": "EXPOSING", "lock": False}
        other.call("tell", event={"kind": "changed", "at_ns": 1, **states})
        assert script.read().startswith("* focus is dialled in; taking a frame; frame 13 of 300 in 3.2 s; ")
        other.call("say", text="the mirror is up")
        assert script.read() == "* the mirror is up"
        other.call("tell", event=frame(11))
        assert script.read() == "* frame 12: fired"
        assert script.read().startswith("* focus is dialled in; taking a frame; frame 13 of 300 in 3.2 s; ")
        assert script.ask(b"cut\n") == ["ok watched"]
        assert script.read() == "ok focus is dialled in; nothing is running"
        other.call("tell", event=frame(12))
        assert script.read() == "* frame 13: fired"


@pytest.mark.parametrize(
    ("behind", "answers"),
    [
        (b"", ["ok watched"]),
        (b"\n", ["ok watched"]),
        (b"plain\n", ["ok watched", "ok line mode"]),
        (b"plain", ["ok watched", "ok line mode"]),
        (b"quit\nplain\n", ["ok watched", "ok goodbye"]),
        (b"watch\n", ["ok watched", "ok watched"]),
        (b"x" * 20_000 + b"\n", ["ok watched", "error usage: a line can have at most 4096 characters; this one was longer and was ignored"]),
    ],
)  # fmt: skip
def test_watch_is_answered_once_before_the_next_line(path, behind, answers):
    with served(path):
        status, output, _ = run(path, b"watch\n" + behind)
    assert [line for line in output.splitlines() if not line.startswith("*")] == answers
    assert output.startswith("* focus is not dialled in; nothing is running\n")
    assert status == 0


def test_events_that_arrive_during_a_status_call_are_shown_at_once(path, start):
    with served(path) as box, Client.connect(path) as other:
        script = start()
        script.write(b"watch\n")
        assert script.read() == f"* {READY[3:]}"
        ask = box.do_status

        def do_status():
            box.do_status = ask
            box.publish(frame(1))
            return ask()

        box.do_status = do_status
        other.call("tell", event=frame(0))
        assert [script.read() for _ in range(4)] == [
            "* frame 1: fired",
            f"* {READY[3:]}",
            "* frame 2: fired",
            f"* {READY[3:]}",
        ]


def test_losing_the_daemon_ends_the_watch_with_an_error(path, start):
    with served(path):
        script = start()
        script.write(b"watch\n")
        assert script.read() == f"* {READY[3:]}"
    assert script.read().startswith("* lost the connection to the daemon at ")
    assert script.read().startswith("error offline: no daemon at ")
    assert script.ask(b"plain\n") == ["ok line mode"]


def test_without_a_daemon_watch_is_an_error_at_once(path, start):
    assert start().ask(b"watch\n")[0].startswith("error offline: no daemon at ")


def test_the_next_command_reconnects_to_a_restarted_daemon(path, start):
    with served(path):
        script = start()
        assert script.ask(b"status\n")[-1] == READY
    assert script.read().startswith("* lost the connection to the daemon at ")
    assert script.ask(b"status\n")[-1].startswith("error offline: no daemon at ")
    with served(path):
        assert script.ask(b"status\n")[-1] == READY


def test_a_restarted_daemon_causes_no_failure(path, start):
    script = None
    for _ in range(2):
        with served(path):
            script = script or start()
            script.write(b"status\n")
            while script.read() != READY:
                pass


@pytest.mark.parametrize("garbage", [b"\xff\xfe\x80\x00", b"\x1b[A\x7f\x01x", b"\x00" * 20_000, b"'", b"x" * 20_000])
def test_garbage_gets_one_error_and_the_next_line_works(path, start, garbage):
    with served(path) as box:
        script = start()
        script.write(garbage + b"\nstatus\n")
        lines = [script.read()]
        while lines[-1] != READY:
            lines.append(script.read())
        assert sum(not line.startswith(" ") for line in lines) == 2
        assert lines[0].startswith("error usage: ")
        assert box.deeds == []


def test_a_line_of_a_mebibyte_gets_one_error(path, start):
    with served(path):
        script = start()
        script.write(b"x" * 1024 * 1024 + b"\n")
        assert script.ask(b"status\n")[0] == (
            "error usage: a line can have at most 4096 characters; this one was longer and was ignored"
        )
        assert script.read().startswith(" ")


def test_a_last_line_without_a_line_end_is_carried_out_from_a_pipe(path, start):
    with served(path):
        script = start()
        script.write(b"plain")
        assert script.end() == ["ok line mode"]


def test_a_reader_that_closes_ends_the_session(path, start):
    with served(path):
        script = start()
        script.shut(script.read_fd)
        script.write(b"help\n")
        script.thread.join()


def terminal():
    """Open a pty; return the descriptors that Script takes."""
    near, far = os.openpty()
    return far, os.dup(far), os.dup(near), near


@pytest.fixture
def at_terminal(path, start):
    def begin():
        script = start(*terminal())
        script.ask(b"plain\n")  # from here on the terminal does not echo
        script.ask(b"plain\n")
        while script.held:
            script.read()
        return script

    return begin


def test_at_a_terminal_nothing_is_echoed(path, at_terminal):
    with served(path):
        script = at_terminal()
        assert script.ask(b"plain\r") == ["ok line mode"]
        assert script.ask(b"plain\r\n") == ["ok line mode"]
        script.ask(b"quit\r")
        script.thread.join()


def test_an_echo_from_the_host_is_not_answered(path, at_terminal):
    with served(path):
        script = at_terminal()
        answer = script.ask(b"help\n")
        script.write("\r\n".join([*answer, ""]).encode())
        assert script.ask(b"plain\n") == ["ok line mode"]
        script.ask(b"quit\r")
        script.thread.join()


def test_ctrl_c_at_a_terminal_is_cut_and_discards_the_line(path, at_terminal):
    with served(path) as box:
        script = at_terminal()
        script.write(b"fire\x03")
        assert script.read() == "* focus is not dialled in; nothing is running"
        assert script.ask(b"plain\n") == ["ok line mode"]
        assert box.deeds == ["cut"]
        script.write(b"\x04")
        script.thread.join()


def test_at_a_terminal_ctrl_c_is_cut_during_watch_and_an_echo_is_ignored(path, at_terminal):
    with served(path) as box:
        script = at_terminal()
        script.write(b"watch\r\n")
        assert script.read() == f"* {READY[3:]}"
        script.write(f"* {READY[3:]}\r\n".encode())
        script.write(b"\x03")
        assert script.read() == f"* {READY[3:]}"
        assert script.ask(b"plain\r") == ["ok watched"]
        assert script.read() == "ok line mode"
        assert box.deeds == ["cut"]
        script.write(b"watch\r")
        script.read()
        script.write(b"\x04")
        assert script.read() == "ok watched"
        script.thread.join()


def test_a_hangup_ends_the_session_and_discards_an_incomplete_line(path, at_terminal):
    with served(path) as box:
        script = at_terminal()
        script.write(b"fire")
        script.shut(script.write_fd)
        script.shut(script.read_fd)
        script.thread.join()
        assert box.deeds == []
