from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ramps import EVERY, even, knot, stops

from controller.core.daylight import Site
from controller.core.ramp import Ramp, Sky

MS = 1_000_000
S = 1_000 * MS
H = 3_600 * S
ZURICH = Site(47.37, 8.54)
NOON = int(datetime.fromisoformat("2027-03-20T12:00+00:00").timestamp()) * S

exposure = st.integers(MS, H)
skies = st.builds(
    lambda latitude, longitude, day: Sky(Site(latitude, longitude), NOON + day * 24 * H),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.integers(0, 365),
)


# -- between the keys --------------------------------------------------------------------------------------------


def test_an_even_ramp_changes_by_equal_fractions_of_a_stop():
    ramp = even((10, 1 * S), (16, 4 * S), (20, 1 * S))
    lights = [ramp.light_ns(slot, slot * EVERY) for slot in range(8, 23)]
    changes = [stops(after, before) for before, after in pairwise(lights)]
    assert changes == pytest.approx([0, 0, *[1 / 3] * 6, *[-1 / 2] * 4, 0, 0])


def test_a_key_between_two_slots_is_met_between_them():
    ramp = Ramp((knot(0, 1 * S), knot(25 * S, 32 * S)))  # 2.5 slots, 5 stops
    assert [ramp.light_ns(slot, slot * EVERY) for slot in range(4)] == pytest.approx([1 * S, 4 * S, 16 * S, 32 * S])


@given(st.lists(st.tuples(st.integers(1, 10**6), exposure), min_size=2, max_size=12), st.integers(-10, 10**7))
def test_an_even_ramp_stays_between_the_two_keys_around_a_slot(gaps, slot):
    at, pairs = 0, []
    for gap, ns in gaps:
        at += gap
        pairs.append((at, ns))
    light = even(*pairs).light_ns(slot, slot * EVERY)
    before = [ns for at, ns in pairs if at <= slot][-1:] or [pairs[0][1]]
    after = [ns for at, ns in pairs if at >= slot][:1] or [pairs[-1][1]]
    ends = before + after
    assert min(ends) * (1 - 1e-9) <= light <= max(ends) * (1 + 1e-9)


@given(skies, st.lists(st.tuples(st.integers(1, 6 * H), exposure), min_size=2, max_size=6))
def test_every_key_is_met_at_its_instant_and_nearly_so_just_before(sky, gaps):
    at_ns, knots = 0, []
    for gap_ns, ns in gaps:
        at_ns += gap_ns
        knots.append(knot(at_ns, ns, sky))
    ramp = Ramp(tuple(knots), (), sky)
    for each in knots:
        assert ramp.light_ns(0, each.at_ns) == each.key.exposure_ns
    for before, each in pairwise(knots):
        if abs(each.sky - before.sky) > 1:
            assert abs(stops(ramp.light_ns(0, each.at_ns - 1), each.key.exposure_ns)) < 0.01


@given(skies, st.integers(0, 24 * H), st.integers(1, 12 * H), exposure, exposure)
@settings(max_examples=60)
def test_a_ramp_by_the_sky_is_never_beyond_its_keys_and_only_goes_on_while_the_sun_does(
    sky, first_ns, gap_ns, one, two
):
    ramp = Ramp((knot(first_ns, one, sky), knot(first_ns + gap_ns, two, sky)), (), sky)
    instants = [first_ns + gap_ns * k // 50 for k in range(-5, 56)]
    lights = [ramp.light_ns(0, at_ns) for at_ns in instants]
    assert min(one, two) <= min(lights) * (1 + 1e-9)
    assert max(lights) <= max(one, two) * (1 + 1e-9)
    heights = [sky.height_deg(at_ns) for at_ns in instants[5:56]]
    if heights in (sorted(heights), sorted(heights, reverse=True)):
        sign = 1 if two > one else -1
        assert all(sign * (after - before) >= -1e-6 * before for before, after in pairwise(lights))


def test_a_ramp_by_the_sky_has_the_shape_of_the_sky():
    sky = Sky(ZURICH, NOON)
    sunset_ns, dark_ns = _crossing(sky, -0.833), _crossing(sky, -9)
    ramp = Ramp((knot(sunset_ns, S // 10, sky), knot(dark_ns, 20 * S, sky)), (), sky)
    half_way = ramp.light_ns(0, (sunset_ns + dark_ns) // 2)
    assert stops(half_way, S // 10) < 0.5 * stops(20 * S, S // 10)  # the sky darkens faster later on
    for at_ns in range(sunset_ns, dark_ns, 60 * S):
        darker = sky.stops_at(sunset_ns) - sky.stops_at(at_ns)
        share = darker / (sky.stops_at(sunset_ns) - sky.stops_at(dark_ns))
        assert stops(ramp.light_ns(0, at_ns), S // 10) == pytest.approx(share * stops(20 * S, S // 10))


def test_while_the_sun_is_lower_than_at_both_keys_the_exposure_waits():
    sky = Sky(ZURICH, NOON)
    dusk_ns = _crossing(sky, -9)
    dawn_ns = dusk_ns + 12 * H
    ramp = Ramp((knot(dusk_ns, 20 * S, sky), knot(dawn_ns, 4 * S, sky)), (), sky)
    assert sky.height_deg(dawn_ns) > -9
    assert {ramp.light_ns(0, dusk_ns + k * H) for k in range(10)} == {20 * S}


def test_two_keys_in_the_same_sky_are_joined_evenly_in_time():
    sky = Sky(ZURICH, NOON)
    night_ns = _crossing(sky, -18) + H
    ramp = Ramp((knot(night_ns, 4 * S, sky), knot(night_ns + 2 * H, 16 * S, sky)), (), sky)
    assert ramp.light_ns(0, night_ns + H) == pytest.approx(8 * S)


def test_before_the_first_key_and_after_the_last_the_exposure_stays():
    sky = Sky(ZURICH, NOON)
    ramp = Ramp((knot(5 * H, 1 * S, sky), knot(6 * H, 4 * S, sky)), (), sky)
    assert {ramp.light_ns(0, at_ns) for at_ns in (-100 * H, 0, 5 * H)} == {1 * S}
    assert {ramp.light_ns(0, at_ns) for at_ns in (6 * H, 7 * H, 100 * H)} == {4 * S}


def _crossing(sky, height_deg):
    """Return when the sun sets below a height in the afternoon, in monotonic time, to the second."""
    return next(s * S for s in range(4 * 3600, 10 * 3600) if sky.height_deg(s * S) < height_deg)
