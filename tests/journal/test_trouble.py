"""The journal when the disk is full, read-only, gone or damaged: it is told once, and nothing that can be kept is lost."""

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from journals import (
    PATIENCE_S,
    T0,
    Told,
    asked,
    begun,
    fired,
    frames_of,
    intent,
    reading,
    run_of,
    writing,
)

from controller.journal import damage, schema
from controller.journal.records import FrameRecord

ROOT = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "journal.db"


def filled(path, frames=200):
    """A journal with a run in it, closed."""
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        for k in range(frames):
            writer.advance(number, (fired(k),), intent(k + 1))
    assert told.is_silent
    return path


def belated(path):
    with reading(path) as reader:
        return {frame.slot: frame.is_belated for frame in reader.frames(reader.runs(1)[0])}


# Damaged files


def garble(path, begins, length):
    with path.open("r+b") as file:
        file.seek(begins)
        file.write(random.Random(0).randbytes(length))


@pytest.mark.parametrize(("begins", "length"), [(20_000, 12_000), (0, 4096), (8192, 4096)])
def test_a_damaged_file_is_kept_beside_a_new_one(path, begins, length):
    garble(filled(path), begins, length)
    before, told = path.read_bytes(), Told()
    with writing(path, told) as writer:
        sentence = told.trouble()
        assert writer.is_working
        begun(writer, told)
    (kept,) = [file for file in path.parent.iterdir() if ".damaged-" in file.name and file.suffix != "-wal"]
    assert kept.read_bytes() == before
    assert sentence.startswith(f"{path}: is damaged (")
    assert sentence.endswith(f"it is kept as {kept.name}, and a new journal is begun")
    assert frames_of(path) == {0: "intended"}
    with reading(path) as reader:
        assert [note.text for note in reader.notes(None)] == [sentence]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (("CREATE TABLE recipe (soup TEXT)",), "is not a journal of backbutton"),
        ((f"PRAGMA application_id = {schema.APPLICATION_ID}", "PRAGMA user_version = 1", "CREATE TABLE run (id INTEGER)"),
         "is not the journal it says it is (no such column: started_wall_ns)"),
    ],
)  # fmt: skip
def test_a_database_that_is_no_journal_is_kept_beside_a_new_one(path, make, said):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        for statement in make:
            connection.execute(statement)
    told = Told()
    with writing(path, told) as writer:
        begun(writer, told)
    assert f"{path}: {said}; it is kept as journal.db.damaged-" in told.trouble()
    assert frames_of(path) == {0: "intended"}


def test_damaged_files_of_the_same_second_are_all_kept(path, monkeypatch):
    monkeypatch.setattr(damage, "date_stamp", lambda: "20260621-120000")
    path.parent.mkdir()
    for text in ("one", "two", "three"):
        path.write_text(text * 2000)
        with writing(path, Told()):
            pass
    kept = {file.name: file.read_text()[:3] for file in path.parent.iterdir() if "damaged" in file.name}
    stamped = "journal.db.damaged-20260621-120000"
    assert kept == {stamped: "one", f"{stamped}-2": "two", f"{stamped}-3": "thr"}


def test_an_empty_file_is_begun(path):
    path.parent.mkdir()
    path.touch()
    with writing(path, told := Told()) as writer:
        begun(writer, told)
    assert told.is_silent
    assert frames_of(path) == {0: "intended"}


def test_a_file_that_is_found_damaged_during_a_run_is_set_aside_and_the_run_goes_on(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        writer.advance(number, (fired(0),), intent(1))
        assert told.durable() == (number, 1)
        asked(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        asked(path, "PRAGMA user_version = 1")  # somebody else has written, so that nothing is believed unread
        asked(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        garble(path, 4096, path.stat().st_size - 4096)
        writer.advance(number, (fired(1),), intent(2))
        assert told.durable() == (number, 2)
        assert "is damaged (database disk image is malformed); it is kept as journal.db.damaged-" in told.trouble()
        assert "the journal cannot be written" in told.trouble()
        assert told.trouble() == f"{path}: the journal works again; 1 entry is late"
    assert frames_of(path) == {1: "fired", 2: "intended"}
    assert belated(path) == {1: True, 2: False}
    with reading(path) as reader:
        (summary,) = reader.runs(9)
        assert (summary.run, summary.is_belated) == (run_of(number), True)


# Folders


def test_a_folder_that_is_missing_is_made(tmp_path):
    path = tmp_path / "var" / "lib" / "journal.db"
    with writing(path, told := Told()) as writer:
        begun(writer, told)
    assert told.is_silent


def test_a_folder_that_vanishes_during_a_run_is_noticed_and_the_run_goes_on_in_a_new_file(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        shutil.rmtree(path.parent)
        writer.advance(number, (fired(0),), intent(1))
        assert told.durable() == (number, 1)
        assert (
            told.trouble()
            == f"{path}: the journal cannot be written (no such file or directory); frames go on without it"
        )
        assert told.trouble() == f"{path}: the journal works again; 1 entry is late"
        assert writer.is_working
        writer.advance(number, (fired(1),), intent(2))
        assert told.durable() == (number, 2)
    assert belated(path) == {0: True, 1: False, 2: False}
    assert told.is_silent


@pytest.fixture
def powerless():
    """A folder in which only root may write, and we are not root."""
    folder = Path(tempfile.mkdtemp(prefix="journal"))
    is_root = os.geteuid() == 0
    if is_root:
        folder.chmod(0o755)
        os.seteuid(NOBODY)
    else:
        folder.chmod(0o555)

    def give():
        if is_root:
            os.seteuid(0)
        folder.chmod(0o777)
        if is_root:
            os.seteuid(NOBODY)

    yield folder, give
    if is_root:
        os.seteuid(0)
    shutil.rmtree(folder)


def test_what_happens_while_the_folder_is_read_only_is_written_when_it_is_not(powerless):
    folder, give = powerless
    path, told = folder / "journal.db", Told()
    with writing(path, told) as writer:
        assert (
            told.trouble() == f"{path}: the journal cannot be written (it cannot be opened); frames go on without it"
        )
        assert not writer.is_working
        number = writer.new_run_id()
        writer.begin(run_of(number))
        writer.advance(number, (fired(0),), intent(1))
        assert told.is_silent
        give()
        assert told.durable() == (number, 1)
        assert told.trouble() == f"{path}: the journal works again; 2 entries are late"
        assert writer.is_working
        writer.end(number, "finished")
    assert frames_of(path) == {0: "fired"}  # whoever ends a run fires nothing more
    assert belated(path) == {0: True}


def test_numbers_given_out_in_the_dark_do_not_meet_those_of_the_file(path, tmp_path):
    filled(path, frames=3)
    away = tmp_path / "away"
    path.parent.rename(away)
    path.parent.write_text("in the way")
    told = Told()
    with writing(path, told) as writer:
        assert "the journal cannot be written (file exists)" in told.trouble()
        number = writer.new_run_id()
        assert number == 1
        writer.begin(run_of(number, t0_ns=T0 + 1))
        writer.advance(number, (FrameRecord(0, T0 + 1, "skipped", "late"),), None)
        path.parent.unlink()
        away.rename(path.parent)
        assert "works again; 2 entries are late" in told.trouble()
        writer.end(number, "finished")
    assert frames_of(path, 1) == {0: "fired", 1: "fired", 2: "fired", 3: "unknown"}
    assert frames_of(path, 2) == {0: "skipped"}


# Full disks


@contextmanager
def no_file_longer_than(length):
    """What a disk does that takes no more, for files of this process."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_a_disk_that_takes_no_more_is_told_once_and_all_is_kept(path):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        with no_file_longer_than(20_000):
            for k in range(50):
                writer.advance(number, (fired(k),), intent(k + 1))
            assert "the journal cannot be written (the disk does not take it)" in told.trouble()
            assert not writer.is_working
        assert "the journal works again; " in told.trouble()
    assert told.is_silent
    assert frames_of(path) == dict.fromkeys(range(50), "fired") | {50: "intended"}
    assert belated(path)[49]


ON_A_SMALL_DISK = """
import os, subprocess, sys
from pathlib import Path
from journals import Told, begun, fired, frames_of, intent, writing

folder, told = Path(sys.argv[1]), Told()
path, ballast = folder / "journal.db", folder / "ballast"

with writing(path, told) as writer:
    number = begun(writer, told)
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(descriptor, b"x" * 4096)
    except OSError:
        os.close(descriptor)
    for k in range(5):
        writer.advance(number, (fired(k),), intent(k + 1))
    print(told.trouble())
    ballast.unlink()
    print(told.trouble())
    for k in range(5):
        assert told.durable() == (number, k + 1)
print(frames_of(path))

# A disk that the kernel has made read-only, as it does with a card that fails.
subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
with writing(path, told) as writer:
    print(told.trouble())
    writer.end(number, "cut", "the box was off")
    subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
    print(told.trouble())
    print(writer.unfinished.next_slot, writer.unfinished.unknown)
assert told.is_silent
"""


def test_a_disk_that_is_really_full_stops_nothing(tmp_path):
    mount = f"mount -t tmpfs -o size=512k none {tmp_path} && exec {sys.executable} -c '{ON_A_SMALL_DISK}' {tmp_path}"
    may = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "none", str(tmp_path)], check=False, capture_output=True
    )
    if may.returncode != 0:
        pytest.skip("this system lets nobody mount a disk of his own")
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    command = ["unshare", "-rm", "sh", "-c", mount]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"{tmp_path}/journal.db: the journal cannot be written (the disk is full); frames go on without it",
        f"{tmp_path}/journal.db: the journal works again; 5 entries are late",
        str(dict.fromkeys(range(5), "fired") | {5: "intended"}),
        f"{tmp_path}/journal.db: the journal cannot be written (it can only be read); frames go on without it",
        f"{tmp_path}/journal.db: the journal works again; 1 entry is late",
        "6 (5,)",
    ]


# The queue


@contextmanager
def held(path):
    """Another program holds the file, so that nothing can be written."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def test_more_than_is_kept_is_told_at_once_and_lost(path, monkeypatch):
    monkeypatch.setattr(schema, "BUSY_S", 0.0)
    told = Told()
    with writing(path, told, room=4) as writer:
        number = begun(writer, told)
        with held(path):
            writer.advance(number, (fired(0),), None)
            assert "the journal cannot be written (another program holds it)" in told.trouble()
            for k in range(1, 10):
                writer.advance(number, (fired(k),), None)
            assert told.trouble() == "the journal cannot keep up: 4 entries wait for the disk, more are lost"
            assert told.is_silent
        said = {told.trouble(), told.trouble()}
        assert said == {
            f"{path}: the journal works again; 4 entries are late",
            "the journal keeps up again; 6 entries were lost",
        }
    assert told.is_silent
    assert frames_of(path) == dict.fromkeys(range(4), "fired")
    with reading(path) as reader:
        assert {note.text for note in reader.notes(number)} == said


@pytest.fixture
def attempt(monkeypatch):
    """Wait for the next attempt to open the journal."""
    attempts, opened = threading.Semaphore(0), schema.open_journal

    def open_journal(path):
        attempts.release()
        return opened(path)

    monkeypatch.setattr("controller.journal.writer.open_journal", open_journal)
    return lambda: attempts.acquire(timeout=PATIENCE_S)


def test_it_is_tried_again_and_again_and_told_once(path, monkeypatch, attempt):
    monkeypatch.setattr(schema, "BUSY_S", 0.0)
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        with held(path):
            writer.advance(number, (fired(0),), intent(1))
            assert "cannot be written" in told.trouble()
            assert all(attempt() for _ in range(10))
            assert told.is_silent
        assert "works again; 1 entry is late" in told.trouble()
        assert told.durable() == (number, 1)


def test_pauses_grow_up_to_a_bound(path, attempt):
    path.parent.mkdir()
    path.mkdir()
    told = Told()
    with writing(path, told, pauses_s=(0.001, 0.005)) as writer:
        assert "cannot be written" in told.trouble()
        assert all(attempt() for _ in range(6))
        assert writer._pause_s == 0.005
        path.rmdir()
        assert "works again" in told.trouble()
        begun(writer, told)
    assert writer._pause_s == 0.0


def test_it_stops_though_the_disk_takes_nothing(path, caplog):
    path.parent.mkdir()
    path.mkdir()
    told = Told()
    with writing(path, told, pauses_s=(1000.0, 1000.0)) as writer:
        writer.begin(run_of(1))
    assert not writer._thread.is_alive()
    assert "cannot be written" in told.trouble()
    assert "1 entry of the journal is lost" in caplog.text


def test_an_entry_that_cannot_be_written_is_told_and_the_others_are(path, caplog, monkeypatch):
    monkeypatch.setattr(schema, "BUSY_S", 30.0)
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        with held(path):  # so that they wait together
            writer.advance(number, (fired(0),), None)
            writer.advance(number, (FrameRecord(1, 1 << 70, "fired"),), None)
            writer.advance(number, (fired(2),), intent(3))
            writer.advance(99, (fired(7),), None)
            writer.advance(number, (fired(4),), intent(5))
        faults = [told.trouble() for _ in range(2)]
        assert told.durable() == (number, 3)
        assert told.durable() == (number, 5)
        assert writer.is_working
    assert all(
        fault.startswith("the journal cannot take an entry, because of a mistake in backbutton: ") for fault in faults
    )
    assert "OverflowError" in faults[0]
    assert "KeyError(99)" in faults[1]
    assert "because of a mistake in backbutton" in caplog.text
    assert set(frames_of(path)) == {0, 2, 3, 4, 5}


def test_a_fault_in_the_thread_is_told_and_raises_nothing(path, caplog):
    told = Told()
    with writing(path, told) as writer:
        number = begun(writer, told)
        writer._on_durable = None  # a fault of whoever listens
        writer.advance(number, (fired(0),), intent(1))
        assert told.trouble().startswith("the journal stopped, and frames are not entered: TypeError")
        assert not writer.is_working
        writer.advance(number, (fired(1),), intent(2))  # and nobody is blocked
    assert frames_of(path) == {0: "fired", 1: "intended"}


def test_a_journal_that_opens_after_the_start_reports_what_was_left_open(path, monkeypatch):
    told, opening, opened = Told(), threading.Event(), threading.Event()
    with writing(path, told) as writer:
        begun(writer, told)

    def slow_open(where):
        assert opening.wait(PATIENCE_S)
        return schema.open_journal(where)

    monkeypatch.setattr("controller.journal.writer.START_PATIENCE_S", 0.01)
    monkeypatch.setattr("controller.journal.writer.open_journal", slow_open)
    with writing(path, told, on_open=opened.set) as writer:
        assert (writer.has_opened, writer.unfinished) == (False, None)
        opening.set()
        assert opened.wait(PATIENCE_S)
        assert writer.unfinished.run.run_id == 1


def test_a_journal_that_opens_in_time_is_not_reported_as_late(path):
    opened = threading.Event()
    with writing(path, Told(), on_open=opened.set) as writer:
        assert writer.has_opened
    assert not opened.is_set()
