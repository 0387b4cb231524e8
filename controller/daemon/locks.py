"""One daemon for one socket and one state directory: locks that the kernel drops when the process ends."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from controller.errors import DaemonError


@contextmanager
def held_directory(path: Path, what: str) -> Iterator[None]:
    """Hold a lock on a directory itself while inside, which takes no disk space; creates the directory if needed.

    DaemonError, with a sentence that names `what`, if another process holds it or it cannot be used.
    """
    with _as_daemon_error(path):
        path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    with _held(descriptor, path, what):
        yield


@contextmanager
def held_file(path: Path, what: str) -> Iterator[None]:
    """Hold a lock on a file instead, for something that shares its directory with others."""
    with _as_daemon_error(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with _as_daemon_error(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with _held(descriptor, path, what):
            if not _is_at(descriptor, path):  # deleted since it was opened: others would lock a new one
                continue
            yield
            return


def refuse_if_served(socket_file: Path) -> None:
    """DaemonError if a daemon answers on that socket, even if its lock file was deleted."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(socket_file))
        except BlockingIOError:  # it listens, and its queue is full
            pass
        except OSError:
            return
    raise _taken(f"the socket {socket_file}")


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _taken(what: str) -> DaemonError:
    remedy = "stop it first (sudo systemctl stop backbutton), or choose another place"
    return DaemonError(f"another backbutton daemon already uses {what}; {remedy}")


@contextmanager
def _held(descriptor: int, path: Path, what: str) -> Iterator[None]:
    try:
        with _as_daemon_error(path):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise _taken(what) from error
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _as_daemon_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DaemonError(f"{path}: cannot be used ({error.strerror}); choose another place") from error
