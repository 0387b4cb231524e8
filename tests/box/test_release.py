import pytest
from support import BODIES, CAMERAS, MS, NEEDS_FOCUS, S, play


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("body", BODIES)
def test_shutter_before_focus_closes_nothing_and_says_why(camera, body):
    outcome = play("at 1s tap shutter", camera, body)
    assert outcome.edges("shutter") == []
    assert outcome.edges("focus") == []
    assert outcome.frames == []
    [refusal] = outcome.report["refusals"]
    assert refusal["at_ns"] == 1 * S
    assert refusal["event"] == "shutter pressed"
    assert "focus is not dialled in yet" in refusal["reason"]


def test_a_body_that_fires_alone_gets_shutter_alone():
    outcome = play("at 0s hold back 1s\nat 2s tap shutter")
    assert outcome.spans("shutter") == [(2 * S, 2200 * MS)]
    assert [span for span in outcome.spans("focus") if span[1] is None or span[1] > 2 * S] == []


def test_a_body_that_needs_focus_gets_focus_around_shutter():
    outcome = play("at 0s hold back 1s\nat 2s tap shutter", "nikon-mc-dc2")
    assert outcome.spans("shutter") == [(2100 * MS, 2200 * MS)]
    assert outcome.spans("focus")[1:] == [(2 * S, 2205 * MS)]


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_factory_body_is_released_over_the_lock(camera):
    outcome = play("at 0s hold back 1s\nat 2s tap shutter", camera, "factory")
    assert outcome.edges("focus") == [(0, True)]
    assert [frame["lens_moved"] for frame in outcome.frames] == [False]


def test_a_factory_canon_fired_without_the_lock_would_only_start_its_autofocus():
    """The wrong statement: SHUTTER alone starts autofocus, and 200 ms are too short for it."""
    script = "at 0s > set camera.back_button_focus true\nat 1s hold back 1s\nat 3s tap shutter"
    outcome = play(script, "canon-e3", "factory")
    assert outcome.spans("shutter") == [(3 * S, 3200 * MS)]
    assert outcome.frames == []


def test_the_camera_tells_of_a_lens_that_moved():
    script = "at 0s > set camera.back_button_focus true\nat 1s hold back 1s\nat 3s tap shutter"
    outcome = play(script, "generic", "factory")
    assert [frame["lens_moved"] for frame in outcome.frames] == [True]


def test_a_factory_body_that_finds_no_focus_takes_no_frame():
    outcome = play("at 0s hold back 1s\nat 2s tap shutter", "nikon-mc-dc2", "factory", autofocus=False)
    assert outcome.frames == []
    assert len(outcome.spans("shutter")) == 1


def test_until_the_set_up_is_stated_a_body_that_needs_focus_is_not_fired():
    script = "at 0s > set camera.back_button_focus unset\nat 1s hold back 1s\nat 3s tap shutter"
    for camera in NEEDS_FOCUS:
        outcome = play(script, camera)
        assert outcome.edges("shutter") == []
        assert "camera.back_button_focus is not set" in outcome.reasons[0]
    assert len(play(script, "canon-e3").frames) == 1


def test_a_second_press_during_a_frame_is_refused_and_never_queued():
    outcome = play("at 0s hold back 1s\nat 2s tap shutter\nat 2.15s tap shutter\nat 2.4s tap shutter")
    assert len(outcome.frames) == 1
    assert len(outcome.reasons) == 2


def test_continuous_fires_while_back_is_held():
    script = "at 0s > set focus.mode continuous\nat 1s press back\nat 2s tap shutter\nat 3s tap shutter\nat 4s release back"
    for camera in CAMERAS:
        for body in BODIES:
            outcome = play(script, camera, body)
            if camera == "generic":
                script = script.replace("at 3s", "at 4s").replace("at 4s release", "at 5s release")
                outcome = play(script, camera, body)
            assert len(outcome.frames) == 2
            assert not any(frame["lens_moved"] for frame in outcome.frames)
            assert outcome.state["focus"] == "DIALLED_IN"


def test_single_does_not_fire_while_back_is_held():
    outcome = play("at 1s press back\nat 2s tap shutter\nat 4s release back")
    assert outcome.frames == []
    assert outcome.reasons == ["focus is still being set; let go of back first"]


def test_a_release_in_the_wake_pulse_opens_focus_before_shutter_closes():
    script = "at 0s > set focus.mode continuous\nat 1s press back\nat 1.1s tap shutter\nat 2s release back"
    outcome = play(script)
    assert outcome.spans("focus") == [(1 * S, 1100 * MS)]
    assert outcome.spans("shutter") == [(1105 * MS, 1305 * MS)]


def test_the_lead_is_kept_on_a_factory_body_whose_focus_has_just_closed():
    script = "at 0s > set focus.mode continuous\nat 1s press back\nat 1.02s tap shutter\nat 3s release back"
    outcome = play(script, "nikon-mc-dc2", "factory")
    assert outcome.spans("shutter") == [(1100 * MS, 1200 * MS)]


def test_a_tap_of_back_with_a_frame_on_its_way_waits_for_the_frame():
    script = "at 0s > set focus.mode continuous\nat 1s hold back 200ms\nat 1.15s tap shutter\nat 3s > status"
    outcome = play(script, "nikon-mc-dc2", "factory")
    [(shutter_closed, shutter_opened)] = outcome.spans("shutter")
    [(focus_closed, focus_opened)] = outcome.spans("focus")
    assert focus_closed < shutter_closed < shutter_opened <= focus_opened
    assert outcome.state["focus"] == "UNFOCUSED"


def test_a_burst_follows_the_button():
    outcome = play("at 0s > set shot.drive burst\nat 1s hold back 1s\nat 3s hold shutter 2s")
    assert outcome.spans("shutter") == [(3 * S, 5 * S)]


def test_a_burst_on_a_body_that_needs_focus_keeps_focus_around_it():
    outcome = play("at 0s > set shot.drive burst\nat 1s hold back 1s\nat 3s hold shutter 2s", "nikon-mc-dc2")
    assert outcome.spans("shutter") == [(3100 * MS, 5 * S)]
    assert outcome.spans("focus")[1:] == [(3 * S, 5005 * MS)]


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("body", BODIES)
def test_the_shortest_burst_is_long_enough_for_one_frame(camera, body):
    outcome = play("at 0s > set shot.drive burst\nat 1s hold back 1s\nat 3s hold shutter 30ms", camera, body)
    [(closed, opened)] = outcome.spans("shutter")
    assert opened - closed == {"canon-e3": 200 * MS, "nikon-mc-dc2": 100 * MS, "generic": 500 * MS}[camera]
    assert all(closed <= frame["at_ns"] <= opened for frame in outcome.frames)
    assert outcome.frames


def test_a_burst_ends_at_the_limit():
    outcome = play("at 0s > set shot.drive burst\nat 1s hold back 1s\nat 3s hold shutter 2m")
    assert outcome.spans("shutter") == [(3 * S, 33 * S)]


def test_a_burst_over_a_held_back_ends_before_focus_does():
    script = """
        at 0s > set focus.mode continuous
        at 0s > set shot.drive burst
        at 1s hold back 2m
        at 20s hold shutter 1m
    """
    outcome = play(script, "nikon-mc-dc2", "factory")
    [(_, shutter_opened)] = outcome.spans("shutter")
    [(focus_closed, focus_opened)] = outcome.spans("focus")
    assert (focus_closed, focus_opened) == (1 * S, 31 * S)
    assert shutter_opened < focus_opened


def test_fire_takes_one_frame_whatever_the_drive():
    for drive in ("single", "burst"):
        outcome = play(f"at 0s > set shot.drive {drive}\nat 1s hold back 1s\nat 3s > fire")
        assert outcome.spans("shutter") == [(3 * S, 3200 * MS)]


def test_the_self_timer_counts_down_before_the_frame():
    outcome = play("at 0s > set shot.self_timer 2s\nat 1s hold back 1s\nat 3s tap shutter", "nikon-mc-dc2")
    assert outcome.spans("shutter") == [(5100 * MS, 5200 * MS)]


def test_stop_ends_the_self_timer_without_a_frame():
    outcome = play("at 0s > set shot.self_timer 10s\nat 1s hold back 1s\nat 3s tap shutter\nat 5s > stop")
    assert outcome.frames == []
    assert outcome.state["release"] == "IDLE"


def test_focus_that_is_lost_during_the_self_timer_stops_the_frame():
    script = """
        at 0s > set shot.self_timer 30s
        at 0s > set focus.lock_limit 1m
        at 1s hold back 1s
        at 50s tap shutter
    """
    outcome = play(script, "nikon-mc-dc2", "factory")
    assert outcome.edges("shutter") == []
    assert outcome.report["refusals"][0]["event"] == "self-timer"


def test_focus_cannot_be_cleared_under_a_frame():
    outcome = play("at 0s hold back 1s\nat 2s > fire\nat 2.05s > focus clear", "nikon-mc-dc2")
    assert outcome.reasons == ["a frame is being taken; focus again when it is done"]
    assert len(outcome.frames) == 1


def test_without_the_interlock_the_box_is_a_plain_remote():
    for camera in CAMERAS:
        for body in BODIES:
            outcome = play("at 0s > set focus.interlock false\nat 1s tap shutter", camera, body)
            assert len(outcome.frames) == 1
            assert not outcome.frames[0]["lens_moved"]


def test_a_frame_that_the_lock_would_not_outlast_is_refused():
    script = "at 0s > set focus.lock_limit 1m\nat 1s hold back 1s\nat 60.9s tap shutter\nat 63s > status"
    outcome = play(script, "nikon-mc-dc2", "factory")
    assert outcome.edges("shutter") == []
    assert outcome.reasons == ["FOCUS is about to reach its limit and open; focus again first"]


def test_cut_opens_both_lines_at_once_and_keeps_focus_on_a_back_button_body():
    outcome = play(
        "at 0s > set shot.drive burst\nat 1s hold back 1s\nat 3s press shutter\nat 4s > cut\nat 9s > status"
    )
    assert outcome.spans("shutter") == [(3 * S, 4 * S)]
    assert outcome.state == {"focus": "DIALLED_IN", "release": "IDLE", "lock": False}
    assert {frame["outcome"] for frame in outcome.frames} == {"cut"}


def test_cut_opens_a_lock_and_focus_is_lost_with_it():
    outcome = play("at 0s hold back 1s\nat 3s > cut", body="factory")
    assert outcome.spans("focus") == [(0, 3 * S)]
    assert outcome.state == {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}


def test_after_a_cut_buttons_that_are_still_down_mean_nothing():
    script = """
        at 0s hold back 1s
        at 2s press run
        at 2.2s press back
        at 4s release back
        at 5s release run
        at 6s > status
    """
    outcome = play(script, body="factory")
    assert outcome.state == {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}
    assert outcome.spans("focus")[-1] == (0, 2500 * MS) or outcome.spans("focus")[-1][1] == 3200 * MS
    assert outcome.frames == []


def test_a_frame_after_a_cut_keeps_the_gap():
    outcome = play("at 0s hold back 1s\nat 2s > fire\nat 2.1s > cut\nat 2.15s > fire")
    (_, opened), (closed, _) = outcome.spans("shutter")
    assert closed - opened == 330 * MS


def test_a_pin_that_could_not_carry_a_line_is_not_even_set():
    outcome = play("at 0s > set pins.shutter 3\nat 1s > show pins.shutter\nat 2s > set pins.shutter 16")
    [reason] = outcome.reasons
    assert reason.startswith("pins.shutter: GPIO3 pulls up at reset")
    assert reason.endswith("choose from 9 to 13 and 16 to 27")
    assert "pins.shutter is 27" in outcome.narration
