"""A body that sleeps when idle: what keeps it awake, what wakes it, and what a focus-by-wire lens does."""

import pytest
from remote import CANON, NIKON, SECOND, F, Remote, S, both, pulse

from config.profile import Bracketing
from hardware.virtual.camera import Dials, Drive

# The Nikon's meter goes off after 6 s, and it is woken 500 ms ahead: here it is awake 400 ms after the half-press.


def asleep(**options):
    """A Nikon whose contacts last opened at 1 s."""
    return Remote(NIKON, **options).act(*pulse(F, 900, 100)).wait_until(8_000)


def test_a_body_is_awake_at_power_on_and_sleeps_its_time_after_the_last_touch():
    remote = Remote(NIKON)
    assert not remote.camera.is_asleep
    remote.act(*pulse(F, 900, 100)).wait_until(6_999)
    assert not remote.camera.is_asleep
    assert remote.wait_until(7_000).camera.is_asleep
    assert remote.camera.next_ns is None


def test_a_body_with_an_unknown_meter_off_time_never_sleeps():
    remote = Remote(CANON).act(*pulse(S, 1_000, 100)).wait_until(10**8)
    assert not remote.camera.is_asleep


@pytest.mark.parametrize("line", [F, S])
def test_a_closed_contact_keeps_the_body_awake_and_the_time_counts_from_its_opening(line):
    remote = Remote(NIKON).act(*pulse(line, 900, 60_000)).wait_until(66_899)
    assert not remote.camera.is_asleep
    assert remote.wait_until(66_900).camera.is_asleep


def test_a_pulse_in_time_puts_sleep_off():
    remote = Remote(NIKON).act(*pulse(F, 0, 100), *pulse(F, 6_099, 100)).wait_until(12_198)
    assert not remote.camera.is_asleep
    assert remote.wait_until(12_199).camera.is_asleep


def test_an_exposure_keeps_the_body_awake_and_the_time_counts_from_its_end():
    remote = Remote(NIKON, dials=Dials(speed_ns=30 * SECOND)).act(*both(1_000, 100)).wait_until(36_999)
    assert not remote.camera.is_asleep
    assert remote.wait_until(37_000).camera.is_asleep


def test_an_automatic_set_keeps_the_body_awake():
    dials = Dials(Drive.BRACKET, speed_ns=8 * SECOND)
    remote = Remote(NIKON, dials=dials, aeb=Bracketing("press", None, ())).act(*both(1_000, 100)).wait_until(30_999)
    assert remote.frames == [1_000, 9_000, 17_000]
    assert not remote.camera.is_asleep
    assert remote.wait_until(31_000).camera.is_asleep


def test_a_series_released_between_two_frames_is_followed_by_sleep():
    remote = Remote(NIKON, dials=Dials(Drive.CONTINUOUS)).act(*both(1_000, 300)).wait_until(99_000)
    assert remote.frames == [1_000, 1_200]
    assert remote.camera.is_asleep


def test_a_raised_mirror_keeps_the_body_awake():
    remote = Remote(NIKON, dials=Dials(mirror_up=True)).act(*both(1_000, 100), *both(20_000, 100)).wait_until(25_000)
    assert remote.frames == [20_000]


def test_a_sleeping_body_takes_no_frame_but_wakes():
    remote = asleep().act(*both(10_000, 100))
    assert remote.pictures == []
    assert not remote.camera.is_asleep
    remote.act(*both(11_000, 100)).wait_until(12_000)
    assert remote.frames == [11_000]


@pytest.mark.parametrize(("lead_ms", "frames"), [(399, []), (400, [10_400])])
def test_a_half_press_wakes_and_a_press_is_answered_once_the_body_is_awake(lead_ms, frames):
    remote = (
        asleep().act((10_400 - lead_ms, F, True), *pulse(S, 10_400, 2_000), (12_500, F, False)).wait_until(13_000)
    )
    assert remote.frames == frames


def test_a_wake_pulse_may_be_over_before_the_body_is_awake():
    assert asleep().act(*pulse(F, 10_000, 50), *both(10_500, 100)).wait_until(11_000).frames == [10_500]


def test_shutter_alone_wakes_no_body_that_needs_focus():
    remote = asleep().act(*pulse(S, 10_000, 100)).wait_until(99_000)
    assert remote.camera.is_asleep
    assert remote.frames == []


def test_shutter_alone_wakes_a_body_that_fires_on_it():
    remote = Remote(NIKON, shutter_alone_fires=True).act(*pulse(F, 900, 100)).wait_until(8_000)
    remote.act(*pulse(S, 10_000, 100), *pulse(S, 10_400, 100)).wait_until(11_000)
    assert remote.frames == [10_400]


def test_a_lens_by_wire_moves_each_time_the_body_falls_asleep():
    remote = Remote(NIKON, focus_by_wire=True)
    remote.camera.focus_dialled_in()
    remote.act(*both(1_000, 100), *both(3_000, 100), *pulse(F, 10_000, 500), *both(11_000, 100)).wait_until(12_000)
    assert [picture.lens_moved for picture in remote.pictures] == [False, False, True]


def test_a_lens_by_wire_does_not_move_again_in_a_body_that_sleeps_already():
    remote = asleep(focus_by_wire=True)
    remote.camera.focus_dialled_in()
    remote.act(*pulse(S, 10_000, 100), *pulse(F, 30_000, 500), *both(31_000, 100)).wait_until(32_000)
    assert [picture.lens_moved for picture in remote.pictures] == [False]


def test_another_lens_stays_where_it_is_while_the_body_sleeps():
    remote = Remote(NIKON)
    remote.camera.focus_dialled_in()
    remote.act(*both(1_000, 100), *pulse(F, 10_000, 500), *both(11_000, 100)).wait_until(12_000)
    assert [picture.lens_moved for picture in remote.pictures] == [False, False]


def test_a_held_bulb_is_never_slept_through():
    remote = Remote(NIKON, dials=Dials(Drive.BULB)).act(*both(1_000, 600_000)).wait_until(700_000)
    assert remote.lengths == [600_000]
