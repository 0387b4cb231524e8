"""A daemon whose saved settings are damaged: it starts, says so, and keeps them."""

import subprocess

import pytest
from processes import PROGRAM, daemon

from controller.client import Client


def test_a_key_that_this_version_does_not_know_stops_no_start_and_is_reported_until_the_file_is_replaced(tmp_path):
    saved = tmp_path / "settings.toml"
    saved.write_text('[focus]\nmode = "trim"\nwhisper = 3\n')
    with daemon(tmp_path) as process, Client.connect(tmp_path / "control.sock") as client:
        status = client.call("status")
        assert status["mode"] == "trim"
        assert status["warnings"][0].startswith(f'not in force: {saved}: unknown setting "focus.whisper"')
        assert "whisper" in saved.read_text()
        client.call("settings.save")
        assert not any("not in force" in warning for warning in client.call("status")["warnings"])
        assert "whisper" not in saved.read_text()
        process.terminate()
        assert "backbutton: not in force: " in process.communicate(timeout=30)[1]
    assert "whisper" in (tmp_path / "settings.toml.damaged").read_text()
    log = subprocess.run([*PROGRAM, "log", "--state-dir", tmp_path], capture_output=True, text=True, check=True)
    assert "unknown setting" in log.stdout


@pytest.mark.parametrize("content", [b'camera.profile = "gone"\n', b"\x00\xff", b'focus = "trim"\n'])
def test_a_camera_that_is_gone_and_a_file_of_garbage_stop_no_start(tmp_path, content):
    (tmp_path / "settings.toml").write_bytes(content)
    with daemon(tmp_path) as process, Client.connect(tmp_path / "control.sock") as client:
        assert client.call("status")["warnings"][0].startswith("not in force: ")
        process.terminate()
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert (tmp_path / "settings.toml").read_bytes() == content
