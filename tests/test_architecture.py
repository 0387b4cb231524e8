"""What the layout promises: imports go one way, time is read in one place, the core knows no machine."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("config", "hardware", "controller")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

# Rooms that decide or describe; everything that has to do with the machine stays in the others.
PURE = sorted(path for room in ("core", "plan", "cameras") for path in (ROOT / "controller" / room).glob("*.py"))
MACHINE = {"asyncio", "threading", "socket", "subprocess", "signal", "os", "time", "select", "serial", "gpiozero",
           "pathlib", "queue", "io"}  # fmt: skip


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_imports_go_one_way():
    tool = Path(sys.executable).with_name("lint-imports")
    command = [str(tool) if tool.exists() else shutil.which("lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_pure_room_knows_no_machine(path):
    assert not {module.split(".")[0] for module in imports_of(path)} & MACHINE


def test_time_is_read_in_one_place():
    reading = re.compile(r"\btime\.(time|monotonic|perf_counter|sleep)|\bsleep\(|datetime\.now|from time import")
    readers = [path for path in MODULES if reading.search(path.read_text())]
    assert [path.relative_to(ROOT).as_posix() for path in readers] == ["hardware/clock.py"]


def test_only_the_player_and_the_latch_write_the_lines():
    writing = re.compile(r"\.write\(\w*line|\.write\(edge|\.open_all\(|\.state = ")
    writers = {path.relative_to(ROOT).as_posix() for path in MODULES if writing.search(path.read_text())}
    assert writers == {
        "hardware/lines.py",
        "hardware/player.py",
        "controller/box/assembly.py",  # opens both lines when the box is taken apart
        "controller/daemon/main.py",  # the same, and when something of ours broke
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_says_what_it_knows(path):
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "a module opens with what it knows"


def test_files_are_short_enough_to_read():
    long = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}
