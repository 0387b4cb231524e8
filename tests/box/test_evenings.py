"""Starts and ends by clock and sun as the field met them: late starts, clocks that are set, places that are changed."""

import json

import pytest
from evening import Evening, H, M, S

ZURICH = ("set site.timezone Europe/Zurich", "set interval.every 1m")


def answer(box, line):
    """The JSON object that a command prints."""
    text = box.type(line)
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


def test_the_place_stays_as_it_is_while_a_run_waits():
    box = Evening(*ZURICH, "clock set 2026-06-21T21:58", "set interval.end 22:10", "start 22:00")
    for key, value in (("timezone", "Asia/Tokyo"), ("latitude", "1"), ("longitude", "1")):
        assert box.type(f"set site.{key} {value}").startswith(f"error refused: site.{key}: ")
    box.wait(30 * M)
    assert len(box.frames) == 10


def test_a_late_start_ends_when_it_was_meant_to():
    box = Evening(
        *ZURICH, "set interval.start_tolerance 30m", "set interval.start sunset-20m", "set interval.end +20m"
    )
    box.type("clock set 2026-06-21T21:20")
    box.run_button()
    box.wait(2 * H)
    assert 0 < len(box.frames) <= 8


def test_a_start_whose_end_is_past_is_missed_and_says_so():
    box = Evening(
        *ZURICH, "set interval.start_tolerance 30m", "set interval.start sunset-20m", "set interval.end sunset"
    )
    box.type("clock set 2026-06-21T21:30")
    box.run_button()
    box.wait(30 * H)
    assert box.frames == []
    assert "missed" in box.refused[-1]
    assert "sunset" in box.refused[-1]


def test_a_start_typed_now_is_the_next_one_not_this_mornings():
    box = Evening("set interval.start_tolerance 12h", "set interval.count 3", "set interval.every 10s")
    box.type("start 06:30")
    assert box.release == "WAITING"
    box.wait(H)
    assert box.frames == []
    box.wait(18 * H)
    assert len(box.frames) == 3


@pytest.mark.parametrize("noise", ["true", "false"])
def test_the_end_of_a_run_is_when_the_box_is_done(noise):
    box = Evening(
        "set shot.drive bulb",
        "set shot.exposure 1h",
        f"set camera.noise_reduction {noise}",
        "set interval.every 3h",
        "set interval.count 1",
    )
    planned = answer(box, "plan --json")
    begun_ns = box.clock.now_ns()
    started = answer(box, "start --json")["run"]
    box.wait(30 * M)
    run = answer(box, "status --json")["run"]
    assert run["next_in_ns"] is None
    at_ns = box.clock.now_ns()
    while box.release != "IDLE":
        box.wait(S // 10)
    done_ns = box.clock.now_ns()
    assert done_ns - (at_ns + run["ends_in_ns"]) <= S // 10
    assert done_ns - (begun_ns + started["ends_in_ns"]) <= S // 10
    assert (
        abs(done_ns - begun_ns - planned["run"]["ends_in_ns"]) <= S
    )  # the plan does not know that the camera has fallen asleep


def test_the_end_and_the_count_are_those_of_the_frames_that_will_come():
    box = Evening("set interval.every 10s", "set interval.count 10", "set interval.end +35s")
    planned = answer(box, "plan --json")
    assert planned["run"]["count"] == 4
    started = answer(box, "start --json")["run"]
    assert started["count"] == 4
    box.wait(60 * S)
    assert len(box.frames) == 4
    assert started["ends_in_ns"] == pytest.approx(planned["run"]["ends_in_ns"], abs=S)


def test_a_clock_that_is_corrected_in_a_run_moves_its_end():
    box = Evening("clock set 2026-06-21T20:00", "set interval.every 10m", "set interval.end 22:00", "start")
    box.wait(11 * M)
    box.type("clock set 2026-06-21T21:11")
    box.wait(52 * M)
    assert box.release == "IDLE"
    assert "22:0" in box.type("clock")
    assert len(box.frames) == 6


def test_a_start_by_the_sun_without_a_place_is_refused_at_once():
    box = Evening("set site.latitude unset", trusted=False)
    assert box.type("start sunset").startswith("error refused: ")
    assert "site.latitude" in box.type("start sunset")
    assert box.release == "IDLE"
