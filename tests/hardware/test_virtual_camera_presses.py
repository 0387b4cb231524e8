"""Which full presses a body accepts, and when it begins to expose: lag, minimum pulse, lead, gap, focus re-opened."""

import pytest
from remote import CANON, FUJI, MS, NIKON, SECOND, SONY, F, Remote, S, both, frame_with_focus, pulse

from hardware.virtual.camera import SHUTTER_SPEED_NS, Dials, Drive, Exposure

BULB = Dials(Drive.BULB)


# -- lag -------------------------------------------------------------------------------------------------------


def test_an_exposure_begins_after_the_profiles_lag_and_the_curtain_is_reported_then():
    remote = Remote(SONY).act((900, F, True), (1_000, S, True)).wait_until(1_009)
    assert remote.openings == []
    remote.wait_until(9_000)
    assert remote.openings == [1_010 * MS]
    assert remote.pictures == [Exposure(1_010 * MS, SHUTTER_SPEED_NS, lens_moved=False)]


def test_a_press_that_ends_within_the_lag_takes_its_frame_all_the_same():
    assert Remote(SONY).act(*both(1_000, 5)).wait_until(9_000).frames == [1_010]


def test_a_picture_is_reported_at_its_end_and_dated_by_its_beginning():
    remote = Remote(CANON, dials=Dials(speed_ns=2 * SECOND)).act(*pulse(S, 1_000, 200)).wait_until(9_000)
    assert (remote.frames, remote.lengths, remote.reported_ns) == ([1_000], [2_000], [3 * SECOND])


def test_the_lens_is_judged_at_the_beginning_of_an_exposure():
    remote = Remote(CANON, factory=True, dials=Dials(speed_ns=2 * SECOND)).act((0, F, True)).wait_until(500)
    remote.camera.focus_dialled_in()
    remote.act(*pulse(S, 1_000, 100), (1_200, F, False), (1_300, F, True), (1_400, F, False)).wait_until(9_000)
    remote.act((10_000, S, True)).wait_until(20_000)
    assert [picture.lens_moved for picture in remote.pictures] == [False, True]


# -- minimum pulse ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hold_ms", "frames"), [(9, []), (10, [1_000]), (100, [1_000])])
def test_a_nikon_does_not_see_a_press_shorter_than_its_minimum(hold_ms, frames):
    remote = Remote(NIKON).act(*both(1_000, hold_ms)).wait_until(5_000)
    assert remote.frames == frames
    assert len(remote.openings) == len(frames)


@pytest.mark.parametrize(("hold_ms", "frames"), [(299, []), (300, [1_000])])
def test_a_fujifilm_needs_its_long_pulse_and_dates_the_frame_from_the_beginning(hold_ms, frames):
    assert Remote(FUJI).act(*pulse(S, 1_000, hold_ms)).wait_until(5_000).frames == frames


def test_a_short_press_is_not_reported_and_a_long_one_once_it_is_long_enough():
    remote = Remote(FUJI).act((1_000, S, True)).wait_until(1_299)
    assert (remote.openings, remote.pictures) == ([], [])
    remote.wait_until(1_300)
    assert (remote.openings, remote.frames, remote.reported_ns) == ([1_000 * MS], [1_000], [1_300 * MS - 1])


def test_a_short_press_begins_no_bulb_and_raises_no_mirror():
    assert Remote(NIKON, dials=BULB).act(*both(1_000, 9)).wait_until(5_000).pictures == []
    remote = Remote(NIKON, dials=Dials(mirror_up=True)).act(*both(1_000, 9)).wait_until(5_000)
    assert not remote.camera.is_mirror_up


# -- FOCUS: lead, and during release ---------------------------------------------------------------------------


@pytest.mark.parametrize(("lead_ms", "frames"), [(0, []), (49, []), (50, [1_000]), (500, [1_000])])
def test_where_no_shortest_lead_is_known_half_of_the_usual_one_is_enough(lead_ms, frames):
    assert Remote(NIKON).act(*frame_with_focus(1_000 - lead_ms, lead_ms=lead_ms)).wait_until(5_000).frames == frames


@pytest.mark.parametrize(("lead_ms", "frames"), [(1, []), (2, [1_010])])
def test_where_the_shortest_lead_is_known_it_counts(lead_ms, frames):
    assert Remote(SONY).act(*frame_with_focus(1_000 - lead_ms, lead_ms=lead_ms)).wait_until(5_000).frames == frames


def test_focus_that_closes_after_shutter_is_no_lead():
    assert Remote(NIKON).act((1_000, S, True), (1_400, F, True), (3_000, F, False)).wait_until(5_000).frames == []


def test_a_body_that_fires_on_shutter_alone_needs_no_lead():
    assert Remote(CANON).act(*frame_with_focus(1_000, lead_ms=0)).wait_until(5_000).frames == [1_000]


@pytest.mark.parametrize("first", [F, S])
def test_on_a_body_that_needs_both_opening_either_contact_ends_a_held_bulb(first):
    second = S if first is F else F
    remote = Remote(NIKON, dials=BULB)
    remote.act((900, F, True), (1_000, S, True), (4_000, first, False), (4_500, second, False)).wait_until(9_000)
    assert (remote.frames, remote.lengths) == ([1_000], [3_000])


def test_on_a_body_that_fires_on_shutter_alone_focus_ends_no_bulb():
    remote = Remote(CANON, dials=BULB).act((0, F, True), (1_000, S, True), (2_000, F, False), (4_000, S, False))
    assert remote.lengths == [3_000]


# -- presses too soon ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at_ms", "frames"), [(2_499, [1_000]), (2_500, [1_000, 2_500])])
def test_a_press_sooner_after_shutter_has_opened_than_the_gap_of_the_profile_is_lost(at_ms, frames):
    assert Remote(FUJI).act(*pulse(S, 1_000, 500), *pulse(S, at_ms, 500)).wait_until(9_000).frames == frames


def test_a_gap_that_no_text_gives_is_none():
    assert Remote(CANON).act(*pulse(S, 1_000, 100), *pulse(S, 1_110, 100)).wait_until(9_000).frames == [1_000, 1_110]


@pytest.mark.parametrize(("confidence", "frames"), [("confirmed", [1_000]), ("single source", [1_000, 2_000])])
def test_a_body_confirmed_to_need_focus_open_between_frames_fires_once_over_a_held_focus(confidence, frames):
    facts = {"release_focus_between_shots": True, "how_sure": (("release_focus_between_shots", confidence),)}
    remote = Remote(NIKON, **facts).act((0, F, True), *pulse(S, 1_000, 100), *pulse(S, 2_000, 100)).wait_until(2_500)
    assert remote.frames == frames


def test_such_a_body_fires_again_once_focus_has_opened():
    facts = {"release_focus_between_shots": True, "how_sure": (("release_focus_between_shots", "confirmed"),)}
    remote = Remote(NIKON, **facts).act(*both(1_000, 100), *both(2_000, 100)).wait_until(2_500)
    assert remote.frames == [1_000, 2_000]


def test_a_press_during_a_frame_is_ignored_and_the_frame_continues():
    remote = Remote(CANON, dials=Dials(speed_ns=2 * SECOND))
    remote.act(*pulse(S, 1_000, 100), *pulse(S, 2_000, 100), *pulse(S, 3_001, 100)).wait_until(9_000)
    assert (remote.frames, remote.lengths) == ([1_000, 3_001], [2_000, 2_000])
