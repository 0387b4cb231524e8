"""The sections of docs/benchmarks.md that are measured: what they say of given figures, not how fast anything is."""

import pytest
from support import MS

from benchmarks import __main__ as program
from benchmarks import document, edges_plot, goals, imports, pins, sections, slow_disk, zero
from controller.bench import budgets, tables
from controller.bench.figures import Spread
from controller.bench.idle import Idle
from controller.bench.journal_cost import JournalCost
from controller.bench.lateness import CYCLICTEST, IDLE, LOADED, Waits
from controller.bench.nights import Night
from controller.bench.slow_disk import SlowDisk, Turn
from controller.bench.startup import Session, Start, Startup

STARTS = Startup(
    libraries=tuple(Start(ms * MS, 10 * MS, 20 * 1024) for ms in (30, 20, 400)),
    daemon=(Start(60 * MS, 25 * MS, 30 * 1024),) * 3,
    bare=tuple(Session(to_ms * MS, 10 * MS, 2000 * 20_000) for to_ms in (30, 20, 400)),
    console=(Session(60 * MS, 30 * MS, 2000 * 30_000),) * 3,
    keys=2000,
)
WAITS = Waits(
    {CYCLICTEST: (50_000,) * 999 + (100_000,), IDLE: (20_000,) * 500 + (75_000,) * 500},
    {},
    {CYCLICTEST: 0.0, IDLE: 0.0123},
)


def test_each_part_has_its_section_in_the_document():
    text = document.DOCUMENT.read_text(encoding="utf-8")
    names = {*program.PARTS, "console", "goals"}
    assert {name for name in names if f"<!-- {name}: written by `make bench` -->" in text} == names


def test_an_unknown_part_is_refused_before_anything_is_measured():
    with pytest.raises(SystemExit, match="no benchmark speed; choose from intervals, startup"):
        program.main(["intervals", "speed"])


def test_starts_are_medians_and_ratios():
    imported = {"the daemon": {"gpiozero": 20.0, "config": 1.5}, "the console": {"config": 1.0}}
    text = sections.startup_section(STARTS, imported)
    assert "| the daemon | 60.0 ms (60.0 to 60.0) | 25.0 ms (25.0 to 25.0) | 30.0 MiB" in text
    assert "| ratio | 2.00 | 2.50 | 1.50 |" in text
    assert "| gpiozero | 20.0 ms | 0.0 ms |" in text
    assert "| total | 21.5 ms | 1.0 ms |" in text


def test_packages_beyond_the_slowest_are_added_up():
    times_ms = {f"package{number}": float(number) for number in range(1, 15)}
    text = imports.table({"the daemon": times_ms}).as_markdown()
    assert "| package3 | 3.0 ms |\n| other packages | 3.0 ms |\n| total | 105.0 ms |" in text


def test_the_consoles_figures_are_medians_and_ratios():
    text = sections.console_section(STARTS)
    assert "| a bare readline program | 30.0 ms (25.0 to 215) | 10.0 ms" in text
    assert "| ratio | 2.00 | 3.00 | 1.50 |" in text


def test_edges_are_compared_with_cyclictest_and_what_is_missing_is_named():
    text = sections.edges_section(WAITS)
    assert "| the box, idle | 1,000 | 20.0 us | 75.0 us | 75.0 us | 75.0 us | 1.50 | 1.2% |" in text
    alone = sections.edges_section(Waits({IDLE: (1, 2)}, {CYCLICTEST: "not installed"}, {IDLE: 0.0}))
    assert "Not measured: cyclictest: not installed." in alone


def test_the_histogram_has_a_bar_for_each_bin_and_a_row_for_each_name():
    drawn = edges_plot.draw(WAITS.late_ns)
    assert drawn.count("<rect") == 1 + 2 + 2  # the ground, and two bars each
    assert drawn.count("<path") == 2
    assert "the box, idle" in drawn
    assert edges_plot.draw({"none": (0, 10**12)})  # beyond both ends


def test_idle_nights_and_journal_have_their_tables():
    assert "| the daemon | 0.25 | 0.0100% |" in tables.idle_table(Idle(0.25, 0.0001), Idle(0, 0)).as_markdown()
    assert "| 2,000 | 1.0 s | 2,000 | 0 ns |" in tables.nights_table([Night(2000, 1000 * MS, 0)]).as_markdown()
    cost = JournalCost(1000, Spread(2 * MS, MS, 3 * MS), None, 180)
    assert "| 1,000 | 2.0 ms (1.0 to 3.0) | unknown | 180 bytes |" in tables.journal_table([cost]).as_markdown()


def test_a_table_is_aligned_for_a_terminal():
    table = tables.Table(("", "count"), (("one", "1"), ("a hundred", "100")), ("Not measured: two.",))
    assert table.as_text() == [
        "             count",
        "  one            1",
        "  a hundred    100",
        "  Not measured: two.",
    ]


def test_figures_are_compared_with_the_goals():
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
    text = goals.section(found)
    assert "| edge lateness, idle, 99.9 % | 1.5 x cyclictest | 2.00 x | **NOT MET** |" in text
    assert "not explained" not in text
    assert text.count("\n- *") == 2
    assert "Not met" not in goals.section(budgets.of_idle(Idle(0, 0)))


def test_what_is_expected_of_a_zero_is_what_was_measured_times_a_factor():
    text = zero.section([zero.Cost("start of the daemon, to READY", 300 * MS, 8), zero.Cost("a key", 20_000, 8)])
    assert "| start of the daemon, to READY | 300 ms | x 8 | 2.4 s |" in text
    assert "| a key | 20.0 us | x 8 | 160 us |" in text
    assert document.with_section("zero", text, zero.PAGE).count(text) == 1


def test_every_explanation_belongs_to_a_goal():
    nights = budgets.of_nights([Night(2000, MS, 0)])
    of_pins = [what for what, _ in pins.GOALS]
    names = [each.what for each in (*budgets.of_waits(WAITS), *nights, *budgets.of_startup(STARTS))]
    assert set(goals.WHY) <= {*names, *of_pins}


def test_the_goals_for_an_owner_fit_a_terminal():
    found = [*budgets.of_waits(WAITS), *budgets.of_nights([Night(100_000, 10**11, 0)]), *budgets.of_startup(STARTS)]
    lines = budgets.lines([*found, *budgets.of_idle(Idle(0.25, 0.0001))])
    assert max(map(len, lines)) <= 80
    assert lines[0] == "met      edge lateness, idle, 99.9 %: 1.50 x (goal: 1.5 x cyclictest)"
    assert lines[1].startswith("unknown  edge lateness, loaded, 99.9 %: not measured")


def test_a_slow_disk_is_compared_with_the_quiet_box():
    measured = SlowDisk(Turn((20_000,) * 100, 5, 5), Turn((25_000,) * 99 + (3 * MS,), 5, 4))
    text = slow_disk.section(measured)
    assert "| the quiet box | 100 | 20.0 us | 20.0 us | 20.0 us | 5 of 5 |" in text
    assert "| an fsync of 300 ms, log, status and saves | 100 | 25.0 us | 25.0 us | 3.0 ms | 4 of 5 |" in text
    assert budgets.lines(measured.budgets()) == [
        "NOT MET  frames lost, an fsync of 300 ms: 1 of 5 (goal: none)",
    ]


def test_where_there_is_no_compiler_the_slow_disk_is_skipped_with_a_sentence():
    measured = SlowDisk(None, None, "the slow disk needs a C compiler; run: sudo apt install gcc")
    assert "Not measured: the slow disk needs a C compiler; run: sudo apt install gcc." in slow_disk.section(measured)
    assert measured.budgets()[0].is_met is None
