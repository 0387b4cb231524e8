"""The daemon at the limits that a machine sets, and under what other programs do to it."""

import signal
import socket
import subprocess
import threading
from contextlib import ExitStack

import pytest
from processes import PROGRAM, daemon, places, run

from controller.client import Client


def limited(files, folder):
    """The command line of a daemon that may open so many files."""
    shell = ["/bin/sh", "-c", f'ulimit -n {files}; exec "$@"', "sh"]
    return [*shell, *PROGRAM, "run", "--bench", *map(str, places(folder))]


def lines_until(stream, words):
    """Read up to the line with these words in it."""
    lines = []
    for line in stream:
        lines.append(line)
        if words in line:
            return lines
    pytest.fail(f"it never said: {words}")


def test_more_clients_than_files_may_be_open_are_one_line_in_the_log(tmp_path):
    with subprocess.Popen(
        limited(24, tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        patience = threading.Timer(60, process.kill)  # so that what is never said fails the test, and hangs none
        patience.start()
        try:
            lines_until(process.stdout, "backbutton is ready")
            with ExitStack() as clients:
                for _ in range(40):
                    client = clients.enter_context(socket.socket(socket.AF_UNIX))
                    client.connect(str(tmp_path / "control.sock"))
                lines_until(process.stderr, "no client can connect")
            with Client.connect(tmp_path / "control.sock", 60) as client:
                assert client.call("status")["release"] == "IDLE"
            process.terminate()
            rest = process.stderr.read()
            assert "Traceback" not in rest
            assert "no client can connect" not in rest
            assert process.wait(timeout=60) == 0
        finally:
            patience.cancel()
            process.kill()


def test_a_limit_below_what_the_daemon_needs_is_a_sentence(tmp_path):
    result = subprocess.run(limited(8, tmp_path), capture_output=True, text=True, timeout=60, check=False)
    sentence = "at most 8 files may be open, and the box needs 24; raise the limit, like: ulimit -n 1024"
    assert (result.returncode, result.stderr) == (1, f"backbutton: {sentence}\n")


def test_a_second_daemon_is_refused_although_the_lock_was_deleted(tmp_path):
    with daemon(tmp_path) as process, Client.connect(tmp_path / "control.sock") as client:
        (tmp_path / "control.sock.lock").unlink()
        second = run("run", "--bench", "--state-dir", tmp_path / "other", "--socket", tmp_path / "control.sock")
        assert second.returncode == 1
        [sentence] = second.stderr.splitlines()
        assert "another backbutton daemon already uses the socket" in sentence
        assert client.call("status")["release"] == "IDLE"
        process.terminate()
        assert process.wait(timeout=60) == 0


def test_further_signals_during_the_shutdown_do_not_break_it_off(tmp_path):
    with daemon(tmp_path) as process:
        while is_running(process):
            process.send_signal(signal.SIGTERM)
        assert process.returncode == 0
        assert "Traceback" not in process.stderr.read()


def is_running(process):
    try:
        process.wait(timeout=0.001)
    except subprocess.TimeoutExpired:
        return True
    return False
