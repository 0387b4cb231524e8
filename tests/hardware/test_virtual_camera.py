import pytest
from remote import CANON, MS, NIKON, F, Remote, S, frame_with_focus, pulse

from hardware.virtual.camera import AUTOFOCUS_NS, SHUTTER_SPEED_NS, Dials, Exposure

# -- back-button focus: half-press moves nothing ---------------------------------------------------------------


def test_a_canon_fires_on_shutter_alone_the_moment_it_closes():
    remote = Remote(CANON, factory=False).act(*pulse(S, 1_000, 200)).wait_until(9_000)
    assert remote.pictures == [Exposure(1_000 * MS, SHUTTER_SPEED_NS, lens_moved=False)]


@pytest.mark.parametrize("profile_id", [NIKON, "generic"])
def test_a_body_that_needs_both_does_not_fire_on_shutter_alone(profile_id):
    assert Remote(profile_id, factory=False).act(*pulse(S, 1_000, 200)).wait_until(9_000).frames == []


@pytest.mark.parametrize("profile_id", [CANON, NIKON, "generic"])
def test_every_body_fires_when_focus_closes_around_shutter(profile_id):
    assert Remote(profile_id, factory=False).act(*frame_with_focus(1_000, lead_ms=500)).frames == [1_500]


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_focus_alone_fires_no_body(profile_id):
    assert Remote(profile_id, factory=False).act(*pulse(F, 1_000, 5_000)).frames == []


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_one_press_is_one_frame_however_long_it_lasts(profile_id):
    remote = Remote(profile_id, factory=False).act((0, F, True), *pulse(S, 1_000, 60_000), *pulse(S, 70_000, 100))
    assert remote.frames == [1_000, 70_000]


def test_half_press_moves_no_lens_on_a_back_button_body():
    remote = Remote(NIKON, factory=False)
    remote.camera.focus_dialled_in()
    remote.act(*pulse(F, 0, 400), *frame_with_focus(1_000), *frame_with_focus(2_000))
    assert [picture.lens_moved for picture in remote.pictures] == [False, False]


# -- factory set-up: half-press focuses ------------------------------------------------------------------------


def test_shutter_alone_makes_a_factory_canon_focus_first_and_then_fire():
    remote = Remote(CANON, factory=True).act((1_000, S, True))
    assert remote.camera.next_ns == 1_000 * MS + AUTOFOCUS_NS
    assert remote.wait_until(9_000).frames == [1_250]


def test_a_pulse_of_200_ms_is_too_short_for_a_canon_that_has_to_focus_first():
    remote = Remote(CANON, factory=True).act(*pulse(S, 1_000, 200)).wait_until(9_000)
    assert remote.frames == []
    assert remote.camera.next_ns is None


def test_shutter_alone_neither_focuses_nor_fires_a_factory_nikon():
    remote = Remote(NIKON, factory=True).act((1_000, S, True)).wait_until(9_000)
    assert remote.frames == []
    assert remote.camera.next_ns is None


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_a_held_half_press_keeps_the_focus_it_found_and_each_press_over_it_fires_at_once(profile_id):
    remote = Remote(profile_id, factory=True).act((0, F, True)).wait_until(500)
    remote.camera.focus_dialled_in()
    remote.act(*pulse(S, 1_000, 200), *pulse(S, 2_000, 200))
    assert [(picture.at_ns // MS, picture.lens_moved) for picture in remote.pictures] == [
        (1_000, False),
        (2_000, False),
    ]


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_a_press_while_the_camera_still_focuses_fires_when_focus_is_found(profile_id):
    assert Remote(profile_id, factory=True).act((0, F, True), (100, S, True)).wait_until(900).frames == [250]


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_a_press_that_ends_before_focus_is_found_is_forgotten(profile_id):
    remote = Remote(profile_id, factory=True).act((0, F, True), *pulse(S, 50, 100)).wait_until(900)
    assert remote.frames == []


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_focus_that_is_not_found_blocks_the_shutter(profile_id):
    remote = Remote(profile_id, factory=True, autofocus_succeeds=False)
    assert remote.act((0, F, True), *pulse(S, 1_000, 500)).wait_until(9_000).frames == []


def test_failed_autofocus_does_not_block_a_back_button_body():
    remote = Remote(CANON, factory=False, autofocus_succeeds=False)
    assert remote.act(*pulse(S, 1_000, 200)).frames == [1_000]


def test_the_end_of_a_half_press_stops_the_lens_at_once():
    remote = Remote(CANON, factory=True).act((0, F, True))
    assert remote.camera.next_ns == AUTOFOCUS_NS
    assert remote.act((100, F, False)).camera.next_ns is None


def test_a_second_half_press_focuses_again():
    remote = Remote(CANON, factory=True).act(*pulse(F, 0, 100), (200, F, True), (210, S, True))
    assert remote.wait_until(900).frames == [450]


def test_opening_focus_under_a_closed_shutter_is_no_new_half_press_on_a_canon():
    remote = Remote(CANON, factory=True).act((0, F, True)).wait_until(500)
    remote.camera.focus_dialled_in()
    remote.act((600, S, True), (700, F, False), (800, F, True)).wait_until(2_000)
    assert [picture.lens_moved for picture in remote.pictures] == [False]
    assert remote.camera.next_ns is None


# -- AF-C ------------------------------------------------------------------------------------------------------

AF_C = Dials(continuous_af=True)


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_in_af_c_a_held_half_press_goes_on_driving_the_lens(profile_id):
    remote = Remote(profile_id, factory=True, dials=AF_C).act((0, F, True)).wait_until(500)
    remote.camera.focus_dialled_in()
    remote.act(*pulse(S, 1_000, 200), (2_000, F, False))
    assert [(picture.at_ns // MS, picture.lens_moved) for picture in remote.pictures] == [(1_000, True)]


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_in_af_c_the_body_fires_at_once(profile_id):
    remote = Remote(profile_id, factory=True, dials=AF_C, autofocus_succeeds=False)
    assert remote.act(*frame_with_focus(1_000, lead_ms=100)).frames == [1_100]


@pytest.mark.parametrize("profile_id", [CANON, NIKON])
def test_in_af_c_a_half_press_moves_no_lens_where_the_rear_button_focuses(profile_id):
    remote = Remote(profile_id, factory=False, dials=AF_C)
    remote.camera.focus_dialled_in()
    remote.act(*pulse(F, 0, 400), *frame_with_focus(1_000))
    assert [picture.lens_moved for picture in remote.pictures] == [False]


def test_a_lens_that_tracked_stands_elsewhere_once_the_half_press_has_ended():
    remote = Remote(CANON, factory=True, dials=AF_C).act((0, F, True))
    remote.camera.focus_dialled_in()
    remote.act((500, F, False))
    remote.camera.dials = Dials()
    remote.act(*pulse(S, 1_000, 500))
    assert [picture.lens_moved for picture in remote.pictures] == [True]


# -- the lens against the dial-in ------------------------------------------------------------------------------


def test_a_factory_body_that_focuses_again_after_the_dial_in_has_moved_its_lens():
    remote = Remote(NIKON, factory=True).act(*pulse(F, 0, 400))
    remote.camera.focus_dialled_in()
    remote.act((1_000, F, True), (1_300, S, True)).wait_until(2_000)
    assert [picture.lens_moved for picture in remote.pictures] == [True]


def test_the_latest_dial_in_counts():
    remote = Remote(NIKON, factory=True)
    remote.camera.focus_dialled_in()
    remote.act((0, F, True)).wait_until(500)
    remote.camera.focus_dialled_in()
    remote.act((1_000, S, True)).wait_until(2_000)
    assert [picture.lens_moved for picture in remote.pictures] == [False]


def test_no_frame_is_held_against_a_focus_that_is_not_dialled_in():
    remote = Remote(CANON, factory=True)
    assert not remote.camera.has_reference
    remote.camera.focus_dialled_in()
    assert remote.camera.has_reference
    remote.camera.focus_cleared()
    assert not remote.camera.has_reference
    remote.act((1_000, S, True)).wait_until(2_000)
    assert [picture.lens_moved for picture in remote.pictures] == [False]


def test_a_lens_that_hunts_in_vain_has_moved_too():
    remote = Remote(CANON, factory=True).act((0, F, True)).wait_until(500)
    remote.camera.focus_dialled_in()
    remote.camera._lens.autofocus_succeeds = False
    remote.act((1_000, F, False), (1_100, F, True)).wait_until(2_000)
    remote.camera._lens.autofocus_succeeds = True
    remote.act((2_100, F, False), (2_200, F, True), (2_800, S, True)).wait_until(3_000)
    assert [picture.lens_moved for picture in remote.pictures] == [True]


def test_a_camera_that_is_stepped_before_anything_is_due_does_nothing():
    remote = Remote(CANON, factory=True).act((0, S, True))
    remote.camera.step(AUTOFOCUS_NS - 1)
    assert remote.openings == []
    remote.camera.step(AUTOFOCUS_NS)
    assert remote.openings == [AUTOFOCUS_NS]
