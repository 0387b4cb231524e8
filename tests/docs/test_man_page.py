import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from controller.console.commands import COMMANDS
from docs.command_line import commands

PAGE = Path(__file__).parents[2] / "debian" / "backbutton.1"


def rendered(width=78):
    if shutil.which("man") is None or not re.match(r"man \d", run("man", "--version").stdout):
        pytest.skip("man is not installed, so the page cannot be rendered; run: sudo apt install man-db")
    shown = run("man", "--warnings", "-l", PAGE, environment={"MANWIDTH": str(width), "LC_ALL": "C.UTF-8"})
    assert (shown.returncode, shown.stderr) == (0, "")
    return shown.stdout


def run(*command, environment=None):
    environment = os.environ | {"MANPAGER": "cat"} | (environment or {})
    return subprocess.run([*map(str, command)], env=environment, capture_output=True, text=True, check=False)


def test_man_shows_the_page_without_warnings():
    assert "releases the shutter" in " ".join(rendered().split())


def test_mandoc_finds_nothing_to_warn_of():
    if shutil.which("mandoc") is None:
        pytest.skip("mandoc is not installed, so the page is not checked with it; run: sudo apt install mandoc")
    checked = run("mandoc", "-Tlint", "-W", "warning", PAGE)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_the_page_has_every_command_option_and_command_of_the_console():
    text = PAGE.read_text(encoding="utf-8").replace(r"\-", "-")
    named = list(commands())
    assert len(named) >= 12
    for command in named:
        section = re.search(rf"^\.SS backbutton {command.name}$(.*?)(?=^\.S[SH])", text, re.MULTILINE | re.DOTALL)
        assert section, command.name
        for option in command.options:
            assert all(rf"\fB{name}\fR" in section[1] for name in option.names), option
    console = text.partition(".SH THE CONSOLE")[2]
    assert all(rf"\fB{name}\fR" in console for name in COMMANDS)
