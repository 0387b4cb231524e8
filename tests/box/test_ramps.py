"""Runs whose interval or exposure changes from the first frame to the last, by a whole box on the virtual clock."""

import json
from itertools import pairwise

import pytest
from evening import Evening as Box
from evening import M, S
from support import MS

INTERVALS = ("set interval.every 2s", "set interval.every_end 10s", "set interval.count 6")
EXPOSURES = ("set shot.drive bulb", "set shot.exposure 1s", "set interval.every 20s", "set interval.count 5")
HOUR = 60 * M


def gaps(times_ns):
    return [after - before for before, after in pairwise(times_ns)]


def exposed(box):
    return [frame.exposure_ns for frame in box.frames]


# -- intervals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("camera", ["canon-e3", "nikon-mc-dc2"])
def test_the_intervals_of_a_run_go_evenly_from_the_first_to_the_last(camera):
    box = Box(*INTERVALS, "start", camera=camera)
    box.wait(5 * M)
    assert gaps(box.shutter) == [2 * S, 4 * S, 6 * S, 8 * S, 10 * S]
    assert box.fired == box.shutter
    assert box.release == "IDLE"


def test_the_intervals_of_a_run_can_shrink():
    box = Box("set interval.every 10s", "set interval.every_end 2s", "set interval.count 6", "start")
    box.wait(5 * M)
    assert gaps(box.shutter) == [10 * S, 8 * S, 6 * S, 4 * S, 2 * S]


def test_a_pause_leaves_the_grid_of_a_ramp_where_it_is():
    box = Box(*INTERVALS, "start +1s")
    t0_ns = 11 * S
    box.until(t0_ns + S)
    box.type("pause")
    box.until(t0_ns + 7 * S)  # slots are due at 0, 2, 6, 12, 20 and 30 s
    box.type("resume")
    box.wait(5 * M)
    assert box.shutter == [t0_ns, t0_ns + 12 * S, t0_ns + 20 * S, t0_ns + 30 * S]
    assert [row.due_ns - t0_ns for row in box.rows] == [0, 2 * S, 6 * S, 12 * S, 20 * S, 30 * S]


def test_a_ramp_of_the_interval_ends_by_the_clock_too():
    box = Box(*INTERVALS, "set interval.end 12:30:12", "start 12:30")
    box.until(HOUR)
    assert [at_ns - 30 * M for at_ns in box.shutter] == [0, 2 * S, 6 * S]  # the slot at 12:30:12 is not before it


def test_the_status_tells_both_ends_of_a_ramp():
    box = Box(*INTERVALS)
    assert "every 2s at first, 10s at the end; 0 fired" in box.type("start")


# -- exposures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("camera", ["canon-e3", "nikon-mc-dc2"])
def test_the_exposures_of_a_run_grow_by_the_same_part_of_a_stop(camera):
    box = Box(*EXPOSURES, "set shot.exposure_end 16s", "start", camera=camera)
    box.wait(5 * M)
    assert exposed(box) == [1 * S, 2 * S, 4 * S, 8 * S, 16 * S]
    assert gaps(box.shutter) == [20 * S] * 4


def test_the_exposures_of_a_run_can_shrink_while_its_intervals_do():
    box = Box(
        *EXPOSURES,
        "set shot.exposure 16s",
        "set shot.exposure_end 1s",
        "set interval.every_end 2s",
    )
    assert "at frame 4 the interval is 2s, but the frame takes 2.33s" in box.type("start")
    box.type("set interval.every_end 5s")
    assert box.type("start").startswith("ok")
    box.wait(5 * M)
    assert exposed(box) == [16 * S, 8 * S, 4 * S, 2 * S, 1 * S]
    assert gaps(box.shutter) == [20 * S, 15 * S, 10 * S, 5 * S]


def test_a_frame_by_hand_takes_the_first_exposure_of_a_ramp():
    box = Box(*EXPOSURES, "set shot.exposure_end 16s", "fire")
    box.wait(M)
    assert exposed(box) == [1 * S]


def test_a_calibration_has_no_ramp():
    box = Box(*EXPOSURES, "set shot.exposure_end 16s", wired=True)
    assert "one every 2s" in box.type("calibrate")
    box.wait(5 * M)
    assert exposed(box) == [1 * S] * 10


@pytest.mark.parametrize("drive", ["single", "burst"])
def test_a_ramp_of_exposures_is_for_bulbs_only(drive):
    box = Box(*EXPOSURES, "set shot.exposure_end 16s", f"set shot.drive {drive}", "set interval.count 0")
    assert box.type("start").startswith("ok")


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            (*INTERVALS, "set interval.count 0"),
            "interval.every_end needs a last frame; set interval.count to the number of frames",
        ),
        (
            (*EXPOSURES, "set shot.exposure_end 16s", "set interval.every_end 30s", "set interval.count 0"),
            "interval.every_end and shot.exposure_end need a last frame; set interval.count to the number of frames",
        ),
        (
            (*INTERVALS, "set interval.every 500ms"),
            "at frame 1 the interval is 500ms, but the frame takes 530ms; set interval.every to at least 580ms",
        ),
        (
            (*INTERVALS, "set interval.every_end 500ms"),
            "at frame 5 the interval is 500ms, but the frame takes 530ms; set interval.every_end to at least 580ms",
        ),
        (
            (*EXPOSURES, "set shot.exposure_end 100s"),
            "at frame 4 the interval is 20s, but the frame takes 31.953s; set interval.every to at least 32.01s",
        ),
        (
            (*EXPOSURES, "set shot.exposure 30s", "set shot.exposure_end 1s"),
            "at frame 1 the interval is 20s, but the frame takes 30.33s; set interval.every to at least 30.38s",
        ),
        (
            (*EXPOSURES, "set shot.exposure_end 10ms"),
            "shot.exposure_end: 10ms is too short, SHUTTER cannot make canon-e3 expose for less than",
        ),
    ],
)
def test_a_ramp_that_cannot_work_is_refused_with_the_numbers_and_the_plan_says_so(lines, sentence):
    box = Box(*lines)
    assert sentence in box.type("start")
    assert box.release == "IDLE"
    assert sentence in "".join(json.loads(box.type("plan --json").partition("\n")[0])["refusals"])
    box.type("set interval.count 1000")


def test_noise_reduction_counts_at_both_ends_of_a_ramp():
    lines = (*EXPOSURES, "set shot.exposure_end 16s", "set interval.count 5")
    assert Box(*lines).type("start").startswith("ok")
    box = Box(*lines, "set camera.noise_reduction true", "set interval.every 16s")
    assert "at frame 4 the interval is 16s, but the frame takes 16.33s" in box.type("start")


def test_every_frame_of_a_ramp_that_is_let_through_fits():
    for last in ("2s", "5s", "12s", "19s"):
        box = Box(*EXPOSURES, f"set shot.exposure_end {last}", "set interval.every_end 25s", "set interval.count 30")
        assert box.type("start").startswith("ok")
        box.wait(HOUR)
        assert [row.outcome for row in box.rows] == ["fired"] * 30


@pytest.mark.parametrize(
    ("lines", "works"),
    [
        (("set interval.every 1m", "set interval.count 180"), True),
        (("set interval.every 1m", "set interval.count 180", "set interval.every_end 2m"), False),
        (("set interval.every 2m", "set interval.count 180", "set interval.every_end 30s"), True),
        (("set interval.every 2m", "set interval.count 180"), False),
    ],
)
def test_a_focus_lock_has_to_last_over_the_ramped_length(lines, works):
    box = Box(*lines, body="factory")
    told = json.loads(box.type("plan --json").partition("\n")[0])["refusals"]
    answer = box.type("start")
    assert answer.startswith("ok") == works == (not told)
    assert works or "but the focus lock opens in 3h 59m 50s" in answer


def test_a_focus_lock_has_to_last_over_the_exposure_of_the_last_frame():
    lines = ("set interval.every 30m", "set interval.count 8", "set shot.drive bulb", "set shot.exposure 1m")
    assert Box(*lines, "set shot.exposure_end 20m", body="factory").type("start").startswith("ok")
    box = Box(*lines, "set safety.max_exposure 2h", "set shot.exposure_end 40m", body="factory")
    assert "but the focus lock opens in" in box.type("start")


# -- the plan ----------------------------------------------------------------------------------------------------


def test_the_plan_tells_how_long_a_ramped_run_takes():
    box = Box(*INTERVALS)
    assert "a run takes 6 frames, one every 2s at first, 10s at the end, and lasts 30.53s" in box.type("plan")
    box = Box(*EXPOSURES, "set shot.exposure_end 16s")
    plan = box.type("plan --json")
    run = json.loads(plan.partition("\n")[0])["run"]
    assert (run["length_ns"], run["exposure_end_ns"]) == (4 * 20 * S + 16 * S + 330 * MS, 16 * S)
    assert "lasts 1m 36.33s; the last frame is exposed for 16s" in box.type("plan")


# -- ramps without effect ----------------------------------------------------------------------------------------


def test_a_ramp_of_the_interval_has_no_effect_in_a_run_of_two_frames_and_the_plan_says_so():
    box = Box(*INTERVALS, "set interval.every 20s", "set interval.count 2")
    plan = box.type("plan")
    assert "a run takes 2 frames, one every 20s, and lasts" in plan
    assert "interval.every_end has no effect in a run of 2 frames: a ramp of the interval takes 3 frames" in plan
    answer = box.type("start")
    assert "every 20s; 0 fired" in answer
    assert "at first" not in answer
    box.wait(M)
    assert gaps(box.shutter) == [20 * S]


def test_a_ramp_of_the_exposure_has_no_effect_in_a_run_of_one_frame_and_the_plan_says_so():
    box = Box(*EXPOSURES, "set shot.exposure_end 30s", "set interval.count 1")
    plan = box.type("plan")
    assert "exposed for 30s" not in plan
    assert "shot.exposure_end has no effect in a run of 1 frame: a ramp of the exposure takes 2 frames" in plan
    assert box.type("start").startswith("ok")
    box.wait(M)
    assert exposed(box) == [1 * S]


def test_the_plan_warns_of_sleep_where_the_exposures_get_shorter():
    lines = (*EXPOSURES, "set camera.wake false", "set interval.every 32s", "set shot.exposure 30s")
    assert "go to sleep" not in Box(*lines).type("plan")
    assert "go to sleep" in Box(*lines, "set shot.exposure_end 1s").type("plan")
