from collections import deque

import pytest

from config.cameras import load_profile
from hardware.buttons import PushButton
from hardware.clock import VirtualClock
from hardware.timeline import Line
from hardware.virtual.bench import Bench
from hardware.virtual.camera import VirtualCamera, quirks_of
from hardware.waveform import Change

F, S = Line.FOCUS, Line.SHUTTER


class Room:
    """A bench with all its observers; `run_posted` runs the calls it posts."""

    def __init__(self):
        self.clock = VirtualClock(1_000)
        self.pictures, self.changes, self.posted = [], [], deque()
        camera = VirtualCamera(
            quirks_of(load_profile("canon-e3"), half_press_focuses=False), on_exposure=self.pictures.append
        )
        pins = {F: 17, S: 27}
        self.bench = Bench(self.clock, camera, pins, {"back": 5}, self.changes.append, self.posted.append)

    def run_posted(self):
        while self.posted:
            self.posted.popleft()()


@pytest.fixture
def room():
    room = Room()
    yield room
    room.bench.close()


def test_at_first_the_lines_are_open_and_nothing_is_reported(room):
    room.run_posted()
    assert not any(room.bench.lines.is_closed(line) for line in Line)
    assert room.changes == []


def test_a_closing_is_reported_with_its_time_and_reaches_the_camera(room):
    room.bench.lines.write(S, closed=True)
    room.clock.jump_to(2_000)
    room.bench.lines.write(S, closed=False)
    room.run_posted()
    room.bench.camera.finish(2_000)
    assert room.changes == [Change(1_000, S, closed=True), Change(2_000, S, closed=False)]
    assert [picture.at_ns for picture in room.pictures] == [1_000]


def test_what_happens_on_a_pin_happens_only_where_it_was_posted_to(room):
    room.bench.lines.write(S, closed=True)
    assert (room.changes, room.pictures) == ([], [])
    assert len(room.posted) == 1


def test_each_line_has_its_own_pin(room):
    room.bench.lines.write(F, closed=True)
    room.run_posted()
    assert [change.line for change in room.changes] == [F]
    assert room.bench.factory.pin(17).state
    assert not room.bench.factory.pin(27).state


def test_the_thumb_moves_the_buttons_that_the_box_has_claimed(room):
    edges = []
    with PushButton(5, lambda pressed, ticks: edges.append((pressed, ticks)), room.bench.factory):
        assert edges == []
        room.bench.thumb.press("back", until_ns=3_000)
        room.clock.jump_to(3_000)
        room.bench.thumb.step(3_000)
    assert edges == [(True, 1_000), (False, 3_000)]


def test_closing_the_bench_opens_both_lines():
    room = Room()
    room.bench.lines.write(F, closed=True)
    room.bench.lines.write(S, closed=True)
    room.run_posted()
    room.changes.clear()
    room.bench.close()
    room.run_posted()
    assert [(change.line, change.closed) for change in room.changes] == [(S, False), (F, False)]
