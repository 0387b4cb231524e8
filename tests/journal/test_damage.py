"""A journal with any damage: the next life of the box has a working journal, and `log` answers with a sentence."""

import argparse
import os
import random
from datetime import UTC

import pytest
from journals import (
    BOOT,
    Told,
    asked,
    begun,
    changed,
    fired,
    frames_of,
    intent,
    reading,
    run_of,
    writing,
)

from controller.errors import CommandError
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.command import brief, run_log
from controller.journal.command import reading as reading_log

PAGE = 4096
FLIPS = 30  # in one test


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    """The bytes of a journal with two runs, one of them open, a note, and a mirror that may be up."""
    path = tmp_path_factory.mktemp("journal") / "journal.db"
    with writing(path, told := Told()) as writer:
        number = begun(writer, told)
        writer.advance(number, (fired(0),), intent(1))
        writer.end(number, "done", None)
        number = writer.new_run_id()
        writer.begin(run_of(number, camera="canon-e3"))
        writer.advance(number, (fired(0), fired(1)), intent(2))
        writer.note("fault", "a note of some length")
    changed(path, f"INSERT INTO mirror VALUES (1, '{BOOT}', 5, 6000000000)")
    asked(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def with_a_flip(journal, at, bit):
    damaged = bytearray(journal)
    damaged[at] ^= 1 << bit
    return bytes(damaged)


def live(path, content):
    """One life of the box on a journal with this content; returns what it reported."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    told = Told()
    with writing(path, told) as writer:
        assert writer.has_opened
        books = Bookkeeper(writer, BOOT)
        books.found()
        number = begun(writer, told)
        writer.advance(number, (fired(0),), intent(1))
        assert told.durable() == (number, 1)
        writer.note("fault", "written after the damage")
        assert writer.is_working
    return told.all_trouble()


def check_life(folder, content):
    """The next life works, and the file is kept if it was not used; returns what was reported."""
    path = folder / "journal.db"
    said = live(path, content)
    with reading(path) as reader:
        assert dict(list(frames_of(path).items())[-2:]) == {0: "fired", 1: "intended"}
        assert "written after the damage" in [note.text for note in reader.notes(reader.last_run_id())]
    kept = [
        file for file in folder.iterdir() if ".damaged-" in file.name and not file.name.endswith(("-wal", "-shm"))
    ]
    assert len(kept) == sum("it is kept as" in sentence for sentence in said)
    assert all(file.read_bytes() == content for file in kept)
    return said


@pytest.mark.parametrize("seed", range(8))
def test_the_next_life_has_a_working_journal_whichever_bit_of_the_first_page_is_flipped(tmp_path, journal, seed):
    chance = random.Random(seed)
    for k in range(FLIPS):
        at, bit = chance.randrange(PAGE), chance.randrange(8)
        try:
            check_life(tmp_path / str(k), with_a_flip(journal, at, bit))
        except BaseException as error:
            error.add_note(f"byte {at}, bit {bit}")
            raise


@pytest.mark.parametrize("seed", range(2))
def test_the_next_life_has_a_working_journal_wherever_a_bit_is_flipped(tmp_path, journal, seed):
    chance = random.Random(seed)
    for k in range(FLIPS):
        at, bit = chance.randrange(len(journal)), chance.randrange(8)
        try:
            check_life(tmp_path / str(k), with_a_flip(journal, at, bit))
        except BaseException as error:
            error.add_note(f"byte {at}, bit {bit}")
            raise


def altered(journal, folder, *statements):
    """The bytes of the journal after somebody has changed it."""
    path = folder / "altered.db"
    path.write_bytes(journal)
    for statement in statements:
        changed(path, statement)
    asked(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


NOT_UTF_8 = "CAST(x'ff41' AS TEXT)"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("PRAGMA user_version = -1", "is not the journal it says it is (version -1)"),
        ("PRAGMA user_version = 0", "is not the journal it says it is (version 0)"),
        ("PRAGMA user_version = 2", "is damaged (the table "),
        (f"UPDATE run SET boot = {NOT_UTF_8}", "is damaged (Could not decode to UTF-8 column 'boot'"),
        (f"UPDATE run SET settings = {NOT_UTF_8}", "is damaged (Could not decode to UTF-8 column 'settings'"),
        (f"UPDATE mirror SET boot = {NOT_UTF_8}", "is damaged (Could not decode to UTF-8 column 'boot'"),
        (f"UPDATE frame SET outcome = {NOT_UTF_8}", "is damaged ("),
        ("UPDATE run SET started_wall_ns = -9000000000000000000", "is damaged ("),
        ("UPDATE run SET t0_ns = 9223372036854775807", "is damaged ("),
        ("UPDATE mirror SET down_ns = 4000000000000000000", "is damaged ("),
        ("UPDATE mirror SET down_ns = -1", "is damaged ("),
        ("ALTER TABLE frame RENAME COLUMN lag_ns TO leg_ns", "is not the journal it says it is ("),
        ("DROP INDEX note_of_run", "is damaged (the index note_of_run is not as it was made)"),
    ],
)
def test_a_journal_with_impossible_content_is_kept_beside_a_new_one(tmp_path, journal, statement, reason):
    said = check_life(tmp_path / "life", altered(journal, tmp_path, statement))
    assert said[0].startswith(f"{tmp_path}/life/journal.db: {reason}")
    assert "; it is kept as journal.db.damaged-" in said[0]


def test_a_journal_that_sqlite_opens_only_for_reading_because_of_a_flipped_byte_is_kept_beside_a_new_one(
    tmp_path, journal
):
    (sentence, *_) = check_life(tmp_path / "life", with_a_flip(journal, 18, 4))
    assert "is damaged (attempt to write a readonly database); it is kept as" in sentence


def test_an_index_that_somebody_added_harms_nothing(tmp_path, journal):
    assert (
        check_life(tmp_path / "life", altered(journal, tmp_path, "CREATE INDEX mine ON run (camera)", "ANALYZE"))
        == []
    )


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE run SET camera = {NOT_UTF_8}",
        f"UPDATE note SET text = {NOT_UTF_8}",
        f"UPDATE frame SET reason = {NOT_UTF_8}",
        "UPDATE run SET started_wall_ns = 9000000000000000000",
        "UPDATE note SET wall_ns = 9000000000000000000",
        "UPDATE run SET every_ns = 0, count = -1",
        "UPDATE frame SET edges = '[[1, 2]]'",
        "UPDATE frame SET edges = '{}', late_ns = NULL",
        "UPDATE run SET counts = '[]'",
    ],
)
def test_the_log_of_a_journal_with_impossible_content_is_shown_or_refused_in_a_sentence(tmp_path, journal, statement):
    path = tmp_path / "journal.db"
    path.write_bytes(altered(journal, tmp_path, statement))
    for number in (None, 1, 2):
        for ask in (short_log, whole_log):
            try:
                ask(path, number)
            except CommandError as error:
                assert str(path) in error.sentence


def short_log(path, number):
    brief(path, number, UTC)


def whole_log(path, number):
    for how in ({}, {"csv": True}, {"json": True}, {"svg": path.with_name("run.svg")}):
        options = {"run": number, "last": None, "csv": False, "json": False, "svg": None, "state_dir": path.parent}
        run_log(argparse.Namespace(**(options | how)), UTC)


def test_a_pipe_in_its_place_is_kept_beside_a_new_journal(tmp_path):
    os.mkfifo(path := tmp_path / "journal.db")
    with writing(path, told := Told()) as writer:
        begun(writer, told)
    assert f"{path}: is not a file; it is kept as journal.db.damaged-" in told.trouble()
    assert frames_of(path) == {0: "intended"}


def test_the_log_waits_for_no_pipe(tmp_path):
    os.mkfifo(path := tmp_path / "journal.db")
    with pytest.raises(CommandError, match="is not a file; the box sets it aside when it starts"), reading_log(path):
        pytest.fail("a pipe is read")
