"""Frames that come much later than usual: the rule, and what the box says and does about them."""

from dataclasses import replace

import pytest
from flashes import Core
from random_lags import BODIES, RULES, ours, played, search
from support import MS, S, play

from config.cameras import Cameras, load_profile
from config.schema import build
from controller.core.effects import Announce
from controller.core.events import InterruptedRunFound, Request, SetupChanged
from controller.core.lag_watch import DEVIATIONS, FLOOR_NS, Usual, usual_of
from controller.core.setup import Setup
from controller.core.states import Release
from hardware.virtual.flash import Flash
from hardware.virtual.quirks import Quirks

CALIBRATED = {"camera__shutter_lag": 54 * MS, "camera__lag_spread": 1 * MS}
PAUSING = CALIBRATED | {"camera__lag_watch": "pause"}
LATE = "confirmed, may have focused: lag 201.0 ms, usually 54.0 ms"


def setup_of(profile=None, **values):
    parsed = {key.replace("__", "."): value for key, value in values.items()}
    return Setup(build(parsed), profile or load_profile("canon-e3"))


def core_with(*lags_ms, **settings):
    core = Core(*([lag] for lag in lags_ms), **{"interval__count": len(lags_ms), **settings})
    return core.ask(Request.START, 0)


def said(core):
    return [effect.text for effect in core.of(Announce)]


# -- the rule --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spread_ns", "allowed_ns"), [(0, FLOOR_NS), (FLOOR_NS, DEVIATIONS * FLOOR_NS)])
def test_a_frame_may_be_late_by_the_floor_or_by_some_deviations_whichever_is_more(spread_ns, allowed_ns):
    assert Usual(54 * MS, spread_ns).latest_ns == 54 * MS + allowed_ns


def test_the_calibrated_lag_is_watched_only_with_its_spread():
    assert usual_of(setup_of(**CALIBRATED)) == Usual(54 * MS, 1 * MS)
    assert usual_of(setup_of(camera__shutter_lag=54 * MS)) is None
    assert usual_of(setup_of(camera__lag_spread=1 * MS)) is None


@pytest.mark.parametrize("values", [{"camera__lag_watch": "off"}, {"shot__mirror_up": 1 * S}])
def test_nothing_is_watched_if_it_is_off_or_if_the_mirror_goes_up_first(values):
    assert usual_of(setup_of(**CALIBRATED, **values)) is None


def test_a_proven_lag_is_watched_and_a_calibrated_one_instead(tmp_path):
    text = 'extends = "canon-e3"\nexposure_lag_ms = 60\nproven = ["exposure_lag_ms"]\n'
    (tmp_path / "mine.toml").write_text(text + 'proof = { body = "D2X", date = "2026-06-21" }\n')
    profile = Cameras(tmp_path).load("mine")
    assert usual_of(setup_of(profile)) == Usual(60 * MS)
    assert usual_of(setup_of(profile, **CALIBRATED)) == Usual(54 * MS, 1 * MS)
    inferred = replace(profile, how_sure=(("exposure_lag_ms", "inferred"),))
    assert usual_of(setup_of(inferred)) is None


# -- in the core -----------------------------------------------------------------------------------------------


def test_a_late_frame_is_entered_with_its_lag_as_suspected_and_the_next_is_confirmed():
    core = core_with(54, 201, 84, 85, **CALIBRATED).run()
    late = "confirmed, may have focused: lag 85.0 ms, usually 54.0 ms"
    assert core.rows == [
        (0, "confirmed", None, 54 * MS),
        (1, "suspected", LATE, 201 * MS),
        (2, "confirmed", None, 84 * MS),
        (3, "suspected", late, 85 * MS),
    ]
    assert core.sync.suspected == 2


def test_an_early_frame_is_confirmed():
    assert core_with(1, **CALIBRATED).run().outcomes == ["confirmed"]


def test_nothing_is_suspected_without_a_known_lag():
    assert core_with(54, 201).run().outcomes == ["confirmed", "confirmed"]


def test_a_contact_that_has_only_closed_late_can_miss_a_frame():
    core = Core([201], [], interval__count=2, **CALIBRATED).ask(Request.START, 0).run()
    assert core.outcomes == ["suspected", "missed"]


def test_a_calibration_suspects_nothing():
    core = Core(*[[201]] * 10, **CALIBRATED).ask(Request.CALIBRATE, 0).run()
    assert core.outcomes == ["confirmed"] * 10


def test_a_calibration_tells_which_of_its_frames_were_late():
    core = Core(*[[54]] * 8, [201], [180], **CALIBRATED).ask(Request.CALIBRATE, 0).run()
    assert said(core)[-1].startswith("2 of 10 frames came much later than the others, and may have focused;")
    assert not core.controller.has_trouble


def test_the_warning_lasts_until_the_next_run_and_is_in_status_and_lamp():
    core = core_with(201, 54, **CALIBRATED).run(until_ms=1_500)
    run = core.controller.status(1_500 * MS).run
    assert (run.suspected, run.confirmed) == (1, 0)
    status = core.run(until_ms=10_000).controller.status(10 * S)
    assert status.run is None
    assert [each for each in status.warnings if each.startswith("1 frame may have focused")]
    assert core.controller.has_trouble
    core.edges_ms = [[54], [54]]
    core.ask(Request.START, 20_000).run()
    assert core.controller.status(60 * S).sync.suspected == 0
    assert not core.controller.has_trouble


def test_a_single_frame_is_suspected_too_and_the_next_one_takes_the_warning_back():
    core = Core([201], [54], **CALIBRATED).ask(Request.FIRE, 0).run(until_ms=2_000)
    assert said(core) == [f"the frame is {LATE}"]
    assert core.controller.status(2 * S).sync.outcome == "suspected"
    assert core.controller.has_trouble
    core.ask(Request.FIRE, 3_000).run()
    assert not core.controller.has_trouble


def test_an_interrupted_run_keeps_its_suspected_frames():
    core = Core([54], [54], **CALIBRATED)
    found = InterruptedRunFound(2, was_dialled_in=False, t0_ns=0, fired=2, confirmed=1, suspected=1)
    core.at(3_000 * MS, found).ask(Request.RESUME, 3_000).run(until_ms=5_000)
    assert core.controller.status(5 * S).run.suspected == 1


# -- pausing ---------------------------------------------------------------------------------------------------


def test_a_run_pauses_before_the_next_frame_says_why_and_can_be_resumed():
    core = core_with(54, 201, 54, 54, **PAUSING).run(until_ms=5_500)
    assert core.outcomes == ["confirmed", "suspected", "skipped"]
    assert core.controller.release is Release.PAUSED
    assert said(core) == [
        "frame 2 may have focused, so the run pauses before the next one (camera.lag_watch); check the focus, then resume"
    ]
    core.ask(Request.RESUME, 5_600).run()
    assert core.outcomes == ["confirmed", "suspected", "skipped", "confirmed"]


def test_the_last_frame_of_a_run_pauses_nothing():
    core = core_with(54, 201, **PAUSING).run()
    assert core.controller.release is Release.IDLE
    assert said(core) == []


def test_a_run_that_is_being_stopped_ends():
    core = core_with(201, 54, **PAUSING).ask(Request.STOP, 300).run()
    assert core.outcomes == ["suspected"]
    assert core.controller.release is Release.IDLE


def test_the_watch_may_be_changed_during_a_run():
    core = core_with(201, 201, 201, **PAUSING)
    changed = setup_of(**{"pins__sync": 25, "focus__interlock": False, **CALIBRATED, "camera__lag_watch": "off"})
    core.at(2_900 * MS, SetupChanged(changed)).ask(Request.RESUME, 2_950).run()
    assert core.outcomes == ["suspected", "skipped", "confirmed"]


# -- how often it is right -------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [each for each in BODIES if each != "normal, 15 ms"])
def test_nearly_every_frame_that_focused_is_found_and_nearly_no_other_is_suspected(body):
    tally = search(ours, body, range(1_000, 1_040))
    assert tally.focused > 700
    assert tally.found >= 0.96 * tally.focused
    assert tally.false <= 0.001 * tally.others


def test_a_drift_of_20_ms_and_a_shift_of_15_raise_no_alarm():
    for how in ({"drift_ms": 20}, {"shift_ms": 15}, {"shift_ms": -40}):
        assert search(ours, "steady", range(20), **how).false == 0


def test_what_was_rejected_is_worse():
    """Deviations alone suspect too many; a range or a mean is spoilt by a frame that focused in the calibration."""
    seeds = range(40)
    assert search(RULES["5 deviations"], "asks every 10 ms", seeds).false > 400
    for name in ("4 standard deviations", "10 ms over the latest"):
        tally = search(RULES[name], "steady", seeds)
        assert tally.found < 0.75 * tally.focused


# -- the whole box, with a body that focuses although it should not --------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_body_that_focuses_in_a_tenth_of_its_frames_is_found_out(seed):
    tally = played(seed)
    assert tally.focused > 15
    assert (tally.found, tally.false) == (tally.focused, 0)


def test_status_counts_the_frames_of_the_run():
    body = Quirks(opening_lag_ns=54 * MS, focuses_percent=100, focusing_ns=147 * MS)
    script = """
        at 0s hold back 1s
        at 0s > set camera.shutter_lag 54ms
        at 0s > set camera.lag_spread 2.5ms
        at 0s > set interval.count 5
        at 2s > start
        at 10s > status
        at 40s > status
    """
    outcome = play(script, flash=Flash(), quirks=body)
    assert "flash contact  a lag of more than 84.0 ms is suspected" in outcome.narration
    assert "(0 confirmed, 2 suspected, 0 missed)" in outcome.narration
    assert "the last frame was confirmed, and may have focused; last measured lag 201.0 ms" in outcome.narration
    assert "5 frames may have focused (the flash contact closed later than usual)" in outcome.narration
