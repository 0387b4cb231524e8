"""Runs through dusk and dawn by a whole box on the virtual clock: what is planned is what the contacts do."""

from datetime import UTC, datetime
from itertools import pairwise
from math import log2

import pytest
from evening import Evening, H, M, S

from controller.core.events import ClockRead
from controller.core.exposing import NEEDS_CLOCK
from controller.core.run_times import PlannedRun
from hardware.timeline import Line

# On 21 June 2026 the sun sets at 19:26 UTC in Zurich; it is at -9 degrees at 20:37.
RAMP = (
    "set shot.drive bulb",
    "set shot.ramp sunset 1s, -6deg 4s, -9deg 20s",
    "set interval.every 25s",
)
MORNING = (*RAMP[:1], "set shot.ramp -9deg 20s, -6deg 4s, sunrise 1s", *RAMP[2:])


class Box(Evening):
    """An evening that also keeps for how long SHUTTER was closed."""

    def __init__(self, *lines, **ways):
        self.holds = []
        super().__init__(*lines, **ways)

    def on_change(self, change):
        super().on_change(change)
        if change.line is Line.SHUTTER and not change.closed:
            self.holds.append(change.at_ns - self.shutter[-1])

    def planned(self):
        """The run that the settings would start now, as `plan` shows it."""
        return PlannedRun(self.engine.setup, focus_is_held=False, clock=ClockRead(self.stage.wall.sample(), UTC))

    def time_of_day(self, at_ns):
        sample = self.stage.wall.sample()
        return f"{datetime.fromtimestamp((at_ns + sample.wall_ns - sample.monotonic_ns) // S, UTC):%H:%M}"

    @property
    def exposed(self):
        return [frame.exposure_ns for frame in self.frames]


def agrees(box, plan, count):
    """Whether the run took every frame as planned: at its time, for its exposure, to the nanosecond."""
    run = plan.run
    assert [row.slot for row in box.rows if row.outcome == "fired"] == list(range(count))
    assert box.shutter == [run.grid.due_ns(slot) for slot in range(count)]
    assert box.exposed == [run.exposure_ns(slot) for slot in range(count)]
    assert box.exposed == [run.planned_ns(slot) for slot in range(count)]
    return True


@pytest.mark.parametrize("camera", ["canon-e3", "fuji-2.5mm", "nikon-mc-dc2"])
def test_the_plan_and_the_run_agree_frame_by_frame(camera):
    box = Box(*RAMP, "set interval.count 300", "clock set 2026-06-21T19:00", "set interval.start +10s", camera=camera)
    plan = box.planned()
    assert box.type("start").startswith("ok")
    box.wait(3 * H)
    assert agrees(box, plan, 300)
    assert (box.exposed[0], box.exposed[-1]) == (1 * S, 20 * S)
    assert len(set(box.exposed)) > 150


def test_a_bulb_is_held_for_its_exposure():
    box = Box(*RAMP, "set interval.count 300", "clock set 2026-06-21T19:00", "start +10s")
    box.wait(3 * H)
    assert box.holds == box.exposed


@pytest.mark.parametrize("shape", ["sky", "even"])
def test_a_run_that_starts_by_the_sun_is_exposed_as_planned(shape):
    box = Box(*RAMP, "set interval.count 260", "set interval.start sunset-30m", f"set shot.ramp_shape {shape}")
    plan = box.planned()
    assert plan.refusal is None
    box.run_button()
    assert box.release == "WAITING"
    box.wait(11 * H)
    assert agrees(box, plan, 260)
    assert box.time_of_day(box.shutter[0]) == "18:56"


def test_a_run_through_dawn_gets_shorter_and_ends_by_the_sun():
    box = Box(*MORNING, "set interval.start dawn-30m", "set interval.end sunrise+10m")
    plan = box.planned()
    box.run_button()
    box.wait(20 * H)
    assert agrees(box, plan, plan.run.last_slot + 1)
    assert box.exposed == sorted(box.exposed, reverse=True)
    assert (box.exposed[0], box.exposed[-1]) == (pytest.approx(20 * S, rel=0.7), 1 * S)


def test_the_light_changes_by_no_more_than_the_limit_a_frame():
    box = Box(*RAMP, "set shot.ramp_limit 1/6", "set interval.count 300", "clock set 2026-06-21T19:00", "start")
    box.wait(3 * H)
    assert len(box.exposed) == 300
    assert max(abs(log2(after / before)) for before, after in pairwise(box.exposed)) <= 1 / 6


def test_noise_reduction_counts_twice_in_the_plan_and_the_run():
    box = Box(*RAMP, "set camera.noise_reduction true", "set interval.count 300", "clock set 2026-06-21T19:00")
    answer = box.type("start")
    assert "has room for 12.3s" in answer
    assert "or set interval.every to at least 40.38s" in answer
    box.type("set interval.every 41s")
    assert box.type("start +10s").startswith("ok")
    box.wait(4 * H)
    assert [row.outcome for row in box.rows] == ["fired"] * 300
    assert max(box.exposed) == 20 * S


# -- the clock ---------------------------------------------------------------------------------------------------


def test_a_ramp_by_the_sun_is_refused_while_the_clock_is_not_set():
    box = Box(*RAMP, "set interval.count 300", trusted=False)
    assert str(NEEDS_CLOCK) in box.type("start")
    assert str(NEEDS_CLOCK) in box.type("plan")
    assert box.release == "IDLE"
    box.run_button()
    assert box.refused[-1] == str(NEEDS_CLOCK)
    assert box.frames == []


def test_a_ramp_by_the_sun_works_on_a_clock_that_was_set_by_hand():
    box = Box(*RAMP, "set interval.count 300", "set interval.start +10s", trusted=False)
    box.type("clock set 2026-06-21T19:00")
    plan = box.planned()
    assert box.type("start").startswith("ok")
    box.wait(3 * H)
    assert agrees(box, plan, 300)


def test_a_ramp_by_shares_needs_no_clock():
    lines = (
        "set shot.ramp 0% 1s, 100% 16s",
        "set shot.ramp_shape even",
        "set interval.count 5",
        "set interval.every 20s",
        "set shot.ramp_limit 1",
    )
    box = Box("set shot.drive bulb", *lines, trusted=False)
    assert box.type("start").startswith("ok")
    box.wait(5 * M)
    assert box.exposed == [1 * S, 2 * S, 4 * S, 8 * S, 16 * S]


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("set interval.every 15s", "set interval.count 400"), "shot.ramp: frame "),
        (("set camera.shortest_bulb 2s",), " is exposed for 1s, and the shortest bulb is 2s; "),
        (("set interval.every 10m", "set shot.ramp_limit 1/6"), "the light changes by "),
        (("set shot.steps 21:30 +1",), "shot.steps: 21:30 does not lie between the first and the last key"),
    ],
)
def test_a_ramp_that_cannot_work_is_refused_by_start_and_plan_alike(lines, sentence):
    box = Box(*RAMP, "set interval.count 300", *lines, "clock set 2026-06-21T19:00")
    for command in ("start", "plan"):
        assert sentence in box.type(command)
    assert box.release == "IDLE"


def test_a_ramp_has_no_effect_on_single_frames_and_the_plan_says_so():
    box = Box(*RAMP, "set shot.drive single", "set interval.count 3", "clock set 2026-06-21T19:00")
    assert "shot.ramp has no effect: shot.drive is single; set shot.drive bulb" in box.type("plan")
    assert box.type("start").startswith("ok")
    box.wait(5 * M)
    assert len(box.frames) == 3
