"""Whatever the standard streams are, the program ends in a sentence and the daemon runs on; never a traceback."""

import io
import os
import select
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from journals import Told, begun, writing
from processes import PROGRAM, places

from controller.cli import main
from controller.client import Client

FULL = Path("/dev/full")
SESSION = ("simulate", "--fast", "--script", "docs/landscape.session")
FULL_OUTPUT = "backbutton: standard output cannot be written: the disk is full"


@pytest.fixture
def state(tmp_path):
    """A state directory with a run in its journal."""
    with writing(tmp_path / "journal.db", told := Told()) as writer:
        begun(writer, told)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        *(("plan", "--set", "camera.back_button_focus=true"), ("plan", "--json"), ("log",), ("log", "1", "--csv")),
        *(("cameras",), ("cameras", "generic"), ("config", "--default"), ("config", "--keys"), ("wiring",)),
        *(("setup", "generic"), ("doctor", "--list"), SESSION),
    ],
    ids=" ".join,
)
def test_output_to_a_full_disk_ends_in_a_sentence(state, monkeypatch, capsys, command):
    more = ("--state-dir", str(state)) if command[0] in ("plan", "log", "wiring") else ()
    with FULL.open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main([*command, *more]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == FULL_OUTPUT


def test_edges_to_a_full_disk_end_in_a_sentence(capsys):
    assert main([*SESSION, "--vcd", str(FULL)]) == 1
    assert capsys.readouterr().err == "backbutton: /dev/full cannot be written: the disk is full\n"


@pytest.mark.parametrize("command", ["cameras", "--help"])
def test_a_process_with_its_output_on_a_full_disk_ends_in_a_sentence(command):
    with FULL.open("w") as full:
        result = subprocess.run(
            [*PROGRAM, command], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert (result.returncode, result.stderr) == (1, FULL_OUTPUT + "\n")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp437"])
@pytest.mark.parametrize(
    "command", [("plan", "--set", "camera.back_button_focus=true"), ("cameras", "generic"), SESSION]
)
def test_a_terminal_that_is_not_utf_8_gets_what_it_can_show(tmp_path, monkeypatch, capsys, command, encoding):
    more = ("--state-dir", str(tmp_path)) if command[0] == "plan" else ()
    monkeypatch.setattr(sys, "stdout", output := io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    main([*command, *more])
    assert capsys.readouterr().err == ""
    assert output.buffer.getvalue().decode(encoding)


def test_a_plan_in_a_script_on_a_latin_1_terminal_is_drawn_in_ascii(tmp_path, monkeypatch):
    script = tmp_path / "plan.session"
    script.write_text("at 0s > plan\n")
    monkeypatch.setattr(sys, "stdout", output := io.TextIOWrapper(io.BytesIO(), encoding="latin-1"))
    assert main(["simulate", "--fast", "--script", str(script)]) == 0
    assert b"#" in output.buffer.getvalue()


@pytest.mark.parametrize(
    ("command", "closed", "status"),
    [
        *((SESSION, closed, 0) for closed in (">&-", "2>&-", "<&- >&- 2>&-")),
        (("plan", "--set", "camera.back_button_focus=true"), ">&-", 0),
        (("config", "--check", "none.toml"), ">&- 2>&-", 1),
        (("frobnicate",), "<&- >&-", 2),
    ],
)
def test_closed_standard_streams_end_in_no_traceback(tmp_path, command, closed, status):
    more = ("--state-dir", str(tmp_path)) if command[0] == "plan" else ()
    shell = ["/bin/sh", "-c", f'"$@" {closed}', "sh", *PROGRAM, *command, *more]
    result = subprocess.run(shell, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in result.stderr
    assert result.returncode == status


@contextmanager
def running(folder, monkeypatch, **streams):
    """A daemon whose standard streams nobody can use: only the service manager hears that it is ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(folder / "notify"))
        manager.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
        monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # or nothing is left to be written at the end
        command = streams.pop("command", [])
        with subprocess.Popen(
            [*command, *PROGRAM, "run", "--bench", *map(str, places(folder))], **streams
        ) as process:
            try:
                assert manager.recv(1000).startswith(b"READY=1")
                yield process
            finally:
                process.kill()


def focus(client):
    """Hold `back` for a moment: the bench reports each edge on standard error."""
    client.call("subscribe")
    client.call("thumb.hold", button="back", duration="100ms")
    wait_for(client, lambda status: status["focus"] == "DIALLED_IN")


def be_dropped(path):
    """Ask and do not read, until the daemon drops the connection, and logs that."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(60)
        client.connect(str(path))
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            while True:
                client.sendall(b'{"jsonrpc":"2.0","id":1,"method":"settings.show"}\n' * 20)


def take_a_run(folder):
    """Focus, then take a run of one frame."""
    with Client.connect(folder / "control.sock") as client:
        focus(client)
        client.call("settings.set", key="interval.count", value="1")
        client.call("start")
        wait_for(client, lambda status: status["run"] is None)
        assert client.call("status")["fault"] is None


def wait_for(client, is_so):
    """Block until the status is so; it is asked for again after each event."""
    while not is_so(client.call("status")):
        assert select.select([client], [], [], 60)[0], "nothing happens"
        client.events()


def assert_it_ends_well(process):
    assert process.poll() is None
    process.terminate()
    assert process.wait(timeout=60) == 0


def test_a_daemon_whose_output_finds_a_full_disk_runs_on(tmp_path, monkeypatch):
    with FULL.open("w") as full, running(tmp_path, monkeypatch, stdout=full, stderr=full) as process:
        be_dropped(tmp_path / "control.sock")
        with Client.connect(tmp_path / "control.sock") as client:
            focus(client)
            assert client.call("status")["fault"] is None
        assert_it_ends_well(process)


def test_a_daemon_whose_output_nobody_reads_any_more_runs_on(tmp_path, monkeypatch):
    read_fd, write_fd = os.pipe()
    with running(tmp_path, monkeypatch, stdout=write_fd, stderr=write_fd) as process:
        os.close(write_fd)
        os.close(read_fd)
        take_a_run(tmp_path)
        assert_it_ends_well(process)


def test_a_daemon_without_standard_streams_writes_into_none_of_its_files(tmp_path, monkeypatch):
    shell = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"]
    with running(tmp_path, monkeypatch, command=shell) as process:
        streams = [Path(f"/proc/{process.pid}/fd/{number}").readlink() for number in range(3)]
        assert streams == [Path(os.devnull)] * 3
        with Client.connect(tmp_path / "control.sock") as client:
            focus(client)
        assert_it_ends_well(process)
