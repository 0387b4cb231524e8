"""The picture of a run whose exposures change: the done beside the planned, and what was done by hand."""

import re
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from math import log2
from xml.etree import ElementTree as ET

import pytest
from journal.ramped_runs import BULB, GOLDEN, RUNS, Kept, dusk, even, in_run, trimmed
from plan.pictures import SVG, outside, overlapping, words

from config.units import S_NS
from controller.journal.looks import DONE, INK, STEP, TRIM, WIDTH
from controller.journal.planned import plan_of
from controller.journal.records import FrameEdge, FrameRecord
from hardware.timeline import Line

STALE = "{} is stale; look at the new one: PYTHONPATH=.:tests .venv/bin/python -m journal.ramped_runs"
NOT_DRAWN = "the plan is not drawn: "


def shapes(svg, name, **looks):
    found = ET.fromstring(svg).iter(f"{SVG}{name}")
    return [each for each in found if all(each.get(key.replace("_", "-")) == value for key, value in looks.items())]


def line(svg):
    """The corners of the plan."""
    paths = shapes(svg, "path", stroke=INK)
    return [tuple(map(float, point.split())) for path in paths for point in re.split("[ML]", path.get("d"))[1:]]


def dots(svg):
    """The middles of the dots of what was done, by their place in time; the legend has one more."""
    return [
        (float(each.get("x")) + float(each.get("width")) / 2, float(each.get("y")) + float(each.get("height")) / 2)
        for each in shapes(svg, "rect", fill=DONE)
        if each.get("rx")
    ][1:]


def bulb(slot, due_ns, ns):
    """A frame that was exposed for just as long as it was asked for."""
    edges = [
        FrameEdge(Line.SHUTTER, closed, at_ns, at_ns) for closed, at_ns in ((True, due_ns), (False, due_ns + ns))
    ]
    return FrameRecord(slot, due_ns, "fired", edges=tuple(edges), bulb_ns=ns)


def changed(run, **facts):
    """The same frames of a run that has other facts."""
    return Kept(replace(run.summary, run=replace(run.summary.run, **facts)), run.frames, run.planned)


def with_settings(run, **settings):
    texts = {key.replace("__", "."): text for key, text in settings.items()}
    return changed(run, settings=run.summary.run.settings | texts)


# -- as a person has looked at it


@pytest.mark.parametrize("name", RUNS)
def test_the_picture_of_a_run_is_as_it_was(name):
    file = GOLDEN / f"{name}.svg"
    assert file.read_text(encoding="utf-8") == RUNS[name]().picture(), STALE.format(file)


def without_plan():
    return changed(dusk(), started_wall_ns=None)


def with_many_trims():
    moves = ((0, 0, 0), *((slot, 1 + (slot > 100), slot % 31) for slot in range(1, 160)))
    return changed(dusk(), moves=moves)


def with_trims_at_the_end():
    return changed(even(), moves=((0, 0, 0), (19, 0, -26), (20, 1, -28)))


def with_eight_steps():
    steps = ", ".join(f"{10 * k}% {'ISO 100-25600' if k % 2 else 'ISO 25600-100'}" for k in range(1, 9))
    return changed(with_settings(even(), shot__steps=steps), moves=((0, 0, 0), (20, 8, 0)))


def of_nothing_done():
    return Kept(even().summary, [replace(frame, bulb_ns=None) for frame in even().frames], [])


PICTURES = {
    **RUNS,
    "without plan": without_plan,
    "many trims": with_many_trims,
    "trims at the end": with_trims_at_the_end,
    "eight steps": with_eight_steps,
    "nothing done": of_nothing_done,
}


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_overlaps_another_or_leaves_the_picture(name):
    svg = PICTURES[name]().picture()
    assert overlapping(svg) == []
    assert outside(svg, WIDTH) == []


# -- what was done


def test_each_frame_that_was_taken_is_a_dot_where_it_was_exposed_and_a_lost_one_is_a_gap():
    run = even()
    done = dots(run.picture())
    assert len(done) == 21
    apart = (done[20][1] - done[0][1]) / -(log2(run.frames[20].exposed_ns / run.frames[0].exposed_ns))
    for (_, y), frame in zip(done, run.frames, strict=True):
        assert y == pytest.approx(done[0][1] - apart * log2(frame.exposed_ns / S_NS), abs=0.2)
    lost = [replace(frame, outcome="missed") if frame.slot == 5 else frame for frame in run.frames]
    summary = replace(run.summary, counts={"fired": 20, "missed": 1})
    assert len(dots(Kept(summary, lost, []).picture())) == 20


def test_frames_as_planned_lie_on_the_line_of_the_plan():
    run = even()
    planned, done = line(run.picture()), dots(run.picture())
    assert len(planned) == 21
    off = [frame.slot for frame, (_, y), (_, at) in zip(run.frames, done, planned, strict=True) if abs(y - at) > 0.2]
    assert off == [10, 11, 12]  # from the call of the hand-step until it was confirmed


@pytest.mark.parametrize("run", [dusk, even])
def test_the_plan_is_worked_out_as_the_box_had_it(run):
    kept = run()
    grid = kept.summary.run
    plan = plan_of(grid, UTC)
    course = dict(plan.course(grid.every_ns * (grid.count - 1), grid.count))
    assert list(course) == [slot * grid.every_ns for slot in range(grid.count)]
    assert list(course.values()) == pytest.approx(kept.planned, rel=1e-3)


def test_a_run_without_a_ramp_is_planned_at_its_exposure():
    assert {y for _, y in line(trimmed().picture())} == {dots(trimmed().picture())[0][1]}


def test_a_run_whose_exposures_are_all_the_same_has_no_such_panel():
    box = in_run(BULB | {"interval.count": "3", "shot.exposure": "4s"}, 1).finish()
    assert "exposure" not in words(Kept(box.summary, box.frames, []).picture())


def test_a_run_that_waits_for_its_start_has_no_such_panel():
    assert "exposure" not in words(changed(dusk(), start="sunset").picture())


def test_a_run_that_ends_early_is_drawn_as_far_as_it_went():
    run = even()
    svg = Kept(run.summary, run.frames[:8], []).picture()
    assert len(line(svg)) == len(dots(svg)) == 8
    assert "hand-step 1" not in words(svg)


# -- by hand


def test_a_hand_step_is_a_ring_where_it_was_called_and_a_disc_where_it_was_confirmed():
    svg = even().picture()
    (ring,) = shapes(svg, "circle", stroke=STEP)
    (disc,) = shapes(svg, "circle", fill=STEP)
    apart = float(disc.get("cx")) - float(ring.get("cx"))
    places = [x for x, _ in line(svg)]
    assert apart == pytest.approx(places[13] - places[10], abs=0.2)
    assert {"hand-step 1", "+3 stops"} <= {*words(svg)}


def test_a_hand_step_that_nobody_confirmed_says_so():
    svg = dusk().picture()
    assert {"ISO 100-800", "f/8-f/2.8, not confirmed"} <= {*words(svg)}
    assert (len(shapes(svg, "circle", stroke=STEP)), len(shapes(svg, "circle", fill=STEP))) == (2, 1)


def test_each_trim_is_a_mark_with_its_stops():
    svg = dusk().picture()
    assert len(shapes(svg, "line", stroke=TRIM)) == 4
    assert [text for text in words(svg) if text in {"+1/3", "+2/3", "+1", "0"}] == ["+1/3", "+2/3", "+1", "0"]
    assert "trimmed to" not in words(even().picture())


def test_however_many_trims_there_are_they_take_a_row_more_than_three():
    heights = [float(ET.fromstring(run.picture()).get("height")) for run in (dusk(), with_many_trims())]
    assert heights[1] - heights[0] == 20
    assert len(shapes(with_many_trims().picture(), "line", stroke=TRIM)) == 159


# -- where the plan cannot be worked out


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (without_plan, "the clock was not set, and the ramp goes by it"),
        (lambda: with_settings(dusk(), shot__ramp="nonsense"), "the settings of this run cannot be read"),
        (lambda: with_settings(dusk(), no__setting="1"), "the settings of this run cannot be read"),
        (lambda: changed(dusk(), settings={"damaged": ""}), "the settings of this run cannot be read"),
        (lambda: with_settings(dusk(), shot__drive="single"), "by its settings this run had no bulb exposures"),
        (lambda: with_settings(dusk(), shot__ramp="-80deg 1s, -85deg 2s"), "shot.ramp: the sun is never at -80deg"),
    ],
)
def test_what_was_done_is_drawn_and_why_there_is_no_plan_is_said(run, why):
    kept = run()
    svg = kept.picture()
    assert line(svg) == []
    assert len(dots(svg)) > 100
    (said,) = [text for text in words(svg) if text.startswith(NOT_DRAWN)]
    assert said.removeprefix(NOT_DRAWN).startswith(why)
    assert {"done", "hand-step 1", "trimmed to"} <= {*words(svg)}
    assert "planned" not in words(svg)


def test_a_ramp_by_the_frames_needs_no_clock():
    assert changed(even(), started_wall_ns=None).picture() == even().picture()


def test_a_run_of_which_no_exposure_is_recorded_has_its_plan():
    svg = of_nothing_done().picture()
    assert len(line(svg)) == 21
    assert dots(svg) == []
    assert "what was done is not drawn: the journal has no exposure of this run" in words(svg)


def test_clock_times_are_those_of_the_box_unless_the_run_has_a_zone():
    ramp = {"shot.ramp_shape": "even", "shot.ramp": "12:05 1s, 12:10 2s", "interval.count": "41"}
    box = in_run(BULB | ramp | {"site.timezone": "Etc/UTC"}, 1).finish()
    run = Kept(box.summary, box.frames, [])
    east = timezone(timedelta(hours=2))
    assert len({y for _, y in line(run.picture(east))}) > 2
    settings = {key: text for key, text in run.summary.run.settings.items() if key != "site.timezone"}
    assert len({y for _, y in line(changed(run, settings=settings).picture(east))}) == 1  # two hours earlier
    assert len({y for _, y in line(changed(run, settings=settings).picture(UTC))}) > 2


# -- limits


@pytest.mark.parametrize("moves", [((-1, 0, 0),), ((0, 10**9, 10**12), (10**30, 0, 0)), ((-5, 3, -31),)])
def test_moves_that_nobody_can_have_made_spoil_no_picture(moves):
    svg = changed(even(), moves=moves).picture()
    assert len(dots(svg)) == 21
    assert outside(svg, WIDTH) == []


@pytest.mark.parametrize("count", [2, 300, 5000])
def test_a_picture_does_not_grow_with_the_run(count):
    ramp = {"shot.ramp": "0% 1s, 50% 20s, 100% 1s", "shot.ramp_shape": "even", "interval.count": str(count)}
    run = even()
    record = replace(run.summary.run, settings=BULB | ramp, count=count, moves=())
    plan = plan_of(record, UTC)
    asked_ns = [round(ns) for _, ns in plan.course(count * record.every_ns, count)]
    frames = [bulb(slot, record.t0_ns + slot * record.every_ns, ns) for slot, ns in enumerate(asked_ns)]
    svg = Kept(replace(run.summary, run=record), frames, []).picture()
    assert len(dots(svg)) >= min(count, 150)
    assert len(svg) < 90_000


def test_it_pauses_between_short_steps():
    paused = []
    dusk().picture(pause=lambda: paused.append(None))
    assert len(paused) > 500
