"""The record that the camera's mirror may be up outlives the daemon, the machine, and a bad disk; times in seconds."""

import pytest
from booked import BookedBox
from journals import Told, asked, writing
from support import MS, S

from controller.core import words
from controller.core.events import Request
from controller.core.mirror import RECORD_PATIENCE_NS
from controller.core.states import Release
from controller.journal.records import MirrorIntended, MirrorIsDown, MirrorRecord
from hardware.timeline import Line

MIRROR_UP = {"shot.mirror_up": "2s"}
RECORD = MirrorRecord("monday", 100 * S, 131 * S)


def found_after(path):
    """What a process that starts now finds on record."""
    with writing(path, Told()) as writer:
        return writer.mirror_left


def test_a_journal_without_a_record_says_that_the_mirror_is_down(tmp_path):
    assert found_after(tmp_path / "journal.db") is None


def test_a_record_is_durable_when_it_is_reported_and_is_found_by_the_next_process(tmp_path):
    path, told = tmp_path / "journal.db", Told()
    with writing(path, told) as writer:
        writer.intend_mirror(7, RECORD)
        assert told.durable() == (0, 7)
        assert asked(path, "SELECT boot, raised_ns, down_ns FROM mirror") == [("monday", 100 * S, 131 * S)]
    assert found_after(path) == RECORD


def test_a_mirror_that_is_down_is_forgotten(tmp_path):
    path = tmp_path / "journal.db"
    with writing(path, Told()) as writer:
        writer.intend_mirror(1, RECORD)
        writer.mirror_is_down()
        writer.mirror_is_down()
    assert found_after(path) is None


@pytest.mark.parametrize(
    ("boot", "now_ns", "down_ns"),
    [
        ("monday", 110 * S, 131 * S),  # after a crash the time stands
        ("monday", 131 * S, None),  # it has passed
        ("monday", 99 * S, None),  # the frame had not begun: its mirror was never raised
        ("tuesday", 7 * S, 38 * S),  # after a reboot the camera gets its whole time again
        ("", 7 * S, 38 * S),  # a machine that does not tell its boots apart
    ],
)
def test_how_long_a_new_process_waits_for_the_mirror(boot, now_ns, down_ns):
    assert RECORD.down_after(now_ns, boot) == down_ns


def test_a_wrong_time_makes_the_box_wait_no_longer_than_the_record_spans():
    assert MirrorRecord("monday", 0, 31 * S).down_after(5 * S, "monday") == 31 * S
    assert MirrorRecord("monday", 10**18, 10**18 + 31 * S).down_after(5 * S, "monday") is None


def by_hand(**more):
    """A box in which a frame with mirror-up was asked for by hand; focus is dialled in before."""
    return BookedBox(MIRROR_UP, **more).focus()


def mirror_entries(box):
    return [type(entry) for entry in box.entries if isinstance(entry, (MirrorIntended, MirrorIsDown))]


def test_a_frame_by_hand_waits_until_its_mirror_is_on_record():
    box = by_hand()
    box.disk.delay_ns = 300 * MS
    asked_ns = box.clock.now_ns()
    box.ask(Request.FIRE)
    assert (box.release, mirror_entries(box)) == (Release.DELAYING, [MirrorIntended])
    box.wait_until(asked_ns + 299 * MS)
    assert box.release is Release.DELAYING
    box.finish()
    recipe_ns = box.exposures[0] - asked_ns
    assert recipe_ns >= 300 * MS + 2 * S
    assert mirror_entries(box) == [MirrorIntended, MirrorIsDown]
    assert box.journal.reader.mirror() is None
    assert box.said == box.refused == []


def test_a_frame_by_hand_is_fired_without_its_record_where_the_disk_hangs_and_that_is_reported():
    box = by_hand()
    box.disk.delay_ns = None
    box.ask(Request.FIRE).wait_until(box.clock.now_ns() + RECORD_PATIENCE_NS)
    assert box.said == [words.MIRROR_NOT_RECORDED]
    assert len(box.finish().exposures) == 1


def test_a_frame_by_hand_waits_for_no_journal_that_fails():
    box = by_hand()
    box.disk.delay_ns = None
    box.ask(Request.FIRE)
    box.journal.is_working = False
    box.engine.journal_reported("the journal cannot be written")
    assert box.release is Release.MIRROR_UP
    box.finish().ask(Request.FIRE)
    assert box.release is Release.MIRROR_UP  # at once, from now on
    assert mirror_entries(box) == [MirrorIntended, MirrorIsDown]


@pytest.mark.parametrize("how", [Request.STOP, Request.CUT])
def test_a_frame_that_is_given_up_while_it_waits_leaves_no_record_and_is_not_fired_later(how):
    box = by_hand()
    box.disk.delay_ns = 300 * MS
    box.ask(Request.FIRE).ask(how)
    assert box.release is Release.IDLE
    box.wait_until(box.clock.now_ns() + 10 * S)
    assert (box.exposures, box.release) == ([], Release.IDLE)
    assert mirror_entries(box) == [MirrorIntended, MirrorIsDown]


def test_the_record_of_a_frame_by_hand_covers_the_frame_and_is_not_much_longer():
    box = by_hand()
    box.disk.delay_ns = 300 * MS
    asked_ns = box.clock.now_ns()
    box.ask(Request.FIRE)
    record = box.journal.reader.mirror()
    box.wait_until(asked_ns + 1 * S)
    box.ask(Request.CUT)  # the mirror is up
    down_ns = box.clock.now_ns() + box.engine.status().mirror_waits_ns
    assert asked_ns <= record.raised_ns < asked_ns + 300 * MS
    assert down_ns <= record.down_ns <= down_ns + RECORD_PATIENCE_NS
    assert box.journal.reader.mirror() == record
    box.finish()
    assert box.journal.reader.mirror() is None


def test_in_a_run_the_mirror_is_recorded_with_the_intent_and_takes_no_commit_of_its_own():
    box = BookedBox(MIRROR_UP | {"interval.every": "10s", "interval.count": "3"}).focus().ask(Request.START)
    t0_ns = box.summary.run.t0_ns
    record = box.journal.reader.mirror()
    assert record.raised_ns < t0_ns < record.down_ns
    box.wait_until(t0_ns + 5 * S)
    assert box.journal.reader.mirror().raised_ns == record.raised_ns + 10 * S  # of the next slot
    box.finish()
    assert [outcome for outcome, _ in box.ledger] == ["fired"] * 3
    assert mirror_entries(box) == []
    assert box.journal.reader.mirror() is None


@pytest.mark.parametrize("how", [Request.STOP, Request.CUT])
def test_a_run_that_ends_between_its_frames_leaves_no_record(how):
    box = BookedBox(MIRROR_UP | {"interval.every": "10s", "interval.count": "3"}).focus().ask(Request.START)
    box.wait_until(box.summary.run.t0_ns + 5 * S)
    assert box.journal.reader.mirror() is not None
    box.ask(how).finish()
    assert box.journal.reader.mirror() is None


def test_a_run_that_died_between_its_frames_is_offered_at_once_in_the_same_boot():
    old = BookedBox(MIRROR_UP | {"interval.every": "60s", "interval.count": "3"}).focus().ask(Request.START)
    old.wait_until(old.summary.run.t0_ns + 5 * S)
    box = BookedBox({}, after=old, now_ns=old.clock.now_ns() + S)
    assert box.release is Release.IDLE
    assert box.engine.controller.has_interrupted_run
    assert box.journal.reader.mirror() is None


def test_a_run_that_died_with_the_mirror_up_waits_for_it_before_anything_else():
    old = BookedBox(MIRROR_UP | {"interval.every": "60s", "interval.count": "3"}).focus().ask(Request.START)
    old.wait_until(old.summary.run.t0_ns - S)
    record = old.journal.reader.mirror()
    box = BookedBox({}, after=old, now_ns=old.clock.now_ns() + S)
    assert box.release is Release.MIRROR_UP
    box.finish()
    assert box.clock.now_ns() == record.down_ns
    assert box.journal.reader.mirror() is None


def test_a_frame_later_than_its_mirror_settles_is_as_late_as_its_exposure():
    box = BookedBox(MIRROR_UP | {"interval.every": "30s", "interval.count": "3", "interval.tolerance": "10s"})
    box.disk.delay_ns = 5 * S
    box.focus().ask(Request.START).finish()
    first = box.frames[0]
    exposing = [edge for edge in first.edges if edge.line is Line.SHUTTER and edge.closed][1]
    assert len([edge for edge in first.edges if edge.line is Line.SHUTTER and edge.closed]) == 2
    assert first.late_ns == exposing.actual_ns - first.due_ns
    assert first.late_ns == first.moved_ns > 2 * S
