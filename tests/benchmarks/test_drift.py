import json
import re
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import MS, S

from benchmarks import document, drift, drift_plot
from benchmarks.shooters import order, pins, tethered

US = 1000


def frames_of(offs_ns, every_ns=S, zero_ns=5 * S):
    return [(slot, zero_ns + slot * every_ns + off_ns) for slot, off_ns in enumerate(offs_ns)]


def shooting(name, offs_ns, runs_as=""):
    frames = frames_of(offs_ns)
    return drift.Shooting(name, frames, drift.figures(frames, S), runs_as)


@pytest.fixture
def measured():
    box = shooting("the box", [0, 20 * US, -20 * US, 0], "SCHED_FIFO 70")
    loop = shooting("fire, then sleep", [0, 200 * MS, 400 * MS, 600 * MS + 80 * US])
    return drift.Measured(order.Order(S, 4, 200 * MS), 1.25, box, (loop,), {"`another`": "it is not here"})


def test_frames_on_the_grid_neither_drift_nor_jitter():
    found = drift.figures(frames_of([0] * 12), S)
    assert found == drift.Figures(12, 0, 0, 0, 0, 0, 0, 0)


@given(step_us=st.integers(-500_000, 500_000), count=st.integers(3, 200))
def test_a_constant_error_per_slot_is_slope_and_not_jitter(step_us, count):
    found = drift.figures(frames_of([step_us * US * slot for slot in range(count)]), S)
    assert found.drift_ns == step_us * US * (count - 1)
    assert found.slope_ns == pytest.approx(step_us * US)
    assert found.jitter_ns == pytest.approx(0, abs=1)
    assert (found.low_ns, found.high_ns, found.worst_ns) == (step_us * US, step_us * US, abs(step_us) * US)


def test_an_error_that_comes_and_goes_is_jitter_and_not_slope():
    found = drift.figures(frames_of([0, MS, MS, 0, 0, MS, MS, 0]), S)
    assert (found.drift_ns, found.slope_ns, found.jitter_ns) == (0, 0, MS / 2)
    assert (found.low_ns, found.high_ns, found.most_ns, found.worst_ns) == (-MS / 2, MS / 2, MS, MS)


def test_of_ten_intervals_nine_are_within_and_one_is_worst():
    found = drift.figures(frames_of([0, 0, 0, 0, 0, 0, 0, 0, 0, 2 * MS, -5 * MS]), S)
    assert (found.most_ns, found.worst_ns) == (2 * MS, 7 * MS)


def test_a_skipped_slot_does_not_move_the_grid():
    frames = frames_of([0, 0, 0, 0, 0, 0])
    del frames[2]
    assert drift.figures(frames, S) == drift.Figures(5, 0, 0, 0, 0, 0, 0, 0)
    assert [slot for slot, _ in drift.deviations(frames, S)] == [0, 1, 3, 4, 5]


def test_the_grid_begins_with_the_first_frame():
    frames = frames_of([0, 3 * MS, 3 * MS, 4 * MS])[1:]
    assert drift.deviations(frames, S) == [(0, 0), (1, 0), (2, MS)]


def test_the_section_has_a_row_for_each_program_and_names_the_missing_ones(measured):
    text = drift.section(measured)
    assert "4 slots, one every 1 s, on" in text
    assert "the load average before was 1.2. The box: SCHED_FIFO 70. Not measured: `another`: it is not here." in text
    assert "| the box | 4 of 4 | +0 us | -4.0 us | 13 us | 1.0 | -10 us to +20 us | 40 us | 40 us |" in text
    [loop] = [line for line in text.splitlines() if line.startswith("| fire, then sleep |")]
    assert loop.startswith("| fire, then sleep | 4 of 4 | +600.1 ms | +200,024.0 us | 22 us | ")
    assert loop.endswith(" | +200.0 ms to +200.0 ms | 200.1 ms | 200.1 ms |")
    assert f"]({drift.PLOT.name})" in text


def test_without_jitter_of_the_box_there_is_no_ratio(measured):
    still = replace(measured, box=shooting("the box", [0, 0, 0]))
    assert "| the box | 3 of 4 | +0 us | +0.0 us | 0 us |  | +0 us to +0 us | 0 us | 0 us |" in drift.section(still)


def test_the_document_has_the_place_for_the_section():
    assert "\nthe section\n" in document.with_section("drift", "the section")
    assert drift.PLOT.exists()


def test_the_plot_names_every_curve_and_draws_every_frame_but_the_first(measured):
    drawn = drift_plot.draw(drift.curves(measured), 4)
    assert drawn == drift_plot.draw(drift.curves(measured), 4)
    assert all(f">{name}</text>" in drawn for name in ("the box", "fire, then sleep"))
    marks = drawn.count('width="3" height="3"')
    assert marks == 2 * 3


def test_names_do_not_cover_each_other_where_curves_end_together():
    curves = [
        drift_plot.Curve(name, "#777777", [(0, 0), (3, off)]) for name, off in (("one", 1), ("two", 2), ("three", 3))
    ]
    drawn = drift_plot.draw(curves, 3)
    heights = [float(re.search(f' y="([0-9.]+)"[^>]*>{curve.name}<', drawn)[1]) for curve in curves]
    assert [lower - upper for upper, lower in pairwise(heights)] == [15, 15]


def test_an_order_comes_back_from_its_command_line(monkeypatch):
    ordered = order.Order(S, 7, 200 * MS)
    monkeypatch.setattr(sys, "argv", ["a shooter", *ordered.arguments])
    assert order.Order.given() == ordered
    assert ordered.lasts_ns == 7 * S


def test_without_the_program_or_its_virtual_camera_gphoto2_reports_itself_absent(monkeypatch, mocker, capsys):
    monkeypatch.setattr(sys, "argv", ["tethered", *order.Order(S, 3, 200 * MS).arguments])
    mocker.patch.object(tethered.shutil, "which", return_value=None)
    tethered.main()
    mocker.patch.object(tethered.shutil, "which", return_value="/usr/bin/gphoto2")
    mocker.patch.object(tethered.importlib.util, "find_spec", return_value=None)
    tethered.main()
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(answer) for answer in answers] == [["absent"], ["absent"]]
    assert "`gphoto2`" in answers[0]["absent"]
    assert "virtual camera" in answers[1]["absent"]


def test_a_pin_records_when_it_closed_and_not_when_it_opened():
    line = pins.shutter()
    for _ in range(2):
        line.on()
        line.on()
        line.off()
    first_ns, second_ns = line.pin.closings_ns
    line.close()
    assert first_ns <= second_ns


def test_all_programs_shoot_at_the_same_time_and_those_that_cannot_run_are_left_out(monkeypatch):
    monkeypatch.setitem(drift.SHOOTERS, "nobody", ("nowhere", "#777777"))
    measured = drift.measure(600 * MS, 5)
    assert list(measured.absent) == ["`gphoto2 --interval`", "nobody"]
    assert measured.absent["`gphoto2 --interval`"]
    assert {measured.box.name, *(shot.name for shot in measured.peers)} == set(drift.SHOOTERS) - set(measured.absent)
    assert all(len(shot.frames) >= drift.FEWEST for shot in (measured.box, *measured.peers))
