"""Buttons that are down when the box starts, on the bench's pins."""

import pytest

from config.cameras import load_profile
from config.store import SettingsStore
from controller.box.assembly import assemble, button_pins, line_pins
from controller.box.loop import Inbox, run_virtually
from controller.box.notices import Refused
from controller.core.states import Focus
from controller.core.words import Why
from hardware.clock import VirtualClock
from hardware.timeline import Line
from hardware.virtual.bench import Bench
from hardware.virtual.camera import VirtualCamera, quirks_of

SECOND = 1_000_000_000


class Alarm:
    """A part that is over at a time."""

    def __init__(self, at_ns):
        self.next_ns = at_ns

    def step(self, now_ns):
        self.next_ns = None


class Bootup:
    """A box that starts while a thumb is on some of its buttons."""

    def __init__(self, folder, *held):
        self.store = SettingsStore(folder / "none.toml", folder)
        self.store.load()
        self.store.set("camera.profile", "canon-e3")
        self.store.set("camera.back_button_focus", "true")
        self.store.set("shot.drive", "burst")
        self.clock, self.inbox, self.changes, self.refused = VirtualClock(), Inbox(), [], []
        camera = VirtualCamera(
            quirks_of(load_profile("canon-e3"), half_press_focuses=False), on_exposure=self.changes.append
        )
        pins = {button.value: pin for button, pin in button_pins(self.store.current).items()}
        lines = line_pins(self.store.current)
        self.bench = Bench(self.clock, camera, lines, pins, self.changes.append, self.inbox.post)
        for button in held:
            self.bench.thumb.press(button)
        self.box = assemble(
            self.store, self.clock, self.inbox, self.bench.lines, self.bench.factory, threaded=False, with_lamps=False
        )
        self.box.engine.listen(lambda notice: self.refused.append(notice) if isinstance(notice, Refused) else None)

    def wait(self, seconds):
        end = Alarm(self.clock.now_ns() + seconds * SECOND)
        parts = (self.box.player, self.bench.camera, self.bench.thumb, self.box.engine, end)
        run_virtually(parts, self.inbox, self.clock, lambda: end.next_ns is None)

    def close(self):
        self.box.close()
        self.bench.close()


@pytest.fixture
def booted(tmp_path):
    boxes = []

    def boot(*held):
        boxes.append(Bootup(tmp_path, *held))
        boxes[-1].wait(1)
        return boxes[-1]

    yield boot
    for box in boxes:
        box.close()


@pytest.mark.parametrize("held", ["back", "shutter", "run"])
def test_a_button_that_is_down_at_power_on_is_told_and_moves_nothing(booted, held):
    box = booted(held)
    assert [(notice.event, notice.reason.why) for notice in box.refused] == [(f"{held} down", Why.STUCK)]
    sentence = f"{held} was down when the box started and is ignored until released"
    assert box.refused[0].reason.startswith(sentence)
    assert box.box.engine.status().warnings == (box.refused[0].reason,)
    box.wait(100)
    assert box.changes == []
    assert box.box.engine.controller.focus is Focus.UNFOCUSED
    assert len(box.refused) == 1


def test_a_button_that_was_down_counts_again_once_it_has_been_let_go(booted):
    box = booted("back")
    box.bench.thumb.release("back")
    box.wait(1)
    assert box.box.engine.status().warnings == ()
    assert box.box.engine.controller.focus is Focus.UNFOCUSED
    box.bench.thumb.press("back")
    box.wait(1)
    box.bench.thumb.release("back")
    box.wait(1)
    assert box.box.engine.controller.focus is Focus.DIALLED_IN


def test_a_shutter_button_that_sticks_is_told_and_its_contact_is_open(booted):
    box = booted()
    box.bench.thumb.press("back")
    box.wait(1)
    box.bench.thumb.release("back")
    box.wait(1)
    box.bench.thumb.press("shutter")
    box.wait(100)
    assert [notice.reason for notice in box.refused] == [
        "shutter has been down for 30s; if nobody holds it, it is stuck or its cable is shorted"
    ]
    assert not box.bench.lines.is_closed(Line.SHUTTER)


def test_nothing_is_told_where_nothing_is_down(booted):
    assert booted().refused == []
