"""`backbutton plan` and `plan` at the console, as a user types them."""

import json
import re
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from system.test_daemon import daemon

from controller.cli import main
from controller.client import Client
from controller.console.commands import Session, execute

NIKON = ["camera.profile=nikon-mc-dc2", "camera.back_button_focus=true"]
MIRROR_BULB = [*NIKON, "shot.drive=bulb", "shot.exposure=4m", "shot.mirror_up=3s", "interval.every=5m"]


@pytest.fixture
def plan(tmp_path, capsys):
    """Run the command on a machine without settings files; its status and what it wrote."""

    def plan(*options, settings=()):
        places = ["--config", str(tmp_path / "config.toml"), "--state-dir", str(tmp_path / "state")]
        changes = [word for each in settings for word in ("--set", each)]
        status = main(["plan", *places, *changes, *map(str, options)])
        written = capsys.readouterr()
        return status, written.out, written.err

    return plan


def test_it_prints_the_waveform_the_parts_and_the_run(plan):
    status, out, err = plan(settings=[*MIRROR_BULB, "interval.count=30"])
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["FOCUS", "SHUTTER"]
    assert all(len(line) <= 80 for line in lines[: lines.index("")])
    assert "  at 3.2s     exposure   4m" in lines
    (run,) = [line for line in lines if line.startswith("a run takes")]
    assert re.fullmatch(
        r"a run takes 30 frames, one every 5m, and lasts 2h 29m 3\.53s; "
        r"if started now, it ends on \w{3} \d+ \w{3} \d{4} at \d\d:\d\d:\d\d(, by a clock that is not set)?",
        run,
    )


def test_of_a_plan_that_cannot_work_only_the_reason_is_printed(plan):
    status, out, err = plan(settings=[*MIRROR_BULB, "interval.every=4m"])
    assert (status, out) == (1, "")
    assert err.startswith("backbutton: interval.every is 4m, but a frame takes 243.53s")
    assert len(err.splitlines()) == 1


def test_without_settings_it_names_the_setting_that_is_missing(plan):
    status, _, err = plan()
    assert status == 1
    assert "camera.back_button_focus is not set" in err


def test_the_settings_files_are_read_and_nothing_is_saved(plan, tmp_path):
    (tmp_path / "config.toml").write_text('[camera]\nprofile = "canon-e3"\n')
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "settings.toml").write_text("[interval]\nevery = '9s'\n")
    status, out, _ = plan(settings=["interval.count=2"])
    assert status == 0
    assert "canon-e3: only SHUTTER closes" in out
    assert "a run takes 2 frames, one every 9s, and lasts 9.53s" in out
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["settings.toml"]


def test_an_own_profile_can_be_planned_and_simulated(plan, tmp_path):
    (tmp_path / "cameras").mkdir()
    (tmp_path / "cameras" / "mine.toml").write_text('extends = "canon-e3"\nshutter_default_ms = 250\n')
    status, out, err = plan("--simulate", settings=["camera.profile=mine", "camera.back_button_focus=true"])
    assert (status, err) == (0, "")
    assert "  at 0s     hold  250ms" in out
    assert "the virtual camera took 1 picture" in out


def test_a_body_that_toggles_bulb_with_each_press_is_planned_and_simulated(plan, tmp_path):
    (tmp_path / "cameras").mkdir()
    (tmp_path / "cameras" / "mine.toml").write_text('extends = "nikon-mc-dc2"\nbulb = "toggle"\n')
    settings = ["camera.profile=mine", "camera.back_button_focus=true", "shot.drive=bulb", "interval.every=1m"]
    status, out, err = plan("--simulate", "--svg", tmp_path / "x.svg", settings=[*settings, "shot.exposure=20s"])
    assert (status, err) == (0, "")
    assert "  at 20.1s  ending press  100ms" in out
    assert "the virtual camera took 1 picture (20s)" in out
    status, out, err = plan(settings=[*settings, "shot.exposure=50ms"])
    assert (status, out) == (1, "")
    assert "shot.exposure: 50ms is too short" in err


def test_svg_and_vcd_are_written(plan, tmp_path):
    svg, vcd = tmp_path / "frame.svg", tmp_path / "frame.vcd"
    svg.write_text("what was here before " * 10_000)
    status, _, _ = plan("--svg", svg, "--vcd", vcd, settings=MIRROR_BULB)
    assert status == 0
    assert ET.fromstring(svg.read_text()).tag.endswith("svg")
    assert waves(vcd.read_text()) == [
        (0, "focus", 1),
        (100_000_000, "shutter", 1),
        (200_000_000, "shutter", 0),
        (205_000_000, "focus", 0),
        (3_100_000_000, "focus", 1),
        (3_200_000_000, "shutter", 1),
        (243_200_000_000, "shutter", 0),
        (243_205_000_000, "focus", 0),
    ]


def waves(dump):
    """The edges of a value change dump, read as a viewer does."""
    head, body = dump.split("$enddefinitions $end\n")
    names = dict(re.findall(r"\$var wire 1 (\S) (\w+) \$end", head))
    at, levels, edges = 0, dict.fromkeys(names.values(), 0), []
    for line in body.splitlines():
        if line.startswith("#"):
            at = int(line[1:])
        elif levels[names[line[1]]] != int(line[0]):
            levels[names[line[1]]] = int(line[0])
            edges.append((at, names[line[1]], int(line[0])))
    return edges


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ([*MIRROR_BULB, "interval.count=3"], "simulated 3 of 3 frames: the virtual camera took 3 pictures (3 x 4m)"),
        ([*MIRROR_BULB, "interval.count=99"], "simulated 20 of 99 frames: the virtual camera took 20 pictures"),
        (
            [*NIKON, "shot.drive=bracket", "shot.bracket=1s, 4s", "interval.every=10s"],
            "one frame: the virtual camera took 2 pictures (1s, 4s)",
        ),
        (["camera.back_button_focus=false"], "one frame: the virtual camera took 1 picture"),
        (["camera.back_button_focus=false", "focus.mode=trim"], "one frame: the virtual camera took 1 picture"),
        ([*NIKON, "focus.mode=continuous", "shot.drive=burst"], "one frame: the virtual camera took"),
        ([*NIKON, "shot.self_timer=10s"], "one frame: the virtual camera took 1 picture"),
        ([*NIKON, "interval.start=+2h", "interval.count=2"], "2 of 2 frames: the virtual camera took 2 pictures"),
    ],
)
def test_simulate_reports_what_the_camera_would_take(plan, settings, sentence):
    status, out, err = plan("--simulate", settings=settings)
    assert (status, err) == (0, "")
    assert sentence in out
    assert "the lens did not move" in out


def test_simulate_reports_why_nothing_is_taken(plan):
    status, out, _ = plan("--simulate", settings=[*MIRROR_BULB, "interval.every=4m", "interval.count=2"])
    assert status == 1
    assert "the virtual camera took 0 pictures" in out
    assert "refused in the simulation: interval.every is 4m" in out


def test_a_plain_remote_on_a_factory_body_focuses_for_each_frame(plan):
    settings = [
        "camera.profile=canon-e3",
        "camera.back_button_focus=false",
        "focus.interlock=false",
        "interval.count=2",
    ]
    _, out, _ = plan("--simulate", settings=settings)
    assert "the virtual camera took 2 pictures (2 x 8ms); the camera focused for each frame" in out
    assert "warning: focus.interlock is off" in out


def test_json_is_one_object_with_all_of_it(plan):
    status, out, err = plan("--json", "--simulate", settings=[*MIRROR_BULB, "interval.every=4m"])
    reply = json.loads(out)
    assert status == 1
    assert reply["refusals"] == [err.removeprefix("backbutton: ").strip()]
    assert [part["name"] for part in reply["parts"]] == ["lead", "mirror-up", "settle", "lead", "exposure", "gap"]
    assert reply["exposures"] == [{"begins_ns": 3_200_000_000, "ends_ns": 243_200_000_000}]
    assert reply["run"]["ends_at"] is None
    assert reply["simulated"]["frames"] == [{"exposure_ns": 240_000_000_000, "lens_moved": False}]
    assert json.loads(plan("--json", settings=[*NIKON, "interval.count=2"])[1])["run"]["ends_at"] is not None


@pytest.mark.parametrize(
    ("options", "settings", "sentence"),
    [
        ([], ["shot.drve=bulb"], 'unknown setting "shot.drve"; did you mean shot.drive?'),
        ([], ["interval.every=1ms"], "interval.every: 1ms is below 100ms"),
        ([], ["shot.exposure=2h"], "shot.exposure: 2h must not be above safety.max_exposure"),
        ([], ["shot.drive"], '--set "shot.drive" has no value; write it like --set shot.drive=bulb'),
        ([], ["camera.profile=panasonic-rsl1"], "camera.profile: "),
        (
            [],
            [*NIKON, "shot.drive=bulb", "shot.exposure=1ms", "camera.close_lag=1s"],
            "shot.exposure: 1ms is too short",
        ),
        (["--svg", "{0}/none/x.svg"], NIKON, "/none/x.svg: cannot be written (No such file or directory)"),
        (["--svg", "{0}/x.svg", "--vcd", "/dev/null/x"], NIKON, "/dev/null/x: cannot be written (Not a directory)"),
        (["--vcd", "{0}"], NIKON, "cannot be written (Is a directory)"),
        (["--svg", "{0}/x.svg", "--vcd", "{0}/none/x.vcd"], NIKON, "/none/x.vcd: cannot be written"),
        (["--svg", "{0}/" + "x" * 300], NIKON, "cannot be written (File name too long)"),
        (["--svg", "{0}/x", "--vcd", "{0}/x"], NIKON, "--svg and --vcd are both "),
    ],
)
def test_a_mistake_is_one_sentence_and_writes_nothing(plan, tmp_path, options, settings, sentence):
    status, out, err = plan(*(option.format(tmp_path) for option in options), settings=settings)
    assert (status, out) == (1, "")
    assert err.startswith("backbutton: ")
    assert sentence in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_one_sentence(plan):
    status, out, err = plan("--vcd", "/dev/full", settings=NIKON)
    assert (status, out) == (1, "")
    assert "/dev/full: cannot be written (No space left on device)" in err


def test_the_console_tells_the_same(tmp_path):
    with daemon(tmp_path, "--camera", "nikon-mc-dc2"), closing(Client.connect(tmp_path / "control.sock")) as client:
        session = Session(client.call)
        execute(session, "set interval.count 3")
        answer = execute(session, "plan")
        client.call("settings.set", key="interval.every", value="100ms")
        refused = execute(session, "plan")
    assert answer.text == "one frame with the present settings"
    assert answer.lines[0].startswith("FOCUS    ")
    assert "nikon-mc-dc2: FOCUS closes around SHUTTER" in answer.lines
    assert any("lasts 10.53s; if started now, it ends on" in line for line in answer.lines)
    assert refused.lines[-1].startswith("refused: interval.every is 100ms, but a frame takes 530ms")
