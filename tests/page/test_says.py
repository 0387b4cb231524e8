import pytest
from console.fake_box import RUN, fresh_status

from controller.page.says import Says

S = 1_000_000_000


def about(**changes):
    return Says().about(fresh_status() | changes)


def test_a_run_is_told_in_pieces():
    says = about(run=RUN, release="WAITING", focus="DIALLED_IN")
    assert says["frame"] == "frame 12 of 300"
    assert says["next"] == "next in 3.2 s"
    assert says["ends"] == "ends in 24m 10s, at 04:12"
    assert says["run"].startswith("frame 12 of 300 in 3.2 s; every 5s; 10 fired")
    assert says["hint"] is None


@pytest.mark.parametrize(
    ("changes", "frame", "following"),
    [
        ({"taking": 11, "slot": 12}, "taking frame 12 of 300", "next in 3.2 s"),
        ({"taking": 299, "next_in_ns": None}, "taking the last frame, 300 of 300", None),
        ({"next_in_ns": None}, "the last frame is over", None),
        ({"count": 0}, "frame 12", "next in 3.2 s"),
        ({"waits": "the run starts at 04:00", "next_in_ns": None}, "the run starts at 04:00", None),
    ],
)
def test_the_frame_of_a_run_is_told(changes, frame, following):
    says = about(run=RUN | changes)
    assert (says["frame"], says["next"]) == (frame, following)


def test_without_a_run_there_is_nothing_to_tell_about_one():
    says = about()
    assert [says[name] for name in ("run", "frame", "next", "ends", "exposure", "mirror", "sync", "last")] == [
        None
    ] * 8


def test_an_exposure_and_a_mirror_are_told():
    says = about(exposing={"elapsed_ns": 12 * S, "asked_ns": 240 * S}, mirror_waits_ns=3 * S)
    assert says["exposure"] == "exposed 12.0 s of 4m"
    assert says["mirror"] == "the mirror may still be up after a cut; the camera lowers it within 3.0 s"


def test_a_hand_step_that_waits_is_told():
    step = {"number": 1, "of": 2, "change": "set ISO 100 to 800 on the camera", "sixths": 18}
    says = about(run=RUN | {"step": step, "off_plan_stops": -1.2})
    assert says["step"] == "hand-step 1 of 2: set ISO 100 to 800 on the camera"
    assert says["off"] == "the next picture is 1.2 stops too dark"
    assert about(run=RUN | {"off_plan_stops": 0.04})["off"] is None


def test_a_box_that_knows_no_hand_steps_is_told_as_ever():
    of_old = {
        key: value for key, value in RUN.items() if key not in ("step", "off_plan_stops", "exposure_ns", "trim")
    }
    says = about(run=of_old)
    assert (says["step"], says["off"]) == (None, None)


def test_the_flash_contact_is_told():
    assert about(sync={"outcome": None, "lag_ns": None, "measured": None})["sync"] == "no frame yet"


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"back_button_focus": None}, "the box does not know yet how your camera is set up; choose it under Camera"),
        ({"back_button_focus": True}, "focus with the camera, then tap: focus is set"),
        ({"back_button_focus": False}, "tap focus now, and wait until the camera has focused"),
        ({"focus": "FOCUSING"}, None),
        ({"focus": "TRIMMING"}, "turn the focus ring until it is sharp, then tap: focus is set"),
        ({"focus": "DIALLED_IN"}, "ready: fire a frame, or start a run"),
        ({"release": "EXPOSING"}, None),
        ({"release": "PAUSED"}, "resume the run, or stop it"),
        ({"release": "FAULT"}, "read what happened, check the camera, then tap: clear"),
    ],
)
def test_what_to_do_next_is_told(changes, hint):
    assert about(**changes)["hint"] == hint


def test_the_last_event_worth_showing_stays():
    says = Says()
    says.note({"kind": "refused", "text": "fire was refused: focus first"})
    says.note({"kind": "changed", "text": "nothing is running"})
    says.note({"kind": "entered", "outcome": "fired", "text": "frame 1: fired"})
    assert says.about(fresh_status())["last"] == "fire was refused: focus first"
    says.note({"kind": "entered", "outcome": "skipped", "text": "frame 2: skipped (busy)"})
    assert says.about(fresh_status())["last"] == "frame 2: skipped (busy)"
