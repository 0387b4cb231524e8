from itertools import pairwise

import pytest

from controller.prove import press as presses
from controller.prove.press import KINDS, REHEARSED, SEPARATION_MS, Press
from controller.prove.topics import LADDERS
from hardware.player import LONGEST_CLOSED_NS
from hardware.timeline import Line
from hardware.virtual import quirks

MS = 1_000_000
CLOSING = [kind for kind, rule in KINDS.items() if rule.closes]


def press(kind, *, alone=False):
    steps = {"lamp": (40,), "gap": tuple(step for step in LADDERS["gap"] if step >= 200)}
    return Press(kind, alone, steps.get(kind, LADDERS.get(kind, ())), lead_ms=100)


def closings(timeline, line):
    """Return when the line closes and for how long, in ms."""
    edges = [edge for edge in timeline if edge.line is line]
    return [
        (on.at_ns // MS, (off.at_ns - on.at_ns) // MS)
        for on, off in zip(edges[::2], edges[1::2], strict=True)
        if on.closed
    ]


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("kind", CLOSING)
def test_every_press_opens_both_lines_by_itself(kind, alone):
    timeline = press(kind, alone=alone).timeline  # a Timeline refuses to leave a line closed
    assert timeline.end_ns < 5 * 60 * 1_000 * MS < LONGEST_CLOSED_NS
    assert all(for_ms > 0 for line in timeline.lines for _, for_ms in closings(timeline, line))


@pytest.mark.parametrize("kind", [kind for kind, rule in KINDS.items() if not rule.closes])
def test_a_look_closes_nothing(kind):
    assert Press(kind).timeline is None


def test_the_first_presses_close_what_they_say():
    assert closings(Press("alone").timeline, Line.SHUTTER) == [(0, 1_000), (2_600, 1_000)]
    assert Line.FOCUS not in Press("alone").timeline.lines
    assert closings(Press("focus").timeline, Line.FOCUS) == [(0, 1_000)]
    assert Line.SHUTTER not in Press("focus").timeline.lines
    both = Press("both").timeline
    assert closings(both, Line.SHUTTER) == [(3_000, 1_000), (6_600, 1_000)]
    assert closings(both, Line.FOCUS) == [(0, 4_000 + SEPARATION_MS), (5_600, 2_000 + SEPARATION_MS)]
    reversed_ = Press("reversed").timeline
    assert closings(reversed_, Line.FOCUS) == closings(both, Line.SHUTTER)
    assert closings(reversed_, Line.SHUTTER) == closings(both, Line.FOCUS)


@pytest.mark.parametrize("kind", ["press", "long press", "short bulb"])
def test_a_ladder_of_presses_has_its_lengths(kind):
    one = press(kind, alone=True)
    assert [for_ms for _, for_ms in closings(one.timeline, Line.SHUTTER)] == list(one.steps_ms)


def test_a_ladder_of_leads_closes_focus_as_long_before():
    one = press("lead")
    shutter = [at_ms for at_ms, _ in closings(one.timeline, Line.SHUTTER)]
    focus = [at_ms for at_ms, _ in closings(one.timeline, Line.FOCUS)][1:]  # the first wakes
    assert [late - early for early, late in zip(focus, shutter, strict=True)] == list(one.steps_ms)


@pytest.mark.parametrize("alone", [True, False])
def test_a_ladder_of_gaps_leaves_shutter_open_as_long(alone):
    one = press("gap", alone=alone)
    presses = closings(one.timeline, Line.SHUTTER)
    ends = [at_ms + for_ms for at_ms, for_ms in presses]
    assert [at_ms - end for (at_ms, _), end in zip(presses[1:], ends, strict=False)] == list(one.steps_ms)


def test_the_box_waits_before_a_press_that_finds_the_camera_asleep():
    one = press("sleep", alone=True)
    presses = closings(one.timeline, Line.SHUTTER)
    waits = [after - (at + held) for (at, held), (after, _) in pairwise(presses)]
    assert waits == list(LADDERS["sleep"])


def test_a_wait_counts_from_when_the_last_contact_has_opened():
    focus = closings(press("sleep").timeline, Line.FOCUS)[1:]  # the first wakes
    waits = [after - (at + held) for (at, held), (after, _) in pairwise(focus)]
    assert waits == list(LADDERS["sleep"])


def test_a_rehearsal_fires_frames_with_the_times_of_the_box():
    timeline = Press("rehearsal", hold_ms=70, lead_ms=50, gap_ms=330).timeline
    shutter, focus = closings(timeline, Line.SHUTTER), closings(timeline, Line.FOCUS)[1:]
    assert [for_ms for _, for_ms in shutter] == [70] * REHEARSED
    assert [at - before for (before, _), (at, _) in zip(focus, shutter, strict=True)] == [50] * REHEARSED
    assert {b - (a + 70) for (a, _), (b, _) in zip(shutter, focus[1:], strict=False)} == {330}


def test_a_mistake_has_the_same_name_for_the_virtual_owner():
    """He is told of a mistake by its name; nothing else says that both mean the same."""
    names = [name for name in vars(quirks) if getattr(quirks, name) in quirks.MISTAKES and name.isupper()]
    assert len(names) == len(quirks.MISTAKES)
    assert {name: getattr(presses, name) for name in names} == {name: getattr(quirks, name) for name in names}
