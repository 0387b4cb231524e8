from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import MS, S

from benchmarks import box, document, intervals, rules
from benchmarks import intervals_plot as plot
from benchmarks import world as worlds

ROOT = Path(__file__).parents[2]

EVERY = 2 * S
TOLERANCE = 50 * MS
RULES = [peer.rule for peer in intervals.PEERS]
ON_THE_GRID = [rules.catch_up, rules.one_late]
any_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)


def a_world(shots_ns, lates_ns=None):
    lates_ns = lates_ns or [0] * len(shots_ns)
    return worlds.World(EVERY, tuple(shots_ns), tuple(lates_ns), len(shots_ns) // 2)


@st.composite
def any_world(draw):
    count = draw(st.integers(2, 12))
    shots = st.lists(st.integers(300 * MS, 9 * S), min_size=count, max_size=count)
    lates = st.lists(st.integers(0, 20 * MS), min_size=count, max_size=count)
    return a_world(draw(shots), draw(lates))


@pytest.fixture(scope="module")
def plan():
    return worlds.world(intervals.SLOTS)


@pytest.fixture(scope="module")
def results(plan):
    return intervals.curves(plan)


def test_the_document_is_current(results, plan):
    written = document.DOCUMENT.read_text(encoding="utf-8")
    assert written == document.with_section("intervals", intervals.section(results, plan)), (
        "run: make bench-intervals"
    )


def test_the_plot_is_current(results, plan):
    assert intervals.PLOT.read_text(encoding="utf-8") == plot.draw(results, plan), "run: make bench-intervals"


def test_the_document_on_runs_has_the_essence_of_the_table(results):
    text = " ".join((ROOT / "docs/runs.md").read_text(encoding="utf-8").split())
    assert intervals.essence(results) in text


def test_every_rule_meets_the_same_and_only_the_stall_is_longer_than_a_slot(plan):
    assert worlds.world(intervals.SLOTS) == plan
    assert plan.shots_ns[plan.stalled] == 7300 * MS
    others = plan.shots_ns[: plan.stalled] + plan.shots_ns[plan.stalled + 1 :]
    assert 400 * MS <= min(others) < max(others) <= 1600 * MS
    assert 50_000 <= min(plan.lates_ns) < max(plan.lates_ns) <= 5 * MS
    assert max(others) + max(plan.lates_ns) < plan.every_ns


@any_rule
@given(world=any_world())
def test_a_frame_begins_once_it_is_due_and_the_one_before_is_over(rule, world):
    frames = rules.take(rule, world)
    assert all(frame.began_ns >= frame.due_ns for frame in frames)
    assert all(later.began_ns >= earlier.ended_ns for earlier, later in pairwise(frames))
    assert all(later.slot > earlier.slot for earlier, later in pairwise(frames))


@any_rule
def test_in_a_perfect_world_only_the_gap_drifts(rule):
    shots = [500 * MS] * 20
    frames = rules.take(rule, a_world(shots))
    strays = 500 * MS if rule is rules.gap_after else 0
    assert [frame.began_ns for frame in frames] == [slot * (EVERY + strays) for slot in range(20)]


@given(world=any_world())
def test_one_late_frame_then_the_grid(world):
    frames = rules.take(rules.one_late, world)
    assert all(frame.due_ns == frame.slot * EVERY for frame in frames)
    for earlier, later in pairwise(frames):
        ahead = (slot for slot in range(earlier.slot + 1, later.slot + 1) if slot * EVERY >= earlier.began_ns)
        assert later.slot == next(ahead)


@given(world=any_world())
def test_catching_up_keeps_grid_and_number(world):
    frames = rules.take(rules.catch_up, world)
    assert [(frame.slot, frame.due_ns) for frame in frames] == [(slot, slot * EVERY) for slot in range(world.count)]


@given(world=any_world())
def test_a_clamped_rule_never_makes_up_for_a_delay(world):
    frames = rules.take(rules.clamped, world)
    offs = [frame.due_ns - frame.slot * EVERY for frame in frames]
    held_up = [max(0, earlier.ended_ns - earlier.due_ns - EVERY) for earlier in frames]
    assert [later - earlier for earlier, later in pairwise(offs)] == held_up[:-1]


def test_a_rebased_rule_adds_up_every_lateness():
    lates = [k * MS for k in range(20)]
    frames = rules.take(rules.rebased, a_world([500 * MS] * 20, lates))
    assert frames[-1].due_ns - 19 * EVERY == sum(lates[:19])


@given(world=any_world())
def test_sleeping_for_the_rest_is_the_same_as_rebasing_on_the_actual_start(world):
    slept, rebased = rules.take(rules.slept_rest, world), rules.take(rules.rebased, world)
    strays = [abs(one.began_ns - other.began_ns) for one, other in zip(slept, rebased, strict=True)]
    assert max(strays) < 1000  # floating seconds


@given(world=any_world())
def test_a_gap_adds_up_the_duration_of_every_frame(world):
    frames = rules.take(rules.gap_after, world)
    lates = sum(world.lates_ns[: world.count - 1])
    assert frames[-1].due_ns - (world.count - 1) * EVERY == sum(world.shots_ns[:-1]) + lates


def test_a_plan_is_judged_from_outside():
    shots = [500 * MS] * 8
    shots[4] = 4700 * MS  # slot 5 is passed; what is due at 10 s begins at 12.7 s
    frames = rules.take(rules.catch_up, a_world(shots))
    outcome = rules.judge(frames, a_world(shots), TOLERANCE)
    assert outcome == rules.Outcome(0, 2700 * MS, 0, lost=(5,), bursts=2, back_after=3)
    assert [rules.late_ns(frame, a_world(shots)) // MS for frame in frames[5:]] == [2700, 1200, 0]


@settings(max_examples=20)
@given(world=any_world())
def test_the_box_keeps_its_grid_whatever_happens(world):
    night = box.take(world)
    assert [(row.slot, row.due_ns) for row in night.ledger] == [(slot, slot * EVERY) for slot in range(world.count)]
    assert {row.outcome for row in night.ledger} <= {"fired", "skipped"}
    assert [frame.slot for frame in night.frames] == [row.slot for row in night.ledger if row.outcome == "fired"]
    assert all(0 <= frame.due_ns - frame.slot * EVERY <= TOLERANCE for frame in night.frames)
    assert all(later.began_ns >= earlier.ended_ns for earlier, later in pairwise(night.frames))
    assert rules.judge(night.frames, world, TOLERANCE).bursts == 0


def test_the_box_loses_only_the_slots_of_the_stall(results, plan):
    ours = results[0].outcome
    covered = tuple(range(plan.stalled + 1, plan.stalled + 4))
    assert (ours.drift_ns, ours.lost, ours.bursts, ours.back_after) == (0, covered, 0, 1)
    assert ours.worst_ns <= max(plan.lates_ns)
