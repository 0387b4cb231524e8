import re

import pytest
from hypothesis import assume, given, settings
from random_twilights import twilights
from twilight import BASE, ZURICH, Twilight, refuses_intervals, zurich

from config.units import parse_duration
from controller.core.words import Why

ROUNDING = 1e-3  # stops: an exposure is whole nanoseconds
MOST_REMEDIES = 8


def expected_ok(plan):
    assume(plan.refusal is None and plan.run.exposures is not None)
    return plan


@settings(max_examples=50)
@given(twilights(has_steps=True))
def test_a_run_that_is_not_refused_takes_every_frame_within_its_bounds(twilight):
    plan = expected_ok(twilight.plan())
    run, bounds = plan.run, plan.run.exposures.bounds
    for slot in plan.slots:
        assert bounds.least_ns <= run.planned_ns(slot) <= bounds.most_in(run.room_ns(slot))
    assert refuses_intervals(plan) is None


@settings(max_examples=50)
@given(twilights())
def test_without_hand_steps_a_run_exposes_as_planned(twilight):
    run = expected_ok(twilight.plan()).run
    for slot in range(run.last_slot + 1):
        assert run.exposure_ns(slot) == run.planned_ns(slot)
        assert run.off_plan_stops(slot) == pytest.approx(0, abs=ROUNDING)


# -- refusals ----------------------------------------------------------------------------------------------------

RULES = (
    "the shortest bulb is",
    "safety.max_exposure is",
    "camera's longest is",
    " an interval of ",
    "shot.ramp_limit is",
)


def rule_of(reason):
    return next((rule for rule in RULES if rule in str(reason)), None)


@settings(max_examples=50)
@given(twilights(has_steps=True))
def test_any_remedy_of_a_refusal_makes_it_go_away_and_following_them_comes_to_an_end(twilight):
    for takes_last in (False, True):
        follow(twilight, takes_last=takes_last)


def follow(twilight, *, takes_last):
    advised = []
    while True:
        reason = twilight.plan().refusal
        if reason is None or not reason.remedies:
            return reason
        assert len(advised) < MOST_REMEDIES, advised
        for remedy in reason.remedies:
            assert str(remedy) in reason
            after = twilight.after(remedy).plan().refusal
            assert after is None or rule_of(after) != rule_of(reason), (str(reason), str(after))
        remedy = reason.remedies[-1 if takes_last else 0]
        advised.append(str(reason))
        twilight = twilight.after(remedy)


@settings(max_examples=50)
@given(twilights(has_steps=True))
def test_a_refusal_names_a_frame_of_the_run_and_gives_the_numbers_and_what_to_do(twilight):
    plan = twilight.plan()
    assume(plan.unplaced is None and plan.refusal is not None)
    reason = plan.refusal
    assert reason.why is Why.PLAN
    assert rule_of(reason)
    assert reason.isprintable()
    cause, _, advice = reason.partition("; ")
    assert advice.startswith("set ") == bool(reason.remedies)
    assert reason.remedies or re.match(r"put |make ", advice)
    frame = int(re.search(r"frame (\d+)", cause)[1])
    assert 1 <= frame <= len(plan.slots)
    if exposed := re.search(r"is exposed for (\S+?),", cause):
        assert parse_duration(exposed[1]) == pytest.approx(plan.run.planned_ns(frame - 1), rel=0.01)
    assert "-" not in re.sub(r'"[^"]*"', "", cause), "a time is negative"


# -- the least examples ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "ramp"),
    [("2027-03-20 22:00", "sunset 1s, -9deg 20s"), ("2027-03-20 10:00", "sunset 20s, -9deg 10s")],
)
def test_a_run_before_or_after_all_keys_needs_room_for_its_exposure_too(now, ramp):
    refusal = zurich(now, ramp, interval__every="20.35s").refusal
    assert re.match(
        r"shot\.ramp: frame 1, at [0-9:]+, is exposed for 20s, and an interval of 20\.35s has room for 19\.9s; ",
        refusal,
    )


def test_an_interval_without_room_for_any_exposure_is_told_as_such():
    refusal = zurich("2027-03-20 18:00", interval__every="300ms").refusal
    assert "an interval of 300ms has no room for an exposure; set interval.every to at least 20.38s" in refusal
    assert [remedy.key for remedy in refusal.remedies] == ["interval.every"]


def test_no_exposure_is_advised_that_is_too_short_for_the_camera():
    refusal = zurich(
        "2027-03-20 18:00", interval__every="5s", camera__shortest_bulb="10s", shot__ramp="sunset 10s, -9deg 20s"
    ).refusal
    assert [remedy.key for remedy in refusal.remedies] == ["interval.every"]


def test_where_intervals_shrink_the_keys_that_are_advised_fit_into_all_of_them():
    twilight = Twilight(
        "2027-03-20 18:00", "Europe/Zurich", BASE | ZURICH | {"interval.every_end": "4s", "interval.count": "700"}
    )
    twilight = twilight.but(shot__ramp="sunset 1s, -6deg 60s, -9deg 20s")
    refusal = twilight.plan().refusal
    assert re.search(r"an interval of 24\.3\d?s has room for 23\.9s; ", refusal)
    plan = twilight.after(refusal.remedies[0]).plan()
    assert plan.refusal is None
    assert all(plan.run.exposure_ns(slot) == plan.run.planned_ns(slot) for slot in plan.slots)


def test_an_advised_interval_is_long_enough_for_the_keys_that_the_run_comes_to_with_it():
    twilight = Twilight(
        "2027-03-20 18:00", "Europe/Zurich", BASE | ZURICH | {"interval.every": "2s", "interval.count": "1900"}
    )
    twilight = twilight.but(shot__ramp="sunset 1s, -6deg 4s, -9deg 20s")
    refusal = twilight.plan().refusal
    longer = next(remedy for remedy in refusal.remedies if remedy.key == "interval.every")
    assert twilight.after(longer).plan().refusal is None
