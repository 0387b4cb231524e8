import pytest
from twilight import BASE, BULB, EVENING, SYDNEY, ZURICH, H, M, S, Twilight, zurich

from controller.core.exposing import NEEDS_CLOCK
from controller.core.words import Why

MORNING = "-9deg 20s, -6deg 4s, sunrise 1s"
NIGHT = "sunset 1s, -9deg 20s, -9deg 20s, sunrise 1s"


def first_and_last(plan):
    return [plan.run.exposure_ns(plan.slots[0]) / S, plan.run.exposure_ns(plan.slots[-1]) / S]


# -- which evening, which morning --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "exposures"),
    [
        ("2027-03-20 17:30", [1, 20]),
        ("2027-03-20 10:00", [1, 1]),  # the run is over before sunset
        ("2027-03-20 19:08", [4, 20]),  # in the middle of twilight
        ("2027-03-20 21:00", [20, 20]),  # after the last key
        ("2027-03-21 03:00", [20, 20]),  # the keys behind are nearer than those ahead
    ],
)
def test_a_run_takes_the_evening_it_is_in_or_the_next_one_or_the_nearest(now, exposures):
    plan = zurich(now)
    assert plan.keys == ["03-20 18:37", "03-20 19:08", "03-20 19:26"]
    assert first_and_last(plan) == pytest.approx(exposures, rel=0.05)


def test_a_run_that_comes_to_the_next_evening_takes_that():
    plan = zurich("2027-03-21 03:00", interval__count="2400")
    assert plan.keys == ["03-21 18:39", "03-21 19:10", "03-21 19:28"]


@pytest.mark.parametrize(
    ("now", "count", "day"),
    [
        ("2027-03-21 04:00", "600", "03-21"),
        ("2027-03-20 17:30", "2000", "03-21"),
        ("2027-03-20 05:50", "600", "03-20"),  # in the middle of dawn
        ("2027-03-20 17:30", "600", "03-20"),  # before the next dawn it is over
    ],
)
def test_a_run_takes_the_morning_it_is_in_or_the_next_one_or_the_nearest(now, count, day):
    plan = zurich(now, MORNING, interval__count=count)
    assert [key.split()[0] for key in plan.keys] == [day] * 3


@pytest.mark.parametrize("now", ["2027-03-20 17:30", "2027-03-20 19:00", "2027-03-21 01:00", "2027-03-21 06:00"])
@pytest.mark.parametrize("count", ["0", "2000"])
def test_keys_from_day_to_night_to_day_are_those_of_one_night(now, count):
    plan = zurich(now, NIGHT, interval__count=count)
    assert plan.keys == ["03-20 18:37", "03-20 19:26", "03-21 05:39", "03-21 06:27"]


def test_over_a_whole_night_the_exposure_grows_stays_and_shrinks():
    run = zurich("2027-03-20 17:30", NIGHT, interval__count="1600").run
    exposures = [run.exposure_ns(slot) for slot in range(1600)]
    longest = [slot for slot, ns in enumerate(exposures) if ns == 20 * S]
    assert longest == list(range(longest[0], longest[-1] + 1))
    assert len(longest) * 30 * S > 10 * H
    assert exposures[: longest[0]] == sorted(exposures[: longest[0]])
    assert exposures[longest[-1] :] == sorted(exposures[longest[-1] :], reverse=True)
    assert (exposures[0], exposures[-1]) == (1 * S, 1 * S)


def test_a_run_that_starts_before_sunset_takes_that_sunset():
    plan = zurich("2027-03-20 09:00", interval__start="sunset-30m")
    assert plan.keys == ["03-20 18:37", "03-20 19:08", "03-20 19:26"]
    assert plan.local(plan.run.grid.t0_ns) == "03-20 18:07"


@pytest.mark.parametrize(
    ("now", "days"),
    [("2027-03-20 22:00", ["03-20", "03-21"]), ("2027-03-21 00:10", ["03-20", "03-21"])],
)
def test_keys_by_the_clock_may_be_on_both_sides_of_midnight(now, days):
    plan = zurich(now, "23:30 1s, 00:30 4s")
    assert plan.keys == [f"{days[0]} 23:30", f"{days[1]} 00:30"]


def test_in_the_south_the_sun_sets_in_the_west_too():
    plan = Twilight("2027-12-20 19:30", "Australia/Sydney", BASE | SYDNEY | {"shot.ramp": EVENING}).plan()
    assert plan.keys == ["12-20 20:04", "12-20 20:33", "12-20 20:51"]  # in daylight saving time


def test_keys_by_delay_and_share_count_from_the_first_frame():
    plan = zurich("2027-03-20 12:00", "+10m 1s, 50% 2s, 100% 4s", interval__count="121")
    t0_ns = plan.run.grid.t0_ns
    assert [knot.at_ns - t0_ns for knot in plan.ramp.knots] == [10 * M, 30 * M, 60 * M]
    assert [knot.slot for knot in plan.ramp.knots] == [20, 60, 120]


def test_shares_of_a_run_end_with_it():
    plan = zurich("2027-03-20 17:30", "0% 1s, 100% 4s", interval__count="0", interval__end="20:00")
    assert plan.keys == ["03-20 17:30", "03-20 19:59"]


def test_shares_count_frames_where_the_intervals_change():
    plan = zurich("2027-03-20 12:00", "0% 1s, 50% 2s, 100% 4s", interval__count="101", interval__every_end="90s")
    assert [knot.slot for knot in plan.ramp.knots] == [0, 50, 100]
    assert plan.ramp.knots[1].at_ns == plan.run.grid.due_ns(50)


def test_a_ramp_by_the_sun_is_met_where_the_intervals_change():
    plan = zurich("2027-03-20 18:00", shot__ramp_shape="even", interval__every_end="60s", interval__count="200")
    grid = plan.run.grid
    for knot in plan.ramp.knots:
        before, after = int(knot.slot), int(knot.slot) + 1
        assert grid.due_ns(before) <= knot.at_ns <= grid.due_ns(after)
        low, high = sorted((plan.run.exposure_ns(before), plan.run.exposure_ns(after)))
        assert low * 0.9 <= knot.key.exposure_ns <= high * 1.1


# -- a key that cannot be --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (
            lambda: zurich("2027-03-20 17:30", "0% 1s, 100% 4s", interval__count="0"),
            "shot.ramp: 0% needs a last frame; set interval.count to the number of frames",
        ),
        (
            lambda: zurich("2027-03-20 17:30", "2027-04-20 20:00 1s, 2027-04-20 21:00 4s"),
            "shot.ramp: 2027-04-20 20:00 is not within a day of the run; take another key",
        ),
        (
            lambda: zurich("2027-03-20 17:30", "2027-03-20 20:00 20s, 2027-03-20 19:00 1s"),
            "shot.ramp: in this run 2027-03-20 19:00 does not come after 2027-03-20 20:00; write the keys in their order",
        ),
        (
            lambda: zurich("2027-03-20 17:30", "50% 1s, +10m 4s"),
            "shot.ramp: in this run +10m does not come after 50%; write the keys in their order",
        ),
    ],
)
def test_keys_that_cannot_be_placed_are_refused_with_the_reason(plan, sentence):
    refusal = plan().refusal
    assert refusal == sentence
    assert refusal.why is Why.PLAN


@pytest.mark.parametrize(
    ("ramp", "shape"), [(EVENING, "sky"), ("20:00 1s, 21:00 4s", "even"), ("0% 1s, 100% 4s", "sky")]
)
def test_what_goes_by_the_time_of_day_needs_a_clock_that_is_set(ramp, shape):
    twilight = Twilight("2027-03-20 17:30", "UTC", BASE | ZURICH | {"shot.ramp": ramp}, is_trusted=False)
    assert twilight.but(shot__ramp_shape=shape).plan().refusal is NEEDS_CLOCK


def test_a_ramp_by_shares_and_delays_needs_no_clock():
    twilight = Twilight("2027-03-20 17:30", "UTC", BULB | {"shot.ramp": "0% 1s, +1h 4s"}, is_trusted=False)
    plan = twilight.but(shot__ramp_shape="even", interval__count="600", interval__every="30s").plan()
    assert [knot.slot for knot in plan.ramp.knots] == [0, 120]


# -- when clocks change ------------------------------------------------------------------------------------------


def test_a_key_that_the_clocks_leave_out_is_as_long_after_midnight_as_on_other_days():
    plan = zurich("2027-03-28 01:00", "02:30 1s, 04:00 4s")
    assert plan.keys == ["03-28 03:30", "03-28 04:00"]


def test_a_key_that_the_clocks_have_twice_is_the_one_nearer_to_the_next_key():
    plan = zurich("2027-10-31 01:00", "02:30 1s, 04:00 4s")
    assert plan.keys == ["10-31 02:30", "10-31 04:00"]
    first, last = plan.ramp.knots
    assert last.at_ns - first.at_ns == 90 * M
    assert first.at_ns - plan.run.grid.t0_ns == pytest.approx(150 * M, abs=5 * S)


# -- hand-steps --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "called"),
    [
        ("-4deg ISO 100-800", ["03-20 18:56"]),
        ("-3deg +1, -5deg +1", ["03-20 18:50", "03-20 19:02"]),
        ("19:00 +1", ["03-20 19:00"]),
        ("dusk-10m -1/3", ["03-20 18:58"]),
        ("sunset +1, -9deg +1", ["03-20 18:37", "03-20 19:26"]),  # at the keys themselves
        ("+90m +1", ["03-20 19:00"]),
    ],
)
def test_a_hand_step_is_called_between_the_keys(steps, called):
    assert zurich("2027-03-20 17:30", shot__steps=steps).steps == called


@pytest.mark.parametrize(
    ("steps", "called"),
    [
        ("-4deg +3, -4deg -3", ["03-20 18:56", "03-21 06:08"]),
        ("-4deg ISO 800-100", ["03-21 06:08"]),
        ("-4deg ISO 100-800", ["03-20 18:56"]),
    ],
)
def test_a_step_to_more_light_is_for_the_setting_sun_and_one_to_less_for_the_rising(steps, called):
    assert zurich("2027-03-20 17:30", NIGHT, interval__count="2000", shot__steps=steps).steps == called


@pytest.mark.parametrize("steps", ["-12deg +1", "2deg +1", "21:30 +1", "50% +1", "dawn -1", "+1m +1"])
def test_a_hand_step_outside_of_the_keys_is_refused(steps):
    moment = steps.split()[0]
    rule = "does not lie between the first and the last key of shot.ramp; put it between them"
    assert zurich("2027-03-20 17:30", shot__steps=steps).refusal == f"shot.steps: {moment} {rule}"


def test_hand_steps_in_the_wrong_order_are_refused():
    refusal = zurich("2027-03-20 17:30", shot__steps="-5deg +1, -3deg +1").refusal
    rule = "does not come after the hand-step before it; write them in their order"
    assert refusal == f"shot.steps: -3deg {rule}"


def test_a_run_that_begins_after_a_hand_step_begins_with_it_done():
    steps = "-4deg ISO 100-800"
    plan = zurich("2027-03-20 19:00", shot__steps=steps)
    assert plan.run.exposures.done == 1
    assert plan.run.exposure_ns(0) == plan.run.planned_ns(0)
    assert zurich("2027-03-20 18:00", shot__steps=steps).run.exposures.done == 0


def test_keys_are_met_with_the_hand_steps_before_them_done():
    plan = zurich("2027-03-20 17:30", shot__steps="-7deg +2")
    for knot in plan.ramp.knots:
        planned_ns = plan.run.exposures.planned_ns(int(knot.slot), knot.at_ns)
        assert planned_ns == pytest.approx(knot.key.exposure_ns, rel=1e-9)
