"""`watch` at a terminal: what it shows, what ends it, and what happens to input meanwhile."""

import signal
import termios
import threading
from contextlib import ExitStack

import pytest
from console.fake_box import NOT_FOCUSED, RUN, served
from console.test_events_at_prompt import begun, screen_of
from console.test_shell import PROMPT

from controller.client import Client

HINT = "any key leaves, Ctrl-C is cut"
STATE = "focus is not dialled in   nothing is running"


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


def watch(shell, seen="SHUTTER open"):
    shell.sendline("watch")
    shell.expect_exact(HINT)
    shell.expect_exact(seen)


def settings_of(shell):
    """Return the terminal's settings, as `stty -a` shows them."""
    return termios.tcgetattr(shell.child_fd)


def test_the_box_is_shown_until_a_key_is_pressed(path):
    run = RUN | {"confirmed": 9, "missed": 1}
    with served(path, focus="DIALLED_IN", release="WAITING", run=run), begun(path, LC_ALL="C.UTF-8") as shell:
        watch(shell, "at 04:12")
        shell.send("q")
        shell.expect_exact(PROMPT)
        assert screen_of(shell).lines[1:] == [
            HINT,
            "focus is dialled in   waiting for the next frame",
            "FOCUS open   SHUTTER open",
            "frame 12 of 300   next in 3.2 s",
            "[██░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░] 3 %",
            "10 fired   9 confirmed   1 missed   1 skipped",
            "55.0 s elapsed   ends in 24m 10s, at 04:12",
            PROMPT.rstrip(),
        ]


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "BACKBUTTON_ENCODING": "ascii"}])
def test_a_terminal_without_block_characters_gets_ascii(path, environment):
    with served(path, run=RUN), begun(path, **environment) as shell:
        watch(shell, "[##----")
        shell.send("q")
        shell.expect_exact(PROMPT)
        assert shell.logfile_read.getvalue().isascii()


def test_events_are_shown_above_the_live_state(shell, box, other):
    watch(shell)
    box.status |= {"release": "EXPOSING", "lines": {"focus": "open", "shutter": "closed"}}
    other.call("say", text="the mirror is up")
    shell.expect_exact("* the mirror is up")
    shell.expect_exact("SHUTTER closed")
    box.status |= {"release": "IDLE", "run": None}
    shell.expect_exact("nothing is running")  # nobody has told: it is looked at all the same
    shell.send("q")
    shell.expect_exact(PROMPT)
    assert screen_of(shell).lines[1:-1] == [HINT, "* the mirror is up", STATE, "FOCUS open   SHUTTER closed"]


def test_the_end_of_a_run_stays_until_a_key_is_pressed(path):
    with served(path, release="WAITING", run=RUN) as box, begun(path) as shell, Client.connect(path) as other:
        watch(shell, "at 04:12")
        box.status |= {"release": "IDLE", "run": None}
        states = {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}
        other.call("tell", event={"kind": "changed", "at_ns": 1, **states})
        shell.expect_exact("* the run has ended")
        shell.expect_exact("SHUTTER open")
        shell.send(" ")
        shell.expect_exact(PROMPT)
        assert screen_of(shell).lines[1:] == [
            HINT,
            "* the run has ended",
            STATE,
            "FOCUS open   SHUTTER open",
            PROMPT.rstrip(),
        ]


KEYS = ["q", " ", "\r", "\x04", "\x1a", "\x1b", "\x1b[A", "\x1bOA", "\x1b[15~", "ü", "\x7f"]


@pytest.mark.parametrize("key", KEYS)
def test_any_key_leaves_is_discarded_and_the_terminal_is_restored(shell, key):
    before = settings_of(shell)
    watch(shell)
    assert settings_of(shell) != before
    shell.send(key)
    shell.expect_exact(PROMPT)
    assert settings_of(shell) == before
    shell.sendline("help fire")
    shell.expect_exact("help fire\r\nfire [--json]\r\n")


def test_ctrl_c_is_cut_at_once_and_leaves(shell, box):
    before = settings_of(shell)
    watch(shell)
    shell.sendcontrol("c")
    shell.expect_exact("cut: focus is not dialled in; nothing is running\r\n" + PROMPT)
    assert box.deeds == ["cut"]
    assert settings_of(shell) == before


def test_ctrl_c_discards_what_was_typed_before_it_only(shell, box):
    watch(shell)
    shell.send("xfire\r\x03help fire\r")
    shell.expect_exact("cut: ")
    shell.expect_exact("take one frame")
    assert box.deeds == ["cut"]


def test_a_signal_to_interrupt_is_cut_too(shell, box):
    box.status |= {"run": RUN}
    watch(shell, "at 04:12")
    shell.kill(signal.SIGINT)
    shell.expect_exact("cut: focus is not dialled in; nothing is running\r\n" + PROMPT)
    assert box.deeds == ["cut"]


def test_lines_after_the_key_are_carried_out_and_the_rest_starts_the_next_line(shell, box):
    watch(shell)
    shell.send("qfire\rset interval.every 9s\r\rhelp f")
    shell.expect_exact(f"{PROMPT}fire\r\nrefused: {NOT_FOCUSED}\r\n")
    shell.expect_exact(f"{PROMPT}set interval.every 9s\r\ninterval.every is 9s\r\n")
    shell.expect_exact("backbutton*> \r\nbackbutton*> help f")
    shell.send("ire\r")
    shell.expect_exact("take one frame")
    assert box.deeds == ["fire", "settings.set"]


def test_lines_pasted_with_watch_are_carried_out_completely(shell, box):
    shell.send("watch\rfire\rwatch\rhelp f")
    shell.expect_exact(HINT)
    shell.expect_exact(f"refused: {NOT_FOCUSED}\r\n")
    shell.expect_exact(HINT)
    shell.expect_exact(PROMPT + "help f")
    shell.send("ire\r")
    shell.expect_exact("take one frame")
    assert box.deeds == ["fire"]


def test_a_second_watch_after_the_key_ends_for_the_lines_after_it(shell, box):
    watch(shell)
    shell.send("qwatch\rfire\rwatch\rhelp f")
    shell.expect_exact(f"{PROMPT}watch\r\n{HINT}")
    shell.expect_exact(f"{PROMPT}fire\r\nrefused: ")
    shell.expect_exact(f"{PROMPT}watch\r\n{HINT}")
    shell.expect_exact(PROMPT + "help f")
    shell.send("ire\r")
    shell.expect_exact("take one frame")
    assert box.deeds == ["fire"]


def test_ctrl_c_discards_pending_lines(shell, box):
    is_done = threading.Event()
    box.do_pause = lambda: is_done.wait() and box.states()
    watch(shell)
    shell.send("qpause\rfire\rfire")
    shell.expect_exact(PROMPT + "pause\r\n")
    shell.sendcontrol("c")
    shell.expect_exact("^C")
    is_done.set()
    shell.expect_exact("nothing is running\r\n" + PROMPT)
    shell.sendline("help cut")
    shell.expect_exact("open both contacts")
    assert box.deeds == ["pause"]


def test_losing_the_daemon_shows_one_sentence_and_the_prompt(path):
    with ExitStack() as stack:
        with served(path):
            shell = stack.enter_context(begun(path))
            before = settings_of(shell)
            watch(shell)
        shell.expect_exact("* lost the connection to the daemon at ")
        shell.expect_exact(PROMPT)
        lines = screen_of(shell).lines
        assert [line[0] for line in lines[1:3]] == ["a", "*"]
        assert "it closed the connection" in "".join(lines[2:])
        assert "error" not in "".join(lines)
        assert settings_of(shell) == before
        shell.sendline("help fire")
        shell.expect_exact("take one frame")
        assert "Traceback" not in shell.logfile_read.getvalue()


def test_without_a_daemon_there_is_nothing_to_watch(path):
    with begun(path) as shell:
        shell.sendline("watch")
        shell.expect_exact("error: no daemon at ")
        shell.expect_exact(PROMPT)
        assert HINT not in shell.before


@pytest.mark.parametrize("term", ["dumb", "no-such-terminal"])
def test_a_terminal_that_cannot_redraw_gets_a_line_for_each_change(path, term):
    with (
        served(path, release="WAITING", run=RUN) as box,
        begun(path, TERM=term) as shell,
        Client.connect(path) as other,
    ):
        watch(shell, "at 04:12\r\n")
        box.status |= {"run": RUN | {"slot": 12, "fired": 11}}
        other.call("say", text="the mirror is up")
        shell.expect_exact("* the mirror is up\r\n")
        other.call(
            "tell", event={"kind": "entered", "slot": 11, "slots": 1, "outcome": "fired", "reason": None, "at_ns": 1}
        )
        shell.expect_exact("at 04:12\r\n")
        shell.send("q")
        shell.expect_exact(PROMPT)
        first, mirror, second = screen_of(shell, columns=1000).lines[2:-1]
        assert first.startswith("focus is not dialled in; waiting for the next frame; frame 12 of 300 in 3.2 s; ")
        assert mirror == "* the mirror is up"
        assert second.startswith("focus is not dialled in; waiting for the next frame; frame 13 of 300 in 3.2 s; ")
        assert "\x1b" not in shell.logfile_read.getvalue()


def test_the_width_is_read_at_each_drawing(path):
    with served(path, release="WAITING", run=RUN) as box, begun(path, size=(24, 200)) as shell:
        watch(shell, "at 04:12")
        shell.setwinsize(24, 40)
        box.status |= {"run": RUN | {"slot": 12}}
        shell.expect_exact("frame 13 of 300")
        shell.expect_exact("] 4 %")
        assert len(shell.before + shell.after) < 60


def test_a_short_screen_is_never_filled(path):
    with served(path, release="WAITING", run=RUN) as box, begun(path, size=(5, 80)) as shell:
        watch(shell, "] 3 %")
        box.status |= {"run": RUN | {"slot": 12}}
        shell.expect_exact("] 4 %")
        shell.send("q")
        shell.expect_exact(PROMPT)
        seen = screen_of(shell, rows=5).lines
        assert [line for line in seen if line.startswith("frame")] == ["frame 13 of 300   next in 3.2 s"]
        assert "fired" not in "".join(seen)


def test_keys_work_in_a_flood_of_events(shell, other):
    watch(shell)
    for _ in range(4):
        other.call("shout", times=250, size=20)
    shell.send("q")
    shell.expect_exact(PROMPT)
    assert "lost the connection" not in shell.logfile_read.getvalue()


def test_closing_the_terminal_ends_it(path, box):
    with begun(path) as shell:
        watch(shell)
        shell.close(force=False)
        assert not shell.isalive()
