import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan.pictures import SVG, outside, overlapping, words

from config.cameras import load_profile
from config.schema import build
from config.units import format_long
from controller.core.setup import Setup
from controller.plan.axis import axis
from controller.plan.diagram import WIDTH, draw_plan
from controller.plan.planning import plan_frame

MS, S = 1_000_000, 1_000_000_000

MIRROR_BULB = {"shot.drive": "bulb", "shot.exposure": 240 * S, "shot.mirror_up": 3 * S}
MIRROR_BRACKET = {"shot.drive": "bracket", "shot.bracket": (1 * S, 8 * S, 64 * S), "shot.mirror_up": 2 * S}
FRAMES = {
    "mirror and bulb": ("nikon-mc-dc2", True, MIRROR_BULB),
    "shutter alone": ("canon-e3", True, {}),
    "focus lock": ("nikon-mc-dc2", False, {}),
    "mirror and bracket": ("nikon-mc-dc2", True, MIRROR_BRACKET | {"camera.noise_reduction": True}),
    "burst": ("sony-multi", True, {"shot.drive": "burst"}),
    "the body's own set": ("fuji-2.5mm", True, {"shot.drive": "bracket"}),
    "fifteen bulbs": ("nikon-mc-dc2", True, MIRROR_BRACKET | {"shot.bracket": tuple(k * S for k in range(1, 16))}),
}


def plan(camera, bbf, values):
    settings = build({"camera.profile": camera, "camera.back_button_focus": bbf, **values})
    return plan_frame(Setup(settings, load_profile(camera)))


# -- the axis ----------------------------------------------------------------------------------------------------

TIMES = st.lists(st.integers(0, 10**14), min_size=2, max_size=40, unique=True)


@given(TIMES)
def test_the_axis_keeps_the_order_of_times_and_fills_its_room(times):
    time_axis = axis(times, 10.0, 90.0)
    places = [time_axis.at(at_ns) for at_ns in sorted(times)]
    assert places == sorted(places)
    assert places[0] == 10.0
    assert places[-1] == pytest.approx(90.0)
    assert all(10 < place < 90 for place in time_axis.breaks)


@given(TIMES, st.integers(0, 10**14))
def test_a_time_between_two_stops_is_placed_between_them(times, at_ns):
    time_axis = axis(times, 0.0, 100.0)
    earlier = max((time for time in times if time <= at_ns), default=min(times))
    later = min((time for time in times if time >= at_ns), default=max(times))
    assert time_axis.at(earlier) <= time_axis.at(at_ns) <= time_axis.at(later)


def test_a_lead_and_a_bulb_of_twenty_minutes_can_both_be_read():
    time_axis = axis((0, 100 * MS, 1_200 * S, 1_200 * S + 330 * MS), 0.0, 700.0)
    lead, bulb, gap = (time_axis.at(at_ns) for at_ns in (100 * MS, 1_200 * S, 1_200 * S + 330 * MS))
    assert lead > 70
    assert 300 < bulb - lead < 500
    assert gap - bulb > 80
    assert time_axis.breaks == ((lead + bulb) / 2,)


def test_intervals_of_similar_length_get_no_break():
    assert axis((0, 100 * MS, 1_000 * MS, 1_005 * MS), 0.0, 100.0).breaks == ()


# -- the picture -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FRAMES)
def test_each_part_has_its_length_and_each_state_its_name(name):
    frame_plan = plan(*FRAMES[name])
    written = words(draw_plan(frame_plan))
    labels = [f"{part.name} {format_long(part.length_ns)}" for part in frame_plan.parts]
    assert {label: written.count(label) for label in labels} == {label: labels.count(label) for label in labels}
    assert {state.name for state in frame_plan.states} <= set(written)
    assert {"FOCUS", "SHUTTER", "the sensor", frame_plan.title} <= set(written)


@pytest.mark.parametrize("name", FRAMES)
def test_no_text_overlaps_another_or_leaves_the_picture(name):
    svg = draw_plan(plan(*FRAMES[name]))
    assert overlapping(svg) == []
    assert outside(svg, WIDTH) == []


@pytest.mark.parametrize("name", FRAMES)
def test_the_same_plan_gives_the_same_bytes(name):
    assert draw_plan(plan(*FRAMES[name])) == draw_plan(plan(*FRAMES[name]))


def course(svg, line):
    """The corners of a line, piece by piece."""
    colour = {"FOCUS": "#2563a8", "SHUTTER": "#b4470b"}[line]
    paths = [path for path in ET.fromstring(svg).iter(f"{SVG}path") if path.get("stroke") == colour]
    return [[tuple(map(float, point.split())) for point in re.split("[ML]", path.get("d"))[1:]] for path in paths]


def test_a_line_goes_up_where_it_closes_and_down_where_it_opens():
    (focus,), (shutter,) = (
        course(draw_plan(plan(*FRAMES["mirror and bulb"])), line) for line in ("FOCUS", "SHUTTER")
    )
    low, high = shutter[0][1], min(y for _, y in shutter)
    assert [y for _, y in shutter] == [low, low, high, high, low, low, high, high, low, low]
    corners = [[x for x, _ in line[1:-1:2]] for line in (focus, shutter)]
    for f, s in zip(corners[0], corners[1], strict=True):
        assert (f < s) is (corners[0].index(f) % 2 == 0), "FOCUS closes around SHUTTER"


def test_a_lock_holds_focus_closed_and_says_so():
    svg = draw_plan(plan(*FRAMES["focus lock"]))
    assert len({y for _, y in course(svg, "FOCUS")[0]}) == 1
    assert "held closed by the focus lock" in words(svg)


def test_the_sensor_bar_shows_the_exposure_time_or_that_the_camera_sets_it():
    assert "exposes 4m" in words(draw_plan(plan(*FRAMES["mirror and bulb"])))
    assert "exposes as set on the camera" in words(draw_plan(plan(*FRAMES["shutter alone"])))


def test_many_takes_are_drawn_in_pieces_of_three():
    svg = draw_plan(plan(*FRAMES["fifteen bulbs"]))
    assert len(course(svg, "SHUTTER")) == 5
    assert [len(piece) for piece in course(svg, "SHUTTER")] == [2 + 6 * 4] * 5
    assert words(svg).count("the frame is due") == 1


def test_special_characters_in_a_title_cannot_break_the_picture():
    svg = draw_plan(plan(*FRAMES["shutter alone"]))
    frame_plan = plan(*FRAMES["shutter alone"])
    odd = draw_plan(
        type(frame_plan)(
            **{name: getattr(frame_plan, name) for name in frame_plan.__slots__} | {"title": 'a <b> & "c"'}
        )
    )
    assert words(odd)[0] == 'a <b> & "c"'
    assert len(words(odd)) == len(words(svg))
