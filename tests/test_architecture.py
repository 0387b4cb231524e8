"""What the layout promises: imports go one way, time is read in one place, the core knows no machine.

Each rule is one test, which lists the files that break it.
"""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("config", "hardware", "controller")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

# Rooms that decide or describe; whatever touches the machine belongs in the others.
PURE = sorted(path for room in ("core", "plan", "cameras") for path in (ROOT / "controller" / room).glob("*.py"))
MACHINE = {"asyncio", "threading", "socket", "subprocess", "signal", "os", "time", "select", "serial", "gpiozero",
           "pathlib", "queue", "io"}  # fmt: skip
PRIVATE = re.compile(r"(^|\.)_(?!_)")  # `_name`, not `__future__`


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_imports_go_one_way():
    tool = Path(sys.executable).with_name("lint-imports")
    command = [str(tool) if tool.exists() else shutil.which("lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_no_modules_import_each_other_in_a_circle():
    imports = {module_of(path): imports_of(path) for path in MODULES}
    while leaves := [module for module, names in imports.items() if not names & (imports.keys() - {module})]:
        for module in leaves:
            del imports[module]
    assert sorted(imports) == [], "these import each other in a circle, or import one that is in it"


def test_pure_rooms_know_no_machine():
    imports = {name_of(path): {module.split(".")[0] for module in imports_of(path)} for path in PURE}
    assert {name: found for name, names in imports.items() if (found := names & MACHINE)} == {}


def test_time_is_read_in_one_place():
    reading = re.compile(r"\btime\.(time|monotonic|perf_counter|sleep)|\bsleep\(|datetime\.now|from time import")
    readers = [path for path in MODULES if reading.search(path.read_text())]
    assert [name_of(path) for path in readers] == ["hardware/clock.py"]


def users_of(pattern: str) -> set[str]:
    return {name_of(path) for path in MODULES if re.search(pattern, path.read_text())}


def test_one_clock_tells_the_time_of_day():
    """The box's: whoever tells a time names the zone, and gets the clock from the box."""
    in_the_machines_zone = r"astimezone\(\)|fromtimestamp\([^,\n]*\)|localtime\(|utcnow|strftime\(|[^a]ctime\("
    assert users_of(in_the_machines_zone) == {"hardware/clock.py"}  # in the name of a file
    assert users_of(r"date_stamp\(") == {
        "hardware/clock.py",
        "controller/doctor/command.py",  # names a copy of config.txt
        "controller/journal/damage.py",  # names a journal that is set aside
    }
    assert users_of(r"read_both_clocks\(") == {"hardware/clock.py", "hardware/walltime.py"}
    assert users_of(r"\bWallTime\(") == {
        "controller/box/engine.py",
        "controller/cli/commands.py",  # `plan`, which needs no box
    }
    assert users_of(r"\bmachine_zone\(") == {
        "hardware/walltime.py",
        "controller/box/methods.py",  # where the box has no zone of its own
        "controller/cli/zone.py",  # the same
    }


def test_only_the_player_and_the_latch_write_the_lines():
    writing = re.compile(r"\.write\(\w*line|\.write\(edge|\.open_all\(|\.state = ")
    writers = {name_of(path) for path in MODULES if writing.search(path.read_text())}
    assert writers == {
        "hardware/lines.py",
        "hardware/player.py",
        "controller/box/assembly.py",  # opens both lines when the box is taken apart
        "controller/daemon/main.py",  # the same, when the daemon ends
        "controller/daemon/faults.py",  # when something of ours broke
    }


def test_every_module_opens_with_a_docstring():
    texts = {name_of(path): path.read_text() for path in MODULES}
    assert [name for name, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))] == []


def private_imports(paths: list[Path]) -> list[str]:
    """Return `file: module.name` for each import of a private name, or of anything from a private module."""
    offenders = []
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module or ''}.{alias.name}" for alias in node.names]
            else:
                continue
            offenders += [f"{name_of(path)}: {name}" for name in names if PRIVATE.search(name)]
    return offenders


def test_no_module_imports_a_private_name():
    others = [path for folder in ("benchmarks", "docs") for path in (ROOT / folder).rglob("*.py")]
    assert private_imports([*MODULES, *sorted(others)]) == []


def test_no_test_imports_a_private_name():
    assert private_imports(sorted((ROOT / "tests").rglob("*.py"))) == []


def test_files_are_short_enough_to_read():
    long = {name_of(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}
