"""A daemon on its bench whose contacts are witnessed: each move, with its time, before anybody else hears of it."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from page.patience import wait_until
from support import PATIENCE_S

from controller.client import Client

TESTS = Path(__file__).parents[1]
PROGRAM = """
import os, sys
from controller import cli
from hardware.virtual.bench import Bench

hear = Bench._pin_changed

def tell_and_hear(self, pin, level, at_ns):
    line = self._line_of.get(pin)
    if line is not None:
        os.write(record, f"{line.value} {int(level)} {at_ns}\\n".encode())
    hear(self, pin, level, at_ns)

record = int(sys.argv.pop(1))
Bench._pin_changed = tell_and_hear
sys.exit(cli.main(sys.argv[1:]))
"""
HURRIED = f"import sys; sys.path.insert(0, {str(TESTS)!r}); from page import hurry\n"
CONFIG = '[camera]\nprofile = "{camera}"\nback_button_focus = {is_bbf}\n{more}'


class Move(NamedTuple):
    line: str
    closed: bool
    at_ns: int


class Witnessed:
    """The daemon, and what its contacts have done so far."""

    def __init__(self, process, socket, state, narration):
        self.process = process
        self.socket = socket
        self.journal = state / "journal.db"
        self.moves = []
        self._narration = narration

    def ask(self, method, **params):
        with Client.connect(self.socket, PATIENCE_S) as client:
            return client.call(method, **params)

    def hear(self, contacts):
        """Take what the contacts do, until the daemon ends."""
        with os.fdopen(contacts) as lines:
            for line in lines:
                name, closed, at_ns = line.split()
                self.moves.append(Move(name, closed == "1", int(at_ns)))

    def rest(self):
        """Wait until nothing is going on and both contacts are open, and return the status."""

        def at_rest():
            status = self.ask("status")
            is_open = set(status["lines"].values()) == {"open"}
            is_idle = status["run"] is None and status["release"] in ("IDLE", "PAUSED", "FAULT")
            is_heard = not sum(1 if move.closed else -1 for move in self.moves)  # what came through the pipe
            return status if is_open and is_idle and is_heard and status["focus"] != "FOCUSING" else None

        return wait_until(at_rest)

    def closings(self, line="shutter"):
        """Return how often a contact has closed."""
        return sum(move.line == line and move.closed for move in self.moves)

    @property
    def told(self):
        """What the bench has told of itself and its camera."""
        text = self._narration.read_text()
        assert "Traceback" not in text, text
        return text

    @property
    def pictures(self):
        """How many pictures the camera has taken."""
        return self.told.count("camera  took frame")


def spans(moves, line):
    """Return when a contact was closed and opened again, by its moves."""
    times = [(move.closed, move.at_ns) for move in moves if move.line == line]
    assert [closed for closed, _ in times] == [True, False] * (len(times) // 2), times
    return [(begin[1], end[1]) for begin, end in zip(times[::2], times[1::2], strict=True)]


@contextmanager
def witnessed(folder, camera, body, more="", profile="", bench=(), *, hurried=False):
    """Run a daemon during the block; `profile` has facts of the camera that are otherwise, `more` more settings.

    `bench` are more options of the virtual bench. If `hurried`, the presses of a proof take no time (`page.hurry`).
    """
    folder.mkdir(exist_ok=True)
    config, narration = folder / "config.toml", folder / "narration"
    config.write_text(CONFIG.format(camera=camera, is_bbf=str(body == "bbf").lower(), more=more))
    if profile:
        own = folder / "cameras" / f"{camera}.toml"
        own.parent.mkdir(exist_ok=True)
        own.write_text(f'extends = "{camera}"\n{profile}')
    contacts, record = os.pipe()
    places = ("--config", config, "--state-dir", folder / "state", "--socket", folder / "control.sock")
    program = HURRIED + PROGRAM if hurried else PROGRAM
    scene = ("--camera", camera, "--body", body, *bench)
    command = [sys.executable, "-c", program, record, "run", "--bench", *scene, *places]
    with (
        narration.open("a") as told,
        subprocess.Popen(
            [*map(str, command)], stdout=subprocess.PIPE, stderr=told, text=True, pass_fds=(record,)
        ) as process,
    ):
        os.close(record)
        box = Witnessed(process, folder / "control.sock", folder / "state", narration)
        listening = threading.Thread(target=box.hear, args=(contacts,))
        listening.start()
        try:
            line = process.stdout.readline()
            assert "is ready" in line, narration.read_text()
            yield box
        finally:
            process.kill()
            process.wait()
            listening.join(PATIENCE_S)
