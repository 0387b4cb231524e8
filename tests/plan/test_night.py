"""The exposures of a run, drawn in SVG and in characters, and told in sentences."""

import re
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan.nights import ALL, EVEN, NIGHTS, ZURICH, picture, plan_at, planned
from plan.pictures import outside, overlapping, words

from controller.core.events import ClockRead
from controller.plan import text as plan_text
from controller.plan.curves import simplified
from controller.plan.diagram import draw_plan
from controller.plan.labels import Box, Labels
from controller.plan.night_looks import PHONE, WIDTH
from controller.plan.picture import draw, draw_for_phone
from controller.plan.scales import Hours, rounded, speed, speeds
from hardware.clock import ClockSample
from hardware.waveform import ASCII

S = 1_000_000_000
M, H = 60 * S, 3600 * S

# -- the picture -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_no_text_of_a_night_overlaps_another_or_leaves_the_picture(name):
    svg = picture(name)
    assert overlapping(svg) == []
    assert outside(svg, WIDTH) == []


@pytest.mark.parametrize("name", ALL)
def test_no_text_overlaps_another_on_a_phone(name):
    svg = draw_for_phone(*planned(name))
    assert overlapping(svg) == []
    assert outside(svg, PHONE) == []


@pytest.mark.parametrize("name", ALL)
def test_the_same_plan_gives_the_same_bytes(name):
    assert picture(name) == picture(name)


@pytest.mark.parametrize("name", NIGHTS)
def test_a_picture_names_every_key_hand_step_and_event(name):
    plan, clock = planned(name)
    written = words(draw(plan, clock))
    marks = [f"{key.moment}  {rounded(key.exposure_ns)}" for key in plan.ramp.keys]
    marks += [call.change for call in plan.ramp.calls]
    assert {mark: written.count(mark) for mark in marks} == {mark: marks.count(mark) for mark in marks}
    assert all(any(text.startswith(event.name) for text in written) for event in plan.ramp.events)


def test_the_frame_is_drawn_below_the_night_and_alone_where_nothing_changes():
    plan, clock = planned("zurich")
    assert set(words(draw_plan(plan))) <= set(words(draw(plan, clock)))
    still, _ = plan_at("canon-e3", None, {})
    assert still.ramp is None
    assert draw(still, None) == draw_for_phone(still, None) == draw_plan(still)


def test_what_is_too_short_or_too_long_is_marked_and_refused_below():
    plan, clock = planned("too short, and too long")
    svg = draw(plan, clock)
    assert svg.count('stroke="#b3261e"') == 2
    assert f"refused: {plan.refusals[0]}"[:60] in "".join(words(svg))
    assert 'stroke="#b3261e"' not in picture("zurich")


def test_a_change_of_the_clocks_is_told_below_the_time():
    assert "clocks go forward 1h" in words(picture("clock-change"))
    assert "clocks go back 1h" in words(picture("clocks that go back"))


def test_without_a_clock_the_time_counts_from_the_first_frame():
    written = words(picture("by shares, without a clock"))
    assert {"0s", "10m", "1h"} <= set(written)
    assert not any("sunset" in text or "moon" in text for text in written)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from([1, 2, 4, 8]), st.integers(1, 60)), min_size=2, max_size=12))
def test_the_labels_of_any_keys_stay_apart(keys):
    minutes, texts = 0, []
    for seconds, later in keys:
        minutes += later
        texts.append(f"+{minutes}m {seconds}s")
    changes = {"shot.ramp": ", ".join(texts), "interval.count": str(minutes * 6), "shot.ramp_limit": "2"}
    plan, clock = plan_at("canon-e3", "2027-03-20 17:30", ZURICH | EVEN | {"interval.every": "10s"} | changes)
    svg = draw(plan, clock)
    assert overlapping(svg) == []
    assert outside(svg, WIDTH) == []


# -- the drawing in characters -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("columns", [1, 30, 40, 57, 79, 200])
def test_a_drawing_in_characters_is_as_wide_as_it_may_be(name, columns):
    plan, clock = planned(name)
    rows = plan_text.chart(plan, clock, columns=columns)
    assert all(len(row) <= min(max(columns, 30), 79) for row in rows)
    assert bool(rows) == (plan.run.exposure_end_ns is None)


@pytest.mark.parametrize("name", ALL)
def test_a_terminal_without_the_signs_gets_ascii(name):
    assert "".join(plan_text.chart(*planned(name), ASCII)).isascii()


def test_a_run_whose_exposures_do_not_change_has_no_drawing():
    plan, clock = plan_at("canon-e3", None, {})
    assert plan_text.chart(plan, clock) == []
    assert plan_text.as_reply(plan)["ramp"] is None


def test_a_bound_that_is_far_away_is_not_drawn():
    plan, clock = plan_at("nikon-mc-dc2", None, EVEN | {"interval.count": "100", "interval.every": "1h"})
    rows = plan_text.chart(plan, clock)
    assert not any("longest" in row or "shortest" in row for row in rows)


# -- the sentences -----------------------------------------------------------------------------------------------


def lines(name, **changes):
    return plan_text.lines(*planned(name, **changes))


def test_a_hand_step_says_when_before_which_frame_what_to_set_and_what_the_bulb_does():
    sentence = "at 18:44:53, before frame 42: set ISO 100-800; the bulb drops from 2.11s to 264ms (3 stops)"
    assert sentence in lines("zurich")
    sixth = lines("zurich", shot__steps="-5deg +1/3")
    assert any("set +1/3 stops; the bulb drops" in line and line.endswith("(1/3 stop)") for line in sixth)


def test_without_a_clock_times_are_after_the_first_frame():
    told = lines("by shares, without a clock")
    assert "at the first frame (0%): the bulb lasts 1s" in told
    assert "30m after the first frame, frame 181 (50%): the bulb lasts 4s" in told
    assert "1h after the first frame, frame 361 (100%): the bulb lasts 2s" in told


def test_keys_before_and_after_the_run_are_told_as_such():
    told = lines("all before the run")
    assert any("before the first frame (-9deg): the bulb would last 20s" in line for line in told)
    assert any("before the first frame: set f/8-f/2.8" in line for line in told)
    short = lines("zurich", interval__count="100", shot__steps="none")
    assert any("after the last frame (-9deg): the bulb would last 20s" in line for line in short)


def test_a_ramp_from_a_first_exposure_to_a_last_keeps_its_one_sentence():
    told = lines("from a first exposure to a last")
    assert any("the last frame is exposed for 16s" in line for line in told)
    assert "a frame takes 1.33s" in told
    assert not any("the bulb" in line for line in told)


def test_the_first_frame_is_the_one_that_is_planned():
    plan, _ = planned("zurich")
    assert plan.title == "canon-e3: bulb 1s at first"
    assert "the first frame takes 1.33s" in lines("zurich")


def test_a_ramp_whose_start_is_not_known_yet_begins_with_its_first_key_and_is_not_refused_for_another_exposure():
    camera, _, texts = ALL["zurich"]
    plan, _ = plan_at(camera, None, texts)
    assert (plan.ramp, plan.refusals) == (None, ())
    assert plan.title == "canon-e3: bulb 1s at first"


def test_the_length_of_a_run_is_told_to_10_ms():
    assert any("lasts 1h 44m 5.33s;" in line for line in lines("zurich"))
    assert planned("zurich", interval__count="130")[0].run.length_ns % 10_000_000
    assert any(re.search(r"lasts 53m 5\d\.\d\d?s;", line) for line in lines("zurich", interval__count="130"))


def test_what_does_not_fit_is_refused_once():
    plan, _ = planned("zurich", interval__every="15s", interval__count="500", shot__steps="none")
    (refusal,) = plan.refusals
    assert re.search(
        r"frame \d+, at [0-9:]+, is exposed for 20s, and an interval of 15s has room for 14\.\d+s", refusal
    )


def test_clouds_and_the_glow_of_a_city_are_warned_of():
    assert any("clouds" in warning and "city" in warning for warning in planned("zurich")[0].warnings)


def test_a_reply_has_the_frames_only_where_they_are_asked_for():
    plan, clock = planned("zurich")
    assert plan_text.as_reply(plan, clock)["ramp"]["frames"] == ()
    frames = plan_text.as_reply(plan, clock, with_frames=True)["ramp"]["frames"]
    assert len(frames) == 250
    assert frames[0]["number"] == 1


# -- scales and places -------------------------------------------------------------------------------------------


def test_speeds_are_written_as_on_a_camera():
    written = [speed(stops) for stops in range(-10, 9)]
    shown = "1/1000s 1/500s 1/250s 1/125s 1/60s 1/30s 1/15s 1/8s 1/4s 1/2s 1s 2s 4s 8s 15s 30s 1m 2m 4m"
    assert written == shown.split()


@given(st.floats(-12, 12), st.floats(0.1, 24), st.integers(1, 20))
def test_speeds_are_evenly_apart_and_no_more_than_asked_for(low, more, most):
    found = speeds(low, low + more, most)
    assert len(found) <= most + 1
    assert len({after - before for before, after in pairwise(found)}) <= 1
    assert all(low <= stops <= low + more for stops in found)


@pytest.mark.parametrize(
    ("ns", "shown"), [(264_184_995, "264ms"), (13_831_143_810, "13.8s"), (160 * S, "2m 40s"), (500_000_000, "500ms")]
)
def test_an_exposure_is_told_to_three_digits(ns, shown):
    assert rounded(ns) == shown


@given(st.integers(0, 2_000_000_000), st.integers(0, 40 * 24 * 3600), st.integers(2, 12))
def test_the_marks_of_a_time_axis_are_in_the_run_in_order_and_not_too_many(first_s, length_s, most):
    for first_ns in (first_s * S, None):
        hours = Hours(first_ns, length_s * S, ZoneInfo("Europe/Zurich"))
        marks = [at_ns for at_ns, _ in hours.marks(most)]
        assert marks == sorted(set(marks))
        assert len(marks) <= most + 1
        assert all(0 <= at_ns <= length_s * S for at_ns in marks)


def test_a_change_of_the_clocks_is_found_to_the_second():
    first = int(datetime(2027, 3, 27, 22, 0, 30, tzinfo=UTC).timestamp())
    hours = Hours(first * S, 10 * H, ZoneInfo("Europe/Zurich"))
    changes = list(hours.changes())
    assert [(round(at_ns / S), change_ns) for at_ns, change_ns in changes] == [(3 * 3600 - 30, H)]
    assert hours.moment(3 * H) == "at 03:00:30 on Sun 28 Mar"
    assert list(Hours(first * S, 2 * H, ZoneInfo("Europe/Zurich")).changes()) == []


def test_a_moment_without_a_clock_is_counted_from_the_first_frame():
    hours = Hours(None, H, UTC)
    assert [hours.moment(at_ns) for at_ns in (0, 80 * M, -5 * M)] == [
        "at the first frame",
        "1h 20m after the first frame",
        "5m before the first frame",
    ]


CURVES = st.lists(st.tuples(st.floats(0, 700), st.floats(0, 250)), min_size=1, max_size=60).map(sorted)


@given(CURVES)
def test_a_simplified_curve_keeps_its_ends_and_only_corners_of_it(points):
    corners = simplified(points)
    assert (corners[0], corners[-1]) == (points[0], points[-1])
    assert set(corners) <= set(points)


def test_a_straight_line_has_two_corners():
    assert simplified([(float(x), 2.0 * x) for x in range(100)]) == [(0.0, 0.0), (99.0, 198.0)]


def test_a_label_goes_where_it_covers_nothing_and_nowhere_if_there_is_no_room():
    labels = Labels(Box(0, 0, 100, 40), dots=[(20.0, 10.0)])
    first = labels.at("abc", 10, [(10, 12), (60, 12)])
    assert (first.x, first.y) == (60, 12), "the other place is on the curve"
    second = labels.at("abc", 10, [(55, 14), (10, 12)])
    assert (second.x, second.y) == (10, 12), "the other place is taken"
    assert labels.at("a long text for so little room", 10, [(0, 12)]) is None


def test_a_clock_that_is_not_trusted_gives_no_time_of_day():
    camera, _, _ = ALL["by shares, without a clock"]
    plan, _ = planned("by shares, without a clock")
    clock = ClockRead(ClockSample(0, 0, is_trusted=False), UTC)
    assert "at the first frame (0%): the bulb lasts 1s" in plan_text.lines(plan, clock)
    assert camera in plan.title
