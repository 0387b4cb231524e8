"""The drives as a photographer meets them, on the whole box; times in milliseconds from the start of the script."""

import pytest
from support import MS, play

CANON, NIKON, FUJI, SONY = "canon-e3", "nikon-mc-dc2", "fuji-2.5mm", "sony-multi"

BULB = "at 0s > set shot.drive bulb\nat 0s > set shot.exposure 5s\nat 0s hold back 1s\n"
MIRROR = "at 0s > set shot.mirror_up 2s\nat 0s hold back 1s\n"


def taken(outcome):
    """When each picture was begun, and how long it is."""
    assert not any(frame["lens_moved"] for frame in outcome.frames)
    return [(frame["at_ns"] / MS, frame["exposure_ns"] / MS) for frame in outcome.frames]


def spans(outcome, line):
    return [(closed_ns / MS, opened_ns / MS) for closed_ns, opened_ns in outcome.spans(line)]


# -- bulb ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("camera", "lag_ms"), [(CANON, 0), (FUJI, 0), (SONY, 10)])
def test_a_bulb_exposes_for_as_long_as_was_asked_however_late_the_body_opens(camera, lag_ms):
    outcome = play(BULB + "at 2s > fire", camera)
    [(at_ms, exposure_ms)] = taken(outcome)
    [(closed_ms, opened_ms)] = spans(outcome, "shutter")
    assert (exposure_ms, at_ms - closed_ms, opened_ms - closed_ms) == (5_000, lag_ms, 5_000 + lag_ms)


@pytest.mark.parametrize("ending", ["tap shutter", "> stop", "> fire"])
def test_a_bulb_is_ended_early_by_a_press_and_by_stop(ending):
    assert taken(play(BULB + f"at 2s tap shutter\nat 4s {ending}", CANON)) == [(2_000, 2_000)]


@pytest.mark.parametrize("camera", [CANON, NIKON, FUJI, SONY, "generic"])
def test_a_bulb_that_is_ended_at_once_is_still_a_picture(camera):
    outcome = play(BULB + "at 2s > fire\nat 2.12s > stop", camera)
    assert len(taken(outcome)) == 1
    [(closed_ms, opened_ms)] = spans(outcome, "shutter")
    assert opened_ms - closed_ms < 600


@pytest.mark.parametrize("late_ms", [0, 1, 3, 5])
def test_a_stop_that_comes_as_shutter_opens_does_not_close_it_again(late_ms):
    script = BULB + f"at 1.5s > set shot.mirror_up 2s\nat 2s > fire\nat {9_300 + late_ms}ms > stop"
    assert spans(play(script, CANON), "shutter") == [(2_050, 2_300), (4_300, 9_300)]


def test_a_bulb_that_the_body_cannot_make_is_refused_with_the_nearest_that_it_can():
    outcome = play(BULB + "at 1.5s > set shot.exposure 100ms\nat 2s > fire", FUJI)
    assert (outcome.frames, len(outcome.reasons)) == ([], 1)
    assert "set shot.exposure to at least 300ms" in outcome.reasons[0]


def test_after_a_bulb_the_body_is_left_alone_for_its_dark_frame():
    script = (
        BULB + "at 1.5s > set camera.noise_reduction true\nat 2s tap shutter\nat 8s tap shutter\nat 13s tap shutter"
    )
    outcome = play(script, CANON)
    assert taken(outcome) == [(2_000, 5_000), (13_000, 5_000)]
    assert ["getting ready" in reason for reason in outcome.reasons] == [True]


def test_a_bulb_that_is_cut_in_its_noise_reduction_has_its_dark_frame_waited_for_too():
    script = BULB + "at 1.5s > set camera.noise_reduction true\nat 2s > fire\nat 5s > cut\nat 5.5s > fire"
    outcome = play(script, CANON)
    assert taken(outcome) == [(2_000, 3_000), (8_330, 5_000)]


# -- bursts and brackets ---------------------------------------------------------------------------------------


def test_a_burst_follows_the_button():
    outcome = play("at 0s > set shot.drive burst\nat 0s hold back 1s\nat 2s hold shutter 950ms", CANON)
    assert spans(outcome, "shutter") == [(2_000, 2_950)]
    assert [at_ms for at_ms, _ in taken(outcome)] == [2_000, 2_200, 2_400, 2_600, 2_800]


def test_a_burst_is_opened_by_the_limit_whatever_the_finger_does():
    script = (
        "at 0s > set shot.drive burst\nat 0s > set safety.max_hold 2s\nat 0s hold back 1s\nat 2s hold shutter 10s"
    )
    assert spans(play(script, CANON), "shutter") == [(2_000, 4_000)]


def test_the_bodys_own_set_is_held_or_pressed_as_the_profile_says():
    script = "at 0s > set shot.drive bracket\nat 0s hold back 1s\nat 2s tap shutter"
    held, pressed = play(script, CANON), play(script, FUJI)
    assert spans(held, "shutter") == [(2_000, 5_000)]
    assert spans(pressed, "shutter") == [(2_000, 2_500)]
    assert len(taken(held)) == len(taken(pressed)) == 3


def test_a_bracket_of_bulbs_is_one_frame_of_a_run():
    script = """
        at 0s > set shot.drive bracket
        at 0s > set shot.bracket 1s,2s
        at 0s > set interval.every 10s
        at 0s > set interval.count 2
        at 0s hold back 1s
        at 2s > start
        """
    outcome = play(script, NIKON)
    assert [exposure_ms for _, exposure_ms in taken(outcome)] == [1_000, 2_000, 1_000, 2_000]
    assert [row[2] for row in outcome.slots] == ["fired", "fired"]


# -- the mirror ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("camera", "first_ms"), [(CANON, 250), (NIKON, 100)])
def test_the_mirror_is_raised_by_a_press_and_settles_before_the_next(camera, first_ms):
    outcome = play(MIRROR + "at 2s tap shutter", camera)
    (raised, exposed), (before, after) = spans(outcome, "shutter"), spans(outcome, "focus")[-2:]
    assert raised[1] - raised[0] == first_ms
    assert exposed[0] - raised[1] == 2_000
    assert before[1] < after[0]  # both contacts are open between the two
    assert len(taken(outcome)) == 1


def test_a_mirror_that_a_cut_left_up_is_waited_for_and_then_the_next_frame_is_taken():
    outcome = play(MIRROR + "at 2s tap shutter\nat 3s > cut\nat 4s > fire\nat 34s > fire", CANON)
    assert [at_ms for at_ms, _ in taken(outcome)] == [36_300]
    assert ["the mirror is up" in reason for reason in outcome.reasons] == [True]


def test_a_nikon_takes_the_picture_that_it_was_cut_out_of_by_itself():
    outcome = play(MIRROR + "at 2s tap shutter\nat 3s > cut\nat 34s > fire", NIKON)
    assert [at_ms for at_ms, _ in taken(outcome)] == [32_100, 36_700]
