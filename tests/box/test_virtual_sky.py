"""A virtual sky over the virtual camera: how bright the frames of a night become, on a clear one and under clouds.

The brightness of a frame is its exposure, what the camera gathers, and the sky when it was exposed, all in stops. The
keys here ask for the same brightness all night, so what a frame is brighter or darker than the first is its error.
"""

from itertools import pairwise
from math import log2, sin

import pytest
from evening import NOON, M, S
from evening import Evening as Box

from controller.core.daylight import Site
from controller.core.sky import brightness_stops, sun_height_deg

ZURICH = Site(47.37, 8.54)
CLEAR_STOPS = 0.1
# From sunset to -9 degrees the sky gets 12.1 stops darker; the keys and six stops by hand make up for that.
NIGHT = (
    "set shot.drive bulb", "set interval.every 20s", "set interval.count 260", "set camera.shortest_bulb 100ms",
    "set shot.ramp sunset 200ms, -9deg 13.7s", "set shot.steps -4deg ISO 100-800, -6.4deg f/8-f/2.8",
)  # fmt: skip


def sky_stops(at_ns):
    return brightness_stops(sun_height_deg(NOON + at_ns, ZURICH))


class Photographer:
    """Does each hand-step so many frames after it was called, between two frames."""

    def __init__(self, box, frames_late=0):
        self.box, self.late_ns = box, frames_late * 20 * S
        self.gained = []  # when, and how many stops in all

    def photograph(self, until_ns):
        called_ns = None
        self.box.until(7 * 60 * M)  # sunset is at 19:25 (UTC)
        while self.box.clock.now_ns() < until_ns:
            self.box.wait(5 * S)
            if not self.box.engine.controller.calls_step:
                called_ns = None
                continue
            called_ns = called_ns or self.box.clock.now_ns()
            is_between = self.box.release == "WAITING"
            if is_between and self.box.clock.now_ns() - called_ns >= self.late_ns:
                assert self.box.type("step").startswith("ok")
                self.gained.append((self.box.clock.now_ns(), 3 * (len(self.gained) + 1)))
        return self

    def gathers(self, at_ns):
        return next((stops for since_ns, stops in reversed(self.gained) if since_ns <= at_ns), 0)

    def brightness(self, clouds=lambda _: 0.0):
        """The brightness of each frame, in stops above the first."""

        def of(frame):
            middle_ns = frame.at_ns + frame.exposure_ns // 2
            return log2(frame.exposure_ns / S) + self.gathers(frame.at_ns) + sky_stops(middle_ns) + clouds(middle_ns)

        return [of(frame) - of(self.box.frames[0]) for frame in self.box.frames]


def night(frames_late=0):
    box = Box(*NIGHT, "start sunset", camera="canon-e3")
    return Photographer(box, frames_late).photograph(9 * 60 * M)


def during_ramp(photographer, values):
    """The values of the frames that were taken while the ramp went on."""
    return [
        value
        for frame, value in zip(photographer.box.frames, values, strict=True)
        if sun_height_deg(NOON + frame.at_ns, ZURICH) > -9
    ]


def test_on_a_clear_night_every_frame_is_as_bright_as_wished():
    photographer = night()
    errors = during_ramp(photographer, photographer.brightness())
    assert len(errors) > 150
    assert len(photographer.gained) == 2
    assert max(map(abs, errors)) < CLEAR_STOPS


def test_clouds_are_seen_as_they_are_for_the_ramp_goes_by_a_clear_sky():
    photographer = night()

    def clouds(at_ns):
        return -1.5 - sin(at_ns / (7 * M)) - 0.4 * sin(at_ns / (1.3 * M))

    errors = during_ramp(photographer, photographer.brightness(clouds))
    first = photographer.box.frames[0]
    of_clouds = [
        clouds(frame.at_ns + frame.exposure_ns // 2) - clouds(first.at_ns + first.exposure_ns // 2)
        for frame in photographer.box.frames
    ]
    left = [error - cloud for error, cloud in zip(errors, of_clouds, strict=False)]
    assert max(map(abs, left)) < CLEAR_STOPS
    assert max(errors) - min(errors) > 1


@pytest.mark.parametrize("frames_late", [6, 30])
def test_a_late_hand_step_darkens_only_what_the_interval_has_no_room_for(frames_late):
    photographer = night(frames_late)
    errors = during_ramp(photographer, photographer.brightness())
    assert max(errors) < CLEAR_STOPS
    steps = [after - before for before, after in pairwise(errors)]
    assert max(steps) < 1 / 3 + 0.15  # back to the wish by a third of a stop a frame, while the sky goes on
    longest = max(frame.exposure_ns for frame in photographer.box.frames)
    is_dark = min(errors) < -CLEAR_STOPS
    assert is_dark == (frames_late == 30)
    assert longest < 20 * S
