import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import MS, S, play

from controller.core.calibrating import FEWEST, FRAMES, Measured, measure
from controller.core.frames import Press, Recipe, Take
from controller.core.runplan import calibration_grid
from hardware.virtual.flash import EVERY_FRAME, Flash

READY = "at 0s hold back 1s\n"
CALIBRATE = READY + "at 2s > calibrate\n"


def notes(outcome):
    return re.findall(r"note    (.*)", outcome.narration)


# -- the numbers -----------------------------------------------------------------------------------------------


def test_the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle():
    assert measure([50, 54, 52, 51, 90, 53], frames=10) == Measured(10, 6, 52, 50, 90, 1)


def test_the_median_of_an_odd_number_is_the_middle_one_in_any_order():
    assert measure([9, 1, 5, 3, 7], frames=5) == Measured(5, 5, median_ns=5, least_ns=1, most_ns=9, spread_ns=2)


def test_too_few_lags_measure_nothing():
    assert measure([50] * (FEWEST - 1), frames=10) is None
    assert measure([50] * FEWEST, frames=10) is not None


@given(st.lists(st.integers(0, 10 * S), min_size=FEWEST, max_size=FRAMES))
def test_the_median_lies_within_the_lags_and_the_spread_is_no_wider(lags):
    found = measure(lags, FRAMES)
    assert min(lags) == found.least_ns <= found.median_ns <= found.most_ns == max(lags)
    assert 0 <= found.spread_ns <= found.most_ns - found.least_ns
    assert measure(sorted(lags), FRAMES) == found


@pytest.mark.parametrize(
    ("frame_ns", "every_ns"),
    [(1, 1 * S), (530 * MS, 1 * S), (800 * MS, 1 * S), (800 * MS + 1, 2 * S), (2 * S, 3 * S)],
)
def test_a_calibration_takes_a_frame_a_second_or_slower_if_a_frame_needs_longer(frame_ns, every_ns):
    """With a sync input the box needs 200 ms more than the frame."""
    recipe = Recipe((Take(Press(0, frame_ns)),), gap_ns=0, shortest_ns=0)
    grid = calibration_grid(7, recipe)
    assert (recipe.frame_ns, grid.every_ns, grid.t0_ns, grid.count) == (frame_ns, every_ns, 7, FRAMES)


# -- on the virtual bench --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("camera", "body", "every_ns"),
    [
        *((camera, body, 1 * S) for camera in ("canon-e3", "nikon-mc-dc2") for body in ("bbf", "factory")),
        ("generic", "bbf", 3 * S),
        ("generic", "factory", 2 * S),  # FOCUS is closed already, so a frame needs no lead
    ],
)
def test_a_calibration_measures_the_lag_of_ten_frames_and_offers_to_keep_it(camera, every_ns, body):
    outcome = play(CALIBRATE, camera, body, flash=Flash(lag_ns=52_340_000))
    t0_ns = outcome.slots[0][1]
    assert outcome.slots == [(k, t0_ns + k * every_ns, "confirmed") for k in range(FRAMES)]
    assert notes(outcome) == [
        "the shutter lag is 52.3 ms: the median of 10 confirmed frames of 10; from 52.3 ms to 52.3 ms, median deviation 0.0 ms",
        "to keep it: set camera.shutter_lag 52.3ms, set camera.lag_spread 100us, then: save",
    ]
    assert not any(frame["lens_moved"] for frame in outcome.frames)
    assert outcome.state["release"] == "IDLE"


def test_the_suggested_command_works():
    script = (
        CALIBRATE
        + "at 20s > set camera.shutter_lag 52.3ms\nat 20s > set camera.lag_spread 100us\nat 20s > save\nat 20s > status"
    )
    outcome = play(script, flash=Flash(lag_ns=52_340_000))
    assert outcome.reasons == []
    assert "ok camera.shutter_lag is 52.3ms" in outcome.narration
    assert "ok saved camera.shutter_lag" in outcome.narration
    assert "shutter lag    52.3ms (camera.shutter_lag)" in outcome.narration
    assert "calibrated: lag 52.3 ms (median), 52.3 ms to 52.3 ms, from 10 of 10 frames" in outcome.narration


def test_a_lag_of_zero_is_not_suggested_as_0s_which_means_unmeasured():
    assert (
        notes(play(CALIBRATE, flash=Flash()))[1]
        == "to keep it: set camera.shutter_lag 100us, set camera.lag_spread 100us, then: save"
    )


def test_the_command_describes_the_calibration():
    outcome = play(CALIBRATE, "generic", flash=Flash())
    assert "ok calibrating: 10 frames, one every 3s; the shutter lag is shown at the end" in outcome.narration


def test_frames_that_were_not_confirmed_measure_nothing():
    outcome = play(CALIBRATE, flash=Flash(lag_ns=50 * MS, misses=range(3, 8)))
    assert notes(outcome)[0].startswith("the shutter lag is 50.0 ms: the median of 5 confirmed frames of 10;")


@pytest.mark.parametrize(("misses", "confirmed"), [(range(5, 11), 4), (EVERY_FRAME, 0)])
def test_too_few_confirmed_frames_are_reported_and_nothing_is_suggested(misses, confirmed):
    outcome = play(CALIBRATE + "at 20s > status", flash=Flash(misses=misses))
    [note] = notes(outcome)
    assert note.startswith(
        f"the shutter lag was not measured: {confirmed} of 10 frames were confirmed, and 5 are needed"
    )
    assert "calibrated" not in outcome.narration


def test_a_calibration_that_is_stopped_reports_what_it_has_measured():
    outcome = play(CALIBRATE + "at 8.1s > stop", flash=Flash(lag_ns=50 * MS))
    assert len(outcome.frames) == 7
    assert "the median of 7 confirmed frames of 7" in notes(outcome)[1]


def test_a_calibration_stopped_too_early_measures_nothing():
    outcome = play(CALIBRATE + "at 3.1s > stop", flash=Flash(lag_ns=50 * MS))
    assert notes(outcome)[1].startswith("the shutter lag was not measured: 2 of 2 frames")


def test_a_calibration_that_is_cut_measures_nothing():
    outcome = play(CALIBRATE + "at 9.1s > cut\nat 20s > status", flash=Flash(lag_ns=50 * MS))
    assert notes(outcome) == ["the calibration was cut and has measured nothing"]
    assert outcome.slots[-1][2] == "cut"
    assert outcome.state["release"] == "IDLE"


def test_the_last_calibration_stays_when_a_later_one_fails():
    misses = range(11, 21)
    outcome = play(CALIBRATE + "at 15s > calibrate\nat 30s > status", flash=Flash(lag_ns=50 * MS, misses=misses))
    assert "calibrated: lag 50.0 ms" in outcome.narration


def test_an_ordinary_run_reports_no_lag():
    outcome = play(READY + "at 1.5s > set interval.count 6\nat 2s > start", flash=Flash())
    assert notes(outcome) == []


@pytest.mark.parametrize(
    ("script", "flash", "reason"),
    [
        (CALIBRATE, None, "there is no sync input to measure with; wire the flash contact"),
        ("at 1s > calibrate", Flash(), "focus is not dialled in yet"),
        (CALIBRATE + "at 2.1s > calibrate", Flash(), "a run is already in progress; stop it first"),
        (CALIBRATE + "at 2.8s > start", Flash(), "a run is already in progress; stop it first"),
        (
            CALIBRATE + "at 2.8s > set camera.shutter_lag 1ms",
            Flash(),
            "camera.shutter_lag: this would change the run in progress",
        ),
    ],
)
def test_a_calibration_is_refused_like_a_run(script, flash, reason):
    outcome = play(script, flash=flash)
    assert len(outcome.reasons) == 1
    assert outcome.reasons[0].startswith(reason)


def test_a_body_whose_set_up_is_not_stated_is_not_calibrated():
    script = "at 0s > set camera.back_button_focus unset\nat 0s hold back 1s\nat 2s > calibrate"
    outcome = play(script, "nikon-mc-dc2", flash=Flash())
    assert outcome.reasons[0].startswith("camera.back_button_focus is not set")
    assert outcome.frames == []
