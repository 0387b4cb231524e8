"""The journal when all is well: what is entered is read again, by slot, by run, over restarts."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from journals import (
    BOOT,
    EVERY,
    MS,
    NOON_NS,
    NOW,
    T0,
    S,
    Told,
    asked,
    begun,
    changed,
    due_ns,
    fired,
    frames_of,
    intent,
    reading,
    run_of,
    skipped,
    writing,
)

from controller.errors import CommandError
from controller.journal import schema
from controller.journal.command import brief
from controller.journal.journal import LONGEST_TEXT, InlineJournal
from controller.journal.records import FrameEdge, FrameRecord
from controller.journal.schema import open_memory
from controller.journal.summary import Lateness, summarise
from hardware.timeline import Line


@pytest.fixture
def inline():
    told = []
    journal = InlineJournal(lambda run_id, slot: told.append((run_id, slot)), lambda: NOW)
    journal.told = told
    journal.start()
    yield journal
    journal.stop()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "journal.db"


def test_what_is_entered_is_read_again(inline):
    run, number = run_of(1, count=3), inline.new_run_id()
    frames = (fired(0), fired(1, outcome="confirmed", lag_ns=48 * MS), skipped(2))
    inline.begin(run)
    inline.advance(number, (), intent(0))
    inline.advance(number, frames[:1], intent(1))
    inline.advance(number, frames[1:], None)
    inline.end(number, "finished", "that was all")
    summary = inline.reader.run(number)
    assert (number, summary.run) == (1, run)
    assert (summary.outcome, summary.reason, summary.ended_ns) == ("finished", "that was all", T0)
    assert tuple(inline.reader.frames(summary)) == frames
    assert summary.counts == {"fired": 1, "confirmed": 1, "skipped": 1}
    assert inline.told == [(1, 0), (1, 1)]
    assert not summary.is_belated


def test_a_frame_that_is_intended_is_completed_in_its_place(inline):
    inline.begin(run_of(1))
    inline.advance(1, (), intent(0))
    assert [frame.outcome for frame in inline.reader.frames(inline.reader.run(1))] == ["intended"]
    inline.advance(1, (fired(0),), intent(1))
    assert [frame.outcome for frame in inline.reader.frames(inline.reader.run(1))] == ["fired", "intended"]


def test_what_is_written_again_stands_there_once(inline):
    for _ in range(2):
        inline.begin(run_of(1))
        inline.advance(1, (fired(0),), intent(1))
    inline.advance(1, (), intent(0))  # an intent does not undo what came of it
    assert [frame.outcome for frame in inline.reader.frames(inline.reader.run(1))] == ["fired", "intended"]
    assert len(inline.reader.runs(9)) == 1


def test_a_number_that_is_taken_is_not_used_for_another_run(inline):
    inline.begin(run_of(1))
    inline.end(1, "finished")
    inline.begin(run_of(1, t0_ns=T0 + 1))
    inline.begin(run_of(1, t0_ns=T0 + 1))
    inline.advance(1, (fired(0),), None)
    assert [(each.run.run_id, dict(each.counts)) for each in inline.reader.runs(9)] == [(2, {"fired": 1}), (1, {})]


def test_lateness_is_that_of_the_closing_that_exposes():
    assert fired(7, late_ns=123).late_ns == 123
    assert skipped(7).late_ns is None
    not_played = FrameEdge(Line.SHUTTER, True, due_ns(7), None)
    assert FrameRecord(7, due_ns(7), "cut", edges=(not_played,)).late_ns is None


@given(st.lists(st.integers(-(10**6), 10**12), min_size=1, max_size=300))
def test_statistics_are_values_that_occurred(late_ns):
    connection = open_memory()
    rows = [(slot, late) for slot, late in enumerate(late_ns)]
    connection.executemany("INSERT INTO frame (run, slot, at_ns, late_ns) VALUES (1, ?, 0, ?)", rows)
    found = summarise(connection, 1, is_over=True).lateness
    connection.close()
    assert {found.median_ns, found.p99_ns, found.max_ns} <= set(late_ns)
    for value, share in ((found.median_ns, 50), (found.p99_ns, 99), (found.max_ns, 100)):
        assert sum(each <= value for each in late_ns) * 100 >= share * len(late_ns)
        assert sum(each < value for each in late_ns) * 100 < share * len(late_ns)


def test_statistics_of_a_run(inline):
    inline.begin(run_of(1))
    inline.advance(1, (*(fired(k, late_ns=1000 * k) for k in range(1, 101)), skipped(0)), None)
    assert inline.reader.run(1).lateness == Lateness(50_000, 99_000, 100_000)
    inline.begin(run_of(2))
    assert inline.reader.run(2).lateness is None


def test_a_note_belongs_to_the_run_in_progress(inline):
    inline.note("fault", "before")
    inline.begin(run_of(1))
    inline.note("fault", "x" * 5000)
    inline.end(1, "finished")
    inline.note("fault", "after")
    assert [note.text for note in inline.reader.notes(None)] == ["before", "after"]
    assert [note.text for note in inline.reader.notes(None, last=1)] == ["after"]
    assert [len(note.text) for note in inline.reader.notes(1)] == [LONGEST_TEXT]


def test_an_entry_of_a_run_that_was_not_begun_is_an_error_and_changes_nothing(inline):
    with pytest.raises(KeyError):
        inline.advance(1, (fired(0),), intent(1))
    assert inline.told == []
    inline.begin(run_of(1))  # and the journal goes on


# On the disk, with the writer's thread


def test_an_intent_is_told_when_it_stands_in_the_file(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        assert frames_of(path) == {0: "intended"}
        writer.advance(number, (fired(0),), intent(1))
        assert told.durable() == (number, 1)
        assert frames_of(path) == {0: "fired", 1: "intended"}
    assert told.is_silent


def test_all_that_waits_is_written_when_it_stops(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        for k in range(1000):
            writer.advance(number, (fired(k),), intent(k + 1))
        writer.end(number, "finished")
    assert [file.name for file in path.parent.iterdir()] == ["journal.db"]
    assert list(frames_of(path).values()) == ["fired"] * 1000


def test_it_is_written_so_that_a_power_cut_loses_nothing(path):
    with writing(path, Told()) as writer:
        assert writer._store is not None
        threads = [thread.name for thread in threading.enumerate()]
        with reading(path) as reader:
            assert reader._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert threads.count("journal") == 1
    connection = schema.open_journal(path).connection
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    connection.close()


def test_numbers_go_on_after_a_restart(path):
    for expected in (1, 2, 3):
        with writing(path, Told()) as writer:
            assert writer.new_run_id() == expected
            writer.begin(run_of(expected, t0_ns=T0 + expected))
            writer.end(expected, "finished")
            assert writer.unfinished is None


@pytest.mark.parametrize("boot", [BOOT, "another"])
def test_the_run_that_was_open_is_found_with_what_is_unknown(path, boot):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        writer.advance(number, (fired(0), skipped(2)), intent(3))  # slot 1 was fired, and is still in its gap
        writer.advance(number, (), intent(1))
    with writing(path, told, boot=boot) as writer:
        found = writer.unfinished
        assert found.run == run_of(number)
        assert (found.next_slot, found.unknown, found.is_same_boot) == (4, (1, 3), boot == BOOT)
        assert found.run.t0_wall_ns == NOON_NS + 10 * S
        assert frames_of(path) == {0: "fired", 1: "unknown", 2: "skipped", 3: "unknown"}
        writer.end(number, "cut", "the power was cut")
    with writing(path, told) as writer:
        assert writer.unfinished is None


def test_a_run_that_is_resumed_keeps_its_number_and_its_frames(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
    with writing(path, told, boot="next") as writer:
        again = replace(writer.unfinished.run, boot_id="next", t0_ns=77 * S)
        writer.resume(again)
        late = FrameRecord(1, 77 * S + EVERY, "skipped", "the box was off")
        writer.advance(number, (late,), None)
    with reading(path) as reader:
        (summary,) = reader.runs(9)
        assert summary.run == again
        assert [frame.due_ns - again.t0_ns for frame in reader.frames(summary)] == [0, EVERY]
        assert reader.unfinished("next").is_same_boot


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_run_that_is_resumed_after_a_reboot_has_its_grid_in_the_time_of_day(path, is_trusted):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
    hour = 3600 * S
    for boot in ("second", "third"):  # an hour later, some seconds after the boot
        sample = (NOON_NS + hour if is_trusted else None, 20 * S)
        t0_ns = sample[1] + 10 * S - hour
        with writing(path, told, boot=boot) as writer:
            writer.resume(run_of(number, started_wall_ns=sample[0], started_ns=sample[1], boot_id=boot, t0_ns=t0_ns))
        with writing(path, told, boot=boot) as writer:
            run = writer.unfinished.run
        assert (run.t0_ns, run.boot_id) == (t0_ns, boot)
        assert run.started_wall_ns == NOON_NS
        assert run.t0_wall_ns == (NOON_NS + 10 * S if is_trusted else None)


def test_a_run_that_was_left_open_before_another_is_broken_off(path):
    told = Told()
    with writing(path, told) as writer:
        begun(writer, told)
        second = writer.new_run_id()
        writer.begin(run_of(second, t0_ns=T0 + 1))
        writer.end(second, "finished")
    with reading(path) as reader:
        assert [(each.is_over, each.outcome) for each in reader.runs(9)] == [(True, "finished"), (True, None)]
        assert reader.unfinished(BOOT) is None
    assert frames_of(path, 1) == {0: "unknown"}


# Versions


def test_a_file_of_an_older_version_is_brought_up_to_date(path, monkeypatch):
    with writing(path, told := Told()) as writer:
        begun(writer, told)
    version = len(schema.MIGRATIONS)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("ALTER TABLE run ADD COLUMN place TEXT",)))
    with reading(path) as reader:  # who may only read does not wait for whoever writes
        assert reader.unfinished(BOOT).next_slot == 1
    assert asked(path, "PRAGMA user_version") == [(version,)]
    with writing(path, told) as writer:
        assert writer.unfinished.next_slot == 1
    assert asked(path, "PRAGMA user_version") == [(version + 1,)]
    assert asked(path, "SELECT id, place FROM run") == [(1, None)]


def test_a_file_of_the_first_version_is_read_and_written(path):
    path.parent.mkdir()
    run = (1, 0, 0, BOOT, T0, S, 3, "canon-e3", "DIALLED_IN", "{}", 0)
    with closing(sqlite3.connect(path)) as connection:
        for statement in (*schema.MIGRATIONS[0], f"PRAGMA application_id = {schema.APPLICATION_ID}"):
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
        columns = "id, started_wall_ns, started_ns, boot, t0_ns, every_ns, count, camera, focus, settings, belated"
        connection.execute(f"INSERT INTO run ({columns}) VALUES ({','.join('?' * len(run))})", run)
        connection.execute("INSERT INTO frame (run, slot, at_ns, outcome) VALUES (1, 0, 0, 'fired')")
        connection.commit()
    before = path.read_bytes()
    assert frames_of(path, 1) == {0: "fired"}
    assert path.read_bytes() == before
    with writing(path, Told()) as writer:
        assert (writer.unfinished.next_slot, writer.unfinished.run.start) == (1, None)
    assert frames_of(path, 1) == {0: "fired"}
    assert asked(path, "PRAGMA user_version") == [(len(schema.MIGRATIONS),)]


def test_a_migration_that_fails_changes_nothing(path, monkeypatch):
    with writing(path, Told()):
        pass
    steps = ("ALTER TABLE run ADD COLUMN place TEXT", "ALTER TABLE nowhere ADD COLUMN place TEXT")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, steps))
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        schema.open_journal(path)
    assert asked(path, "PRAGMA user_version") == [(len(schema.MIGRATIONS) - 1,)]
    assert "place" not in [row[1] for row in asked(path, "PRAGMA table_info(run)")]


def test_a_file_of_a_newer_version_is_left_alone(path):
    path.parent.mkdir()
    with writing(path, Told()):
        pass
    asked(path, "PRAGMA user_version = 9")
    before = path.read_bytes()
    told = Told()
    with writing(path, told) as writer:
        begun(writer, told)
    assert told.trouble() == (
        f"{path}: was written by a newer version of backbutton; it is left alone, and journal-v5.db is used"
    )
    assert path.read_bytes() == before
    assert frames_of(path) == {0: "intended"}  # the reader finds the same file


def test_the_summary_of_a_run_is_stored_when_it_is_over_and_read_from_there(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        writer.advance(number, (fired(0, late_ns=5), skipped(1)), None)
        writer.end(number, "stopped")
    with reading(path) as reader:
        before = reader.run(1)
    assert (before.counts, before.lateness) == ({"fired": 1, "skipped": 1}, Lateness(5, 5, 5))
    asked(path, "DELETE FROM frame")
    with reading(path) as reader:
        assert reader.run(1) == before


@pytest.mark.parametrize("counts", ["NULL", "'no JSON'", "'[1]'", "7"])
def test_a_summary_that_is_missing_or_damaged_is_worked_out(path, counts):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        writer.advance(number, (fired(0, late_ns=5),), None)
        writer.end(number, "stopped")
    changed(path, f"UPDATE run SET counts = {counts}")
    with reading(path) as reader:
        assert reader.run(1).counts == {"fired": 1}


def test_a_run_that_is_resumed_has_no_stored_summary_until_it_is_over_again(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        writer.end(number, "stopped")
        writer.resume(run_of(number))
        writer.advance(number, (fired(0, late_ns=5),), None)
    assert asked(path, "SELECT counts FROM run") == [(None,)]


def test_runs_of_an_older_version_get_their_summaries_from_the_writer(path):
    told = Told()
    with writing(path, told) as writer:
        for _ in range(2):
            number = begun(writer, told)
            writer.advance(number, (fired(0, late_ns=5),), None)
            writer.end(number, "stopped")
        begun(writer, told)
    changed(path, "UPDATE run SET counts = NULL, median_ns = NULL, p99_ns = NULL, max_ns = NULL")
    with writing(path, told):
        while asked(path, "SELECT count(counts) FROM run") != [(2,)]:
            pass
    assert asked(path, "SELECT max_ns FROM run") == [(5,), (5,), (None,)]


def test_a_damaged_frame_is_a_sentence_and_the_rest_of_the_journal_can_be_read(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        writer.advance(number, (fired(0, late_ns=5), fired(1)), None)
        writer.end(number, "stopped")
    changed(path, "UPDATE frame SET edges = replace(edges, '[', '{') WHERE slot = 1")
    with pytest.raises(CommandError, match="frame 2 of run 1 is damaged"):
        brief(path, 1, UTC)
    assert brief(path, None, UTC)["runs"][0]["frames"]["fired"] == 2
