import re

import pytest
from twilight import BASE, Twilight, tromso, zurich

NUMBERS = re.compile(r"there and then it is between (\S+) and (\S+) degrees high; take keys between these$")


@pytest.mark.parametrize(
    ("day", "ramp", "cause"),
    [
        ("2027-06-20 22:00", "10deg 1s, 0deg 4s", "the sun is never at 0deg"),
        ("2027-12-20 08:00", "-2deg 1s, -9deg 4s", "the sun is never at -2deg"),
        ("2027-06-20 22:00", "sunset 1s, 5deg 4s", "there is no sunset then: the sun does not set"),
        ("2027-12-20 08:00", "sunrise 1s, -9deg 4s", "there is no sunrise then: the sun does not rise"),
        ("2027-06-20 22:00", "dusk 1s, 5deg 4s", "there is no dusk then: it does not get dark"),
    ],
)
def test_in_polar_day_and_night_a_refusal_gives_heights_of_the_sun_that_work_as_keys(day, ramp, cause):
    refusal = tromso(day, ramp).unplaced
    assert refusal.startswith((f"shot.ramp: {cause}; ", f"shot.ramp: {cause}, "))
    low, high = NUMBERS.search(refusal).groups()
    for keys in (f"{low}deg 1s, {high}deg 2s", f"{high}deg 2s, {low}deg 1s"):
        assert tromso(day, keys).unplaced is None, refusal


@pytest.mark.parametrize("latitude", ["-85", "-66.5", "-30", "0", "30", "57", "66.5", "75", "85"])
@pytest.mark.parametrize("day", ["2027-01-15", "2027-03-20", "2027-06-21", "2027-09-30", "2027-12-21"])
def test_keys_well_between_the_heights_that_a_refusal_gives_work_everywhere(day, latitude):
    site = {"site.latitude": latitude, "site.longitude": "120"}
    twilight = Twilight(f"{day} 12:00", "UTC", BASE | site)
    low, high = map(float, NUMBERS.search(twilight.but(shot__ramp="-90deg 1s, 90deg 4s").plan().unplaced).groups())
    assert low < high
    keys = [f"{low + (high - low) * share:.2f}deg" for share in (0.1, 0.9)]
    for before, after in (keys, keys[::-1]):
        assert twilight.but(shot__ramp=f"{before} 1s, {after} 2s").plan().unplaced is None


def test_a_step_to_less_light_is_called_at_a_height_that_the_sun_passes_only_while_it_sets():
    assert zurich("2027-03-20 17:30", shot__steps="-4deg ISO 800-400").steps == ["03-20 18:56"]


def test_a_step_to_more_light_is_called_at_a_height_that_the_sun_passes_only_while_it_rises():
    plan = zurich("2027-03-21 04:30", "-9deg 20s, -6deg 4s, sunrise 1s", shot__steps="-4deg ISO 400-800")
    assert plan.steps == ["03-21 06:08"]


def test_iso_and_aperture_may_be_changed_at_the_same_moment():
    plan = zurich("2027-03-20 17:30", shot__steps="-4deg ISO 100-400, -4deg f/8-f/5.6")
    assert plan.steps == ["03-20 18:56"] * 2
    at_ns = plan.ramp.steps[0].at_ns
    assert plan.ramp.gained(plan.ramp.steps_by(at_ns)) == 18


@pytest.mark.parametrize("second", ["-12deg +1", "2deg +1", "21:30 +1"])
def test_a_second_hand_step_outside_of_the_keys_is_told_to_lie_outside(second):
    refusal = zurich("2027-03-20 17:30", shot__steps=f"-4deg +1, {second}").refusal
    rule = "does not lie between the first and the last key of shot.ramp; put it between them"
    assert refusal == f"shot.steps: {second.split()[0]} {rule}"
