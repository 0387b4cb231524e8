"""AF-C on a body where half-press focuses: a held half-press goes on driving the lens, so no lock holds a focus."""

import pytest
from evening import Evening
from support import MS, S, play

from config.cameras import load_profile
from config.schema import build
from controller.cli.options import read_options
from controller.cli.simulate import scene_of
from controller.core.setup import Setup
from controller.plan.planning import plan_frame

FACTORY = ("canon-e3", "nikon-mc-dc2", "sony-minolta-3pin", "generic")
AF_C = "at 0s > set camera.continuous_af true"
TRACKING = f"{AF_C}\nat 0s > set focus.mode continuous"
REMEDIES = ("set camera.continuous_af false", "set camera.back_button_focus true")
WARNING = "focus.mode is continuous and half-press focuses: the camera has to be on AF-S / One Shot"
DIALLED_IN_AND_SHOT = "at 1s hold back 1s\nat 4s tap shutter\nat 8s > set interval.count 3\nat 9s > start"


def moved(outcome):
    return [frame["lens_moved"] for frame in outcome.frames]


# -- the camera ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("camera", FACTORY)
def test_over_a_lock_the_lens_of_a_body_that_nobody_said_is_on_af_c_moves(camera):
    outcome = play(DIALLED_IN_AND_SHOT, camera, "factory", continuous_af=True)
    assert moved(outcome) == [True] * 4


@pytest.mark.parametrize("camera", FACTORY)
def test_with_back_button_focus_af_c_moves_nothing(camera):
    outcome = play(f"{AF_C}\n{DIALLED_IN_AND_SHOT}", camera, "bbf", continuous_af=True)
    assert (moved(outcome), outcome.reasons) == ([False] * 4, [])


def test_the_command_line_sets_the_camera_to_af_c():
    assert scene_of(read_options(["simulate", "--body", "factory", "--af-c"])).continuous_af
    assert not scene_of(read_options(["simulate", "--body", "factory"])).continuous_af


# -- where it is sure, it is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("camera", FACTORY)
@pytest.mark.parametrize("mode", ["single", "continuous", "trim"])
@pytest.mark.parametrize("release", ["tap shutter", "> fire", "> start", "tap run"])
def test_a_release_or_a_run_over_a_lock_is_refused_with_the_reason_and_the_remedies(camera, mode, release):
    outcome = play(f"{AF_C}\nat 0s > set focus.mode {mode}\nat 1s hold back 1s\nat 4s {release}", camera, "factory")
    assert outcome.frames == []
    assert outcome.state == {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}
    assert "a held half-press goes on driving the lens" in outcome.reasons[-1]
    assert all(remedy in outcome.reasons[-1] for remedy in REMEDIES)
    assert "the lens, so a focus lock does not hold the focus" in outcome.reasons[-1]
    assert "fire while you hold back: set focus.mode continuous" in outcome.reasons[-1]
    assert outcome.spans("shutter") == []


def test_focus_does_not_stay_closed_for_a_lock_that_holds_nothing():
    outcome = play(f"{AF_C}\nat 1s hold back 1s", "canon-e3", "factory")
    [(closed, opened)] = outcome.spans("focus")
    assert opened - closed == 1 * S
    assert len(outcome.reasons) == 1


@pytest.mark.parametrize("camera", FACTORY)
def test_a_moving_subject_is_followed_and_shot_while_back_is_held(camera):
    outcome = play(
        f"{TRACKING}\nat 1s press back\nat 3s tap shutter\nat 6s > fire\nat 9s release back", camera, "factory"
    )
    assert (moved(outcome), outcome.reasons) == ([False] * 2, [])
    assert outcome.state["focus"] == "UNFOCUSED"


@pytest.mark.parametrize("camera", FACTORY)
def test_back_let_go_in_a_burst_counts_once_the_burst_is_over(camera):
    script = f"{TRACKING}\nat 0s > set shot.drive burst\nat 1s hold back 2s\nat 2.5s hold shutter 3s"
    outcome = play(script, camera, "factory")
    assert len(outcome.frames) > 10
    assert not any(moved(outcome))
    assert outcome.spans("focus")[-1][1] >= outcome.spans("shutter")[-1][1]
    assert outcome.state == {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}


def test_a_frame_of_the_self_timer_is_not_taken_over_a_lock_either():
    script = f"{TRACKING}\nat 0s > set shot.self_timer 5s\nat 1s hold back 2s\nat 2s tap shutter"
    assert not any(moved(play(script, "canon-e3", "factory")))


@pytest.mark.parametrize("remedy", REMEDIES)
def test_a_remedy_works_once_the_camera_is_set_like_that(remedy):
    body = "bbf" if "back_button" in remedy else "factory"
    outcome = play(f"{AF_C}\nat 0.5s > {remedy}\n{DIALLED_IN_AND_SHOT}", "canon-e3", body)
    assert (moved(outcome), outcome.reasons) == ([False] * 4, [])


def test_to_say_af_c_clears_a_focus_that_a_lock_keeps_and_opens_focus():
    outcome = play("at 1s hold back 1s\nat 4s > set camera.continuous_af true\nat 6s > fire", "canon-e3", "factory")
    assert outcome.frames == []
    assert outcome.spans("focus")[-1][1] == 4 * S
    assert "camera.continuous_af is true" in outcome.reasons[0]


def test_a_plain_remote_refuses_nothing():
    script = f"{AF_C}\nat 0s > set focus.interlock false\nat 1s > fire"
    assert play(script, "canon-e3", "factory").reasons == []


# -- where it is not sure, it is said -------------------------------------------------------------------------


@pytest.fixture
def box():
    return Evening(camera="nikon-mc-dc2", body="factory")


def test_set_warns_when_it_makes_af_c_matter_and_not_again(box):
    assert f" warning: {WARNING}" in box.type("set focus.mode continuous")
    assert box.type("set focus.mode continuous") == "ok focus.mode is continuous"
    assert box.type("set camera.continuous_af false") == "ok camera.continuous_af is false"
    assert f" warning: {WARNING}" in box.type("reset camera.continuous_af")


def test_status_and_plan_warn_until_it_is_said(box):
    box.type("set focus.mode continuous")
    for command in ("status", "plan"):
        assert WARNING in box.type(command).replace("\n ", "")
    box.type("set camera.continuous_af false")
    for command in ("status", "plan"):
        assert WARNING not in box.type(command).replace("\n ", "")


def test_plan_refuses_what_a_release_would_refuse(box):
    box.type("set camera.continuous_af true")
    assert "a held half-press goes on driving the lens" in box.type("plan")


@pytest.mark.parametrize(
    "without",
    [{"focus.mode": "single"}, {"camera.back_button_focus": True}, {"focus.interlock": False}],
    ids=lambda values: next(iter(values)),
)
@pytest.mark.parametrize("said", [None, True])
def test_af_c_matters_only_where_a_lock_keeps_the_focus(without, said):
    values = {"camera.back_button_focus": False, "focus.mode": "continuous", "camera.continuous_af": said} | without
    plan = plan_frame(Setup(build(values), load_profile("canon-e3")))
    assert not any(WARNING in warning for warning in plan.warnings)
    is_sure = "focus.mode" in without and said
    assert any("AF-C" in refusal for refusal in plan.refusals) == bool(is_sure)


def test_what_was_said_is_part_of_a_run(box):
    box.type("start")
    box.wait(500 * MS)
    assert box.type("set camera.continuous_af true").startswith("error refused: camera.continuous_af: ")
