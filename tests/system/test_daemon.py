"""The daemon as a process of its own, on the virtual bench: signals, locks, bad files."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from processes import daemon, places, run, started

from controller.client import Client
from controller.errors import CommandError


def edges_after(text, marker):
    """The edges that are told of after `marker`: line, closes or opens. Another thread may talk in between."""
    told = text[text.index(marker) :] if marker in text else text
    return re.findall(r"\b(FOCUS|SHUTTER) +(opens|closes)\b", told)


BURST = "at 0s > set shot.drive burst\nat 0s hold back 400ms\nat 0.6s hold shutter 20s\nat 1m > status\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_in_mid_exposure_opens_both_lines_before_a_simulation_ends(tmp_path, number):
    script = tmp_path / "burst.session"
    script.write_text(BURST)
    arguments = ("simulate", "--camera", "nikon-mc-dc2", "--script", script)
    with started(*arguments, ready="SHUTTER closes") as process:
        process.send_signal(number)
        rest, errors = process.communicate(timeout=60)
        assert edges_after(rest, "") == [("SHUTTER", "opens"), ("FOCUS", "opens")]
        assert "Traceback" not in errors
        assert process.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_in_mid_exposure_opens_both_lines_before_the_daemon_ends(tmp_path, number):
    with daemon(tmp_path, "--camera", "nikon-mc-dc2") as process:
        client = Client.connect(tmp_path / "control.sock")
        client.call("settings.set", key="shot.drive", value="burst")
        client.call("focus.hold")
        client.call("settings.set", key="focus.mode", value="continuous")
        client.call("thumb.press", button="shutter")
        told = ""
        while "SHUTTER closes" not in told:
            told += process.stderr.readline()
        process.send_signal(number)
        _, rest = process.communicate(timeout=60)
        client.close()
        assert edges_after(rest, "") == [("SHUTTER", "opens"), ("FOCUS", "opens")]
        assert process.returncode == 0


def test_a_second_daemon_on_the_same_state_directory_is_refused(tmp_path):
    with daemon(tmp_path):
        second = run("run", "--bench", "--state-dir", tmp_path, "--socket", tmp_path / "other.sock")
        assert second.returncode == 1
        [sentence] = second.stderr.splitlines()
        assert "another backbutton daemon already uses the state directory" in sentence


def test_a_second_daemon_on_the_same_socket_is_refused(tmp_path):
    with daemon(tmp_path):
        other = tmp_path / "other"
        second = run("run", "--bench", "--state-dir", other, "--socket", tmp_path / "control.sock")
        assert second.returncode == 1
        [sentence] = second.stderr.splitlines()
        assert "another backbutton daemon already uses the socket" in sentence


def test_after_a_kill_the_next_daemon_starts_on_what_is_left(tmp_path):
    with daemon(tmp_path) as process:
        process.kill()
        process.wait()
    with daemon(tmp_path):
        client = Client.connect(tmp_path / "control.sock")
        assert client.call("status")["release"] == "IDLE"
        client.close()


def test_every_fault_of_a_settings_file_is_told_and_nothing_starts(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[focus]\nmode = "singel"\nmin_hold = "1ms"\n[intervall]\nevery = "5s"\n')
    result = run("run", "--bench", "--config", config, "--state-dir", tmp_path, "--socket", tmp_path / "s")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    for word in ("focus.mode", "did you mean", "focus.min_hold", "intervall"):
        assert word in result.stderr


def test_garbage_and_endless_lines_on_the_socket_leave_the_lines_open(tmp_path):
    with daemon(tmp_path) as process:
        client = Client.connect(tmp_path / "control.sock")
        for garbage in (b"\x00\xff\xfe" * 1000 + b"\n", b"A" * (1 << 20) + b"\n", b"[" * 100_000 + b"\n", b"{}\n"):
            with_garbage = Client.connect(tmp_path / "control.sock")
            with_garbage._socket.sendall(garbage)
            assert with_garbage._socket.recv(10)
            with_garbage.close()
        assert client.call("status")["lines"] == {"focus": "open", "shutter": "open"}
        client.close()
        process.terminate()
        assert "Traceback" not in process.stderr.read()


def test_without_pins_the_daemon_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    result = run("run", *places(tmp_path))
    assert result.returncode == 1
    assert "--bench" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_daemon_runs_on_the_pins_of_gpiozeros_own_factories(tmp_path, monkeypatch):
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    with started("run", *places(tmp_path), ready="backbutton is ready") as process:
        client = Client.connect(tmp_path / "control.sock")
        client.call("settings.set", key="focus.interlock", value="false")
        client.call("settings.set", key="camera.back_button_focus", value="true")
        assert client.call("fire")["release"] == "EXPOSING"
        client.close()
        process.terminate()
        assert process.wait(timeout=60) == 0


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """Stands in for systemd; what it is told is read with `recv`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.delenv("WATCHDOG_PID", raising=False)
        monkeypatch.setenv("WATCHDOG_USEC", "50000")  # a hundredth of the unit's
        yield heard


def test_the_daemon_tells_that_it_is_ready_then_that_it_lives_then_that_it_stops(tmp_path, manager):
    with daemon(tmp_path) as process:
        assert manager.recv(1000).startswith(b"READY=1\nSTATUS=ready; the player has ")
        assert (tmp_path / "control.sock").is_socket()
        assert manager.recv(1000) == manager.recv(1000) == b"WATCHDOG=1"
        process.terminate()
        told = [manager.recv(1000)]
        while told[-1] != b"STOPPING=1":
            told.append(manager.recv(1000))
        assert set(told[:-1]) <= {b"WATCHDOG=1"}
        assert process.wait(timeout=60) == 0


def test_the_daemon_says_at_its_start_what_the_player_got(tmp_path):
    with started("run", "--bench", *places(tmp_path), ready_on="stderr", ready="the player has") as process:
        process.terminate()
        assert process.wait(timeout=60) == 0


# The real daemon, with something broken in it that no input breaks: `broken` is run in main, the box is `box`.
BREAKING = """
import os, signal, sys, threading
from controller import cli
from controller.box import assembly
from controller.simulate import stage
def assemble(*arguments, **options):
    box = assembly.assemble(*arguments, **options)
    close_line = lambda: [box.lines.write(line, True) for line in assembly.Line]
    def broken():
        close_line()
        {broken}
    signal.signal(signal.SIGUSR1, lambda *_: loop().call_soon_threadsafe(broken))
    return box
def loop():
    import asyncio
    return asyncio.get_running_loop()
stage.assemble = assemble
sys.exit(cli.main(sys.argv[1:]))
"""


@contextmanager
def breaking(folder, broken):
    """A daemon in which both contacts close and then something breaks; yields what it tells afterwards."""
    program = [sys.executable, "-c", BREAKING.format(broken=broken), "run", "--bench", *map(str, places(folder))]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        patience = threading.Timer(60, process.kill)  # so that what is never told fails a test, and hangs none
        patience.start()
        try:
            assert "is ready" in process.stdout.readline()
            assert "the player has" in process.stderr.readline()
            process.send_signal(signal.SIGUSR1)
            yield process
        finally:
            patience.cancel()
            process.kill()


def told_until(process, word):
    told = []
    for line in process.stderr:
        told.append(line)
        if word in line:
            break
    return "".join(told)


OPENED = [("SHUTTER", "opens"), ("FOCUS", "opens")]


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ("raise KeyError('a callback of asyncio')", "KeyError"),
        (
            "box.engine.step = None; box.engine.next_ns = 0; box.lines and loop().call_soon(box.engine.fail)",
            "TypeError",
        ),
        ("box.engine._player._inbox.put(lambda: 1 / 0)", "ZeroDivisionError"),
        ("threading.Thread(target=lambda: 1 / 0).start()", "ZeroDivisionError"),
        (
            (
                "from hardware.timeline import Edge, Line, Timeline; day = 25 * 3600 * 10**9; "
                "box.engine._player.play(1, Timeline((Edge(0, Line.FOCUS, True), Edge(day, Line.FOCUS, False))), 0)"
            ),
            "FOCUS would stay closed for",
        ),
    ],
    ids=["callback", "part", "player", "another thread", "a contact closed for a day"],
)
def test_whatever_breaks_the_lines_open_and_the_daemon_can_still_be_asked(tmp_path, broken, word):
    with breaking(tmp_path, broken) as process:
        told = told_until(process, word)
        client = Client.connect(tmp_path / "control.sock")
        assert client.call("status")["lines"] == {"focus": "open", "shutter": "open"}
        client.close()
        process.terminate()
        told += process.stderr.read()
        assert edges_after(told, "")[-2:] == OPENED
        assert process.wait(timeout=60) == 0


def test_what_ends_the_loop_opens_the_lines_first(tmp_path):
    with breaking(tmp_path, "raise SystemExit(3)") as process:
        _, told = process.communicate(timeout=60)
        assert edges_after(told, "")[-2:] == OPENED
        assert process.returncode == 3


def test_an_error_of_a_socket_is_no_fault_of_the_box(tmp_path):
    with breaking(tmp_path, "raise ConnectionError('gone')") as process:
        told_until(process, "ConnectionError")
        client = Client.connect(tmp_path / "control.sock")
        status = client.call("status")
        assert (status["release"], status["fault"]) == ("IDLE", None)
        client.close()


def test_a_player_that_hangs_is_not_fed_for(tmp_path, manager):
    with breaking(tmp_path, "box.engine._player._inbox.put(threading.Event().wait)") as process:
        manager.settimeout(1)  # twenty times what the watchdog would wait
        with pytest.raises(TimeoutError):
            while manager.recv(1000):
                pass
        assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)


def test_a_mirror_that_was_left_up_by_a_kill_is_waited_for_by_the_next_daemon(tmp_path):
    with daemon(tmp_path, "--camera", "canon-e3") as process:
        client = Client.connect(tmp_path / "control.sock")
        client.call("settings.set", key="shot.mirror_up", value="20s")
        client.call("focus.hold")
        client.call("subscribe")
        client.call("settings.set", key="focus.mode", value="continuous")
        client.call("fire")
        while (release := client.call("status")["release"]) == "DELAYING":
            pass  # until it is on record that the mirror may be up
        assert release == "MIRROR_UP"
        client.close()
        process.kill()
        process.wait()
    with daemon(tmp_path, "--camera", "canon-e3"):
        client = Client.connect(tmp_path / "control.sock")
        assert client.call("status")["release"] == "MIRROR_UP"
        with pytest.raises(CommandError, match="the mirror is up"):
            client.call("fire")
        client.close()


def test_a_client_can_ask_for_the_journal(tmp_path):
    with daemon(tmp_path):
        client = Client.connect(tmp_path / "control.sock")
        assert client.call("log") == {"lines": ["no run yet"], "runs": []}
        with pytest.raises(CommandError, match="no run 7 in the journal; there is none yet"):
            client.call("log", run=7)
        client.close()


def test_the_daemon_loads_no_tls_which_it_does_not_speak(tmp_path):
    with daemon(tmp_path) as process:
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        assert "/python" in maps
        assert "libssl" not in maps
