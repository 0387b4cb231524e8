"""The daemon as a process of its own, on the virtual bench: signals, locks, bad files."""

import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from controller.client import Client

PROGRAM = [sys.executable, "-m", "controller.cli"]


@contextmanager
def started(*arguments, ready_on="stdout", ready=""):
    """Start the program, wait until a line with `ready` in it comes, and see that it ends."""
    with subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            for line in getattr(process, ready_on):
                if ready in line:
                    break
            yield process
        finally:
            process.kill()


@contextmanager
def daemon(folder, *more):
    with started("run", "--bench", *places(folder), *more, ready="backbutton is ready") as process:
        yield process


def places(folder):
    return ("--config", folder / "none.toml", "--state-dir", folder, "--socket", folder / "control.sock")


def run(*arguments):
    return subprocess.run([*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)


def edges_after(text, marker):
    """The edges that are told of after `marker`: line, closes or opens."""
    lines = text[text.index(marker) :].splitlines() if marker in text else text.splitlines()
    words = [line.split() for line in lines]
    return [(word[2], word[3]) for word in words if len(word) == 4 and word[2] in ("FOCUS", "SHUTTER")]


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
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
