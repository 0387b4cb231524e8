"""A process that is killed at any step of writing a proof or its outcome leaves the old file or the new one."""

import json
import subprocess
import sys

import pytest

from config.cameras import Cameras
from config.store import SettingsStore
from controller.box.proof_desk import FILE, ProofDesk
from controller.prove.proof import Proof, to_json
from controller.simulate.proving import prove
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks_file import drawn

CAMERA = "canon-e3"

# Does one thing at the desk, and is killed before the system call of that number: of those that make a file durable.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from config.store import SettingsStore
from controller.box.proof_desk import FILE, ProofDesk

folder, what, left = Path(sys.argv[1]), sys.argv[2], [int(sys.argv[3])]

def dying(call):
    def calls(*arguments, **named):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return call(*arguments, **named)
    return calls

desk = ProofDesk(folder / FILE, SettingsStore(None, folder).cameras)
for name in ("fsync", "replace", "rename", "unlink", "mkdir", "open"):
    setattr(os, name, dying(getattr(os, name)))
if what == "answer":
    desk.answer({"pictures": 2, "moved": False}, 1, (desk.turn + 1, ()), lambda: None)
else:
    desk.finish(sys.argv[4], None, lambda: None)
"""


@pytest.fixture(scope="module")
def whole():
    """A proof with all its answers."""
    return prove(Proof(CAMERA, "Canon EOS R6", "hold", "press-press"), VirtualOwner(drawn(2), seed=2))


def killed_at(folder, what, step):
    """Return whether the process was killed at that step; it has fewer if not."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), what, str(step), CAMERA],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == -9


def test_an_answer_is_kept_wholly_or_not_at_all(tmp_path):
    before = Proof(CAMERA, "Canon EOS R6", "hold", "press-press")
    step, found = 0, []
    for step in range(20):
        (tmp_path / FILE).write_text(json.dumps(to_json(before)))
        is_killed = killed_at(tmp_path, "answer", step)
        desk = ProofDesk(tmp_path / FILE, SettingsStore(None, tmp_path).cameras)
        found.append(desk.tell()["asked"])
        desk.answer(
            {"pictures": 2}, None, (desk.turn, ()), lambda: None
        )  # the desk works on, whatever was left behind
        if not is_killed:
            break
    assert step >= 3
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 1)


def test_the_outcome_is_used_wholly_or_not_at_all(tmp_path, whole):
    shipped, proven = Cameras().load(CAMERA), None
    step, found = 0, []
    for step in range(30):
        (tmp_path / FILE).write_text(json.dumps(to_json(whole)))
        (tmp_path / "cameras" / f"{CAMERA}.toml").unlink(missing_ok=True)
        is_killed = killed_at(tmp_path, "finish", step)
        found.append(SettingsStore(None, tmp_path).cameras.load(CAMERA))
        if not is_killed:
            proven = found[-1]
            break
    assert step >= 3
    assert proven not in (None, shipped)
    assert proven.proof
    assert all(each in (shipped, proven) for each in found)
    assert found[0] == shipped
