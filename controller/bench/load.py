"""Everything that may happen during a run, all at once: a flooded console, a client that polls, a busy disk.

A program of its own, so that it shares nothing with the box but the machine: `python -m controller.bench.load SOCKET
FOLDER`. It prints a line once it has begun, and runs until it is terminated.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from controller.bench.programs import BACKBUTTON, pause
from controller.client import Client

POLL_INTERVAL_S = 0.01
_BLOCK = bytes(1 << 20)


def flood(socket: str) -> None:
    """Type commands into a console, as fast as it accepts them."""
    command = (*BACKBUTTON, "console", "--plain", "--socket", socket)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as console:  # noqa: S603
        assert console.stdin is not None
        while True:
            console.stdin.write(b"status\n" * 100)


def poll(socket: str) -> None:
    """Ask for the status, a hundred times a second."""
    client = Client.connect(Path(socket))
    while True:
        client.call("status")
        pause(POLL_INTERVAL_S)


def write(folder: str) -> None:
    """Write to the disk that the journal is on and flush it, over and over."""
    with (Path(folder) / "load").open("wb", buffering=0) as file:
        while True:
            file.seek(0)
            file.write(_BLOCK)
            os.fsync(file.fileno())


def main() -> None:
    """Do all of it."""
    socket, folder = sys.argv[1:3]
    threading.Thread(target=flood, args=(socket,), daemon=True).start()
    threading.Thread(target=poll, args=(socket,), daemon=True).start()
    print("at work", flush=True)
    write(folder)


if __name__ == "__main__":
    main()
