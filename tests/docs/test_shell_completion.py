"""The bash completion, asked in a real bash as readline asks it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config.cameras import profile_ids
from config.model_search import find_model
from config.models import all_models
from docs.command_line import commands
from docs.shell_completion import VALUES, camera_words

SCRIPT = Path(__file__).parents[2] / "debian" / "completions" / "backbutton"
ASK = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _backbutton; printf "%s\\n" "${COMPREPLY[@]}"'


@pytest.fixture(autouse=True)
def bash():
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed, so its completion cannot be asked")


def complete(*words, folder=None, script=SCRIPT):
    """Return what Tab offers for the last of the words after `backbutton`."""
    command = ("bash", "--norc", "-c", ASK, str(script), "backbutton", *words)
    done = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1] if done.stdout != "\n" else []


def test_commands():
    assert complete("") == [*(command.name for command in commands()), "--version", "--help"]
    assert complete("si") == ["simulate"]
    assert complete("--v") == ["--version"]


@pytest.mark.parametrize("command", tuple(commands()), ids=lambda command: command.name)
def test_options_of_a_command(command):
    options = [option.names[-1] for option in command.options if option.names]
    assert complete(command.name, "--") == [*options, "--help"]


def test_values_of_an_option():
    assert complete("simulate", "--body", "") == ["bbf", "factory", "unset"]
    assert complete("simulate", "--body", "f") == ["factory"]


def test_bash_takes_the_sign_of_an_assignment_for_a_word():
    assert complete("simulate", "--body", "=") == ["bbf", "factory", "unset"]
    assert complete("simulate", "--body", "=", "f") == ["factory"]
    assert complete("plan", "--set", "focus.mode", "=", "") == []


def test_profiles_and_cameras_are_offered_in_any_case():
    assert complete("simulate", "--camera", "sony-m") == ["sony-minolta-3pin", "sony-multi"]
    assert complete("cameras", "d85") == complete("setup", "d85") == complete("cameras", "--find", "D85") == ["D850"]
    assert complete("setup", "a7-iii") == ["a7-III"]


def test_without_a_letter_the_profiles_are_offered_and_not_each_of_545_bodies():
    assert set(complete("setup", "")) == {*profile_ids(), *complete("setup", "--")}


def test_a_settings_name_is_offered_with_its_sign():
    assert complete("plan", "--set", "shot.mirror") == ["shot.mirror_up="]


def test_presets():
    assert complete("plan", "--preset", "st") == complete("simulate", "--preset", "st") == ["stars"]


def test_own_profiles_are_found_by_their_files(tmp_path):
    (tmp_path / "my-d850.toml").touch()
    script = tmp_path / "completion"
    script.write_text(SCRIPT.read_text(encoding="utf-8").replace("/etc/backbutton/cameras", str(tmp_path)))
    assert complete("setup", "my", script=script) == ["my-d850"]


def test_each_kind_of_value_is_known():
    kinds = {option.value for command in commands() for option in command.options if not option.choices}
    assert kinds - {""} <= set(VALUES), "add the new placeholder to VALUES in docs/shell_completion.py"


def test_files_and_folders(tmp_path):
    (tmp_path / "my night.session").touch()
    (tmp_path / "my folder").mkdir()
    assert sorted(complete("simulate", "--script", "my", folder=tmp_path)) == ["my folder", "my night.session"]
    assert complete("plan", "--state-dir", "my", folder=tmp_path) == ["my folder"]


def test_an_unknown_command_offers_nothing():
    assert complete("frobnicate", "") == []


def test_each_camera_offered_is_found_and_each_body_is_offered():
    found = [find_model(word).exact for word in camera_words()]
    assert all(len(models) == 1 for models in found)
    assert {models[0] for models in found} == set(all_models())
