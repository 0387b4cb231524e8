"""`backbutton log`, as a user types it."""

import csv
import io
import json
import os
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from journals import EVERY, MS, T0, S, Told, asked, begun, fired, intent, run_of, skipped, writing

from controller.cli import main, zone
from controller.journal.command import brief
from controller.journal.records import FrameRecord
from controller.journal.schema import FILE


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch):
    monkeypatch.setattr(zone, "machine_zone", lambda: UTC)


@pytest.fixture
def log(tmp_path, capsys):
    """Run the command on a state directory; its status and what it wrote."""

    def log(*options, folder=tmp_path):
        status = main(["log", "--state-dir", str(folder), *map(str, options)])
        written = capsys.readouterr()
        return status, written.out, written.err

    return log


@pytest.fixture
def kept(tmp_path):
    """Three runs: one that is over, one that was broken off, one that is open; and some faults."""
    told = Told()
    with writing(tmp_path / "journal.db", told) as writer:
        writer.note("fault", "the lamp chip has gone")
        first = writer.new_run_id()
        writer.begin(run_of(first, count=4, settings={"interval.every": "5s", "interval.count": "4"}))
        frames = (
            fired(0, 40_000, "confirmed", lag_ns=48_200_000),
            fired(1, 90_000),
            skipped(2),
            fired(3, 2 * MS, "missed"),
        )
        writer.advance(first, frames, None)
        writer.note("fault", "the flash contact stayed closed")
        writer.end(first, "finished")
        second = writer.new_run_id()
        writer.begin(run_of(second, started_wall_ns=None, t0_ns=T0 + 1))
        writer.advance(second, (), intent(0))
        third = writer.new_run_id()
        writer.begin(run_of(third, t0_ns=T0 + 2, every_ns=333_333_333))
        writer.advance(third, (FrameRecord(0, T0 + 2, "cut", "cut"),), intent(1))
    return tmp_path


def test_the_last_runs_are_a_table(log, kept):
    status, out, err = log()
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        " run  started          every s  frames  fired  lost  late ms    99 %  ended",
        "   3  2026-06-21 12:00 0.33333       1      0     1                   open",
        "   2  clock not set          5       1      0     1                   broken off",
        "   1  2026-06-21 12:00       5       4      2     2    0.090   2.000  finished",
        "",
        "notes outside of runs:",
        "  2026-06-21 12:00:10  fault: the lamp chip has gone",
    ]
    assert [line[:4] for line in log("--last", 1)[1].splitlines()[:3]] == [" run", "   3", ""]


@pytest.mark.parametrize("file", ["settings.toml", "config.toml"])
def test_times_are_those_of_the_boxs_zone_whichever_file_sets_it(log, kept, file):
    config = kept / "config.toml"
    (kept / file).write_text('[site]\ntimezone = "Pacific/Auckland"\n')
    lines = log("--config", config)[1].splitlines()
    assert lines[3].startswith("   1  2026-06-22 00:00")
    assert lines[-1] == "  2026-06-22 00:00:10  fault: the lamp chip has gone"
    (told,) = [run for run in json.loads(log("--json", "--config", config)[1]) if run["run"] == 1]
    assert (told["started"], told["is_trusted"]) == ("2026-06-21T12:00:00.000+00:00", True)


def test_settings_that_cannot_be_read_leave_the_log_in_the_machines_zone(log, kept):
    (kept / "config.toml").write_text("this is no setting")
    status, out, err = log("--config", kept / "config.toml")
    assert (status, err) == (0, "")
    assert out.splitlines()[3].startswith("   1  2026-06-21 12:00")


def test_the_widest_run_fits_into_80_columns(log, tmp_path):
    with writing(tmp_path / "journal.db", Told()) as writer:
        writer._last_run_id = 123_455
        number = writer.new_run_id()
        writer.begin(run_of(number, every_ns=31_622_399 * S + 1))
        writer.advance(number, tuple(fired(k, 10**13) for k in range(300)), None)
        writer.end(number, "a very long word for an end")
    assert max(map(len, log()[1].splitlines())) <= 80


def test_a_run_is_told_frame_by_frame(log, kept):
    status, out, err = log(1)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "run 1",
        "  started   2026-06-21 12:00:00",
        "  ended     2026-06-21 12:00:10, finished",
        "  camera    nikon-mc-dc2",
        "  focus     dialled in, single",
        "  grid      4 slots, one every 5s",
        "  settings  interval.every = 5s",
        "            interval.count = 4",
        "  frames    1 fired, 1 confirmed, 1 missed, 1 skipped",
        "  late      half by 0.090 ms, 99 of 100 by 2.000 ms, the worst by 2.000 ms",
        "",
        "  frame            at   late ms  outcome",
        "      1   0:00:00.000     0.040  confirmed, flash after 48.200 ms",
        "      2   0:00:05.000     0.090  fired",
        "      3   0:00:10.000            skipped: paused",
        "      4   0:00:15.000     2.000  missed",
        "",
        "notes:",
        "  2026-06-21 12:00:10  fault: the flash contact stayed closed",
    ]


@pytest.mark.parametrize(
    ("number", "ended", "last"),
    [
        (2, "  ended     broken off: the box went off, and a later run began", "unknown"),
        (3, "  ended     not yet: it goes on, or the box went off", "intended"),
    ],
)
def test_a_run_without_an_end_says_why(log, kept, number, ended, last):
    lines = log(number)[1].splitlines()
    assert ended in lines
    assert "  late      no frame was fired" in lines
    assert lines[-1].endswith(last)


def test_the_last_frames_of_a_run(log, kept):
    lines = log(1, "--last", 2)[1].splitlines()
    assert [line.split()[0] for line in lines[lines.index("") + 2 : -3]] == ["3", "4"]
    assert "  frames    1 fired, 1 confirmed, 1 missed, 1 skipped" in lines


def test_frames_that_were_entered_late_are_marked(log, tmp_path):
    told = Told()
    (tmp_path / "journal.db").mkdir()
    with writing(tmp_path / "journal.db", told) as writer:
        told.trouble()
        number = writer.new_run_id()
        writer.begin(run_of(number))
        writer.advance(number, (fired(0),), intent(1))
        (tmp_path / "journal.db").rmdir()
        told.trouble()
        writer.advance(number, (fired(1),), None)
    rows = log(1)[1].splitlines()
    assert rows[-5] == "      2   0:00:05.000     0.040  fired"
    assert rows[-6] == "      1   0:00:00.000     0.040  fired *"
    assert rows[-4] == "  * recorded late: the journal did not work when the frame was over"
    assert rows[-1].endswith("the journal works again; 2 entries are late")


def test_csv_is_for_a_spreadsheet(log, kept):
    frames = list(csv.DictReader(io.StringIO(log(1, "--csv")[1])))
    assert [(row["slot"], row["at_ns"], row["outcome"], row["late_ns"]) for row in frames] == [
        ("0", "0", "confirmed", "40000"),
        ("1", str(EVERY), "fired", "90000"),
        ("2", str(2 * EVERY), "skipped", ""),
        ("3", str(3 * EVERY), "missed", str(2 * MS)),
    ]
    runs = list(csv.DictReader(io.StringIO(log("--csv")[1])))
    assert [(row["run"], row["outcome"], row["fired"], row["max_ns"]) for row in runs] == [
        ("3", "open", "0", ""),
        ("2", "broken off", "0", ""),
        ("1", "finished", "1", str(2 * MS)),
    ]


def test_json_has_all_of_it(log, kept):
    told = json.loads(log(1, "--json")[1])
    assert told["late"] == {"median_ns": 90_000, "p99_ns": 2 * MS, "max_ns": 2 * MS}
    assert told["ledger"][1]["edges"][2] == {
        "line": "shutter",
        "closed": True,
        "planned_ns": EVERY,
        "actual_ns": EVERY + 90_000,
    }
    assert [note["text"] for note in told["notes"]] == ["the flash contact stayed closed"]
    assert [(run["run"], run["frames"]["unknown"]) for run in json.loads(log("--json")[1])] == [
        (3, 0),
        (2, 1),
        (1, 0),
    ]


def test_a_console_is_told_the_last_runs_and_the_end_of_one_as_data_too(kept):
    path = kept / FILE
    assert [run["run"] for run in brief(path, None, UTC)["runs"]] == [3, 2, 1]
    (run,) = brief(path, 1, UTC)["runs"]
    assert [frame["outcome"] for frame in run["ledger"]] == ["confirmed", "fired", "skipped", "missed"]
    assert json.loads(json.dumps(run)) == run


def test_on_a_narrow_console_a_run_is_a_few_lines_and_the_columns_of_a_ledger_are_close(kept):
    assert brief(kept / FILE, None, UTC, columns=39)["lines"] == [
        " run  started           ended",
        "   3  2026-06-21 12:00  open",
        "      0 fired, 1 lost, every 0.33333 s",
        "   2  clock not set     broken off",
        "      0 fired, 1 lost, every 5 s",
        "   1  2026-06-21 12:00  finished",
        "      2 fired, 2 lost, every 5 s",
        "      late 0.090 ms, 99 % by 2.000 ms",
    ]
    assert brief(kept / FILE, 1, UTC, columns=39)["lines"][-7:] == [
        "frame          at late ms  outcome",
        "    1 0:00:00.000   0.040  confirmed,",
        "        flash after 48.200 ms",
        "    2 0:00:05.000   0.090  fired",
        "    3 0:00:10.000          skipped:",
        "        paused",
        "    4 0:00:15.000   2.000  missed",
    ]


def test_a_run_is_drawn(log, kept):
    picture = kept / "run.svg"
    status, _, _ = log(1, "--svg", picture)
    assert status == 0
    texts = [each.text for each in ET.fromstring(picture.read_text()).iter() if each.tag.endswith("text")]
    assert "run 1: 4 frames with nikon-mc-dc2, finished" in texts
    assert {"missed", "skipped", "half", "99 of 100", "10 us", "10 ms"} <= {*texts}
    assert "cut" not in texts


def test_the_last_run_is_drawn_if_none_is_named_and_nothing_fired_is_said(log, kept):
    picture = kept / "run.svg"
    status, out, _ = log("--svg", picture)
    assert (status, out.splitlines()[0]) == (0, "run 3")
    assert "no frame was fired" in picture.read_text()


@pytest.mark.parametrize("frames", [1, 100, 5000])
def test_a_picture_does_not_grow_with_the_run(log, tmp_path, frames):
    with writing(tmp_path / "journal.db", Told()) as writer:
        number = writer.new_run_id()
        writer.begin(run_of(number))
        writer.advance(number, tuple(fired(k, 1000 * (k % 97)) for k in range(frames)), None)
    assert log(1, "--svg", tmp_path / "run.svg")[0] == 0
    text = (tmp_path / "run.svg").read_text()
    assert len(text) < 50_000
    bars = [rect for rect in ET.fromstring(text).iter() if rect.get("fill-opacity") == "0.8"]
    assert len(bars) == min(frames, len(bars))
    for bar in bars:
        assert 0 <= float(bar.get("x")) <= 830
        assert 70 <= float(bar.get("y")) <= 262


# While the daemon writes, and where we may not


def test_it_is_read_while_a_daemon_writes(log, tmp_path):
    told = Told()
    with writing(tmp_path / "journal.db", told) as writer:
        number = begun(writer, told)
        for k in range(20):
            writer.advance(number, (fired(k),), intent(k + 1))
            assert told.durable() == (number, k + 1)
            assert log(number)[1].splitlines()[-1].split()[0] == str(k + 2)
    assert told.is_silent


@pytest.mark.parametrize("has_died", [False, True])
def test_it_is_read_where_nothing_may_be_written(log, capsys, has_died):
    folder = Path(tempfile.mkdtemp(prefix="journal"))  # not below tmp_path, where nobody but us may go
    told = Told()
    try:
        with writing(folder / "live.db", told) as writer:
            number = begun(writer, told)
            writer.advance(number, (fired(0),), intent(1))
            assert told.durable() == (number, 1)
            if has_died:  # what a killed daemon leaves, after a power cut: all is in the WAL, and nothing to share
                shutil.copy(folder / "live.db", folder / "journal.db")
                shutil.copy(folder / "live.db-wal", folder / "journal.db-wal")
        if not has_died:
            (folder / "live.db").rename(folder / "journal.db")
        before = sorted(file.name for file in folder.iterdir())
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        try:
            status, out, err = log(1, folder=folder)
        finally:
            if is_root:
                os.seteuid(0)
        assert (status, err) == (0, "")
        assert "intended" in out.splitlines()[-1]
        assert "fired" in out.splitlines()[-2]
        assert sorted(file.name for file in folder.iterdir()) == before
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


# Mistakes


def test_without_a_journal_it_says_so(log, tmp_path):
    status, out, err = log()
    where = "the box begins it when it starts, and --state-dir names its folder"
    assert (status, out, err) == (1, "", f"backbutton: {tmp_path}/journal.db: there is no journal; {where}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_journal_without_runs(log, tmp_path):
    with writing(tmp_path / "journal.db", Told()):
        pass
    assert log() == (0, "no run yet\n", "")
    assert log("--json") == (0, "[]\n", "")
    assert log("--svg", tmp_path / "x.svg")[2] == "backbutton: no run to draw in the journal; there is none yet\n"
    assert not (tmp_path / "x.svg").exists()


def test_a_run_that_is_not_there(log, kept):
    assert log(9) == (1, "", "backbutton: no run 9 in the journal; the last one is run 3\n")


def test_files_that_cannot_be_read_are_one_sentence_and_stay_as_they_are(log, kept):
    path = kept / "journal.db"
    asked(path, "PRAGMA user_version = 9")
    said = "was written by a newer version of backbutton; read it with that one"
    assert log()[2] == f"backbutton: {path}: {said}\n"
    path.write_bytes(b"no journal at all " * 1000)
    said = "the journal is damaged (file is not a database); the box sets it aside when it starts"
    assert log()[2] == f"backbutton: {path}: {said}\n"
    path.unlink()
    path.mkdir()
    assert log()[2] == f"backbutton: {path}: the journal cannot be read (there is a folder in its place)\n"


def test_a_picture_that_cannot_be_written_is_one_sentence(log, kept):
    status, out, err = log(1, "--svg", kept)
    assert (status, out) == (1, "")
    assert err == f"backbutton: {kept}: cannot be written (there is a folder in its place)\n"


@pytest.mark.parametrize("words", [["x"], ["0"], ["--last", "-1"], ["--last", "1e3"], ["9" * 30]])
def test_what_is_no_number_is_refused(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["log", *words])
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_frame_that_may_have_focused_is_told_with_its_lag_once_and_drawn(log, tmp_path):
    reason = "confirmed, may have focused: lag 201.0 ms, usually 54.0 ms"
    with writing(tmp_path / "journal.db", Told()) as writer:
        number = writer.new_run_id()
        writer.begin(run_of(number, count=2))
        late = replace(fired(1, outcome="suspected", lag_ns=201_000_000), reason=reason)
        writer.advance(number, (fired(0, outcome="confirmed", lag_ns=54_000_000), late), None)
        writer.end(number, "finished")
    lines = log(number)[1].splitlines()
    assert "  frames    1 confirmed, 1 suspected" in lines
    assert lines[-1] == f"      2   0:00:05.000     0.040  suspected: {reason}"
    (told,) = json.loads(log("--json")[1])
    assert (told["frames"]["confirmed"], told["frames"]["suspected"]) == (1, 1)
    assert log()[1].splitlines()[1].split()[4:7] == ["2", "2", "0"]  # frames, fired, lost
    assert log(number, "--svg", tmp_path / "run.svg")[0] == 0
    assert "suspected" in (tmp_path / "run.svg").read_text()
