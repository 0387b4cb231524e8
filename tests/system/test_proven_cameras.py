"""What was proven on a box, as a user sees it: `cameras`, `--share`, `--check`, the console, and the checks of a plan."""

import json
import os
import subprocess
import sys
from contextlib import closing

import pytest
from system.test_daemon import daemon

from controller.cli import main
from controller.client import Client
from controller.console.commands import Session, execute

PROGRAM = [sys.executable, "-m", "controller.cli"]
PROVEN = """\
# Written by a proof.
extends = "nikon-mc-dc2"
min_gap_ms = 500
bulb_min_ms = 300
exposure_lag_ms = 47
shutter_default_ms = 100
proven = ["min_gap_ms (gaps of 500 ms work, of 330 ms not)", "bulb_min_ms (bulbs of 300 ms work, of 200 ms not)",
  "exposure_lag_ms (median of 10 by the flash contact, spread 3.4 ms)", "shutter_default_ms (presses of 10 ms work)"]

[proof]
body = "D750"
date = "2026-06-21"
"""


@pytest.fixture
def state(tmp_path):
    state = tmp_path / "state"
    (state / "cameras").mkdir(parents=True)
    (state / "cameras" / "nikon-mc-dc2.toml").write_text(PROVEN)
    return state


@pytest.fixture
def backbutton(state, capsys):
    """Run a command with the places of a box; its status and what it wrote."""

    def run(command, *arguments):
        places = ("--config", str(state.parent / "config.toml"), "--state-dir", str(state))
        status = main([command, *places, *map(str, arguments)])
        written = capsys.readouterr()
        return status, written.out, written.err

    return run


def test_a_camera_shows_for_each_key_that_it_is_proven_body_date_how_and_what_was_shipped(backbutton):
    status, out, err = backbutton("cameras", "D750")
    lines = out.splitlines()
    assert (status, err) == (0, "")
    assert max(map(len, lines)) < 80
    start = lines.index("Proven on D750, 2026-06-21")
    section = lines[start : lines.index("", start)]
    assert len(section) == 1 + 4 * 2, "each key, and how"
    at = section.index("  min_gap_ms                 500ms; shipped: 330ms")
    assert section[at + 1] == "                             gaps of 500 ms work, of 330 ms not"
    for line in (
        "  pause before next frame    500ms (proven; shipped: 330ms)",
        "  SHUTTER closed for         100ms (proven)",
        "  shortest exposure          300ms (proven; shipped: not known)",
        "  exposure lag               47ms (proven; shipped: not known)",
    ):
        assert line in lines
    assert "proven: min_gap_ms" not in out, "how it was proven stands in one place"
    assert "FOCUS leads SHUTTER by     100ms (assumed)" in out
    rows = {row["key"]: row for row in json.loads(backbutton("cameras", "D750", "--json")[1])["proven"]}
    how = "gaps of 500 ms work, of 330 ms not"
    assert rows["min_gap_ms"] == {"key": "min_gap_ms", "value": 500, "shipped": 330, "how": how}
    assert "\n                       proven on D750, 2026-06-21\n" in backbutton("cameras")[1]


def test_a_profile_of_the_box_s_own_shows_what_was_proven_below_it(backbutton, state):
    own = state.parent / "cameras"
    own.mkdir()
    (own / "mine.toml").write_text('extends = "nikon-mc-dc2"\nexposure_lag_ms = 60\n')
    _, out, _ = backbutton("cameras", "mine")
    assert "  pause before next frame    500ms (proven; shipped: 330ms)" in out.splitlines()
    assert "  exposure lag               60ms (ungraded)" in out.splitlines()
    assert f"own: {own}/mine.toml" in "".join(each.strip() for each in backbutton("cameras")[1].splitlines())
    (own / "whole.toml").write_text('extends = "generic"\n')
    assert "Proven on" not in backbutton("cameras", "whole")[1]


def test_every_check_goes_by_what_was_proven(backbutton, state):
    bulb = ("--camera", "D750", "--body", "bbf", "--set", "shot.drive=bulb", "--set", "shot.exposure=200ms")
    assert "set shot.exposure to at least 253ms" in backbutton("plan", *bulb)[2], "300 ms less the lag"
    (state / "cameras" / "nikon-mc-dc2.toml").unlink()
    assert backbutton("plan", *bulb)[0::2] == (0, "")


def test_the_console_shows_it_too(tmp_path, backbutton):
    with daemon(tmp_path) as _, closing(Client.connect(tmp_path / "control.sock")) as box:
        folder = tmp_path / "cameras"
        folder.mkdir(exist_ok=True)
        (folder / "nikon-mc-dc2.toml").write_text(PROVEN)
        lines = execute(Session(box.call), "cameras D750").lines
    assert "Proven on D750, 2026-06-21" in lines
    same = [line for line in backbutton("cameras", "D750")[1].splitlines() if "Profile: " not in line]
    assert [line for line in same if line not in lines] == []


def test_a_proof_is_shared_into_a_file_and_checked(backbutton, tmp_path):
    status, out, err = backbutton("cameras", "--share", "d750")
    assert (status, err) == (0, ""), "into a pipe, the file alone"
    assert str(tmp_path) not in out
    path = tmp_path / "my.toml"
    path.write_text(out)
    status, checked, err = backbutton("cameras", "--check", path)
    lines = checked.splitlines()
    assert (status, err, lines[0]) == (0, "", f"{path}: no faults")
    assert "  min_gap_ms                   330ms           500ms           more careful" in lines
    assert "  shutter_default_ms           100ms           100ms           the same" in lines
    assert "Nothing is installed. To go by it on this box, copy it to" in lines
    reply = json.loads(backbutton("cameras", "--check", path, "--json")[1])
    assert (reply["faults"], reply["proof"]["body"]) == ([], "D750")
    assert [change["care"] for change in reply["proof"]["changes"]] == [
        "more careful",
        "more careful",
        "other",
        "the same",
    ]
    target = tmp_path / "cameras" / "nikon-mc-dc2.toml"
    assert f"  {target}" in lines
    target.parent.mkdir()
    target.write_text(out)
    assert (
        "  pause before next frame    500ms (proven; shipped: 330ms)" in backbutton("cameras", "D750")[1].splitlines()
    )


def test_what_is_left_out_is_said_on_standard_error(backbutton, state):
    path = state / "cameras" / "nikon-mc-dc2.toml"
    path.write_text(PROVEN.replace("D750", "D750 of Anna"))
    status, out, err = backbutton("cameras", "--share", "nikon-mc-dc2")
    assert (status, 'body = "not named"' in out, "Anna" in out) == (0, True, False)
    assert err.startswith(
        'backbutton: the body\'s name, "D750 of Anna", is no camera that backbutton knows: left out;'
    )


def test_what_is_not_proven_is_not_shared(backbutton):
    sentence = "backbutton: canon-e3 is not proven on this box; prove it at the console, with: prove\n"
    assert backbutton("cameras", "--share", "canon-e3") == (1, "", sentence)
    assert backbutton("cameras", "--share", "canon-e4")[0] == 1
    assert "does not go with --json" in backbutton("cameras", "--share", "D750", "--json")[2]
    assert "choose one" in backbutton("cameras", "--share", "D750", "--camera", "D750")[2]


def test_on_a_terminal_it_is_said_what_to_do_with_the_file(state):
    master, slave = os.openpty()
    command = [*PROGRAM, "cameras", "--share", "D750", "--state-dir", str(state)]
    done = subprocess.run(command, stdout=slave, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(slave)
    os.close(master)
    assert done.returncode == 0
    assert "backbutton cameras --share nikon-mc-dc2 > my.toml" in done.stderr
    assert "issue tracker" in done.stderr
