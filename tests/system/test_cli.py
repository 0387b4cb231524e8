"""The command line as a user types it: exit statuses, sentences, and the exact report."""

import json
import subprocess
import sys

import pytest

PROGRAM = [sys.executable, "-m", "controller.cli"]


def run(*arguments, text=None):
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], input=text, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def script(tmp_path):
    def write(text):
        path = tmp_path / "a.session"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_the_report_is_one_json_object_and_nothing_else(script):
    path = script("at 0s tap shutter\nat 1s hold back 500ms\nat 2s tap shutter\nat 3s > start\nat 4s > frobnicate\n")
    result = run("simulate", "--camera", "canon-e3", "--body", "bbf", "--script", path, "--fast", "--report", "json")
    assert result.returncode == 0
    report = json.loads(result.stdout)
    assert list(report) == ["camera", "body", "frames", "refusals", "edges", "ledger", "state"]
    assert (report["camera"], report["body"]) == ("canon-e3", "bbf")
    assert list(report["frames"][0]) == ["n", "at_ns", "exposure_ns", "lens_moved", "outcome"]
    assert list(report["refusals"][0]) == ["at_ns", "event", "reason"]
    assert report["edges"][0] == {"at_ns": 1_000_000_000, "line": "focus", "closed": True}
    assert report["ledger"] == [{"slot": 0, "due_ns": 3_000_000_000, "outcome": "fired", "reason": None}]
    assert report["state"] == {"focus": "DIALLED_IN", "release": "IDLE", "lock": False}
    assert report["refusals"][1]["event"] == "frobnicate"
    assert "refused" in result.stderr
    assert "error unknown" in result.stderr


def test_the_same_script_gives_the_same_report(script):
    path = script("at 0s hold back 500ms\nat 1s tap shutter\nat 2s > start\nat 30s > stop\n")
    arguments = ("simulate", "--script", path, "--fast", "--report", "json")
    assert run(*arguments).stdout == run(*arguments).stdout


@pytest.mark.parametrize(
    ("option", "outcome"), [(("--sync", "ok"), "confirmed"), (("--sync", "fail"), "unconfirmed"), ((), "fired")]
)
def test_a_flash_contact_on_the_bench_confirms_frames(script, option, outcome):
    path = script("at 0s hold back 350ms\nat 0.6s > set interval.count 1\nat 1s > start\n")
    result = run("simulate", "--camera", "canon-e3", "--script", path, "--fast", "--report", "json", *option)
    report = json.loads(result.stdout)
    assert [row["outcome"] for row in report["ledger"]] == [outcome]
    assert list(report["ledger"][0]) == ["slot", "due_ns", "outcome", "reason"]
    assert [frame["outcome"] for frame in report["frames"]] == [outcome]


def test_in_real_time_the_same_things_happen(script):
    path = script("at 0s tap shutter\nat 0.1s hold back 350ms\nat 0.6s tap shutter\n")
    result = run("simulate", "--camera", "nikon-mc-dc2", "--script", path, "--report", "json")
    report = json.loads(result.stdout)
    assert [frame["lens_moved"] for frame in report["frames"]] == [False]
    assert [(edge["line"], edge["closed"]) for edge in report["edges"][-4:]] == [
        ("focus", True),
        ("shutter", True),
        ("shutter", False),
        ("focus", False),
    ]
    assert len(report["refusals"]) == 1


def test_the_edges_are_written_for_a_waveform_viewer(script, tmp_path):
    vcd = tmp_path / "out.vcd"
    path = script("at 0s hold back 500ms\nat 1s tap shutter\n")
    assert run("simulate", "--script", path, "--fast", "--vcd", vcd).returncode == 0
    assert vcd.read_text().startswith("$timescale 1 ns $end")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("at 0s pres back\n", ["line 1", '"pres"', "did you mean press"]),
        ("\n# a comment\nat 0s tap shuter\n", ["line 3", "did you mean shutter"]),
        ("at 5 tap back\n", ["line 1", "unit"]),
        ("at 1s tap back\nat 0s tap back\n", ["line 2", "must not decrease"]),
        ("at 0s press back\nat 1s tap back\n", ["line 2", "still pressed"]),
        ("hello\n", ["line 1", "at TIME ACTION"]),
        ("at 0s hold back\n", ["line 1", "hold BUTTON DURATION"]),
        ("at 0s >\n", ["line 1", "command"]),
        (b"\xff\xfe\x00binary", ["not a text file"]),
        ("at 0s " + "x" * (1 << 20), ["line 1"]),
    ],
)
def test_a_wrong_script_gets_one_sentence_and_plays_nothing(script, text, words):
    result = run("simulate", "--script", script(text), "--fast", "--report", "json")
    assert result.returncode != 0
    assert result.stdout == ""
    [sentence] = result.stderr.splitlines()
    for word in words:
        assert word in sentence
    assert len(sentence) < 400


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("simulate", "--script", "/nowhere.session"), ["/nowhere.session"]),
        (("simulate", "--script", "/"), ["/"]),
        (("simulate", "--camera", "canon-e4", "--script", "x"), ["did you mean canon-e3"]),
        (("simulate", "--body", "both"), ["both"]),
        (("simulate", "--fast"), ["--script"]),
        (("simulate", "--script", "x", "--report", "xml"), ["xml"]),
        (("frob",), ["frob"]),
        (("config", "--check", "/nowhere.toml"), ["/nowhere.toml"]),
        (("console", "--socket", "/nowhere.sock"), ["/nowhere.sock"]),
    ],
)
def test_a_wrong_word_on_the_command_line_gets_one_sentence(arguments, words):
    result = run(*arguments, text="status\n")
    assert result.returncode != 0
    [sentence] = result.stderr.splitlines()
    for word in words:
        assert word in sentence


@pytest.mark.parametrize("command", ["run", "simulate", "console", "config"])
def test_every_command_explains_itself_with_an_example(command):
    result = run(command, "--help")
    assert result.returncode == 0
    assert f"example: backbutton {command}" in result.stdout


def test_an_unwritable_waveform_file_is_refused_in_one_sentence(script):
    result = run("simulate", "--script", script("at 0s > status\n"), "--fast", "--vcd", "/nowhere/out.vcd")
    assert result.returncode == 1
    assert "/nowhere/out.vcd" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_settings_file_is_checked(tmp_path):
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(run("config", "--default").stdout)
    bad.write_text('[focus]\nmod = "single"\n[interval]\nevery = 5\n')
    assert run("config", "--check", good).returncode == 0
    result = run("config", "--check", bad)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 2
    assert "did you mean" in result.stderr


def test_without_a_script_lines_on_standard_input_are_console_commands():
    result = run(
        "simulate", "--camera", "canon-e3", text="tap shutter\nset focus.mde trim\nfocus hold\nstatus --json\n"
    )
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("ok")
    assert "error value: unknown setting" in result.stdout
    assert "did you mean focus.mode?" in result.stdout
    [status] = [json.loads(line) for line in lines if line.startswith(" {")]
    assert status["focus"] == "FOCUSING"


def test_the_program_alone_greets_and_says_what_to_type():
    result = run()
    assert (result.returncode, result.stderr) == (0, "")
    assert "backbutton simulate" in result.stdout
    assert "backbutton setup D850" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "--camera", "D850"), "--camera needs --bench"),
        (("run", "--body", "bbf"), "--body needs --bench"),
        (("run", "--af-c"), "--af-c needs --bench"),
        (("console", "--baud", "9600"), "--baud needs --port DEVICE"),
        (("console", "--port", "/dev/null", "--baud", "0"), "--baud 0 is no speed"),
        (("console", "--port", "/dev/null", "--baud", "-300"), "--baud -300 is no speed"),
        (("cameras", "--body", "bbf"), "--body needs a camera to describe"),
        (("cameras", "--camera", "D850", "--models"), "--camera does not go with"),
        (("plan", "--camera", "a7"), "fits cameras that have different ports: Sony α7 (sony-multi)"),
        (("simulate", "--camera", "D805"), "did you mean Nikon D850?"),
    ],
)
def test_an_option_that_would_be_ignored_or_is_unclear_is_refused(arguments, sentence):
    result = run(*arguments)
    assert result.returncode in (1, 2)
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_cameras_tells_how_a_body_fires_that_is_set_up_so():
    assert "as a focus lock; use AF-S or One Shot." in " ".join(
        run("cameras", "t7i", "--body", "factory").stdout.split()
    )
    assert "SHUTTER closes alone" in run("cameras", "--camera", "t7i", "--body", "bbf").stdout


def test_a_plan_takes_the_camera_and_how_its_body_is_set_up(tmp_path):
    options = ("--config", tmp_path / "none.toml", "--state-dir", tmp_path)
    result = run("plan", "--camera", "D850", "--body", "bbf", *map(str, options))
    assert (result.returncode, result.stderr) == (0, "")
    assert "nikon-10pin: FOCUS closes around SHUTTER" in result.stdout
    with_set = run("plan", "--set", "camera.model=D850", "--set", "camera.back_button_focus=true", *map(str, options))
    assert with_set.stdout == result.stdout
