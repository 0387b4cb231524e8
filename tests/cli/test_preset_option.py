"""`--preset` on `plan` and `simulate`: before `--set`, from the box's own folder, and a sentence where it is wrong."""

import json

import pytest

from config.presets import PresetStore, values_to_save
from config.schema import build
from controller.cli import main

S = 1_000_000_000


@pytest.fixture
def places(tmp_path):
    store = PresetStore(tmp_path / "presets")
    store.write("dusk", values_to_save(build({"shot.drive": "bulb", "shot.exposure": 3 * S})))
    (tmp_path / "presets" / "bad.toml").write_text('[shot]\ndrive = "\\u001b[2J"\n')
    return ["--config", str(tmp_path / "none.toml"), "--state-dir", str(tmp_path)]


@pytest.fixture
def plan(capsys, places):
    def call(*arguments):
        status = main(["plan", *places, "--camera", "canon-n3", "--body", "bbf", "--json", *arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if status == 0 else None, err

    return call


def test_plan_shows_a_preset_of_the_box_and_saves_nothing(plan, tmp_path):
    status, reply, _ = plan("--preset", "dusk")
    assert status == 0
    assert any("exposure  3s" in line for line in reply["lines"])
    assert not (tmp_path / "settings.toml").exists()


def test_set_comes_after_the_preset(plan):
    _, reply, _ = plan("--set", "shot.exposure=4s", "--preset", "dusk")
    assert any("exposure  4s" in line for line in reply["lines"])


def test_a_built_in_preset_fits_the_camera_of_the_option(plan):
    assert any("settle     2s" in line for line in plan("--preset", "landscape")[1]["lines"])
    _, reply, _ = plan("--preset", "LANDSCAPE", "--camera", "a7 iii")
    assert not any("settle" in line for line in reply["lines"])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("dusc", 'backbutton: there is no preset "dusc"; did you mean dusk?\n'),
        ("\x1b[2J", 'backbutton: there is no preset "\\x1b[2J"; preset lists them all\n'),
        (
            "bad",
            'backbutton: preset "bad" is not used: shot.drive: "\\x1b[2J" is not one of single, burst, bulb, bra',
        ),
        ("../../settings", 'backbutton: there is no preset "../../settings"; preset lists them all\n'),
    ],
)
def test_a_wrong_name_is_one_sentence(plan, name, sentence):
    status, _, err = plan("--preset", name)
    assert status == 1
    assert err.startswith(sentence)
    assert err.count("\n") == 1


def test_a_preset_that_contradicts_the_settings_is_refused(plan):
    status, _, err = plan("--preset", "dusk", "--set", "safety.max_exposure=2s")
    assert status == 1
    assert "shot.exposure: 3s must not be above safety.max_exposure, which is 2s" in err


def test_simulate_begins_with_the_preset(tmp_path, capsys, monkeypatch, places):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    script = tmp_path / "script"
    script.write_text("at 0s hold back 500ms\nat 2s > fire\n")
    arguments = ["simulate", "--camera", "canon-e3", "--fast", "--report", "json", "--script", str(script)]
    for preset, exposure_ns in (("dusk", 3 * S), ("stars", 20 * S)):
        assert main([*arguments, "--preset", preset]) == 0
        [frame] = json.loads(capsys.readouterr().out)["frames"]
        assert abs(frame["exposure_ns"] - exposure_ns) < S // 10
    assert main([*arguments, "--preset", "nix"]) == 1
    assert capsys.readouterr().err == 'backbutton: there is no preset "nix"; preset lists them all\n'
    assert sorted(path.name for path in tmp_path.iterdir()) == ["presets", "script"]
