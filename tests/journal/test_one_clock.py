"""Times of day in the journal: all by the box's clock, whatever that does, and in the zone where the box is."""

import sqlite3
from contextlib import closing
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from booked import BookedBox
from hypothesis import given
from hypothesis import strategies as st
from journals import BOOT, NOON_NS, T0, S, Told, reading, run_of, writing

from config.store import SettingsStore
from controller.core.events import Request
from controller.daemon.files_thread import FilesThread
from controller.daemon.main import keep_journal
from controller.journal import schema, text
from controller.journal.command import brief
from controller.journal.journal import InlineJournal
from controller.simulate.stage import VIRTUAL_NOON_NS, Scene, Stage
from hardware.clock import ClockSample, SystemClock, VirtualClock, VirtualWall

MONTHS_NS = 150 * 24 * 3600 * S
AUCKLAND = ZoneInfo("Pacific/Auckland")  # 12 hours ahead of UTC in June

clocks = st.tuples(st.integers(NOON_NS, NOON_NS + 50 * 365 * 86400 * S), st.booleans())
steps = st.lists(st.tuples(st.integers(0, 30 * 86400 * S), clocks, st.booleans()), max_size=5)


def started(sample, **facts):
    wall_ns = sample.wall_ns if sample.is_trusted else None
    return run_of(1, started_wall_ns=wall_ns, started_ns=sample.monotonic_ns, **facts)


@given(clocks, steps, st.booleans())
def test_the_length_of_a_run_is_that_of_the_monotonic_clock_whatever_the_clock_does(first, steps, is_other_process):
    clock = VirtualClock(T0)
    wall = VirtualWall(clock, first[0], is_trusted=first[1])
    journal = InlineJournal(lambda *_: None, wall.sample, BOOT)
    trusted = [first[1]]
    journal.begin(started(wall.sample()))
    for wait_ns, (wall_ns, is_trusted), resumes in steps:
        clock.jump_to(clock.now_ns() + wait_ns)
        wall.set(wall_ns, is_trusted=is_trusted)
        if resumes:
            trusted.append(is_trusted)
            journal.resume(started(wall.sample()))
    if is_other_process:  # which ends the run that it finds, without resuming it
        heir = InlineJournal(lambda *_: None, wall.sample, BOOT)
        heir.inherit(journal.connection)
        journal = heir
    journal.end(1, "finished")
    summary = journal.reader.run(1)
    is_known = any((*trusted, wall.sample().is_trusted))
    times = (summary.run.started_wall_ns, summary.ended_wall_ns)
    if is_known:
        assert times[1] - times[0] == clock.now_ns() - T0
    else:
        assert times == (None, None)
    if wall.sample().is_trusted:
        assert times[1] == wall.sample().wall_ns
    reply = text.as_reply(summary)
    assert (reply["is_trusted"], reply["ended"] is not None) == (is_known, is_known)
    journal.stop()


def test_a_clock_that_is_set_by_hand_in_a_run_moves_its_start_too():
    box = BookedBox().focus().ask(Request.START)
    box.wall.set_by_hand(VIRTUAL_NOON_NS + MONTHS_NS)
    box.finish()
    summary = box.summary
    assert summary.ended_wall_ns == box.wall.sample().wall_ns
    assert summary.ended_wall_ns - summary.run.started_wall_ns < 60 * S
    assert text.head(summary, UTC)[1:3] == [
        "  started   2026-11-18 12:00:00",
        "  ended     2026-11-18 12:00:16, finished",
    ]


def test_a_run_is_told_by_the_new_clock_from_its_next_frame_on():
    box = BookedBox({"interval.every": "5s"}).focus().ask(Request.START)
    began_ns = box.summary.run.started_wall_ns
    box.wall.set_by_hand(VIRTUAL_NOON_NS + box.clock.now_ns() + MONTHS_NS)
    box.wait_until(12 * S)
    assert box.summary.outcome is None
    assert box.summary.run.started_wall_ns == began_ns + MONTHS_NS


def test_a_power_cut_finds_the_grid_by_the_clock_that_was_corrected_in_the_run():
    settings = {"interval.every": "5s", "interval.count": "8", "interval.resume": "auto"}
    old = BookedBox(settings, wall_ns=VIRTUAL_NOON_NS - MONTHS_NS).focus().ask(Request.START).wait_until(3 * S)
    old.wall.set(VIRTUAL_NOON_NS + old.clock.now_ns())
    old.wait_until(8 * S)
    wall_ns = VIRTUAL_NOON_NS + old.clock.now_ns() + 10 * S
    box = BookedBox(settings, after=old, boot="boot 2", now_ns=30 * S, wall_ns=wall_ns).finish()
    fired, lost = ("fired", None), [("unknown", None), ("skipped", "power off")]
    assert box.ledger == [fired, fired, *lost, fired, fired, fired, fired]
    assert box.said == []


def test_a_run_on_a_clock_that_is_set_before_its_end_has_a_start():
    box = BookedBox(is_trusted=False).focus().ask(Request.START)
    assert text.head(box.summary, UTC)[1] == "  started   clock not set"
    box.wall.set_by_hand(VIRTUAL_NOON_NS + box.clock.now_ns())
    box.finish()
    assert text.head(box.summary, UTC)[1:3] == [
        "  started   2026-06-21 12:00:01",
        "  ended     2026-06-21 12:00:17, finished",
    ]


def test_without_a_clock_no_end_is_stored_and_a_fault_is_marked():
    box = BookedBox(is_trusted=False).focus().ask(Request.START).finish()
    box.engine.fail("the chip has gone")
    assert text.head(box.summary, UTC)[1:3] == ["  started   clock not set", "  ended     clock not set, finished"]
    reply = text.as_reply(box.summary)
    assert (reply["started"], reply["ended"], reply["is_trusted"]) == (None, None, False)
    assert dict(zip(text.RUN_COLUMNS, text.run_row(box.summary), strict=True))["is_trusted"] == 0
    (note,) = box.journal.reader.notes(None)
    assert text.note_lines([note], UTC) == ["  2026-06-21 12:00:17 (clock not set)  fault: the chip has gone"]
    assert text.note_reply(note)["is_trusted"] is False


def test_a_box_whose_clock_was_set_by_hand_keeps_the_times_of_a_run_after_a_crash():
    """The time set by hand is lost with the process; the machine has not been switched off."""
    settings = {"interval.every": "5s", "interval.count": "4", "interval.resume": "auto"}
    old = BookedBox(settings).focus().ask(Request.START).wait_until(8 * S)
    began_ns = old.summary.run.started_wall_ns
    box = BookedBox(settings, after=old, now_ns=9 * S, wall_ns=S, is_trusted=False).finish()
    assert box.summary.run.started_wall_ns == began_ns
    assert box.summary.ended_wall_ns == VIRTUAL_NOON_NS + box.clock.now_ns()


def test_a_run_that_another_boot_ends_is_told_by_both_clocks():
    old = BookedBox({"interval.every": "5s"}).focus().ask(Request.START).wait_until(8 * S)
    began_ns = old.summary.run.started_wall_ns
    later_ns = VIRTUAL_NOON_NS + 3600 * S
    box = BookedBox({"interval.resume": "off"}, after=old, boot="boot 2", wall_ns=later_ns)
    assert (box.summary.outcome, box.summary.run.started_wall_ns) == ("dropped", began_ns)
    assert 0 <= box.summary.ended_wall_ns - later_ns < S


# Zones


def kept_with(tmp_path, **settings):
    path = tmp_path / "journal.db"
    with writing(path, Told()) as writer:
        writer.begin(run_of(writer.new_run_id(), settings=settings))
        writer.note("fault", "the lamp chip has gone")
        writer.end(1, "finished")
    return path


@pytest.mark.parametrize(
    ("settings", "hour"),
    [({"site.timezone": "America/New_York"}, "08"), ({}, "00"), ({"site.timezone": "Nowhere/AtAll"}, "00")],
)
def test_a_run_is_told_in_its_own_zone_else_in_that_of_the_box(tmp_path, settings, hour):
    path = kept_with(tmp_path, **settings)
    lines = [*brief(path, None, AUCKLAND)["lines"], *brief(path, 1, AUCKLAND)["lines"]]
    day = "21" if hour == "08" else "22"
    assert lines[1].startswith(f"   1  2026-06-{day} {hour}:00")
    assert f"  started   2026-06-{day} {hour}:00:00" in lines
    assert f"  ended     2026-06-{day} {hour}:00:10, finished" in lines


def test_a_start_by_the_clock_is_told_in_the_zone_too(tmp_path):
    path = tmp_path / "journal.db"
    with writing(path, Told()) as writer:
        writer.begin(run_of(writer.new_run_id(), start="06:30", start_utc_ns=NOON_NS))
    assert "  start     06:30, at 2026-06-22 00:00:00" in brief(path, 1, AUCKLAND)["lines"]


def test_a_console_is_told_the_runs_in_the_zone_of_the_box(tmp_path):
    store = SettingsStore(None, Path("/nonexistent"))
    store.set("site.timezone", "Pacific/Auckland")
    stage = Stage(Scene("canon-e3", "bbf"), store, VirtualClock(), (), threaded=False)
    stage.box.journal = kept_with(tmp_path)
    assert stage.methods.call("log", {})["lines"][1].startswith("   1  2026-06-22 00:00")
    stage.close()


# The daemon, and files of before


def test_the_daemons_journal_has_the_clock_of_the_box_and_not_that_of_the_machine(tmp_path):
    clock = SystemClock()
    stage = Stage(Scene("canon-e3", "bbf"), SettingsStore(None, tmp_path), clock, (), threaded=True)
    stage.begin()
    stage.box.engine.wall = VirtualWall(clock, NOON_NS)
    files = FilesThread(stage.inbox.post, lambda: None)
    journal = keep_journal(tmp_path, stage.box, stage.inbox, files)
    journal.note("fault", "the lamp chip has gone")
    journal.begin(run_of(1, started_ns=clock.now_ns()))
    journal.end(1, "finished")
    journal.stop()
    files.stop()
    stage.close()
    with reading(tmp_path / schema.FILE) as reader:
        ends_ns, (note,) = reader.run(1).ended_wall_ns, reader.notes(None)
    assert all(0 <= each - NOON_NS < 60 * S for each in (ends_ns, note.wall_ns))
    assert note.is_trusted


def test_a_journal_of_the_version_before_is_told_as_it_was(tmp_path):
    path = tmp_path / "journal.db"
    run = (1, NOON_NS, T0, BOOT, T0, S, 3, "canon-e3", "DIALLED_IN", "{}", 0, "finished", NOON_NS + 5 * S, T0 + 3 * S)
    with closing(sqlite3.connect(path)) as connection:
        for version in schema.MIGRATIONS[:3]:
            for statement in version:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 3")
        columns = "id, started_wall_ns, started_ns, boot, t0_ns, every_ns, count, camera, focus, settings, belated"
        columns += ", outcome, ended_wall_ns, ended_ns"
        connection.execute(f"INSERT INTO run ({columns}) VALUES ({','.join('?' * len(run))})", run)
        connection.execute(
            "INSERT INTO note (wall_ns, at_ns, boot, kind, text, belated) VALUES (?, 0, '', 'fault', 'gone', 0)",
            (NOON_NS,),
        )
        connection.commit()

    def told():
        with reading(path) as reader:
            return text.head(reader.run(1), UTC)[1:3], text.note_lines(reader.notes(None), UTC)

    before = (
        ["  started   2026-06-21 12:00:00", "  ended     2026-06-21 12:00:05, finished"],
        ["  2026-06-21 12:00:00  fault: gone"],
    )
    assert told() == before
    with writing(path, Told()):
        pass
    assert told() == before
    with reading(path) as reader:
        assert text.note_reply(reader.notes(None)[0])["is_trusted"] is None


def test_a_wrong_clock_at_1970_leaves_a_journal_that_opens_again(tmp_path):
    path = tmp_path / "journal.db"
    with writing(path, Told(), sample=lambda: ClockSample(S, T0, is_trusted=True)) as writer:
        writer.begin(run_of(writer.new_run_id(), started_ns=T0 - 60 * S))
        writer.end(1, "finished")
        writer.resume(run_of(1, started_wall_ns=S, started_ns=T0))
    told = Told()
    with writing(path, told) as writer:
        assert writer.unfinished is not None
    assert told.is_silent
