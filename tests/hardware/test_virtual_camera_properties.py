"""What no order of edges may make a body do, whatever its profile and dials."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from remote import MS, F, Remote, S

from config.cameras import load_profile, profile_ids
from hardware.virtual.camera import Dials, Drive

WAITS_MS = (1, 9, 10, 60, 120, 300, 500, 1_200, 7_000, 31_000)
LONG_MS = 10**7

profiles = st.sampled_from([one for one in profile_ids() if load_profile(one).is_usable])
edges = st.lists(st.tuples(st.sampled_from(WAITS_MS), st.sampled_from((F, S))), max_size=30)
any_dials = st.builds(
    Dials,
    st.sampled_from(Drive),
    mirror_up=st.booleans(),
    noise_reduction=st.booleans(),
    speed_ns=st.sampled_from((MS, 8 * MS, 2_000 * MS)),
    set_size=st.sampled_from((1, 3, 7)),
)


def deeds_of(moves):
    """Return the edges as actions, each contact alternating and open at the end; and the time of that end."""
    deeds, at_ms, closed = [], 1_000, {F: False, S: False}
    for wait_ms, line in moves:
        at_ms += wait_ms
        closed[line] = not closed[line]
        deeds.append((at_ms, line, closed[line]))
    at_ms += 400
    return [*deeds, *((at_ms, line, False) for line in (S, F) if closed[line])], at_ms


def is_fully_pressed(deeds, at_ns, alone):
    """Return whether the body is fully pressed after the edges up to that time; it is not if it opens at that time."""
    closed = {line: is_closed for at_ms, line, is_closed in deeds if at_ms * MS <= at_ns}
    closed |= {line: True for at_ms, line, is_closed in deeds if at_ms * MS == at_ns and not is_closed}
    return closed.get(S, False) and (alone or closed.get(F, False))


@given(profiles, any_dials, edges, st.booleans(), st.sampled_from(("hold", "toggle")))
@settings(max_examples=300, deadline=None)
def test_every_frame_has_a_press_and_follows_the_one_before_and_ends(profile_id, dials, moves, factory, bulb):
    deeds, over_ms = deeds_of(moves)
    remote = Remote(profile_id, factory=factory, dials=dials, bulb=bulb).act(*deeds).wait_until(over_ms + LONG_MS)
    remote.camera.finish(remote.now_ns)
    profile = load_profile(profile_id)
    for earlier, later in pairwise(remote.pictures):
        assert earlier.at_ns + earlier.exposure_ns <= later.at_ns
    assert all(picture.exposure_ns > 0 for picture in remote.pictures)
    assert remote.openings == [picture.at_ns for picture in remote.pictures]
    assert not remote.camera.is_exposing
    assert not remote.camera.is_mirror_up
    frames = [picture.at_ns - (profile.exposure_lag_ns or 0) for picture in remote.pictures]
    takes_by_itself = (
        profile.mirror_up is not None and profile.mirror_up.on_timeout == "exposes" and dials.mirror_up
    ) or (dials.drive is Drive.BRACKET and profile.aeb is not None and profile.aeb.set_by == "press")
    if not takes_by_itself:
        assert all(is_fully_pressed(deeds, at_ns, profile.shutter_alone_fires) for at_ns in frames)


@given(profiles, any_dials, edges)
@settings(max_examples=200, deadline=None)
def test_the_frames_are_the_same_however_late_the_edges_are_reported(profile_id, dials, moves):
    deeds, over_ms = deeds_of(moves)
    stepped = Remote(profile_id, dials=dials).act(*deeds).wait_until(over_ms + LONG_MS)
    late = Remote(profile_id, dials=dials)
    for at_ms, line, closed in deeds:
        late.camera.line_changed(line, closed, at_ms * MS)
    late.camera.step((over_ms + LONG_MS) * MS)
    assert late.pictures == stepped.pictures
