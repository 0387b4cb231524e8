import re
from itertools import pairwise
from math import log2

import pytest
from hypothesis import assume, given, settings
from random_twilights import tame, twilights
from twilight import zurich

from controller.core.exposing import limit_of, remarks

ROUNDING = 1e-3  # stops: an exposure is whole nanoseconds


def expected_ok(plan):
    assume(plan.refusal is None and plan.run.exposures is not None)
    return plan


def is_monotone(values, by):
    return all(after >= before - by for before, after in pairwise(values)) or all(
        after <= before + by for before, after in pairwise(values)
    )


@settings(max_examples=50)
@given(twilights(tame, has_steps=True))
def test_the_light_changes_by_no_more_than_the_limit_from_frame_to_frame(twilight):
    plan = expected_ok(twilight.plan())
    limit = limit_of(plan.setup.settings.shot)
    lights = [log2(plan.ramp.light_ns(slot, plan.run.grid.due_ns(slot))) for slot in plan.slots]
    assert all(abs(after - before) <= limit + ROUNDING for before, after in pairwise(lights))


@settings(max_examples=50)
@given(twilights(tame))
def test_between_two_keys_the_exposure_only_grows_or_only_shrinks_while_the_sun_sets_or_rises(twilight):
    plan = expected_ok(twilight.plan())
    knots, sky, grid = plan.ramp.knots, plan.ramp.sky, plan.run.grid
    for first, last in pairwise(knots):
        slots = [slot for slot in plan.slots if first.slot <= slot <= last.slot]
        if sky is None or is_monotone([sky.height_deg(grid.due_ns(slot)) for slot in slots], by=0):
            assert is_monotone([plan.run.planned_ns(slot) for slot in slots], by=2)
        ends = sorted((first.key.exposure_ns, last.key.exposure_ns))
        assert all(ends[0] - 1 <= plan.run.planned_ns(slot) <= ends[1] + 1 for slot in slots)


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "cause", "advice"),
    [
        (
            {"camera__shortest_bulb": "2s"},
            r"frame \d+, at [0-9:]+, is exposed for 1s, and the shortest bulb is 2s",
            'set shot.ramp "sunset 2s, -6deg 4s, -9deg 20s"',
        ),
        (
            {"shot__ramp": "sunset 1s, -9deg 20s", "shot__steps": "-1deg ISO 100-6400"},
            r"frame \d+, at [0-9:]+, is exposed for [0-9.]+ms, and the shortest bulb is 200ms",
            "make the hand-step before it smaller, or later",
        ),
        (
            {"interval__every": "15s", "interval__count": "800"},
            r"frame \d+, at [0-9:]+, is exposed for 20s, and an interval of 15s has room for 14\.6s",
            'set shot.ramp "sunset 1s, -6deg 4s, -9deg 14.62s", or set interval.every to at least 20.38s',
        ),
        (
            {"camera__noise_reduction": "true"},
            r"frame \d+, at [0-9:]+, is exposed for 20s, and an interval of 30s has room for 14\.8s",
            'set shot.ramp "sunset 1s, -6deg 4s, -9deg 14.81s", or set interval.every to at least 40.38s',
        ),
        (
            {"interval__every": "5m", "shot__ramp_limit": "1/6", "interval__count": "30"},
            r"from frame \d+, at [0-9:]+, to the next the light changes by 0\.65 stops, and shot\.ramp_limit is 1/6",
            "set shot.ramp_limit to at least 2/3",
        ),
        (
            {"shot__ramp": "sunset 1s, sunset+1m 20s"},
            r"from frame \d+, at [0-9:]+, to the next the light changes by 2\.16 stops, and shot\.ramp_limit is 2",
            "put the keys further apart, or take frames more often",
        ),
    ],
)
def test_a_refusal_says_what_where_why_and_what_to_do(settings, cause, advice):
    refusal = zurich("2027-03-20 18:00", **{"interval__count": "300"} | settings).refusal
    said, _, advised = refusal.partition("; ")
    assert re.fullmatch(f"shot\\.ramp: {cause}", said), said
    assert advised == advice


def test_a_hand_step_that_comes_too_late_for_the_interval_is_refused():
    refusal = zurich("2027-03-20 18:00", shot__steps="-9deg ISO 100-800", interval__count="300").refusal
    assert "and an interval of 30s has room for 29.6s; set interval.every to at least " in refusal


@pytest.mark.parametrize("camera", ["olympus-rm-uc1", "fuji-2.5mm", "nikon-10pin"])
def test_the_exposures_of_a_ramp_are_bounded_by_the_camera(camera):
    plan = zurich("2027-03-20 18:00", camera__profile=camera, interval__count="300", camera__shortest_bulb="1s")
    assert plan.refusal is None
    assert plan.run.exposures.bounds.least_ns == 1_000_000_000


# -- what the photographer should know ---------------------------------------------------------------------------

SKY = (
    "the ramp goes by a clear sky: clouds and moon, and from 8 degrees below the horizon on the glow of a city, change "
    "the light; trim it on the way"
)
DAY = "the ramp goes by a clear sky: clouds change the light; trim it on the way"


@pytest.mark.parametrize(
    ("now", "ramp", "said"),
    [
        ("2027-03-20 18:00", "sunset 1s, -9deg 20s", [SKY]),
        ("2027-03-20 13:00", "14:00 1s, 10deg 2s", [DAY]),
        (
            "2027-03-20 22:00",
            "sunset 1s, -9deg 20s",
            ["the whole run is after all keys of shot.ramp: the exposure stays at 20s"],
        ),
        (
            "2027-03-20 10:00",
            "sunset 1s, -9deg 20s",
            ["the whole run is before all keys of shot.ramp: the exposure stays at 1s"],
        ),
        (
            "2027-03-20 19:30",
            "-6deg 1s, -15deg 10s, -17deg 20s",
            [
                SKY,
                "between -15deg 10s and -17deg 20s the sky is dark and hardly changes: the exposure changes evenly, or late",
            ],
        ),
    ],
)
def test_the_limits_of_a_ramp_by_the_sky_are_told(now, ramp, said):
    assert list(remarks(zurich(now, ramp).run)) == said


def test_a_ramp_that_is_even_promises_nothing_about_the_sky():
    assert list(remarks(zurich("2027-03-20 18:00", shot__ramp_shape="even").run)) == []
