import fcntl
import signal
import socket
import subprocess
import sys

import pytest

from controller.daemon.locks import held_directory, held_file, refuse_if_served
from controller.errors import DaemonError

LOCKS = pytest.mark.parametrize("held", [held_directory, held_file])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "place"


@LOCKS
def test_a_lock_that_is_held_is_refused_with_what_it_is_about_and_the_remedy(held, path):
    with held(path, "the socket"), pytest.raises(DaemonError) as caught, held(path, "the socket"):
        pytest.fail("two hold one lock")
    assert str(caught.value) == (
        "another backbutton daemon already uses the socket; stop it first "
        "(sudo systemctl stop backbutton), or choose another place"
    )


@LOCKS
def test_a_lock_can_be_taken_again_once_it_was_given_back(held, path):
    for _ in range(2):
        with held(path, "the socket"):
            pass


@LOCKS
def test_a_lock_is_given_back_when_something_breaks_inside(held, path):
    with pytest.raises(ZeroDivisionError), held(path, "the socket"):
        raise ZeroDivisionError
    with held(path, "the socket"):
        pass


@LOCKS
def test_an_error_inside_is_not_taken_for_one_of_the_lock(held, path):
    with pytest.raises(FileNotFoundError), held(path, "the socket"):
        raise FileNotFoundError


@LOCKS
def test_two_places_are_two_locks(held, tmp_path):
    with held(tmp_path / "one", "one"), held(tmp_path / "two", "two"):
        pass


@LOCKS
def test_a_lock_that_cannot_be_made_is_refused_with_the_reason(held, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DaemonError) as caught, held(tmp_path / "file" / "place", "it"):
        pytest.fail("a lock in a file")
    assert str(caught.value).startswith(str(tmp_path / "file"))
    assert str(caught.value).endswith("); choose another place")


def test_a_directory_is_locked_without_writing_anything_into_it(path):
    with held_directory(path, "it"):
        assert list(path.iterdir()) == []


def test_a_folder_in_the_place_of_a_lock_file_is_refused_with_the_reason(tmp_path):
    with pytest.raises(DaemonError, match=r"cannot be used \(Is a directory\)"), held_file(tmp_path, "it"):
        pytest.fail("a folder is no file")


OWNER = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_the_kernel_drops_the_lock_of_a_process_that_was_killed(path):
    path.parent.mkdir()
    command = [sys.executable, "-S", "-E", "-c", OWNER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout.readline() == "held\n"
        with pytest.raises(DaemonError), held_file(path, "the socket"):
            pytest.fail("two hold one lock")
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        with held_file(path, "the socket"):
            pass


def test_a_lock_file_that_is_deleted_before_it_is_locked_is_made_again(path, monkeypatch):
    flock = fcntl.flock

    def delete_then_lock(descriptor, operation):
        monkeypatch.setattr(fcntl, "flock", flock)
        path.unlink()
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", delete_then_lock)
    with held_file(path, "it"), pytest.raises(DaemonError), held_file(path, "it"):
        pytest.fail("two hold one lock")


@pytest.fixture
def listening(path):
    path.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(0)
        yield server


def test_a_socket_on_which_somebody_listens_is_refused_even_if_the_queue_is_full(path, listening):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        with pytest.raises(DaemonError, match="another backbutton daemon already uses the socket"):
            refuse_if_served(path)


def test_a_socket_that_a_dead_daemon_left_is_not_refused(path, listening):
    listening.close()
    refuse_if_served(path)


def test_a_socket_that_is_not_there_is_not_refused(path):
    refuse_if_served(path)
