"""What the README tells a photographer to type works, in an environment with nothing in it, and its links lead somewhere."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if not kind for line in block.splitlines()]
OURS = [line.removeprefix(".venv/bin/") for line in COMMANDS if line.startswith(".venv/bin/backbutton")]
LINES = [line for kind, block in BLOCKS if kind == "console" for line in block.splitlines()]
PAGES = sorted(path for place in (ROOT, ROOT / "docs", ROOT / "systemd") for path in place.glob("*.md"))
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def backbutton(folder, *arguments, typed=""):
    """Run the program in an empty folder, with an empty environment."""
    command = (sys.executable, "-m", "controller.cli", *map(str, arguments))
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=environment, input=typed, capture_output=True, text=True, check=False, timeout=60
    )


def test_it_is_short_and_says_on_the_first_screen_that_no_camera_has_been_connected():
    lines = TEXT.splitlines()
    assert len(lines) <= 200
    first_screen = "\n".join(lines[:24])
    assert "**No camera has been connected yet.**" in first_screen
    assert "(docs/box.svg)" in first_screen
    assert "`back` button does not focus" in first_screen


def test_its_commands_are_known_kinds():
    others = [line for line in COMMANDS if not line.startswith(".venv/bin/backbutton")]
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in others:
        match shlex.split(line):
            case ["make", target]:
                assert re.search(rf"^{target}:", targets, re.MULTILINE), line
            case ["sudo", "apt", "install", package]:
                assert package == "./dist/backbutton_*_all.deb"
            case ["sudo", "backbutton", "doctor"] | ["sudo", "usermod", "-aG", "backbutton", "$USER"]:
                pass
            case _:
                pytest.fail(f"the README has a command that no test knows: {line}")
    assert len(OURS) >= 4
    assert "`sudo apt update && sudo apt install git make python3-venv`" in TEXT
    assert "`make test`" in TEXT


@pytest.mark.parametrize("line", OURS)
def test_a_command_works_in_an_empty_environment(line, tmp_path):
    done = backbutton(tmp_path, *shlex.split(line)[1:], typed="quit\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_doctor_runs_in_an_empty_environment(tmp_path):
    done = backbutton(tmp_path, "doctor")
    assert done.returncode in (0, 1)
    assert done.stderr == ""


def played(tmp_path, *steps):
    script = tmp_path / "script"
    script.write_text("\n".join(f"at {second}s {step}" for second, step in enumerate(steps, 1)), encoding="utf-8")
    camera = ("--camera", "D850", "--fast")
    done = backbutton(tmp_path, "simulate", *camera, "--report", "json", "--script", script)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_it_says_to_play_is_refused_and_then_fires(tmp_path):
    for typed in ("tap shutter", "hold back 500ms"):
        assert f"`{typed}`" in TEXT
    report = played(tmp_path, "tap shutter", "hold back 500ms", "tap shutter")
    assert len(report["refusals"]) == 1
    assert [frame["lens_moved"] for frame in report["frames"]] == [False]


def test_its_lines_for_the_console_are_carried_out(tmp_path):
    assert len(LINES) >= 8
    assert played(tmp_path, *(f"> {line}" for line in LINES))["refusals"] == []


def anchors(page):
    """Return the names of a page's headings, as web pages that show it make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for path, anchor in LINK.findall(text):
        target = page.parent / path if path else page
        assert target.exists(), path
        if anchor:
            assert anchor in anchors(target), f"{path}#{anchor}"
