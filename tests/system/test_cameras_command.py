"""`backbutton cameras` and `cameras` at the console, as a user types them."""

import json
import subprocess
import sys
from contextlib import closing

import pytest
from support import play
from system.test_daemon import daemon

from config.cameras import profile_ids
from controller.cli import main
from controller.client import Client
from controller.console.commands import Session, execute
from controller.console.completion import completions
from controller.errors import CommandError

PROGRAM = [sys.executable, "-m", "controller.cli"]

BODIES = ["miniepm1", "miniepm2"]  # whose names begin like that of the profile


@pytest.fixture
def config(tmp_path):
    (tmp_path / "cameras").mkdir()
    return tmp_path / "config.toml"


@pytest.fixture
def own(config):
    def own(name, text):
        path = config.parent / "cameras" / name
        path.write_text(text)
        return path

    return own


@pytest.fixture
def cameras(config, capsys):
    """Run the command; its status and what it wrote."""

    def cameras(*arguments):
        places = ("--config", str(config), "--state-dir", str(config.parent / "state"))
        status = main(["cameras", *places, *map(str, arguments)])
        written = capsys.readouterr()
        return status, written.out, written.err

    return cameras


def test_the_list_shows_which_cameras_work_and_why_others_do_not(cameras, own):
    own("mine.toml", 'extends = "canon-e3"\n')
    own("broken.toml", "bulb = 5\n")
    own("My Camera.toml", "")
    status, out, err = cameras()
    works, caveats, cannot, faulty = out.split("\n\n")
    assert (status, err) == (0, "")
    assert works.startswith(
        "These work with two plain contacts:\n  canon-e3             Canon E3, 2.5 mm 3-pole jack (RS"
    )
    assert "  mine                 Canon E3, 2.5 mm 3-pole jack (RS-60E3)\n                       own: /" in works
    assert "\n  generic " in caveats
    assert "\n  panasonic-rsl1       Panasonic: 2.5 mm 4-pole (DMW-RSL1)\n" in cannot
    assert "                       the port is a resistor ladder; two plain contacts to\n" in cannot
    assert "\n  broken " in faulty
    assert "rename it" in " ".join(faulty.split())
    assert all(sum(line.startswith(f"  {each} ") for line in out.splitlines()) == 1 for each in profile_ids())


def test_everything_fits_80_columns_at_the_console_too(cameras, own):
    own("no-spaces.toml", f'extends = "generic"\nnotes = "{"x" * 200}"\nmodels_note = """a\n\n\nb"""\n')
    for arguments in ((), *((each,) for each in (*profile_ids(), "no-spaces"))):
        status, out, _ = cameras(*arguments)
        assert status == 0
        assert max(map(len, out.splitlines())) < 80


def test_one_camera_is_described_with_the_grade_of_each_fact(cameras):
    _, out, _ = cameras("Nikon-MC-DC2")
    lines = out.splitlines()
    assert lines[:3] == [
        "nikon-mc-dc2 - Nikon MC-DC2 accessory terminal",
        "It works with two plain contacts.",
        "Overall confidence: high. Profile: built in.",
    ]
    for line in (
        "  FOCUS                      yellow (single source)",
        "  SHUTTER                    red (single source)",
        "  fires on SHUTTER alone     no (confirmed)",
        "  FOCUS open between frames  not known",
        "  FOCUS leads SHUTTER by     100ms (assumed)",
        "  SHUTTER closed for         100ms (single source)",
        "  - after                    30s (single source)",
        "  SHUTTER                    hold (confirmed)",
        "  - inferred: wake.lead_ms (read for the D1)",
        "  - gohilurvish/NikonWiredShutterSerial",
    ):
        assert line in lines
    assert "the camera takes the picture by itself" in out
    assert "  2. Bodies without it: Custom Settings > f Controls > Assign AE-L/AF-L" in out
    assert "Zf, Zfc, Z30" in " ".join(out.split())


def test_the_description_of_an_unusable_camera_starts_with_the_reason(cameras):
    _, out, _ = cameras("panasonic-rsl1")
    assert "It does not work with two plain contacts: the port is a resistor ladder;" in out.splitlines()[1]
    assert "  FOCUS                      not known" in out.splitlines()


@pytest.mark.parametrize("profile_id", profile_ids())
def test_one_camera_as_json_has_times_in_nanoseconds(cameras, profile_id):
    status, out, _ = cameras(profile_id, "--json")
    facts = json.loads(out)
    assert (status, facts["id"], facts["origin"]) == (0, profile_id, "built in")
    assert facts["how_sure"]["brand"]
    assert isinstance(facts["wake"]["lead_ns"], int)
    assert facts["is_usable"] == (facts["why_not"] == "")


def test_the_list_as_json(cameras, own):
    path = own("broken.toml", "bulb = 5\n")
    rows = json.loads(cameras("--json")[1])
    assert [row["id"] for row in rows] == sorted([*profile_ids(), "broken"])
    broken = next(row for row in rows if row["id"] == "broken")
    assert broken["faults"][0] == f"{path}: bulb: 5 is not one of hold, toggle, none"
    generic = next(row for row in rows if row["id"] == "generic")
    assert (generic["supported"], generic["is_usable"], generic["confidence"]) == ("with-caveats", True, "medium")


def test_an_unknown_camera_is_refused_with_a_suggestion(cameras):
    status, out, err = cameras("canon-e4")
    assert (status, out) == (1, "")
    assert err == 'backbutton: no camera is called "canon-e4"; did you mean canon-e3?\n'


def test_a_check_reports_every_fault_of_a_file(cameras, own, tmp_path):
    own("base.toml", 'extends = "canon-e3"\n')
    path = tmp_path / "mine.toml"
    path.write_text('extends = "base"\nmin_gap_ms = 0\nbulb = 5\n')
    status, out, err = cameras("--check", path)
    assert (status, out) == (1, "")
    assert err == (
        f"backbutton: {path}: min_gap_ms: 0 is not a whole number from 1 to 60000\n"
        f"{path}: bulb: 5 is not one of hold, toggle, none\n"
    )
    status, out, _ = cameras("--check", path, "--json")
    assert (status, len(json.loads(out)["faults"])) == (1, 2)
    path.write_text('extends = "base"\n')
    assert cameras("--check", path) == (0, f"{path}: no faults\n", "")
    assert json.loads(cameras("--check", path, "--json")[1]) == {"file": str(path), "faults": []}
    path.write_text('extends = "leica-rsl1"\n')
    assert cameras("--check", path)[1].startswith(f"{path}: no faults; but mine cannot be wired")


def test_a_camera_and_a_check_do_not_go_together(cameras, capsys):
    with pytest.raises(SystemExit) as caught:
        cameras("canon-e3", "--check", "x.toml")
    assert caught.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def test_the_virtual_bench_refuses_an_unusable_camera(tmp_path):
    script = tmp_path / "a.session"
    script.write_text("at 0s tap back\n")
    arguments = ("simulate", "--camera", "panasonic-rsl1", "--fast", "--script", str(script))
    result = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("backbutton: camera.profile: panasonic-rsl1 does not work")
    assert len(result.stderr.splitlines()) == 1


def test_the_console_tells_the_same(cameras):
    outcome = play(
        """
        at 0s > cameras
        at 1s > cameras canon-e3
        at 2s > cameras canon-e4
        at 3s > cameras --json
        at 4s > set camera.profile panasonic-rsl1
        """
    )
    for arguments in ((), ("canon-e3",)):
        text = cameras(*arguments)[1]
        narrated = [line.strip() for line in outcome.narration.splitlines()]
        assert [line for line in text.splitlines() if line.strip() and line.strip() not in narrated] == []
    assert outcome.reasons[0] == 'no camera is called "canon-e4"; did you mean canon-e3?'
    assert outcome.reasons[1].startswith("camera.profile: panasonic-rsl1 does not work with two plain contacts")


def test_a_running_box_knows_its_own_profiles(tmp_path, own):
    path = own("mine.toml", 'extends = "canon-e3"\nmin_gap_ms = 400\n')
    own("broken.toml", "bulb = 5\n")
    with daemon(tmp_path), closing(Client.connect(tmp_path / "control.sock")) as box:
        origins = {row["id"]: row["origin"] for row in box.call("cameras")}
        assert origins["mine"] == str(path)
        assert origins["canon-e3"] == "built in"
        assert box.call("settings.set", key="camera.profile", value="mine")["value"] == "mine"
        assert box.call("cameras", profile="mine")["gap_ns"] == 400_000_000
        with pytest.raises(CommandError, match="bulb: 5 is not one of") as caught:
            box.call("settings.set", key="camera.profile", value="broken")
        assert caught.value.word == "value"
        with pytest.raises(CommandError, match="no camera is called") as caught:
            box.call("cameras", profile="nine")
        assert caught.value.word == "unknown"
        assert box.call("status")["camera"] == "mine"
        listed = execute(Session(box.call), "cameras").lines
        assert [line.split()[0] for line in listed if line.startswith(("  mine ", "  broken "))] == ["mine", "broken"]
        assert "These files have faults and cannot be used:" in listed
        assert completions(Session(box.call), "set camera.profile ", "min") == ["mine", *BODIES]


def test_a_box_with_a_damaged_profile_does_not_start_and_names_the_file(tmp_path, own):
    path = own("broken.toml", 'extends = "canon-e3"\nbulb = 5\n')
    (tmp_path / "none.toml").write_text('[camera]\nprofile = "broken"\n')
    places = ("--config", tmp_path / "none.toml", "--state-dir", tmp_path, "--socket", tmp_path / "control.sock")
    command = [*PROGRAM, "run", "--bench", *map(str, places)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 1
    where = f"{tmp_path}/none.toml: camera.profile: {path}"
    assert result.stderr == f"backbutton: {where}: bulb: 5 is not one of hold, toggle, none\n"
