"""Every camera in every drive: it takes what is asked for, or the box says beforehand why not. See docs/cameras.md."""

import pytest
from support import MS, S

from config.cameras import load_profile
from controller.simulate.stage import Scene
from docs import every_camera
from hardware.timeline import Line

Session = every_camera.Session

CELLS = list(every_camera.cells())
SLEEPERS = [name for name in every_camera.usable() if load_profile(name).wake.meter_off_ns]


def lengths(result):
    return [frame.exposure_ns for frame in result.frames]


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_camera_takes_what_is_asked_for_or_nothing_fires_and_the_reason_is_said(cell):
    played = every_camera.play(cell)
    for result, asked in ((played.by_hand, played.expected_by_hand), (played.run, played.expected_of_run)):
        if result.reasons:
            assert (len(result.reasons), result.changes, result.frames) == (1, [], [])
        else:
            assert lengths(result) == asked
            assert not any(frame.lens_moved for frame in result.frames)
    assert played.by_hand.reasons == played.run.reasons
    assert played.ends_open


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_the_frames_of_a_run_are_an_interval_apart_to_the_nanosecond(cell):
    played = every_camera.play(cell)
    if played.verdict == "ok":
        a_slot = len(played.expected_of_run) // every_camera.RUN_FRAMES
        first_ns = [frame.at_ns for frame in played.run.frames[::a_slot]]
        assert [at_ns - first_ns[0] for at_ns in first_ns] == [k * played.every_ns for k in range(len(first_ns))]
        assert played.run.outcomes == ["fired"] * every_camera.RUN_FRAMES


def test_no_camera_is_refused_everything():
    plain = [cell for cell in CELLS if cell.drive in ("single", "burst", "bulb", "list") and not cell.mirror_up]
    assert {every_camera.play(cell).verdict for cell in plain} == {"ok"}
    mirrors = [cell for cell in CELLS if cell.mirror_up and every_camera.play(cell).verdict == "ok"]
    assert {cell.body for cell in mirrors} == {"bbf"}
    assert {cell.drive for cell in mirrors} == {"single", "bulb", "list"}
    assert {"canon-e3", "nikon-mc-dc2", "generic"} <= {cell.profile for cell in mirrors}


# -- bodies that sleep -----------------------------------------------------------------------------------------


def session(profile_id, body="bbf", *, focus_by_wire=False, **settings):
    return Session(
        Scene(profile_id, body, focus_by_wire=focus_by_wire),
        {key.replace("__", "."): value for key, value in settings.items()},
    )


def frame_after_a_minute(box):
    box.focus()
    box.wait(60 * S)
    box.hold("shutter", 100 * MS)
    return box.finish().frames


def frames_of_a_slow_run(box):
    box.focus()
    box.hold("run", 100 * MS)
    return box.finish().frames


SLOW = {"interval__every": "20s", "interval__count": "4"}


def test_some_bodies_are_known_to_sleep():
    assert {"nikon-mc-dc2", "nikon-10pin"} <= set(SLEEPERS)


@pytest.mark.parametrize("mirror_up", ["0s", "2s"])
@pytest.mark.parametrize("profile_id", SLEEPERS)
def test_a_body_that_sleeps_is_woken_for_a_frame(profile_id, mirror_up):
    frames = frame_after_a_minute(session(profile_id, shot__mirror_up=mirror_up))
    assert [frame.lens_moved for frame in frames] == [False]
    assert len(frames_of_a_slow_run(session(profile_id, shot__mirror_up=mirror_up, **SLOW))) == 4


@pytest.mark.parametrize("profile_id", SLEEPERS)
def test_a_body_that_sleeps_and_is_not_woken_misses_frames(profile_id):
    assert frame_after_a_minute(session(profile_id, camera__wake="false")) == []
    assert len(frames_of_a_slow_run(session(profile_id, camera__wake="false", **SLOW))) < 4


@pytest.mark.parametrize("profile_id", SLEEPERS)
def test_a_focus_lock_keeps_a_body_awake(profile_id):
    assert len(frame_after_a_minute(session(profile_id, "factory"))) == 1
    assert len(frames_of_a_slow_run(session(profile_id, "factory", **SLOW))) == 4


@pytest.mark.parametrize("body", ["bbf", "factory"])
@pytest.mark.parametrize("profile_id", SLEEPERS)
def test_a_plain_remote_wakes_a_body_that_sleeps_too(profile_id, body):
    box = session(profile_id, body, focus__interlock="false")
    for _ in range(3):
        box.wait(60 * S)
        box.hold("shutter", 100 * MS)
        assert len(box.finish().frames) == 1


@pytest.mark.parametrize("keep_awake", ["true", "false"])
@pytest.mark.parametrize("profile_id", SLEEPERS)
def test_a_lens_that_is_focused_by_wire_stays_as_it_is_only_while_the_body_is_kept_awake(profile_id, keep_awake):
    lost = keep_awake == "false"
    by_hand = frame_after_a_minute(session(profile_id, focus_by_wire=True, camera__keep_awake=keep_awake))
    assert [frame.lens_moved for frame in by_hand] == [lost]
    run = frames_of_a_slow_run(session(profile_id, focus_by_wire=True, camera__keep_awake=keep_awake, **SLOW))
    assert [frame.lens_moved for frame in run[1:]] == [lost] * 3


@pytest.mark.parametrize("profile_id", every_camera.usable())
def test_a_body_on_which_half_press_focuses_is_never_pulsed(profile_id):
    awake = {"camera__keep_awake": "true", "camera__wake": "true"}
    box = session(profile_id, "factory", focus__interlock="false", **awake)
    box.hold("shutter", 100 * MS)
    box.finish()
    box.wait(120 * S)
    assert box.result.changes == []


@pytest.mark.parametrize("profile_id", every_camera.usable())
def test_over_a_focus_lock_focus_never_moves(profile_id):
    box = session(profile_id, "factory", camera__keep_awake="true", **SLOW)
    box.focus()
    box.result.changes.clear()
    box.hold("run", 100 * MS)
    box.wait(70 * S)
    assert {change.line for change in box.result.changes if change.at_ns < 60 * S} == {Line.SHUTTER}
