"""`backbutton simulate` without a script: runs a box on the virtual bench, and a console or the page on it.

The box runs in its own process, as in real life, so neither can disturb its timing.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from controller.console.main import run_console
from controller.errors import DaemonError


def simulate_at_console(scene: list[str], prepare: Callable[[Path], None]) -> int:
    """Run a box, and a console on it until the console ends; returns the console's exit status.

    `scene` are the options of the command line that describe the virtual bench; `prepare` saves the settings that the
    box starts with in its state directory.
    """
    plain = not (sys.stdin.isatty() and sys.stdout.isatty())
    with _running(scene, prepare) as socket:
        return run_console(socket, None, 0, plain=plain)


def simulate_with_page(scene: list[str], prepare: Callable[[Path], None], serve: Callable[[Path], int]) -> int:
    """Run a box, and `serve` the page on its control socket until that ends; returns the page's exit status."""
    with _running(scene, prepare) as socket:
        return serve(socket)


@contextmanager
def _running(scene: list[str], prepare: Callable[[Path], None]) -> Iterator[Path]:
    """Run a box in a folder of its own during the `with` block; yields its control socket."""
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _leave)  # so that the box ends too
    with tempfile.TemporaryDirectory(prefix="backbutton-") as folder:
        socket = Path(folder) / "control.sock"
        prepare(Path(folder))
        with _box(Path(folder), ["--socket", str(socket), *scene]):
            yield socket


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


@contextmanager
def _box(folder: Path, options: list[str]) -> Iterator[None]:
    """Run a box during the `with` block; DaemonError with the box's own message if it does not start."""
    narration = folder / "narration.txt"
    places = ["--config", str(folder / "none.toml"), "--state-dir", str(folder)]
    command = [sys.executable, "-m", "controller.cli", "run", "--bench", *places, *options]
    with (
        narration.open("wb") as stderr,
        subprocess.Popen(  # noqa: S603 - our own program, with options that argparse has checked
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,  # so that Ctrl-C in this terminal does not reach it
        ) as process,
    ):
        assert process.stdout is not None
        try:
            if not process.stdout.readline():
                process.wait()
                raise DaemonError(f"the box did not start: {narration.read_text().strip()}")
            yield
        finally:
            process.terminate()
