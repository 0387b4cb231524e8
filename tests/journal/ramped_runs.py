"""Runs of bulbs whose exposures change, as the journal has them; for several tests.

`PYTHONPATH=.:tests .venv/bin/python -m journal.ramped_runs` redraws their golden pictures.
"""

from datetime import UTC
from functools import cache
from pathlib import Path
from typing import NamedTuple

from booked import BookedBox, close_journals
from support import S

from controller.core.events import Request
from controller.journal.picture import draw_run
from controller.simulate.stage import VIRTUAL_NOON_NS

GOLDEN = Path(__file__).parent / "pictures"
EVERY = 30 * S
SITE = {"site.timezone": "Etc/UTC", "site.latitude": "47.37", "site.longitude": "8.54"}
BULB = {"shot.drive": "bulb", "interval.every": "30s"}
DUSK = SITE | BULB | {
    "interval.start": "sunset-10m",
    "interval.count": "160",
    "shot.ramp": "sunset 1s, -6deg 4s, -9deg 20s",
    "shot.steps": "-2deg ISO 100-800, -7deg f/8-f/2.8",
}  # fmt: skip
EVEN = BULB | {
    "interval.count": "21",
    "shot.ramp_shape": "even",
    "shot.ramp": "0% 1s, 100% 2s",
    "shot.steps": "50% +3",
}
AN_HOUR_BEFORE_NS = VIRTUAL_NOON_NS + 7 * 3600 * S  # sunset, there and then


class Kept(NamedTuple):
    """A run in the journal, its frames, and what its exposures were planned to be, by slot."""

    summary: object
    frames: list
    planned: list

    @property
    def fired(self):
        return [frame for frame in self.frames if frame.outcome == "fired"]

    def picture(self, zone=UTC, **pause):
        return draw_run(self.summary, self.frames, zone, **pause)


def run_of(box):
    return box.engine.controller._running.run


def in_run(settings, slots, **more):
    """A box whose run has taken so many frames, the last of them half an interval ago."""
    box = BookedBox(settings, **more).focus().ask(Request.START)
    return until(box, slots)


def until(box, slots):
    return box.wait_until(run_of(box).grid.due_ns(max(0, slots - 1)) + 25 * S)


def trim(box, sixths):
    box.engine.ask(Request.TRIM, trim=sixths)
    return box


def kept(box):
    """What the journal has of a run that is still in progress, or of the last one."""
    run = run_of(box)
    planned = [] if run is None else [run.planned_ns(slot) for slot in range(run.grid.count)]
    return Kept(box.summary, box.frames, planned)


@cache
def dusk():
    """A ramp by the sun: a hand-step confirmed late and one never, trims, a pause, and a power cut of five minutes."""
    box = BookedBox(DUSK, wall_ns=AN_HOUR_BEFORE_NS).focus().ask(Request.START)
    box.wait_until(run_of(box).grid.t0_ns)
    first = run_of(box).exposures.ramp.steps[0].at_ns
    box.wait_until(first + 300 * S).ask(Request.STEP)
    for slots, sixths in ((61, 2), (64, 4), (67, 6), (91, 0)):
        trim(until(box, slots), sixths)
    until(box, 111).ask(Request.PAUSE)
    until(box, 116).ask(Request.RESUME)
    left = until(box, 126)
    planned = kept(left).planned
    now_ns = left.clock.now_ns()
    again = BookedBox(
        {"interval.resume": "auto"}, after=left, boot="boot 2", now_ns=10 * S,
        wall_ns=AN_HOUR_BEFORE_NS + now_ns + 300 * S,
    )  # fmt: skip
    again.finish()
    return Kept(again.summary, again.frames, planned)


@cache
def even():
    """A ramp that needs no clock, on a box that has none; its hand-step was confirmed two frames late."""
    box = in_run(EVEN, 13, is_trusted=False).ask(Request.STEP)
    planned = kept(box).planned
    box.finish()
    return Kept(box.summary, box.frames, planned)


@cache
def trimmed():
    """A run without a ramp, trimmed on the way, and one frame of it ended early by hand."""
    box = trim(in_run(BULB | {"interval.count": "12", "shot.exposure": "4s"}, 4), 4)
    until(box, 9)
    box.wait_until(run_of(box).grid.due_ns(9) + 2 * S).ask(Request.FIRE)
    box.finish()
    return Kept(box.summary, box.frames, [])


RUNS = {"dusk": dusk, "even": even, "trimmed": trimmed}

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, run in RUNS.items():
        (GOLDEN / f"{name}.svg").write_text(run().picture(), encoding="utf-8")
    close_journals()
