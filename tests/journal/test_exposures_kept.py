"""The journal has the exposure that each frame was asked for, and tells how long it was."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC

import pytest
from journal.ramped_runs import BULB, dusk, even, in_run, run_of, trimmed
from journals import BOOT, MS, T0, S, Told, asked, begun, fired, reading, writing

from controller.cli import main
from controller.core.events import Request
from controller.journal import schema, text
from controller.journal.command import brief, drawn
from controller.journal.picture import draw_run
from controller.journal.records import Advanced, FrameEdge, FrameRecord
from hardware.timeline import Line


def pressed(*edges, due=T0, outcome="fired", bulb_ns=2 * S):
    """A frame whose SHUTTER closed and opened in turn: when it was to, in ms after it was due, and how late it did."""
    turns = enumerate(edges)
    made = [
        FrameEdge(Line.SHUTTER, k % 2 == 0, due + at * MS, None if late is None else due + (at + late) * MS)
        for k, (at, late) in turns
    ]
    return FrameRecord(0, due, outcome, edges=tuple(made), bulb_ns=bulb_ns)


# -- how long it was


@pytest.mark.parametrize(
    ("edges", "exposed_ms"),
    [
        (((0, 0), (2_050, 0)), 2_000),
        (((0, 3), (2_050, 5)), 2_002),
        (((0, 7), (2_050, 0)), 1_993),
        (((-3_000, 9), (-2_800, 9), (0, 1), (2_050, 2)), 2_001),  # with the mirror raised before
        (((0, 1), (200, 90), (2_050, 4), (2_250, 90)), 2_003),  # a body that a second press ends
        (((0, 0), (2_050, None)), None),
        (((0, None),), None),
        ((), None),
    ],
)
def test_a_frame_was_exposed_as_asked_and_by_what_shutter_was_closed_longer(edges, exposed_ms):
    assert pressed(*edges).exposed_ns == (None if exposed_ms is None else exposed_ms * MS)


def test_how_long_a_frame_was_exposed_is_not_known_if_it_was_cut_or_was_no_single_bulb():
    assert pressed((0, 0), (500, 0), outcome="cut").exposed_ns is None
    assert pressed((0, 0), (500, 0), bulb_ns=None).exposed_ns is None


def test_no_frame_was_exposed_for_less_than_no_time():
    assert pressed((0, 0), (100, -1), bulb_ns=0).exposed_ns == 0


# -- what is kept


def test_each_frame_of_a_ramp_has_the_exposure_that_was_asked_for():
    run = even()
    assert len(run.fired) == 21
    late = {10: 8, 11: 8, 12: 8}  # the hand-step of three stops was called and not confirmed
    asked_ns = [frame.bulb_ns for frame in run.frames]
    assert asked_ns == pytest.approx([ns * late.get(slot, 1) for slot, ns in enumerate(run.planned)], rel=1e-6)
    assert [frame.exposed_ns for frame in run.frames] == asked_ns


def test_frames_that_were_not_fired_have_none():
    run = dusk()
    lost = [frame for frame in run.frames if frame.outcome in ("skipped", "unknown")]
    assert {frame.outcome for frame in lost} == {"skipped", "unknown"}
    assert {(frame.bulb_ns, frame.exposed_ns) for frame in lost} == {(None, None)}
    assert all(frame.exposed_ns for frame in run.fired)


def test_before_and_after_a_power_cut_the_exposures_follow_one_ramp():
    run = dusk()
    exact = [frame for frame in run.fired if frame.slot < 37]  # until the first hand-step is called
    assert [frame.bulb_ns for frame in exact] == pytest.approx([run.planned[frame.slot] for frame in exact], rel=1e-6)
    after = [frame.bulb_ns for frame in run.fired if 135 < frame.slot < 159]  # as long as the interval has room for
    assert min(after) == max(after)


def test_a_frame_that_was_ended_early_has_the_exposure_it_was_let():
    run = trimmed()
    assert [round(frame.bulb_ns / S, 2) for frame in run.frames] == [4, 4, 4, 4, 5.04, *4 * [6.35], 2, 6.35, 6.35]
    assert [frame.exposed_ns for frame in run.frames] == [frame.bulb_ns for frame in run.frames]


@pytest.mark.parametrize("camera", ["canon-e3", "nikon-mc-dc2"])
def test_a_frame_that_is_ended_early_is_kept_so_on_every_kind_of_body(camera):
    box = in_run(BULB | {"shot.exposure": "10s", "interval.count": "2"}, 1, camera=camera)
    box.wait_until(run_of(box).grid.due_ns(1) + 4 * S).ask(Request.FIRE)
    box.finish()
    whole, ended = (frame.exposed_ns / S for frame in box.frames)
    assert whole == 10
    assert ended == pytest.approx(4, abs=0.5)


@pytest.mark.parametrize(
    ("settings", "bulbs"),
    [
        ({"shot.drive": "single"}, [None, None]),
        ({"shot.drive": "bracket", "shot.bracket": "1s, 4s"}, [None, None]),
        ({"shot.drive": "bracket", "shot.bracket": "2s"}, [2 * S, 2 * S]),
        ({"shot.drive": "bulb", "shot.exposure": "3s"}, [3 * S, 3 * S]),
        ({"shot.drive": "bulb", "shot.exposure": "3s", "shot.mirror_up": "2s"}, [3 * S, 3 * S]),
    ],
)
def test_a_frame_has_an_exposure_if_it_is_one_bulb(settings, bulbs):
    box = in_run({"interval.every": "30s", "interval.count": "2"} | settings, 1, camera="nikon-mc-dc2").finish()
    assert [frame.bulb_ns for frame in box.frames] == bulbs


def test_a_frame_that_was_cut_has_what_it_was_asked_for_and_not_how_long_it_was():
    box = in_run(BULB | {"shot.exposure": "20s", "interval.count": "4"}, 0)
    box.wait_until(run_of(box).grid.due_ns(1) + 3 * S).ask(Request.CUT)
    box.finish()
    assert [(frame.outcome, frame.bulb_ns, frame.exposed_ns) for frame in box.frames] == [
        ("fired", 20 * S, 20 * S),
        ("cut", 20 * S, None),
    ]


def test_it_takes_no_commit_more():
    def commits(settings):
        box = in_run(settings | {"interval.every": "30s", "interval.count": "5"}, 1).finish()
        return sum(isinstance(entry, Advanced) for entry in box.entries)

    assert commits({"shot.drive": "bulb", "shot.exposure": "2s"}) == commits({})


# -- older journals


def test_a_journal_of_version_4_is_read_and_written_and_has_no_exposures(tmp_path):
    path = tmp_path / "journal.db"
    settings = json.dumps(BULB | {"shot.exposure_end": "8s", "interval.count": "3"})
    with closing(sqlite3.connect(path)) as connection:
        for version in schema.MIGRATIONS[:4]:
            for statement in version:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 4")
        columns = "id, started_wall_ns, started_ns, boot, t0_ns, every_ns, count, camera, focus, settings, belated"
        run = (1, T0, T0, BOOT, T0, 30 * S, 3, "canon-e3", "DIALLED_IN", settings, 0)
        connection.execute(f"INSERT INTO run ({columns}) VALUES ({','.join('?' * len(run))})", run)
        edges = json.dumps([["shutter", 1, 0, 0], ["shutter", 0, 4 * S, 4 * S]])
        connection.execute(
            "INSERT INTO frame (run, slot, at_ns, outcome, edges) VALUES (1, 0, 0, 'fired', ?)", (edges,)
        )
        connection.commit()

    def told():
        with reading(path) as reader:
            summary = reader.run(1)
            (frame,) = reader.frames(summary)
            assert (summary.run.moves, frame.bulb_ns, frame.exposed_ns) == ((), None, None)
            lines = [*text.head(summary, UTC), *text.ledger(summary, [frame])]
            return lines, draw_run(summary, [frame], UTC)

    lines, drawn = told()
    assert lines[-2:] == ["  frame            at   late ms  outcome", "      1   0:00:00.000     0.000  fired"]
    assert not [line for line in lines if "by hand" in line]
    assert "what was done is not drawn: the journal has no exposure of this run" in drawn
    with writing(path, Told()) as writer:
        writer.resume(writer.unfinished.run)
        frame = pressed((0, 0), (2_000, 0), due=T0 + 30 * S)
        writer.advance(1, (replace(frame, slot=1),), None)
    assert asked(path, "PRAGMA user_version") == [(5,)]
    assert asked(path, "SELECT slot, bulb_ns FROM frame ORDER BY slot") == [(0, None), (1, 2 * S)]


# -- the words


def test_the_head_of_a_run_tells_hand_steps_and_trims():
    assert [line for line in text.head(dusk().summary, UTC) if "from frame" in line] == [
        "  by hand   hand-step 1 of 2 from frame 49; trimmed +1/3 from frame 62, +2/3",
        "            from frame 65, +1 from frame 68, 0 from frame 92",
    ]
    narrow = text.head(dusk().summary, UTC, 40)
    begins = narrow.index("  by hand   hand-step 1 of 2 from frame")
    assert narrow[begins + 1 : begins + 5] == [
        "            49; trimmed +1/3 from frame",
        "            62, +2/3 from frame 65, +1",
        "            from frame 68, 0 from frame",
        "            92",
    ]
    assert not [line for line in text.head(even().summary, UTC) if "trimmed" in line]


def test_the_ledger_has_a_column_of_exposures():
    lines = list(text.ledger(even().summary, even().frames))
    assert lines[0] == "  frame            at   late ms    exposed  outcome"
    assert lines[10:15] == [
        "     10   0:04:30.000     0.000     3.482s  fired",
        "     11   0:05:00.000     0.000         4s  fired",
        "     12   0:05:30.000     0.000     4.595s  fired",
        "     13   0:06:00.000     0.000     5.278s  fired",
        "     14   0:06:30.000     0.000    757.9ms  fired",
    ]
    lost = [line for line in text.ledger(dusk().summary, dusk().frames) if line.endswith("skipped: paused")]
    assert lost[0] == "    112   0:55:30.000                       skipped: paused"


def test_in_few_columns_an_exposure_stands_beside_the_outcome():
    lines = list(text.ledger(even().summary, even().frames[12:14], 39))
    assert lines == [
        "frame          at late ms  outcome",
        "   13 0:06:00.000   0.000  fired,",
        "        exposed 5.278s",
        "   14 0:06:30.000   0.000  fired,",
        "        exposed 757.9ms",
    ]


def test_a_run_without_bulbs_is_told_as_before(tmp_path):
    with writing(tmp_path / schema.FILE, told := Told()) as writer:
        number = begun(writer, told)
        writer.advance(number, (fired(0),), None)
    assert brief(tmp_path / schema.FILE, 1, UTC)["lines"][-2:] == [
        "  frame            at   late ms  outcome",
        "      1   0:00:00.000     0.040  fired",
    ]


def test_the_command_line_and_the_page_read_it_from_the_file(tmp_path, capsys):
    box = in_run(BULB | {"interval.count": "3", "shot.exposure": "2s", "shot.exposure_end": "8s"}, 1).finish()
    with closing(sqlite3.connect(tmp_path / schema.FILE)) as file:
        box.journal.connection.backup(file)
    assert main(["log", "--state-dir", str(tmp_path), "1", "--csv", "--svg", str(tmp_path / "run.svg")]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["asked_ns"], row["exposure_ns"]) for row in rows] == [(str(ns * S), str(ns * S)) for ns in (2, 4, 8)]
    picture = (tmp_path / "run.svg").read_text(encoding="utf-8")
    assert "planned" in picture
    assert drawn(tmp_path / schema.FILE, 1, UTC) == picture
    assert [run["moves"] for run in brief(tmp_path / schema.FILE, None, UTC)["runs"]] == [
        [{"slot": 0, "hand_steps": 0, "trim_sixths": 0}]
    ]


def test_programs_get_what_was_asked_for_and_what_was_done():
    run = even()
    rows = [dict(zip(text.FRAME_COLUMNS, text.frame_row(run.summary, frame), strict=True)) for frame in run.frames]
    assert [(row["asked_ns"], row["exposure_ns"]) for row in rows] == [
        (frame.bulb_ns, frame.exposed_ns) for frame in run.frames
    ]
    reply = json.loads(json.dumps(text.whole_reply(run.summary, run.frames, [])))
    assert reply["moves"] == [
        {"slot": 0, "hand_steps": 0, "trim_sixths": 0},
        {"slot": 13, "hand_steps": 1, "trim_sixths": 0},
    ]
    assert reply["ledger"][13]["bulb_ns"] == reply["ledger"][13]["exposed_ns"] == run.frames[13].bulb_ns
