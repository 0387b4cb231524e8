"""The program as a process of its own, for tests of the whole."""

import subprocess
import sys
from contextlib import contextmanager

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
