"""Inputs from the field that broke the promise of the box: the lens moved, a frame came unasked, a slot left the grid."""

import pytest
from evening import Evening, S
from support import MS, play

from config.cameras import load_profile, profile_ids

USABLE = tuple(each for each in profile_ids() if load_profile(each).is_usable)
FACTORY = ("canon-e3", "nikon-mc-dc2", "sony-minolta-3pin", "generic")


# -- whoever began a press of back ends it ----------------------------------------------------------------


@pytest.mark.parametrize("camera", FACTORY)
@pytest.mark.parametrize("tapped_ms", [3000, 3290, 3310, 3500, 3900])
def test_a_finger_does_not_end_the_press_that_a_client_began(camera, tapped_ms):
    outcome = play(
        f"""
        at 1s hold back 500ms
        at 3s > focus hold
        at {tapped_ms}ms tap back
        at 4.6s tap shutter
        """,
        camera,
        "factory",
    )
    assert not any(frame["lens_moved"] for frame in outcome.frames)
    assert outcome.state == {"focus": "FOCUSING", "release": "IDLE", "lock": False}
    assert outcome.reasons[-1] == "focus is still being set; let go of back first"


def test_a_client_does_not_end_the_press_of_a_finger():
    outcome = play("at 1s hold back 2s\nat 1.5s > focus release\nat 4s > fire", "canon-e3", "factory")
    assert outcome.reasons == ["somebody holds the back button; release it there"]
    assert outcome.state["lock"]
    assert len(outcome.frames) == 1


def test_a_client_ends_what_it_began_and_focus_is_dialled_in():
    outcome = play("at 1s > focus hold\nat 2s > focus release\nat 3s > fire", "canon-e3", "factory")
    assert (outcome.state["focus"], outcome.state["lock"]) == ("DIALLED_IN", True)
    assert not outcome.frames[0]["lens_moved"]


@pytest.mark.parametrize("min_hold", ["50ms", "5s"])
def test_a_refocus_ends_in_a_lock_whatever_min_hold_has_become_meanwhile(min_hold):
    outcome = play(
        f"""
        at 1s hold back 500ms
        at 3s hold back 700ms
        at 3.5s > set focus.min_hold {min_hold}
        at 20s tap shutter
        """,
        "canon-e3",
        "factory",
    )
    assert (outcome.state["focus"], outcome.state["lock"]) == ("DIALLED_IN", True)
    assert [frame["lens_moved"] for frame in outcome.frames] == [False]


# -- what is stopped is over ------------------------------------------------------------------------------

BRACKET = """
at 0s > set shot.drive bracket
at 0s > set shot.bracket "10s, 10s, 10s"
at 0s > set camera.noise_reduction true
at 1s hold back 500ms
at 2s > fire
at {at} {stops}
"""


@pytest.mark.parametrize("camera", ["canon-e3", "nikon-mc-dc2"])
@pytest.mark.parametrize("stops", ["> stop", "tap shutter"])
@pytest.mark.parametrize(("at", "frames"), [("5s", 1), ("12.5s", 1), ("15s", 1), ("22s", 1), ("28s", 2), ("40s", 2)])
def test_what_is_stopped_in_the_gap_of_a_bracket_exposes_no_more(camera, stops, at, frames):
    outcome = play(BRACKET.format(at=at, stops=stops), camera)
    assert len(outcome.frames) == frames
    assert outcome.state["release"] == "IDLE"


@pytest.mark.parametrize("at", ["15s", "30s"])
def test_a_run_that_is_stopped_in_the_gap_of_a_bracket_exposes_no_more(at):
    outcome = play(BRACKET.replace("fire", "start").format(at=at, stops="> stop"))
    assert [frame["at_ns"] for frame in outcome.frames if frame["at_ns"] > int(at[:-1]) * S] == []


# -- a slot is on the grid or skipped ---------------------------------------------------------------------


@pytest.mark.parametrize("key", ["focus.min_hold", "site.latitude", "site.timezone"])
def test_what_shapes_a_frame_or_a_start_stays_as_it_is_in_a_run(key):
    box = Evening("set interval.every 10s", "start")
    value = {"focus.min_hold": "5s", "site.latitude": "1.5", "site.timezone": "Asia/Tokyo"}
    assert box.type(f"set {key} {value[key]}").startswith(f"error refused: {key}: ")


def test_a_frame_that_comes_later_than_the_tolerance_is_skipped_with_the_reason():
    """FOCUS is closed by a client, late: SHUTTER has to wait for the lead after that."""
    box = Evening(
        "set interval.every 2s",
        "set interval.count 4",
        "set interval.tolerance 50ms",
        camera="nikon-mc-dc2",
        body="bbf",
    )
    box.type("start")
    box.until(40 * S)
    assert [row.outcome for row in box.rows] == ["fired"] * 4
    late = [min(at - row.due_ns for at in box.shutter if at >= row.due_ns) for row in box.rows]
    assert max(late) <= 50 * MS


# -- the report is whole ----------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["at 1s tap back", "at 1s hold back 500ms\nat 1.6s tap back"])
def test_a_simulation_goes_on_until_the_last_edge(script):
    outcome = play(script, "nikon-10pin")
    assert outcome.spans("focus")[-1][1] is not None


@pytest.mark.parametrize("camera", ["canon-r", "nikon-mc-dc2"])
def test_a_simulation_that_stops_an_endless_run_shows_how_its_focus_lock_opens(camera):
    outcome = play("at 0s hold back 600ms\nat 1s > start\nat 7s > status", camera, "factory")
    assert outcome.state == {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}
    assert outcome.spans("focus")[-1][1] == 7 * S
