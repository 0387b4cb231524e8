"""What the check of profiles accepts, the box can play: no fault, every frame in its slot, and an end."""

import random
from pathlib import Path

import pytest
from random_profiles import OWN, is_accepted, own_profile
from random_sessions import RandomSession, play

from controller.simulate.script import parse_script
from controller.simulate.stage import Scene

WHOLE = """
brand = "Mine"
connector = "three contacts"
supported = "yes"
pins = { focus = "half", shutter = "full", ground = "common" }
confidence = "low"
"""
EVENING = """
at 0s > set interval.every 45s
at 0s > set interval.count 2
at 0s hold back 8s
at 70s > fire
at 200s > start +40s
at 400s > set shot.drive bulb
at 400s > set shot.exposure 2s
at 400s > fire
at 500s > set shot.mirror_up 2s
at 500s > fire
at 600s > set shot.mirror_up 0s
at 600s > set camera.keep_awake true
at 600s > start +40s
at 800s > status
"""


def evening(profile, body, folder):
    assert is_accepted(profile), profile
    return play(RandomSession(0, Scene(OWN, body), parse_script(EVENING, "evening"), profile), folder)


@pytest.mark.parametrize("body", ["bbf", "factory"])
@pytest.mark.parametrize("wake", ["hold_ms = 1000, lead_ms = 500", "hold_ms = 400, lead_ms = 400", "lead_ms = 1"])
@pytest.mark.parametrize("alone", ["true", "false"])
def test_a_wake_pulse_is_over_before_its_frame_however_soon_the_body_is_awake(body, wake, alone, tmp_path):
    profile = f"{WHOLE}shutter_alone_fires = {alone}\nwake = {{ {wake}, meter_off_default_s = 5 }}"
    evening_ = evening(profile, body, tmp_path)
    assert evening_.findings == []
    assert len(evening_.report["frames"]) >= (5 if body == "bbf" else 3)  # a run opens its focus lock at its end


@pytest.mark.parametrize("meter", ["", ", meter_off_default_s = 5"])
def test_a_body_that_wakes_more_slowly_than_it_falls_asleep_is_woken_once_for_a_frame(meter, tmp_path):
    evening_ = evening(f"{WHOLE}wake = {{ hold_ms = 50, lead_ms = 12000{meter} }}", "bbf", tmp_path)
    assert evening_.findings == []
    assert [row["outcome"] for row in evening_.report["ledger"]] == ["fired"] * 4


@pytest.mark.parametrize("body", ["bbf", "factory"])
@pytest.mark.parametrize("first", range(0, 60, 10))
def test_the_box_can_play_every_profile_that_the_check_accepts(first, body, tmp_path):
    for number in range(first, first + 10):
        profile = own_profile(random.Random(f"profile {number}"))
        folder = Path(tmp_path / str(number))
        folder.mkdir()
        assert evening(profile, body, folder).findings == [], profile
