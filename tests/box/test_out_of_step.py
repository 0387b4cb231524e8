"""However a frame with the mirror up is broken off, box and camera agree on the mirror afterwards."""

import random

import pytest
from booked import journal_in_memory
from support import MS, S

from config.store import SettingsStore
from controller.box.assembly import assemble
from controller.box.loop import run_virtually
from controller.box.recovery import recover
from controller.core.events import Request
from controller.core.states import Release
from controller.errors import CommandError
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.records import MirrorRecord
from controller.plan.planning import plan_frame
from controller.simulate.stage import Scene
from docs import every_camera

TOGGLED = "toggled"
TONIGHT = "tonight"  # the id of this boot
CAMERAS = ("canon-e3", "nikon-mc-dc2", TOGGLED)
READY = (Release.IDLE, Release.WAITING, Release.PAUSED)
EXPOSURE_NS = 3 * S
SETTINGS = {
    "shot.drive": "bulb",
    "shot.exposure": "3s",
    "shot.mirror_up": "2s",
    "interval.every": "10s",
    "interval.count": "2",
}
INSTANTS = 200  # drawn for each camera; those at the edges of the frame come on top


class Night(every_camera.Session):
    """A box with a journal, looked at whenever anything happens: what is ready agrees with the camera."""

    def __init__(self, camera, folder):
        own = folder / "cameras"
        own.mkdir(exist_ok=True)
        (own / f"{TOGGLED}.toml").write_text('extends = "nikon-mc-dc2"\nbulb = "toggle"\n')
        self.journal = None
        super().__init__(Scene(camera, "bbf"), SETTINGS, SettingsStore(folder / "config.toml", folder))
        self.keep_journal()
        self.focus()

    def keep_journal(self):
        """Record frames and the mirror; after a restart in the journal that the box before has left."""
        engine, left = self.stage.box.engine, self.journal
        post = self.stage.inbox.post
        self.journal = journal_in_memory(
            lambda run, slot: post(lambda: engine.intent_saved(run, slot)), engine.wall.sample, TONIGHT
        )
        if left is not None:
            self.journal.inherit(left.connection)
        books = Bookkeeper(self.journal, TONIGHT)
        engine.keep_books(books)
        recover(engine, books)
        if engine.controller.has_interrupted_run:  # nobody wants the run that was interrupted
            engine.ask(Request.STOP)

    def waits_after_reboot(self):
        """Tell whether a box that starts in another boot would wait for the mirror."""
        record = self.journal.reader.mirror()
        return record is not None and record.down_after(0, "tomorrow") is not None

    def restart(self):
        """End the box as a signal does, and put another on the same pins."""
        stage = self.stage
        stage.box.latch.trip()
        stage.box.player.cut()  # as a player's thread does when it is stopped
        stage.box.close()
        stage.inbox.drain()
        bench = stage.bench
        stage.box = assemble(self.store, self.clock, stage.inbox, bench.lines, bench.factory, threaded=False)
        stage.box.engine.listen(stage._on_notice)
        self.keep_journal()

    def _run(self, alarm):
        is_over = self._is_at_rest if alarm is None else alarm.is_over

        def look():
            camera = self.stage.bench.camera
            assert not (self.release in READY and (camera.is_mirror_up or camera.is_exposing)), self.release
            return is_over()

        run_virtually(self.stage.parts(alarm), self.stage.inbox, self.clock, look)


def asking(ask):
    def deed(box):
        try:
            box.stage.box.engine.ask(ask)
        except CommandError:
            assert ask is not Request.CUT

    return deed


def chord(box):
    box.stage.bench.thumb.press("shutter", box.clock.now_ns() + 1200 * MS)
    box.hold("run", 1200 * MS)


DEEDS = {
    "cut": asking(Request.CUT),
    "pause": asking(Request.PAUSE),
    "stop": asking(Request.STOP),
    "run button": lambda box: box.hold("run", 100 * MS),
    "shutter button": lambda box: box.hold("shutter", 100 * MS),
    "chord": chord,
    "restart": Night.restart,
}
BEGINNINGS = {
    "by hand": lambda box: box.stage.bench.thumb.press("shutter", box.clock.now_ns() + 100 * MS),
    "in a run": asking(Request.START),
}


def instants(camera, deed, beginning, box):
    """Random instants of a frame, and those next to its edges."""
    recipe = plan_frame(box.stage.box.engine.setup).recipe
    drawn = random.Random(f"{camera} {deed} {beginning}")
    edges = [press_ns + recipe.lead_ns for press in recipe.presses for press_ns in (press.at_ns, press.opens_ns)]
    near = [at_ns + off_ns for at_ns in edges for off_ns in (-1, 0, 1, 5 * MS, 50 * MS)]
    return [
        *near,
        *(drawn.randrange(recipe.frame_ns + S) for _ in range(-(-INSTANTS // len(BEGINNINGS) // len(DEEDS)))),
    ]


# On a toggled bulb a box that starts anew cannot know whether the press that ends the exposure has come.
BREAKS = [(camera, deed) for camera in CAMERAS for deed in DEEDS if (camera, deed) != (TOGGLED, "restart")]


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize(("camera", "deed"), BREAKS)
def test_box_and_camera_agree_on_the_mirror_however_a_frame_is_broken_off(camera, deed, beginning, tmp_path):
    box = Night(camera, tmp_path)
    for at_ns in instants(camera, deed, beginning, box):
        BEGINNINGS[beginning](box)
        box.wait(at_ns)
        DEEDS[deed](box)
        box.finish()
        assert box.release is Release.IDLE, f"{at_ns} ns"
        box.focus()
        box.hold("shutter", 100 * MS)
        taken = [(frame.exposure_ns, frame.lens_moved) for frame in box.finish().frames]
        assert taken == [(EXPOSURE_NS, False)], f"the frame after {deed} at {at_ns} ns"
        assert box.lines_are_open
    box.stage.close()


@pytest.mark.parametrize(("cleared_after_ns", "is_waited_for"), [(5 * S, True), (40 * S, False)])
def test_a_mirror_that_fell_during_a_fault_is_waited_for_by_nobody_any_more(
    cleared_after_ns, is_waited_for, tmp_path
):
    box = Night("canon-e3", tmp_path)
    box.hold("shutter", 100 * MS)
    box.wait(1 * S)
    box.stage.box.engine.fail("something broke")
    box.wait(cleared_after_ns)
    box.stage.box.engine.ask(Request.CLEAR)
    assert (box.release is Release.MIRROR_UP) is is_waited_for
    assert box.waits_after_reboot() is is_waited_for
    box.stage.close()


def test_a_mirror_that_fell_while_no_box_was_there_is_forgotten_at_the_next_start(tmp_path):
    box = Night("canon-e3", tmp_path)
    box.journal.intend_mirror(1, MirrorRecord(TONIGHT, box.clock.now_ns(), box.clock.now_ns() + 1))
    box.wait(1 * S)
    box.restart()
    assert box.release is Release.IDLE
    assert not box.waits_after_reboot()
    box.stage.close()
