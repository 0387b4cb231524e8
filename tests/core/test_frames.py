"""Frames: what they are made of, and what the lines do for them; all times in milliseconds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.cameras import load_profile
from config.schema import build
from controller.core.frames import Press, Recipe, Take, compile_frame, compile_rest, hold_focus, open_focus, refocus
from controller.core.recipes import ending_press, recipe
from controller.core.setup import Setup
from hardware.errors import TimelineError
from hardware.timeline import Line

F, S = Line.FOCUS, Line.SHUTTER
MS = 1_000_000


def setup(profile_id, body, **values):
    """A body that is `bbf`, `factory`, or whose set-up is not stated (`unstated`); `shot__drive` is a setting."""
    stated = {"bbf": True, "factory": False, "unstated": None}[body]
    settings = {"camera.profile": profile_id, "camera.back_button_focus": stated}
    settings |= {key.replace("__", "."): value for key, value in values.items()}
    return Setup(build(settings), load_profile(profile_id))


def presses(chosen):
    """The presses in milliseconds: when SHUTTER closes, for how long, and FOCUS how long before."""
    return [
        (press.at_ns / MS, press.hold_ns / MS, None if press.lead_ns is None else press.lead_ns / MS)
        for press in chosen.presses
    ]


def edges(timeline):
    return [(edge.at_ns / MS, edge.line, edge.closed) for edge in timeline]


def frame(*takes, gap_ms=330, shortest_ms=200, reduces_noise=False):
    return Recipe(takes, gap_ms * MS, shortest_ms * MS, reduces_noise)


def press(at_ms, hold_ms, lead_ms=None):
    return Press(at_ms * MS, hold_ms * MS, None if lead_ms is None else lead_ms * MS)


ALONE = frame(Take(press(0, 200)))
BOTH = frame(Take(press(0, 200, 100)))
BULB = frame(Take(press(0, 5_000, 100), bulb_ns=5_000 * MS))
TOGGLED = frame(Take(press(0, 200, 100), None, press(5_000, 200, 100), 5_000 * MS))
MIRROR = frame(Take(press(0, 200, 100), press(-2_200, 200, 100)))


# -- which contacts a release moves, and when ------------------------------------------------------------------


@pytest.mark.parametrize("body", ["bbf", "unstated"])
def test_a_body_that_fires_on_shutter_alone_needs_no_more_and_no_lead(body):
    assert presses(recipe(setup("canon-e3", body), focus_is_held=False)) == [(0, 200, None)]


@pytest.mark.parametrize("body", ["bbf", "unstated"])
@pytest.mark.parametrize(("profile_id", "lead_ms", "hold_ms"), [("nikon-mc-dc2", 100, 100), ("generic", 500, 500)])
def test_a_body_that_needs_both_gets_focus_a_lead_before_shutter(body, profile_id, lead_ms, hold_ms):
    assert presses(recipe(setup(profile_id, body), focus_is_held=False)) == [(0, hold_ms, lead_ms)]


@pytest.mark.parametrize("profile_id", ["canon-e3", "nikon-mc-dc2", "generic"])
def test_while_focus_is_held_only_shutter_moves(profile_id):
    chosen = recipe(setup(profile_id, "factory"), focus_is_held=True)
    assert not chosen.moves_focus
    assert chosen.lead_ns == 0


@pytest.mark.parametrize(
    ("profile_id", "min_hold_ms", "lead_ms"),
    [("canon-e3", 300, 300), ("generic", 300, 500), ("generic", 900, 900)],
)
def test_a_plain_remote_gives_a_factory_body_the_time_to_focus(profile_id, min_hold_ms, lead_ms):
    plain = setup(profile_id, "factory", focus__interlock=False, focus__min_hold=min_hold_ms * MS)
    chosen = recipe(plain, focus_is_held=False)
    assert (chosen.moves_focus, chosen.lead_ns) == (True, lead_ms * MS)


def test_a_frame_takes_its_lead_its_hold_and_its_gap():
    assert BOTH.frame_ns == 630 * MS
    assert ALONE.frame_ns == 530 * MS


# -- drives ----------------------------------------------------------------------------------------------------


def test_a_bulb_is_held_for_the_exposure_and_the_lag_of_the_body():
    bulb = setup("nikon-mc-dc2", "bbf", shot__drive="bulb", shot__exposure=5_000 * MS)
    assert presses(recipe(bulb, focus_is_held=False)) == [(0, 5_000, 100)]
    lags = {"camera__shutter_lag": 52 * MS, "camera__close_lag": 10 * MS}
    late = setup("nikon-mc-dc2", "bbf", shot__drive="bulb", shot__exposure=5_000 * MS, **lags)
    assert presses(recipe(late, focus_is_held=False)) == [(0, 5_042, 100)]


def test_the_lag_of_the_profile_counts_if_none_was_measured():
    bulb = setup("sony-multi", "bbf", shot__drive="bulb", shot__exposure=5_000 * MS)
    assert bulb.profile.exposure_lag_ns == 10 * MS
    assert presses(recipe(bulb, focus_is_held=False))[0][1] == 5_010


def test_a_bracket_of_exposures_leaves_the_body_its_gap_and_focus_its_lead():
    bracket = setup("nikon-mc-dc2", "bbf", shot__drive="bracket", shot__bracket=(1_000 * MS, 4_000 * MS))
    assert presses(recipe(bracket, focus_is_held=False)) == [(0, 1_000, 100), (1_430, 4_000, 100)]


def test_after_a_bulb_the_box_waits_for_the_dark_frame():
    noise = {"shot__drive": "bracket", "shot__bracket": (1_000 * MS, 4_000 * MS), "camera__noise_reduction": True}
    chosen = recipe(setup("canon-e3", "bbf", **noise), focus_is_held=False)
    assert presses(chosen) == [(0, 1_000, None), (2_330, 4_000, None)]
    assert chosen.rest_ns == 4_330 * MS


def test_the_bodys_own_bracket_is_one_press_held_or_not():
    held = setup("canon-e3", "bbf", shot__drive="bracket", shot__bracket_hold=3_000 * MS)
    assert presses(recipe(held, focus_is_held=False)) == [(0, 3_000, None)]
    pressed = setup("fuji-2.5mm", "bbf", shot__drive="bracket", shot__bracket_hold=3_000 * MS)
    chosen = recipe(pressed, focus_is_held=False)
    (only,) = chosen.presses
    assert only.hold_ns == pressed.profile.hold_ns
    assert only.hold_ns + chosen.rest_ns == 3_000 * MS + pressed.profile.gap_ns


def test_a_burst_follows_the_button_up_to_its_limit_and_is_one_frame_without_a_button():
    burst = setup("canon-e3", "bbf", shot__drive="burst")
    assert presses(recipe(burst, focus_is_held=False, follows_button=True)) == [(0, 30_000, None)]
    assert presses(recipe(burst, focus_is_held=False)) == [(0, 200, None)]


def test_the_mirror_has_a_press_of_its_own_and_both_contacts_open_after_it():
    mirror = setup("nikon-mc-dc2", "bbf", shot__mirror_up=2_000 * MS)
    chosen = recipe(mirror, focus_is_held=False)
    assert presses(chosen) == [(-2_100, 100, 100), (0, 100, 100)]
    assert chosen.lead_ns == 2_200 * MS
    assert edges(compile_frame(chosen, chosen.lead_ns)) == [
        (0, F, True),
        (100, S, True),
        (200, S, False),
        (205, F, False),
        (2_100, F, True),
        (2_200, S, True),
        (2_300, S, False),
        (2_305, F, False),
    ]


def test_focus_closes_around_the_presses_of_a_mirror_if_the_profile_says_so():
    chosen = recipe(setup("canon-e3", "bbf", shot__mirror_up=2_000 * MS), focus_is_held=False)
    assert presses(chosen) == [(-2_250, 250, 50), (0, 200, 50)]


def test_every_exposure_of_a_bracket_has_its_own_mirror():
    bracket = {"shot__drive": "bracket", "shot__bracket": (1_000 * MS, 4_000 * MS), "shot__mirror_up": 2_000 * MS}
    chosen = recipe(setup("canon-e3", "bbf", **bracket), focus_is_held=False)
    assert [take.mirror is not None for take in chosen.takes] == [True, True]
    first, second = chosen.takes
    assert second.mirror.at_ns == first.opens_ns + (330 + 50) * MS


# -- the timeline of a frame -----------------------------------------------------------------------------------


def test_a_frame_on_shutter_alone_is_one_pulse():
    assert edges(compile_frame(ALONE, 50 * MS)) == [(50, S, True), (250, S, False)]


def test_a_frame_with_both_closes_focus_first_and_opens_it_last():
    assert edges(compile_frame(BOTH, 150 * MS)) == [(50, F, True), (150, S, True), (350, S, False), (355, F, False)]


def test_a_body_is_woken_before_all_else():
    woken = [(0, F, True), (400, F, False), (800, F, True), (900, S, True), (1_100, S, False), (1_105, F, False)]
    assert edges(compile_frame(BOTH, 900 * MS, 400 * MS)) == woken


def test_a_frame_that_leaves_no_room_for_the_lead_is_refused():
    assert compile_frame(BOTH, 100 * MS).edges[0].at_ns == 0
    with pytest.raises(TimelineError, match="before the start"):
        compile_frame(BOTH, 100 * MS - 1)


@settings(max_examples=50)
@given(st.sampled_from([ALONE, BOTH, BULB, TOGGLED, MIRROR]), st.integers(0, 10**12))
def test_shutter_closes_exactly_when_it_is_due(made, spare_ns):
    due_ns = made.lead_ns + spare_ns
    closings = [edge.at_ns for edge in compile_frame(made, due_ns) if edge.line is S and edge.closed]
    assert due_ns in closings
    assert compile_frame(made, due_ns).edges[0].at_ns == spare_ns


# -- another end for a frame in progress -----------------------------------------------------------------------


def ended(made, at_ms):
    """What the player gets if a frame that was due at 1 s ends early."""
    rest = made.due(1_000 * MS).ended_early(at_ms * MS)
    return edges(compile_rest(rest.presses, at_ms * MS)), rest.hold_ns / MS


def test_a_bulb_that_is_ended_opens_shutter_first():
    assert ended(BULB, 3_000) == ([(0, S, False), (0, F, True), (5, F, False)], 3_000)


def test_a_bulb_that_is_ended_at_once_lasts_as_long_as_one_picture():
    assert ended(BULB, 1_050) == ([(0, F, True), (0, S, True), (150, S, False), (155, F, False)], 1_200)


def test_a_bulb_that_is_ended_before_it_begins_is_as_short_as_possible():
    assert ended(BULB, 950) == (
        [(0, S, False), (0, F, True), (50, S, True), (250, S, False), (255, F, False)],
        1_200,
    )


def test_an_exposure_that_a_press_ends_gets_that_press_early():
    press_of_its_own = [(0, S, False), (0, F, True), (100, S, True), (300, S, False), (305, F, False)]
    assert ended(TOGGLED, 3_000) == (press_of_its_own, 3_300)


def test_an_exposure_that_a_press_ends_is_not_ended_by_the_press_that_begins_it():
    edges, opens_ms = ended(TOGGLED, 1_050)
    assert edges[:4] == [(0, F, True), (0, S, True), (150, S, False), (155, F, False)]
    assert opens_ms == 1_000 + 205 + 330 + 100 + 200


def test_an_end_later_than_planned_changes_nothing():
    assert TOGGLED.due(0).ended_early(4_990 * MS) == TOGGLED.due(0)
    assert BULB.due(0).ended_early(6_000 * MS) == BULB.due(0)


def test_the_rest_of_a_bracket_is_dropped_and_its_lines_opened():
    bracket = frame(Take(press(0, 1_000), bulb_ns=1), Take(press(2_000, 4_000), bulb_ns=1))
    assert ended(bracket, 1_500) == ([(0, S, False)], 1_500)
    assert ended(bracket, 2_500) == ([(0, S, False)], 2_000)
    assert ended(bracket, 3_500) == ([(0, S, False)], 3_500)


def test_a_dark_frame_is_as_long_as_what_it_is_made_for():
    noisy = frame(Take(press(0, 5_000), bulb_ns=5_000 * MS), reduces_noise=True)
    assert noisy.rest_ns == 5_330 * MS
    assert noisy.due(0).ended_early(1_000 * MS).rest_ns == 1_330 * MS
    assert noisy.due(0).rest_if_cut(1_000 * MS) == 1_330 * MS
    assert noisy.due(0).rest_if_cut(0) == 330 * MS


# -- what a cut leaves behind ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cut_ms", "is_up"), [(-2_300, False), (-2_200, True), (-1, True), (0, True), (199, True), (200, False)]
)
def test_a_mirror_is_up_from_its_press_until_it_has_exposed_for_long_enough(cut_ms, is_up):
    (take,) = MIRROR.takes
    assert take.mirror_up_since(cut_ms * MS, MIRROR.shortest_ns) == (-2_200 * MS if is_up else None)


@pytest.mark.parametrize(
    ("cut_ms", "is_open"), [(-1, False), (199, False), (200, True), (4_999, True), (5_199, True), (5_200, False)]
)
def test_an_exposure_that_a_press_ends_is_left_open_from_a_press_that_is_long_enough_to_the_next(cut_ms, is_open):
    (take,) = TOGGLED.takes
    assert take.is_left_open(cut_ms * MS, TOGGLED.shortest_ns) is is_open


def test_the_press_that_ends_an_exposure_raises_no_mirror():
    mirror = setup("nikon-mc-dc2", "bbf", shot__mirror_up=2_000 * MS, shot__drive="bulb")
    assert presses(ending_press(mirror, focus_is_held=False)) == [(0, 100, 100)]


# -- focus -----------------------------------------------------------------------------------------------------


def test_focus_is_held_from_now_to_its_limit():
    assert edges(hold_focus(30 * MS)) == [(0, F, True), (30, F, False)]


def test_focus_opens_now_or_later_and_shutter_is_left_alone():
    assert edges(open_focus()) == [(0, F, False)]
    assert edges(open_focus(70 * MS)) == [(70, F, False)]


def test_a_refocus_opens_focus_for_the_gap_and_holds_it_to_its_limit_after_that():
    assert edges(refocus(330 * MS, 1_000 * MS)) == [(0, F, False), (330, F, True), (1_330, F, False)]
