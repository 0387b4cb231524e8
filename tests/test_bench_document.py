"""The sections of docs/benchmarks.md that are measured: what they say of given figures, not how fast anything is."""

import importlib
import sys
from pathlib import Path

import pytest
from support import MS

from controller.bench import budgets, numbers
from controller.bench.idle import Idle
from controller.bench.lateness import CYCLICTEST, IDLE, LOADED, Waits
from controller.bench.nights import Night
from controller.bench.startup import Sitting, Start, Startup
from controller.bench.wear import Wear

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # benchmarks/ is installed nowhere; last, so that it hides nothing
program, document, edges, goals, pins, rest, startup, zero = (
    importlib.import_module(f"benchmarks.{name}")
    for name in ("__main__", "document", "edges", "goals", "pins", "rest", "startup", "zero")
)

STARTS = Startup(
    libraries=tuple(Start(ms * MS, 10 * MS, 20 * 1024) for ms in (30, 20, 400)),
    daemon=(Start(60 * MS, 25 * MS, 30 * 1024),) * 3,
    bare=tuple(Sitting(to_ms * MS, 10 * MS, 2000 * 20_000) for to_ms in (30, 20, 400)),
    console=(Sitting(60 * MS, 30 * MS, 2000 * 30_000),) * 3,
    keys=2000,
)
WAITS = Waits(
    {CYCLICTEST: (50_000,) * 999 + (100_000,), IDLE: (20_000,) * 500 + (75_000,) * 500},
    {},
    {CYCLICTEST: 0.0, IDLE: 0.0123},
)


def test_each_part_has_its_section_in_the_document():
    text = document.DOCUMENT.read_text(encoding="utf-8")
    sections = {*program.PARTS, "console", "goals"}
    assert {name for name in sections if f"<!-- {name}: written by `make bench` -->" in text} == sections


def test_an_unknown_part_is_refused_before_anything_is_measured():
    with pytest.raises(SystemExit, match="no benchmark speed; choose from intervals, startup"):
        program.main(["intervals", "speed"])


def test_starts_are_medians_and_ratios():
    told = startup.section(STARTS, {"the daemon": {"gpiozero": 20.0, "config": 1.5}, "the console": {"config": 1.0}})
    assert "| the daemon | 60.0 ms (60.0 ms to 60.0 ms) | 25.0 ms (25.0 ms to 25.0 ms) | 30.0 MiB" in told
    assert "| times as much | 2.00 | 2.50 | 1.50 |" in told
    assert "| gpiozero | 20.0 ms | 0.0 ms |" in told
    assert "| in all | 21.5 ms | 1.0 ms |" in told


def test_the_consoles_figures_are_medians_and_ratios():
    told = startup.console_section(STARTS)
    assert "| a bare readline program | 30.0 ms (25.0 ms to 215 ms) | 10.0 ms" in told
    assert "| times as much | 2.00 | 3.00 | 1.50 |" in told


def test_edges_are_told_beside_cyclictest_and_what_is_missing_is_said():
    told = edges.section(WAITS)
    assert "| the box, idle | 1,000 | 20.0 us | 75.0 us | 75.0 us | 75.0 us | 1.50 | 1.2% |" in told
    alone = edges.section(Waits({IDLE: (1, 2)}, {CYCLICTEST: "it is not installed"}, {IDLE: 0.0}))
    assert "Left out is cyclictest: it is not installed." in alone


def test_the_histogram_has_a_bar_for_each_bin_and_a_row_for_each_name():
    drawn = edges.draw(WAITS.late_ns)
    assert drawn.count("<rect") == 1 + 2 + 2  # the ground, and two bars each
    assert drawn.count("<path") == 2
    assert "the box, idle" in drawn
    assert edges.draw({"none": (0, 10**12)})  # beyond both ends


def test_idle_nights_and_journal_are_told():
    assert "| the daemon | 0.25 | 0.0100% |" in rest.idle_section(Idle(0.25, 0.0001), Idle(0, 0))
    assert "| 2,000 | 1.0 s | 2,000 | 0 ns |" in rest.nights_section([Night(2000, 1000 * MS, 0)])
    wear = Wear(1000, numbers.Spread(2 * MS, MS, 3 * MS), None, 180)
    assert "| 1,000 | 2.0 ms (1.0 ms to 3.0 ms) | not told | 180 bytes |" in rest.journal_section([wear])


def test_goals_are_judged_by_their_numbers():
    slow = [Night(2000, 1001 * MS, 0), Night(100_000, 10**11, 5)]
    found = [
        *budgets.of_waits(WAITS),
        *budgets.of_nights(slow),
        *budgets.of_startup(STARTS),
        *budgets.of_idle(Idle(2.1, 0)),
    ]
    assert [each.is_met for each in found] == [True, None, False, False, True, True, False]


def test_a_goal_that_is_not_met_has_its_reason():
    late = Waits({CYCLICTEST: (1,), IDLE: (2,), LOADED: (4,)}, {}, {})
    found = [*budgets.of_waits(late), *budgets.of_idle(Idle(0, 0))]
    told = goals.section(found)
    assert "| edge lateness, idle, 99.9 % | 1.5 x cyclictest | 2.00 x | **NOT MET** |" in told
    assert "not explained" not in told
    assert told.count("\n- *") == 2
    assert "Not met" not in goals.section(budgets.of_idle(Idle(0, 0)))


def test_what_is_expected_of_a_zero_is_what_was_measured_times_a_factor():
    told = zero.section([zero.Cost("start of the daemon, to READY", 300 * MS, 8), zero.Cost("a key", 20_000, 8)])
    assert "| start of the daemon, to READY | 300 ms | x 8 | 2.4 s |" in told
    assert "| a key | 20.0 us | x 8 | 160 us |" in told
    assert document.with_section("zero", told, zero.PAGE).count(told) == 1


def test_every_reason_is_that_of_a_goal():
    nights = budgets.of_nights([Night(2000, MS, 0)])
    of_pins = [what for what, _ in pins._GOALS]
    names = [each.what for each in (*budgets.of_waits(WAITS), *nights, *budgets.of_startup(STARTS))]
    assert set(goals.WHY) <= {*names, *of_pins}


def test_the_goals_for_an_owner_fit_a_terminal():
    found = [*budgets.of_waits(WAITS), *budgets.of_nights([Night(100_000, 10**11, 0)]), *budgets.of_startup(STARTS)]
    lines = budgets.lines([*found, *budgets.of_idle(Idle(0.25, 0.0001))])
    assert max(map(len, lines)) <= 80
    assert lines[0] == "met      edge lateness, idle, 99.9 %: 1.50 x (goal: 1.5 x cyclictest)"
    assert lines[1].startswith("unknown  edge lateness, loaded, 99.9 %: not measured")
