import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.cameras import load_profile
from config.schema import build
from controller.frames import (
    SEPARATION_NS,
    Contacts,
    Recipe,
    compile_frame,
    end_frame,
    hold_focus,
    open_focus,
    recipe,
    refocus,
    restart_frame,
)
from controller.setup import Setup
from hardware.errors import TimelineError
from hardware.timeline import Edge, Line

F, S = Line.FOCUS, Line.SHUTTER
MS = 1_000_000

ALONE = Recipe(Contacts.SHUTTER_ONLY, 0, 200 * MS, 330 * MS)
BOTH = Recipe(Contacts.BOTH, 100 * MS, 200 * MS, 330 * MS)


def setup(profile_id, body, **focus):
    """A body that is `bbf`, `factory`, or of which nothing has been said (`unstated`)."""
    stated = {"bbf": True, "factory": False, "unstated": None}[body]
    values = {"camera.profile": profile_id, "camera.back_button_focus": stated}
    return Setup(
        build(values | {f"focus.{key}": value for key, value in focus.items()}),
        load_profile(profile_id),
    )


def edges(timeline):
    return [(edge.at_ns / MS, edge.line, edge.closed) for edge in timeline]


# -- which contacts a release moves ----------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["bbf", "unstated"])
def test_a_body_that_fires_on_shutter_alone_needs_no_more_and_no_lead(body):
    assert recipe(setup("canon-e3", body), focus_is_held=False) == Recipe(
        Contacts.SHUTTER_ONLY, 0, 200 * MS, 330 * MS
    )


@pytest.mark.parametrize("body", ["bbf", "unstated"])
@pytest.mark.parametrize(
    ("profile_id", "lead_ms", "hold_ms", "gap_ms"),
    [("nikon-mc-dc2", 100, 100, 330), ("generic", 500, 500, 1_000)],
)
def test_a_body_that_needs_both_gets_focus_a_lead_before_shutter(body, profile_id, lead_ms, hold_ms, gap_ms):
    assert recipe(setup(profile_id, body), focus_is_held=False) == Recipe(
        Contacts.BOTH, lead_ms * MS, hold_ms * MS, gap_ms * MS
    )


@pytest.mark.parametrize("profile_id", ["canon-e3", "nikon-mc-dc2", "generic"])
def test_over_a_held_focus_only_shutter_moves(profile_id):
    chosen = recipe(setup(profile_id, "factory"), focus_is_held=True)
    assert (chosen.contacts, chosen.lead_ns) == (Contacts.SHUTTER_ONLY, 0)


@pytest.mark.parametrize(
    ("profile_id", "min_hold_ms", "lead_ms"),
    [("canon-e3", 300, 300), ("generic", 300, 500), ("generic", 900, 900)],
)
def test_a_plain_remote_gives_a_factory_body_the_time_to_focus(profile_id, min_hold_ms, lead_ms):
    plain = setup(profile_id, "factory", interlock=False, min_hold=min_hold_ms * MS)
    chosen = recipe(plain, focus_is_held=False)
    assert (chosen.contacts, chosen.lead_ns) == (Contacts.BOTH, lead_ms * MS)


def test_a_frame_takes_its_lead_its_hold_and_its_gap():
    assert BOTH.frame_ns == 630 * MS
    assert ALONE.frame_ns == 530 * MS


# -- the timeline of a frame -----------------------------------------------------------------------------------


def test_a_frame_on_shutter_alone_is_one_pulse():
    assert edges(compile_frame(ALONE, 50 * MS)) == [(50, S, True), (250, S, False)]


def test_a_frame_with_both_closes_focus_first_and_opens_it_last():
    assert edges(compile_frame(BOTH, 150 * MS)) == [
        (50, F, True),
        (150, S, True),
        (350, S, False),
        (355, F, False),
    ]


def test_a_frame_may_be_held_longer_or_shorter_than_the_profile_says():
    assert edges(compile_frame(ALONE, 0, 7 * MS))[-1] == (7, S, False)
    assert edges(compile_frame(BOTH, 100 * MS, 900 * MS))[-2:] == [(1_000, S, False), (1_005, F, False)]


def test_a_frame_that_leaves_no_room_for_the_lead_is_refused():
    assert compile_frame(BOTH, 100 * MS).edges[0].at_ns == 0
    with pytest.raises(TimelineError, match="before the start"):
        compile_frame(BOTH, 100 * MS - 1)


@settings(max_examples=50)
@given(
    st.sampled_from([ALONE, BOTH]),
    st.integers(0, 10**12),
    st.one_of(st.none(), st.integers(0, 10**12)),
)
def test_shutter_closes_exactly_when_it_was_told_to_and_focus_lies_around_it(release, spare_ns, hold_ns):
    closes_ns = release.lead_ns + spare_ns
    frame = compile_frame(release, closes_ns, hold_ns)
    opens_ns = closes_ns + (release.hold_ns if hold_ns is None else hold_ns)
    shutter = [Edge(closes_ns, S, True), Edge(opens_ns, S, False)]
    around = [Edge(spare_ns, F, True), *shutter, Edge(opens_ns + SEPARATION_NS, F, False)]
    assert list(frame) == (around if release is BOTH else shutter)


# -- another end for a frame in progress -----------------------------------------------------------------------


def test_a_frame_that_is_ended_opens_shutter_first():
    assert edges(end_frame(ALONE, 0)) == [(0, S, False)]
    assert edges(end_frame(BOTH, 0)) == [(0, S, False), (5, F, False)]


def test_a_restarted_frame_says_what_is_still_to_come_and_what_may_have_been():
    assert edges(restart_frame(ALONE, 50 * MS)) == [(50, S, True), (250, S, False)]
    assert edges(restart_frame(ALONE, -50 * MS)) == [(0, S, True), (150, S, False)]
    assert edges(restart_frame(BOTH, 150 * MS)) == [(50, F, True), (150, S, True), (350, S, False), (355, F, False)]
    assert edges(restart_frame(BOTH, -50 * MS)) == [(0, F, True), (0, S, True), (150, S, False), (155, F, False)]


# -- focus -----------------------------------------------------------------------------------------------------


def test_focus_is_held_from_now_to_its_limit():
    assert edges(hold_focus(30 * MS)) == [(0, F, True), (30, F, False)]


def test_focus_opens_now_or_later_and_shutter_is_left_alone():
    assert edges(open_focus()) == [(0, F, False)]
    assert edges(open_focus(70 * MS)) == [(70, F, False)]


def test_a_refocus_opens_focus_for_the_gap_and_holds_it_to_its_limit_after_that():
    assert edges(refocus(330 * MS, 1_000 * MS)) == [(0, F, False), (330, F, True), (1_330, F, False)]
