"""The journal when the process is killed or the power goes: no entry that was told is lost, none is torn.

BACKBUTTON_KILLS sets how often the writer is killed (12).
"""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from journals import BOOT, Told, fired, frames_of, intent, reading, run_of, writing

from controller.journal.schema import open_journal

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("BACKBUTTON_KILLS", "12"))
MOST_FRAMES = 60  # that a writer is let live

# Goes on with the run it finds, or begins one. A slot is fired, by a word on the pipe, once its intent is durable.
WRITER = """
import os, sys
from dataclasses import replace
from pathlib import Path
from journals import BOOT, Told, fired, intent, run_of, writing

class Box(Told):
    def on_durable(self, run_id, slot):
        os.write(1, b"%d\\n" % slot)
        writer.advance(run_id, (fired(slot, late_ns=slot),), intent(slot + 1))

    def on_trouble(self, sentence):
        os.write(1, b"trouble: %s\\n" % sentence.encode())

with writing(Path(sys.argv[1]), Box()) as writer:
    found = writer.unfinished
    run, slot = (run_of(writer.new_run_id()), 0) if found is None else (found.run, found.next_slot)
    writer.begin(run) if found is None else writer.resume(run)
    writer.advance(run.run_id, (), intent(slot))
    sys.stdin.read()
"""


def fire_and_be_killed(path, chance):
    """The slots that a writer has fired, until it was killed at any instant."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT
    ) as process:
        try:
            told = [process.stdout.readline() for _ in range(chance.randrange(1, MOST_FRAMES))]
            for _ in range(chance.randrange(20_000)):
                pass  # any instant of what a commit takes
        finally:
            process.send_signal(signal.SIGKILL)
        told += process.stdout.read().splitlines(keepends=True)
    return [int(line) for line in told if line.endswith(b"\n")]


def test_a_kill_loses_no_entry_and_fires_nothing_twice(tmp_path):
    path, chance, slots = tmp_path / "journal.db", random.Random(1), []
    for kill in range(1, KILLS + 1):
        slots += fire_and_be_killed(path, chance)
        assert slots == sorted(set(slots)), "fired twice"
        with reading(path) as reader:
            (summary,) = reader.runs(9)
            frames = list(reader.frames(summary))
        assert [frame.slot for frame in frames] == list(range(len(frames)))
        assert slots[-1] < len(frames), "an intent was told, and is not in the file"
        completed = [frame for frame in frames if frame.outcome == "fired"]
        assert completed == [fired(frame.slot, late_ns=frame.slot) for frame in completed], "torn"
        # Each life may leave one slot of which nobody knows, its last; all before that are completed.
        assert len(frames) - len(completed) <= kill
        assert {frame.slot for frame in frames} - {frame.slot for frame in completed} <= {
            *(frame.slot for frame in frames if frame.outcome == "unknown"),
            len(frames) - 1,
        }
    assert [file.name for file in tmp_path.iterdir() if "damaged" in file.name] == []


def test_a_power_cut_in_the_middle_of_a_commit_leaves_the_commits_before_it(tmp_path):
    path, chance, told = tmp_path / "journal.db", random.Random(2), Told()
    lengths = []  # of the WAL, after each commit
    wal = path.with_name("journal.db-wal")
    with writing(path, told) as writer:
        writer.begin(run_of(1))
        for k in range(40):
            writer.advance(1, (fired(k - 1),) if k else (), intent(k))
            assert told.durable() == (1, k)
            lengths.append(wal.stat().st_size)
        image, log = path.read_bytes(), wal.read_bytes()
    for n in range(60):
        length = chance.randrange(lengths[0], len(log))
        rest = (b"", chance.randbytes(len(log) - length))[n % 2]  # what a disk may have there instead
        copy = tmp_path / f"{n}" / "journal.db"
        copy.parent.mkdir()
        copy.write_bytes(image)
        copy.with_name("journal.db-wal").write_bytes(log[:length] + rest)
        commits = sum(each <= length for each in lengths)
        opened = open_journal(copy)
        opened.connection.close()
        assert opened.sentences == ()
        assert frames_of(copy) == dict.fromkeys(range(commits - 1), "fired") | {commits - 1: "intended"}
        shutil.rmtree(copy.parent)


def test_a_process_that_died_is_followed_by_one_that_knows_what_was_open(tmp_path):
    path = tmp_path / "journal.db"
    slots = fire_and_be_killed(path, random.Random(3))
    with writing(path, Told()) as writer:
        found = writer.unfinished
    assert found.run == run_of(1)
    assert found.is_same_boot
    assert found.next_slot > slots[-1]
    assert found.unknown == (found.next_slot - 1,)
    assert found.run.boot_id == BOOT
