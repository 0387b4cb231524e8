"""Removes each rule of a release in turn, and shows which test notices: `make rules`.

A rule is removed in a copy of the tree, by replacing the text that implements it.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDERS = ("config", "hardware", "controller", "docs", "tests")


class Rule(NamedTuple):
    """A rule: the file and the text that implement it, the text without it, and the tests that should notice."""

    name: str
    file: str
    text: str
    without: str
    tests: str
    chosen: str


EVERY, DRIVES, STEP = (f"tests/box/test_{name}.py" for name in ("every_camera", "drives", "out_of_step"))

RULES = (
    Rule(
        "FOCUS leads SHUTTER",
        "controller/core/frames.py",
        "return self.at_ns - (self.lead_ns or 0)",
        "return self.at_ns",
        EVERY,
        "takes_what and nikon",
    ),
    Rule(
        "FOCUS is closed during a release",
        "controller/core/recipes.py",
        "return profile.lead_ns if setup.needs_focus or asserts_focus else None",
        "return None",
        EVERY,
        "takes_what and nikon",
    ),
    Rule(
        "SHUTTER is closed long enough to be noticed",
        "controller/core/frames.py",
        "max(shortest_ns, now_ns - self.exposes.at_ns)",
        "now_ns - self.exposes.at_ns",
        DRIVES,
        "ended_at_once",
    ),
    Rule(
        "both contacts open between the presses of a mirror",
        "controller/core/frames.py",
        "return Timeline((*wake, *(edge for press in recipe.due(due_ns).presses for edge in _edges(press))))",
        "edges = [edge for press in recipe.due(due_ns).presses for edge in _edges(press)]; "
        "focus = [edge for edge in edges if edge.line is Line.FOCUS]; "
        "return Timeline((*wake, *(edge for edge in edges if edge not in focus[1:-1])))",
        EVERY,
        "takes_what and single-mirror",
    ),
    Rule(
        "a body has its gap between two frames",
        "controller/core/frames.py",
        "return busy_ns + dark_ns + self.gap_ns",
        "return busy_ns + dark_ns",
        EVERY,
        "takes_what and list and fuji",
    ),
    Rule(
        "the box waits for the dark frame of noise reduction",
        "controller/core/frames.py",
        "dark_ns = take.exposed_ns if self.reduces_noise and take.bulb_ns is not None else 0",
        "dark_ns = 0",
        DRIVES,
        "dark_frame",
    ),
    Rule(
        "the box waits for the dark frame after a cut too",
        "controller/core/frames.py",
        "return dark_ns + self.gap_ns",
        "return self.gap_ns",
        DRIVES,
        "dark_frame",
    ),
    Rule(
        "a bulb lasts longer by the body's lag",
        "controller/core/recipes.py",
        "exposure_ns + self._lag_ns",
        "exposure_ns",
        EVERY,
        "takes_what and sony and bulb",
    ),
    Rule(
        "after a cut the box waits for the mirror",
        "controller/core/shooting.py",
        "if self.mirror.down_ns is not None:\n            self._release.change(",
        "if False:\n            self._release.change(",
        STEP,
        "cut or chord",
    ),
    Rule(
        "a toggled bulb that was cut is ended by a press",
        "controller/core/shooting.py",
        "elif self._is_left_open:",
        "elif False:",
        STEP,
        "toggled and cut",
    ),
    Rule(
        "a mirror is remembered over a restart",
        "controller/core/mirror.py",
        "self._outbox.put(IntendMirror(self._number, mirror))",
        "pass",
        STEP,
        "restart",
    ),
    Rule(
        "a box that stops does not forget the mirror",
        "controller/core/shooting.py",
        "if report.cut:",
        "if False:",
        STEP,
        "restart",
    ),
    Rule(
        "SHUTTER that has opened is not closed again by a late stop",
        "controller/core/frames.py",
        "return press.opens_ns if line is Line.SHUTTER else press.ends_ns",
        "return press.ends_ns",
        DRIVES,
        "as_shutter_opens",
    ),
    Rule(
        "a body that sleeps is woken",
        "controller/core/wake_pulses.py",
        "self._touched_ns is not None and at_ns - self._touched_ns",
        "self._touched_ns is not None and 0 * at_ns - self._touched_ns",
        EVERY,
        "is_woken",
    ),
    Rule(
        "a plain remote gives a factory body the time to wake",
        "controller/core/recipes.py",
        "wake_ns = profile.wake.lead_ns if may_sleep else 0",
        "wake_ns = 0",
        EVERY,
        "plain_remote",
    ),
    Rule(
        "no wake on a factory body",
        "controller/core/wake_pulses.py",
        "camera.wake and bool(camera.back_button_focus) and is_known",
        "camera.wake and is_known",
        EVERY,
        "factory or lock or half_press",
    ),
    Rule(
        "no keep-awake on a factory body",
        "controller/core/wake_pulses.py",
        "if not (camera.keep_awake and camera.back_button_focus) or",
        "if not camera.keep_awake or",
        EVERY,
        "factory or lock or half_press",
    ),
    Rule(
        "a lens focused by wire is kept awake",
        "controller/core/wake_pulses.py",
        "return self._touched_ns + self._meter_off_ns * 4 // 5",
        "return None",
        EVERY,
        "by_wire",
    ),
)


def caught_by(rule: Rule, tree: Path) -> str | None:
    """Return the first test that fails without the rule, None if none does. Restores the tree afterwards."""
    file = tree / rule.file
    original = file.read_text(encoding="utf-8")
    if original.count(rule.text) != 1:
        sys.exit(f'{rule.name}: "{rule.text}" does not occur exactly once in {rule.file}; update the rule here')
    file.write_text(original.replace(rule.text, rule.without), encoding="utf-8")
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "-rfE"]
    result = subprocess.run(
        [*command, rule.tests, "-k", rule.chosen], cwd=tree, capture_output=True, text=True, check=False
    )
    file.write_text(original, encoding="utf-8")
    failed = re.search(r"^FAILED \S+?::(.+?)(?: - .*)?$", result.stdout, re.MULTILINE)
    if result.returncode not in (0, 1) or (result.returncode == 1 and failed is None):
        sys.exit(f"{rule.name}: the tests did not run\n{result.stdout}{result.stderr}")
    return failed[1] if failed else None


def main() -> int:
    """Print the table; return 1 if a rule can be removed without a test failing."""
    print("| rule removed | the test that caught it |\n|---|---|", flush=True)
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "kernel"))
        shutil.copy(ROOT / "pyproject.toml", tree)
        for rule in RULES:
            caught = caught_by(rule, tree)
            unnoticed += caught is None
            print(f"| {rule.name} | {f'`{caught}`' if caught else 'NONE'} |", flush=True)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
