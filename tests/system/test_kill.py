"""The daemon killed at any instant of a run, and started again until the run is over: what its journal says is so.

BACKBUTTON_KILLS sets how often it is killed (8).
"""

import os
import random
import select
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager, suppress

import pytest
from journals import reading
from support import PATIENCE_S, await_event

from controller.client import Client
from hardware.timeline import Line

KILLS = int(os.environ.get("BACKBUTTON_KILLS", "8"))
RUNS = {"nikon-mc-dc2": (200, 40), "canon-e3": (150, 50)}  # ms from frame to frame, frames
QUIET_S = 3  # nothing is fired for so long: the run is over

# A body that is quick, so that its frames are little longer than what keeps them.
QUICK = """
extends = "{camera}"
half_press_lead_ms = 20
shutter_default_ms = 60
min_gap_ms = 60
"""
CONFIG = """
[focus]
min_hold = "50ms"
[interval]
every = "{every}ms"
count = {count}
resume = "{resume}"
"""

# The daemon on its bench; each move of a contact is in the pipe before anybody else hears of it, kill or no kill.
PROGRAM = """
import os, sys
from controller import cli
from hardware.virtual.bench import Bench

hear = Bench._pin_changed

def tell_and_hear(self, pin, level, at_ns):
    line = self._line_of.get(pin)
    if line is not None:
        os.write(record, (line.name[0].upper() if level else line.name[0].lower()).encode())
    hear(self, pin, level, at_ns)

record = int(sys.argv.pop(1))
Bench._pin_changed = tell_and_hear
sys.exit(cli.main(sys.argv[1:]))
"""


class Life:
    """A daemon, from its start to its end; `closings` are how often SHUTTER was closed in it."""

    def __init__(self, process, contacts, socket, narration):
        self.process = process
        self.closings = 0
        self.is_bad = False
        self._contacts = contacts
        self._socket = socket
        self._narration = narration

    def begin(self):
        """Dial in focus and start the run."""
        assert "is ready" in self.process.stdout.readline()
        with Client.connect(self._socket, PATIENCE_S) as client:
            client.call("subscribe")
            client.call("thumb.hold", button="back", duration="100ms")
            await_event(client, lambda event: event.get("focus") == "DIALLED_IN")
            client.call("start")

    def finish(self):
        """Wait until no run is in progress, and end the daemon as the service manager does."""
        assert "is ready" in self.process.stdout.readline()
        with Client.connect(self._socket, PATIENCE_S) as client:
            client.call("subscribe")
            if client.call("status")["run"] is not None:
                await_event(client, lambda event: event.get("release") == "IDLE")
        self.process.terminate()
        assert self.process.wait(PATIENCE_S) == 0

    def meet(self, moves):
        """Wait for so many moves of the contacts, or until it is clear that there are no more."""
        while moves and select.select([self._contacts], [], [], QUIET_S)[0] and self._take(1):
            moves -= 1

    def wait(self, seconds):
        """Let it live on."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)

    def bury(self):
        """Count what its contacts did, to the last."""
        self.process.kill()
        self.process.wait()
        while self._take(4096):
            pass
        taken = self._narration.read_text().count("camera  took frame")
        assert taken <= self.closings, "the camera has taken more than was fired"
        assert "Traceback" not in self._narration.read_text()

    def _take(self, most):
        moves = os.read(self._contacts, most)
        self.closings += moves.count(b"S")
        return moves


@contextmanager
def living(folder, camera, resume="auto"):
    config, narration = folder / "config.toml", folder / "narration"
    every_ms, count = RUNS[camera]
    profile = folder / "cameras" / f"{camera}.toml"
    profile.parent.mkdir(exist_ok=True)
    profile.write_text(QUICK.format(camera=camera))
    config.write_text(CONFIG.format(every=every_ms, count=count, resume=resume))
    contacts, record = os.pipe()
    places = ("--config", config, "--state-dir", folder / "state", "--socket", folder / "s")
    command = [sys.executable, "-c", PROGRAM, record, "run", "--bench", "--camera", camera, *places]
    try:
        with (
            narration.open("w") as told,
            subprocess.Popen(
                [*map(str, command)], stdout=subprocess.PIPE, stderr=told, text=True, pass_fds=(record,)
            ) as process,
        ):
            os.close(record)
            try:
                yield Life(process, contacts, folder / "s", narration)
            finally:
                process.kill()
    finally:
        os.close(contacts)


def live_until_killed(life, chance, *, begins):
    """Let it live to an instant that chance chooses: while it starts, just as a contact has moved, or any other."""
    when = chance.choice(("while it starts", "at a move", "at a move", "any"))
    if begins:
        life.begin()
    elif when == "while it starts":
        life.wait(chance.uniform(0, 1.5))
        return
    life.meet(chance.randrange(1, 12))
    if when == "any":
        life.wait(chance.uniform(0, 0.7))
    for _ in range(chance.randrange(40_000)):
        pass  # any instant of what follows a move


class Books:
    """What the journal says, looked at after each life."""

    def __init__(self, path):
        self._path = path
        self._before = {}
        self.run = None

    @property
    def is_over(self):
        return self.run is not None and self.run.outcome is not None

    def look(self, closings):
        """Hold what is new in the journal against how often SHUTTER was closed meanwhile."""
        if not self._path.exists():
            assert closings == 0, "fired without a journal"
            return
        with reading(self._path) as reader:
            runs = reader.runs(9)
            if not runs:
                assert closings == 0, "fired without a run"
                return
            (run,) = runs
            frames = {frame.slot: frame for frame in reader.frames(run)}
        assert self.run is None or run.run.t0_ns == self.run.run.t0_ns, "the grid has moved"
        self.run = run
        self._check_rows(frames)
        new = [frame.outcome for slot, frame in frames.items() if slot not in self._before]
        fired, unsaid = new.count("fired"), new.count("intended")
        assert unsaid <= 1, "more than the frame in flight is not known"
        assert fired <= closings <= fired + unsaid, "fired and not entered, or entered and not fired"
        self._before = frames

    def count(self, outcome):
        """How many slots of the run came to that."""
        return sum(frame.slots for frame in self._before.values() if frame.outcome == outcome)

    def _check_rows(self, frames):
        ends = [slot + frame.slots for slot, frame in frames.items()]
        assert list(frames) == [0, *ends][: len(frames)], "a slot is missing"
        for slot, frame in frames.items():
            assert frame.slots == 1 or frame.reason == "power off", frame
            assert frame.due_ns == self.run.run.t0_ns + slot * self.run.run.every_ns, "off the grid"
            assert frame.outcome in ("fired", "skipped", "intended", "unknown"), frame
            if frame.outcome == "fired":
                closings = [edge for edge in frame.edges if edge.line is Line.SHUTTER and edge.closed]
                assert len(closings) == 1
                assert closings[0].actual_ns >= closings[0].planned_ns >= frame.due_ns
        for slot, frame in self._before.items():
            became = frames[slot].outcome
            assert became == frame.outcome or (frame.outcome, became) == ("intended", "unknown"), "rewritten"


def night(folder, camera, chance, kills):
    """One run, its daemon killed so often at most; returns how often, what was fired, and the books."""
    folder.mkdir()
    books, killed, fired = Books(folder / "state" / "journal.db"), 0, 0
    while not books.is_over:
        with living(folder, camera) as life:
            if killed < kills:
                live_until_killed(life, chance, begins=books.run is None)
                killed += 1
            else:
                life.finish()
            life.bury()
        fired += life.closings
        books.look(life.closings)
    return killed, fired, books


@pytest.mark.parametrize("camera", RUNS)
def test_a_run_that_is_killed_at_any_instant_goes_on_and_its_journal_is_true(camera, tmp_path):
    chance, kills, figures = random.Random(camera), -(-KILLS // len(RUNS)), Counter()
    nights = 0
    while kills > 0:
        killed, fired, books = night(tmp_path / f"{nights}", camera, chance, kills)
        kills, nights = kills - killed, nights + 1
        said = {outcome: books.count(outcome) for outcome in ("fired", "skipped", "unknown")}
        assert books.run.outcome == "finished"
        assert sum(said.values()) == RUNS[camera][1]
        assert said["fired"] <= fired <= said["fired"] + said["unknown"]
        figures.update({"runs": 1, "kills": killed, "closings": fired, **said})
    print(camera, dict(figures))


@pytest.mark.parametrize(
    ("resume", "goes_on", "is_offered", "outcome"),
    [("ask", False, True, None), ("auto", True, False, None), ("off", False, False, "dropped")],
)
def test_what_becomes_of_an_interrupted_run_is_as_it_is_set(resume, goes_on, is_offered, outcome, tmp_path):
    with living(tmp_path, "canon-e3") as life:
        life.begin()
        while not life.closings:
            life.meet(1)
    with living(tmp_path, "canon-e3", resume) as life:
        assert "is ready" in life.process.stdout.readline()
        with Client.connect(tmp_path / "s", PATIENCE_S) as client:
            status = client.call("status")
        assert (status["run"] is not None) is goes_on
        assert any("a run was interrupted" in warning for warning in status["warnings"]) is is_offered
        life.process.terminate()  # what it has entered is written by then
        life.process.wait(PATIENCE_S)
    with reading(tmp_path / "state" / "journal.db") as reader:
        [run] = reader.runs(9)
    assert run.outcome == outcome
