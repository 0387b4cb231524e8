"""What a run enters in the journal, and what it waits for there; on the virtual clock."""

import pytest
from booked import BookedBox
from support import MS, S

from config.when import parse_when
from controller.core.events import Request
from controller.core.launching import JOURNAL_NS
from controller.core.states import Release
from controller.journal import text
from controller.journal.records import Advanced, Began, Ended, Note
from controller.simulate.stage import VIRTUAL_NOON_NS
from hardware.timeline import Line

FIRED, PAUSED, LATE = ("fired", None), ("skipped", "paused"), ("skipped", "journal")


def begun(settings=None, camera="canon-e3", body="bbf"):
    """A box whose run has just begun."""
    return BookedBox(settings, camera, body).focus().ask(Request.START)


def advances(box):
    """What went into the journal for frames: the slots that are over, and the one that is intended."""
    return [
        (*(frame.slot for frame in entry.completed), entry.intended and entry.intended.slot)
        for entry in box.entries
        if isinstance(entry, Advanced)
    ]


@pytest.mark.parametrize("camera", ["canon-e3", "nikon-mc-dc2"])
def test_each_frame_is_one_entry_that_completes_it_and_intends_the_next(camera):
    box = begun(camera=camera).finish()
    assert [type(entry) for entry in box.entries] == [Began, *[Advanced] * 5, Ended]
    assert advances(box) == [(0,), (0, 1), (1, 2), (2, 3), (3, None)]
    assert box.ledger == [FIRED] * 4
    assert (box.summary.outcome, box.summary.run.focus) == ("finished", "DIALLED_IN")
    assert box.summary.run.settings["interval.count"] == "4"
    assert len(box.exposures) == 4


def test_a_row_has_the_grid_and_the_edges_as_they_were_played():
    box = begun(camera="nikon-mc-dc2").finish()
    t0_ns = box.summary.run.t0_ns
    assert t0_ns == 1100 * MS + JOURNAL_NS + 100 * MS  # focus, what a card may take, and the lead
    for k, frame in enumerate(box.frames):
        assert frame.due_ns == t0_ns + k * 5 * S
        edges = [(edge.line, edge.closed, edge.planned_ns - frame.due_ns) for edge in frame.edges]
        assert edges[:2] == [(Line.FOCUS, True, -100 * MS), (Line.SHUTTER, True, 0)]
        assert [(line, closed) for line, closed, _ in edges[2:]] == [(Line.SHUTTER, False), (Line.FOCUS, False)]
        assert all(edge.actual_ns == edge.planned_ns for edge in frame.edges)
        assert frame.late_ns == 0


def test_no_frame_is_fired_before_its_intent_is_kept():
    box = begun()
    box.disk.delay_ns = None
    box.wait_until(4 * S)
    assert len(box.exposures) == 1  # its intent was on the way when the disk began to hang
    box.finish()
    assert box.ledger == [FIRED, LATE, LATE, LATE]
    assert len(box.exposures) == 1


def test_an_intent_that_is_late_within_the_tolerance_is_fired_late():
    box = BookedBox({"interval.every": "1s", "interval.count": "3", "interval.tolerance": "200ms"}).focus()
    box.ask(Request.START)
    box.disk.delay_ns = 850 * MS  # from when SHUTTER opens, 200 ms after it has closed
    box.finish()
    assert box.ledger == [FIRED] * 3
    assert [frame.late_ns for frame in box.frames] == [0, 50 * MS, 100 * MS]


@pytest.mark.parametrize(("delay_ns", "second"), [(849 * MS, FIRED), (850 * MS, LATE)])
def test_an_intent_is_waited_for_as_long_as_a_frame_may_be_late_and_no_longer(delay_ns, second):
    box = begun({"interval.every": "1s", "interval.count": "2"})
    box.disk.delay_ns = delay_ns
    box.wait_until(box.summary.run.t0_ns + S + 49 * MS)
    assert len(box.frames) == 2
    assert box.frames[1].outcome == "intended"
    box.finish()
    assert box.ledger == [FIRED, second]


def test_slots_passed_while_paused_are_entered_and_the_run_goes_on_in_phase():
    box = begun().wait_until(4 * S).ask(Request.PAUSE).wait_until(13 * S)
    assert box.ledger == [FIRED, PAUSED, PAUSED]
    box.ask(Request.RESUME).finish()
    assert box.ledger == [FIRED, PAUSED, PAUSED, FIRED]
    assert len(box.exposures) == 2
    assert box.frames[3].due_ns == box.summary.run.t0_ns + 15 * S


@pytest.mark.parametrize("at_ns", [S, 1650 * MS, 1900 * MS, 4 * S], ids=["lead", "frame", "gap", "between"])
def test_a_stop_leaves_no_intent_behind(at_ns):
    box = begun().wait_until(at_ns).ask(Request.STOP).finish()
    assert box.summary.outcome == "stopped"
    assert box.ledger == [FIRED] * len(box.exposures)
    assert not any(entry.intended and entry.intended.slot > 1 for entry in box.entries if isinstance(entry, Advanced))


def test_a_frame_in_a_run_that_is_to_stop_intends_none():
    box = begun().wait_until(1650 * MS)
    assert box.release is Release.EXPOSING
    box.ask(Request.STOP).finish()
    assert advances(box) == [(0,), (0, None)]


def test_a_cut_is_entered_with_the_frame_it_cut_and_nothing_is_left_open():
    box = begun().wait_until(box_due(1) + 100 * MS)
    assert box.release is Release.EXPOSING
    box.ask(Request.CUT).finish()
    assert box.ledger == [FIRED, ("cut", "cut")]
    assert box.summary.outcome == "cut"


def box_due(slot):
    """When a slot is due of the run that `begun` begins."""
    return 1100 * MS + JOURNAL_NS + slot * 5 * S


def test_a_fault_is_noted_in_its_run_which_it_ends():
    box = begun().wait_until(4 * S)
    box.engine.fail("the chip has gone")
    box.wait_until(5 * S)
    assert box.release is Release.FAULT
    assert [note.text for note in box.journal.reader.notes(box.summary.run.run_id)] == ["the chip has gone"]
    assert [type(entry) for entry in box.entries[-2:]] == [Note, Ended]
    assert (box.summary.outcome, box.ledger) == ("cut", [FIRED])


def test_where_the_journal_fails_in_mid_run_frames_go_on_and_wait_for_it_again_once_it_works():
    box = begun({"interval.every": "5s", "interval.count": "6"}).wait_until(4 * S)
    box.disk.delay_ns, box.journal.is_working = None, False
    box.engine.journal_reported("the journal cannot be written")
    box.wait_until(box_due(3) + S)
    assert box.said == ["the journal cannot be written"]
    assert box.engine.status().warnings == ("the journal cannot be written",)
    assert box.engine.controller.has_trouble
    assert len(box.exposures) == 4
    assert advances(box)[-2:] == [(2, None), (3, None)]
    box.disk.delay_ns, box.journal.is_working = 0, True
    box.engine.journal_reported("the journal works again")
    box.finish()
    assert advances(box)[-3:] == [(4,), (4, 5), (5, None)]
    assert box.engine.status().warnings == ()
    assert box.ledger == [FIRED] * 6


def test_a_run_that_waits_for_its_start_is_entered_when_it_is_set_and_anew_when_its_grid_stands():
    box = BookedBox().focus().ask(Request.START, parse_when("12:01"))
    box.wait_until(30 * S)
    [entry] = box.entries
    assert (entry.run.start, entry.run.start_utc_ns) == ("12:01", VIRTUAL_NOON_NS + 60 * S)
    assert (text.state(box.summary), box.ledger) == ("waits", [])
    box.finish()
    assert [type(entry) for entry in box.entries[:3]] == [Began, Began, Advanced]
    assert box.ledger == [FIRED] * 4
    run = box.summary.run
    assert (run.t0_ns, run.start, run.start_utc_ns) == (60 * S, None, None)
    assert VIRTUAL_NOON_NS + 55 * S < run.started_wall_ns < VIRTUAL_NOON_NS + 60 * S


def test_a_run_whose_clock_is_set_later_is_entered_anew_once_its_start_is_known():
    box = BookedBox(is_trusted=False).focus().ask(Request.START, parse_when("12:05")).wait_until(3 * S)
    assert box.summary.run.start_utc_ns is None
    box.wall.set(VIRTUAL_NOON_NS + 30 * S)
    box.wait_until(80 * S)
    assert [entry.run.start_utc_ns for entry in box.entries[:2]] == [None, VIRTUAL_NOON_NS + 300 * S]


def test_a_run_that_was_only_waited_for_is_over_before_it_began_when_it_is_stopped():
    box = BookedBox().focus().ask(Request.START, parse_when("12:01")).wait_until(30 * S).ask(Request.STOP).finish()
    assert (box.summary.outcome, box.summary.reason, box.ledger) == ("not begun", None, [])
    assert box.summary.run.start == "12:01"


def test_focus_that_is_changed_while_a_run_is_paused_stands_in_the_journal():
    box = begun().wait_until(4 * S).ask(Request.PAUSE).ask(Request.FOCUS_CLEAR)
    assert box.summary.run.focus == "UNFOCUSED"
    box.focus()
    assert box.summary.run.focus == "DIALLED_IN"
    assert box.ask(Request.RESUME).finish().ledger[0] == FIRED


def test_a_run_may_begin_in_the_instant_in_which_another_ends():
    box = begun({"interval.every": "5s", "interval.count": "1"})
    box.wait_until(2 * S)
    over_ns = box.engine.next_ns
    assert box.release is Release.RECOVERING
    box.clock.jump_to(over_ns)
    box.ask(Request.START).finish()
    assert [(run.run.run_id, run.outcome, dict(run.counts)) for run in box.runs] == [
        (2, "finished", {"fired": 1}),
        (1, "finished", {"fired": 1}),
    ]


def test_an_intent_of_a_run_that_is_over_lets_no_frame_of_the_next_one_fire():
    box = BookedBox().focus()
    box.disk.delay_ns = 200 * MS
    box.ask(Request.START).ask(Request.STOP)
    box.disk.delay_ns = None
    box.ask(Request.START).finish()
    assert box.exposures == []
    assert box.ledger == [LATE] * 4
