"""Mirror-up: two presses, and what the body does when the second one does not come."""

from dataclasses import replace

import pytest
from remote import CANON, MS, NIKON, SECOND, SONY, F, Remote, S, both, pulse

from config.cameras import load_profile
from hardware.virtual.camera import Dials, Drive

UP = Dials(mirror_up=True)
BULB = Dials(Drive.BULB, mirror_up=True)
NIKON_RULES = load_profile(NIKON).mirror_up


def test_the_first_press_raises_the_mirror_and_the_second_exposes_and_lowers_it():
    remote = Remote(CANON, dials=UP).act(*pulse(S, 1_000, 250)).wait_until(3_000)
    assert remote.camera.is_mirror_up
    assert (remote.pictures, remote.openings) == ([], [])
    remote.act(*pulse(S, 4_000, 250)).wait_until(60_000)
    assert remote.frames == [4_000]
    assert not remote.camera.is_mirror_up


def test_one_long_press_is_the_first_only():
    assert Remote(CANON, dials=UP).act(*pulse(S, 1_000, 25_000)).wait_until(29_000).pictures == []


def test_a_third_press_raises_the_mirror_again():
    remote = Remote(CANON, dials=UP).act(*pulse(S, 0, 250), *pulse(S, 2_000, 250), *pulse(S, 4_000, 250))
    assert remote.frames == [2_000]
    assert remote.camera.is_mirror_up


@pytest.mark.parametrize(("must_release", "frames"), [(True, []), (False, [3_000])])
def test_the_contacts_must_both_open_between_the_presses_where_the_profile_says_so(must_release, frames):
    rules = replace(NIKON_RULES, must_release_between=must_release)
    remote = Remote(NIKON, dials=UP, mirror_up=rules)
    remote.act((0, F, True), *pulse(S, 1_000, 100), *pulse(S, 3_000, 100), (3_200, F, False)).wait_until(5_000)
    assert remote.frames == frames


def test_after_both_have_opened_the_second_press_is_answered():
    assert Remote(NIKON, dials=UP).act(*both(1_000, 100), *both(3_000, 100)).wait_until(5_000).frames == [3_000]


def test_the_contacts_must_open_again_each_time_the_mirror_goes_up():
    remote = Remote(NIKON, dials=UP).act(*both(1_000, 100), *both(3_000, 100))
    remote.act((4_000, F, True), *pulse(S, 5_000, 100), *pulse(S, 6_000, 100)).wait_until(9_000)
    assert remote.frames == [3_000]
    assert remote.camera.is_mirror_up


def test_without_a_second_press_a_canon_drops_its_mirror_and_takes_nothing():
    remote = Remote(CANON, dials=UP).act(*pulse(S, 1_000, 250)).wait_until(30_999)
    assert remote.camera.is_mirror_up
    remote.wait_until(31_000)
    assert not remote.camera.is_mirror_up
    assert remote.wait_until(99_000).pictures == []


def test_without_a_second_press_a_nikon_takes_the_picture_by_itself():
    remote = Remote(NIKON, dials=replace(BULB, speed_ns=SECOND)).act(*both(1_000, 100)).wait_until(99_000)
    assert (remote.frames, remote.lengths) == ([31_000], [1_000])
    assert not remote.camera.is_mirror_up


def test_a_press_that_comes_with_the_time_out_is_lost_and_the_picture_is_one():
    remote = Remote(NIKON, dials=UP, shutter_min_ns=200 * MS).act(*both(1_000, 300), *both(30_900, 300))
    assert remote.wait_until(99_000).frames == [31_000]


def test_a_time_out_that_no_text_gives_is_thirty_seconds_and_drops():
    remote = Remote("generic", dials=UP).act((0, F, True), *pulse(S, 1_000, 500), (1_600, F, False))
    assert remote.wait_until(30_999).camera.is_mirror_up
    assert not remote.wait_until(31_000).camera.is_mirror_up
    assert remote.pictures == []


def test_after_the_time_out_the_next_press_raises_the_mirror_again():
    remote = Remote(CANON, dials=UP).act(*pulse(S, 1_000, 250), *pulse(S, 40_000, 250)).wait_until(50_000)
    assert remote.pictures == []
    assert remote.camera.is_mirror_up


def test_a_held_bulb_is_the_second_press():
    remote = Remote(NIKON, dials=BULB).act(*both(1_000, 100), *both(3_000, 40_000)).wait_until(99_000)
    assert (remote.frames, remote.lengths) == ([3_000], [40_000])
    assert not remote.camera.is_mirror_up


def test_a_toggled_bulb_is_three_presses():
    remote = Remote(NIKON, dials=BULB, bulb="toggle")
    remote.act(*both(1_000, 100), *both(3_000, 100), *both(43_000, 100)).wait_until(99_000)
    assert (remote.frames, remote.lengths) == ([3_000], [40_000])
    assert not remote.camera.is_mirror_up


@pytest.mark.parametrize("drive", [Drive.CONTINUOUS, Drive.BRACKET])
def test_with_the_mirror_raised_every_other_drive_is_single(drive):
    remote = Remote(CANON, dials=Dials(drive, mirror_up=True))
    assert remote.act(*pulse(S, 1_000, 250), *pulse(S, 3_000, 3_000)).wait_until(9_000).frames == [3_000]


@pytest.mark.parametrize("kind", ["none", "self-timer-2s", "exposure-delay", None])
def test_the_mirror_up_dial_has_no_effect_if_no_press_raises_the_mirror(kind):
    rules = None if kind is None else replace(load_profile(CANON).mirror_up, kind=kind)
    remote = Remote(CANON, dials=UP, mirror_up=rules).act(*pulse(S, 1_000, 250)).wait_until(9_000)
    assert remote.frames == [1_000]
    assert Remote(SONY, dials=UP).act(*both(1_000, 132)).wait_until(9_000).frames == [1_010]


def test_a_factory_body_focuses_before_it_raises_its_mirror():
    remote = Remote(CANON, factory=True, dials=UP).act((1_000, S, True)).wait_until(1_249)
    assert not remote.camera.is_mirror_up
    assert remote.wait_until(1_250).camera.is_mirror_up
