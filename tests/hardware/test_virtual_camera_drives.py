"""What a press takes in each drive (continuous, bulb, bracket), and an exposure still in progress at the end."""

import pytest
from remote import CANON, FUJI, MS, NIKON, SECOND, SONY, Remote, S, both, pulse

from config.profile import Bracketing
from hardware.virtual.camera import Dials, Drive

CONTINUOUS, BULB, BRACKET = Dials(Drive.CONTINUOUS), Dials(Drive.BULB), Dials(Drive.BRACKET)


# -- continuous ------------------------------------------------------------------------------------------------


def test_continuous_drive_takes_a_frame_at_once_and_then_five_a_second_while_pressed():
    remote = Remote(CANON, dials=CONTINUOUS).act(*pulse(S, 1_000, 1_000)).wait_until(9_000)
    assert remote.frames == [1_000, 1_200, 1_400, 1_600, 1_800]


def test_a_short_press_in_continuous_drive_is_one_frame():
    remote = Remote(CANON, dials=CONTINUOUS).act(*pulse(S, 1_000, 150)).wait_until(9_000)
    assert remote.frames == [1_000]
    assert remote.camera.next_ns is None


def test_long_exposures_in_continuous_drive_follow_one_another():
    dials = Dials(Drive.CONTINUOUS, speed_ns=500 * MS)
    assert Remote(SONY, dials=dials).act(*both(1_000, 1_200)).wait_until(9_000).frames == [1_010, 1_520, 2_030]


def test_a_full_buffer_slows_the_body_down_to_one_frame_a_second():
    remote = Remote(CANON, dials=CONTINUOUS).act(*pulse(S, 0, 7_000)).wait_until(19_000)
    assert remote.frames == [*range(0, 4_000, 200), 4_800, 5_800, 6_800]


def test_a_buffer_empties_by_a_frame_a_second_between_two_presses():
    remote = Remote(CANON, dials=CONTINUOUS).act(*pulse(S, 0, 4_000), *pulse(S, 7_000, 2_000)).wait_until(19_000)
    assert remote.frames[20:] == [7_000, 7_200, 7_400, 8_400]


def test_a_factory_body_in_continuous_drive_focuses_only_once():
    remote = Remote(CANON, factory=True, dials=CONTINUOUS).act(*pulse(S, 1_000, 700)).wait_until(9_000)
    assert remote.frames == [1_250, 1_450, 1_650]


# -- bulb ------------------------------------------------------------------------------------------------------


def test_a_held_bulb_exposes_for_as_long_as_it_is_pressed():
    remote = Remote(CANON, dials=BULB).act((1_000, S, True)).wait_until(20_000)
    assert remote.camera.is_exposing
    assert remote.pictures == []
    remote.act((31_000, S, False))
    assert (remote.frames, remote.lengths) == ([1_000], [30_000])
    assert not remote.camera.is_exposing


def test_a_bulb_begins_with_the_lag_and_ends_without():
    remote = Remote(SONY, dials=BULB).act(*both(1_000, 2_000)).wait_until(9_000)
    assert (remote.frames, remote.lengths) == ([1_010], [1_990])


def test_a_bulb_released_before_the_curtain_opens_is_no_frame():
    remote = Remote(SONY, dials=BULB).act(*both(1_000, 8)).wait_until(9_000)
    assert (remote.pictures, remote.openings) == ([], [])


def test_the_longest_bulb_of_the_body_ends_it_and_the_rest_of_the_press_takes_nothing():
    remote = Remote(CANON, dials=BULB, bulb_max_ns=60 * SECOND).act(*pulse(S, 1_000, 100_000)).wait_until(200_000)
    assert (remote.frames, remote.lengths, remote.reported_ns) == ([1_000], [60_000], [61 * SECOND])


def test_a_bulb_ended_early_leaves_nothing_scheduled():
    remote = Remote(CANON, dials=BULB, bulb_max_ns=60 * SECOND).act(*pulse(S, 1_000, 2_000))
    assert remote.lengths == [2_000]
    assert remote.camera.next_ns is None


def test_a_toggled_bulb_is_opened_by_one_press_and_closed_by_the_next():
    remote = Remote(NIKON, dials=BULB, bulb="toggle").act(*both(1_000, 100)).wait_until(5_000)
    assert remote.camera.is_exposing
    remote.act(*both(11_000, 100), *both(12_000, 100)).wait_until(20_000)
    assert (remote.frames, remote.lengths) == ([1_000], [10_000])
    remote.act(*both(22_000, 100)).wait_until(23_000)
    assert remote.lengths == [10_000, 10_000]


def test_the_longest_bulb_ends_a_toggled_one_too_and_the_next_press_begins_another():
    remote = Remote(CANON, dials=BULB, bulb="toggle", bulb_max_ns=2 * SECOND)
    remote.act(*pulse(S, 1_000, 100), *pulse(S, 5_000, 100)).wait_until(9_000)
    assert (remote.frames, remote.lengths) == ([1_000, 5_000], [2_000, 2_000])


def test_a_body_without_bulb_takes_a_frame_of_its_speed():
    assert Remote(CANON, dials=BULB, bulb="none").act(*pulse(S, 1_000, 5_000)).wait_until(9_000).lengths == [8]


def test_new_dials_count_from_the_next_press_on():
    remote = Remote(CANON).act(*pulse(S, 1_000, 500)).wait_until(2_000)
    remote.camera.dials = BULB
    remote.act(*pulse(S, 3_000, 500)).wait_until(5_000)
    assert remote.lengths == [8, 500]


# -- noise reduction -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length_ms", "next_ms", "frames"),
    [
        (10_000, 20_999, [1_000]),
        (10_000, 21_000, [1_000, 21_000]),
        (999, 2_100, [1_000, 2_100]),
        (1_000, 2_100, [1_000]),
    ],
)
def test_after_a_bulb_of_a_second_or_more_noise_reduction_keeps_the_body_busy_for_as_long(length_ms, next_ms, frames):
    remote = Remote(CANON, dials=Dials(Drive.BULB, noise_reduction=True))
    remote.act(*pulse(S, 1_000, length_ms), *pulse(S, next_ms, 500)).wait_until(40_000)
    assert remote.frames == frames


def test_a_press_ignored_during_noise_reduction_is_not_made_up_for():
    remote = Remote(CANON, dials=Dials(Drive.BULB, noise_reduction=True))
    assert remote.act(*pulse(S, 1_000, 3_000), *pulse(S, 5_000, 10_000)).wait_until(40_000).frames == [1_000]


def test_noise_reduction_is_for_bulb_and_only_where_it_is_set():
    remote = Remote(CANON, dials=Dials(speed_ns=2 * SECOND, noise_reduction=True))
    assert remote.act(*pulse(S, 0, 100), *pulse(S, 2_100, 100)).wait_until(9_000).frames == [0, 2_100]
    remote = Remote(CANON, dials=BULB)
    assert remote.act(*pulse(S, 0, 2_000), *pulse(S, 2_100, 100)).wait_until(9_000).frames == [0, 2_100]


# -- bracket ---------------------------------------------------------------------------------------------------


def test_a_held_press_takes_the_set_and_then_nothing_until_the_next_one():
    remote = Remote(CANON, dials=BRACKET).act(*pulse(S, 1_000, 5_000), *pulse(S, 7_000, 5_000)).wait_until(19_000)
    assert remote.frames == [1_000, 1_200, 1_400, 7_000, 7_200, 7_400]


def test_a_set_has_as_many_frames_as_the_dials_say_at_their_pace():
    remote = Remote(CANON, dials=Dials(Drive.BRACKET, set_size=5, speed_ns=SECOND))
    assert remote.act(*pulse(S, 0, 9_000)).wait_until(19_000).frames == [0, 1_000, 2_000, 3_000, 4_000]


def test_letting_go_early_ends_the_set_and_the_next_press_begins_a_new_one():
    remote = Remote(CANON, dials=BRACKET).act(*pulse(S, 1_000, 300), *pulse(S, 3_000, 1_000)).wait_until(9_000)
    assert remote.frames == [1_000, 1_200, 3_000, 3_200, 3_400]


def test_where_one_press_takes_the_set_it_need_not_be_held_and_another_press_meanwhile_is_lost():
    remote = Remote(FUJI, dials=Dials(Drive.BRACKET, speed_ns=SECOND), gap_ns=100 * MS)
    remote.act(*pulse(S, 1_000, 300), *pulse(S, 2_500, 300)).wait_until(19_000)
    assert remote.frames == [1_000, 2_000, 3_000]


def test_a_press_between_two_frames_of_an_automatic_set_is_ignored():
    remote = Remote(CANON, dials=BRACKET, aeb=Bracketing("press", None, ()))
    assert remote.act(*pulse(S, 1_000, 50), *pulse(S, 1_100, 50)).wait_until(9_000).frames == [1_000, 1_200, 1_400]


@pytest.mark.parametrize("aeb", [None, Bracketing(None, None, ())])
def test_without_a_source_a_press_in_bracket_drive_is_one_frame(aeb):
    assert Remote(CANON, dials=BRACKET, aeb=aeb).act(*pulse(S, 1_000, 3_000)).wait_until(9_000).frames == [1_000]


# -- the end of a simulation -----------------------------------------------------------------------------------


def test_a_bulb_in_progress_at_the_end_is_reported_with_its_length_so_far():
    remote = Remote(CANON, dials=BULB).act((1_000, S, True)).wait_until(2_000)
    remote.camera.finish(5 * SECOND)
    assert (remote.frames, remote.lengths) == ([1_000], [4_000])


@pytest.mark.parametrize("dials", [Dials(speed_ns=10 * SECOND), Dials(Drive.CONTINUOUS, speed_ns=10 * SECOND)])
def test_a_frame_in_progress_at_the_end_is_reported_in_full_and_no_other_follows(dials):
    remote = Remote(CANON, dials=dials).act((1_000, S, True))
    remote.camera.finish(5 * SECOND)
    assert (remote.frames, remote.lengths) == ([1_000], [10_000])
    assert not remote.camera.is_exposing


def test_nothing_is_reported_at_the_end_without_a_frame_in_progress():
    for dials in (Dials(), BULB):
        remote = Remote(CANON, dials=dials).act(*pulse(S, 1_000, 200)).wait_until(2_000)
        remote.camera.finish(5 * SECOND)
        assert remote.frames == [1_000]
