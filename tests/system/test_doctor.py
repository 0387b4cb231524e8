"""`backbutton doctor` as a user types it, on the machine the tests run on, and on a terminal."""

import json
import subprocess
import sys

import pexpect
import pytest

PROGRAM = [sys.executable, "-m", "controller.cli", "doctor"]

# The same program, on the files of a Pi.
ON_A_PI = """
import sys
from pathlib import Path
from controller.doctor.command import Options, examine_and_report
from controller.doctor.machine import DaemonPaths, Machine
root = Path(sys.argv[1])
machine = Machine(DaemonPaths(root / "config.toml", root / "state", root / "control.sock"), root)
sys.exit(examine_and_report(machine, Options(fix=True)))
"""


@pytest.fixture
def places(tmp_path):
    return ("--config", tmp_path / "config.toml", "--state-dir", tmp_path, "--socket", tmp_path / "control.sock")


def run(*arguments):
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )  # fmt: skip


def test_it_prints_each_finding_within_eighty_columns(places, tmp_path):
    result = run(*places)
    assert "Traceback" not in result.stdout + result.stderr
    lines = result.stdout.splitlines()
    assert lines[0][6:11] == "board"
    heads = [line for line in lines[:-1] if line and line[0] != " "]
    assert {line[:6].strip() for line in heads} <= {"ok", "WARN", "FAIL", "-"}
    assert lines[-1].endswith(("warnings.", "warning."))
    assert [line for line in lines if len(line) > 80 and str(tmp_path) not in line] == []


def test_json_is_one_list_of_findings_and_nothing_else(places):
    rows = json.loads(run(*places, "--json").stdout)
    assert {tuple(row) for row in rows} == {("check", "verdict", "seen", "fix")}
    assert {row["verdict"] for row in rows} <= {"ok", "warning", "problem", "not applicable"}
    assert rows[0]["check"] == "board"


def test_a_problem_makes_the_exit_status_1(places, tmp_path):
    (tmp_path / "config.toml").write_text('[focus]\nmod = "single"\n')
    result = run(*places)
    assert result.returncode == 1
    assert "FAIL  settings" in result.stdout
    assert "did you mean" in result.stdout
    assert result.stderr == ""


def test_the_exit_status_agrees_with_the_findings(places):
    result = run(*places, "--json")
    has_problem = any(row["verdict"] == "problem" for row in json.loads(result.stdout))
    assert result.returncode == has_problem


def test_a_running_daemon_is_asked(places, tmp_path):
    command = [*PROGRAM[:-1], "run", "--bench", *map(str, places)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        try:
            assert "is ready" in daemon.stdout.readline()
            rows = json.loads(run(*places, "--json").stdout)
        finally:
            daemon.terminate()
    [access] = [row for row in rows if row["check"] == "access"]
    assert access["verdict"] == "ok"
    assert access["seen"].endswith("focus UNFOCUSED, release IDLE")
    assert [row["verdict"] for row in rows if row["check"] == "real time"][-1] in ("ok", "warning")


@pytest.mark.parametrize(
    ("options", "words"), [(("--json", "--fix"), "choose one"), (("--yes",), "--yes goes with --fix")]
)
def test_options_that_do_not_go_together_are_refused(places, options, words):
    result = run(*places, *options)
    assert (result.returncode, result.stdout) == (1, "")
    [sentence] = result.stderr.splitlines()
    assert words in sentence


def test_it_lists_its_checks_and_explains_itself():
    assert "pins       pins that are unsuitable" in run("--list").stdout
    assert "example: sudo backbutton doctor --fix" in run("--help").stdout


@pytest.mark.parametrize(("answer", "reply"), [("y", "is changed"), ("n", "Nothing was changed")])
def test_on_a_terminal_it_asks_before_it_writes(tmp_path, answer, reply):
    model, config = tmp_path / "sys/firmware/devicetree/base/model", tmp_path / "boot/config.txt"
    for path, text in ((model, "Raspberry Pi Zero W Rev 1.1\0"), (config, "a=1\n")):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    child = pexpect.spawn(sys.executable, ["-c", ON_A_PI, str(tmp_path)], encoding="utf-8", timeout=30)
    child.expect_exact("+gpio=17,27=op,dl")
    child.expect_exact("? [y/N] ")
    child.sendline(answer)
    child.expect_exact(reply)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert ("strict_gpiod" in config.read_text()) is (answer == "y")
