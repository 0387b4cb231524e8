"""Presets of a real daemon: files in their thread, events to other clients, a kill at any moment."""

import json
import os
import signal
import socket
import time

import pytest
from processes import daemon
from support import await_event

from config.presets import PresetStore
from controller.client import Client
from controller.errors import CommandError


def client_of(folder):
    return Client.connect(folder / "control.sock")


def ask_without_waiting(folder, *calls):
    with socket.socket(socket.AF_UNIX) as wire:
        wire.connect(str(folder / "control.sock"))
        for method, name in calls:
            request = {"jsonrpc": "2.0", "method": method, "params": {"name": name}}
            wire.sendall(json.dumps(request).encode() + b"\n")


def test_presets_last_and_others_are_told(tmp_path):
    with daemon(tmp_path, "--camera", "canon-e3"), client_of(tmp_path) as client, client_of(tmp_path) as other:
        other.call("subscribe")
        assert client.call("bulb", exposure="3s")["values"] == {"shot.drive": "bulb", "shot.exposure": "3s"}
        assert client.call("preset.save", name="dusk")["did"] == "preset dusk is saved: bulb 3s, every 5s"
        await_event(other, lambda event: event.get("text") == "preset dusk is saved: bulb 3s, every 5s")
        assert client.call("preset.mark", name="dusk")["marked"] == ["dusk"]
        assert client.call("preset.apply", name="action")["values"]["shot.drive"] == "burst"
        await_event(other, lambda event: event.get("preset") == "action")
    with daemon(tmp_path, "--camera", "canon-e3"), client_of(tmp_path) as client:
        assert client.call("status")["drive"] == "single"  # nothing was saved
        rows = {row["name"]: row for row in client.call("presets")["presets"]}
        assert rows["dusk"] == {"name": "dusk", "built_in": False, "number": 1, "does": "bulb 3s, every 5s"}
        client.call("subscribe")
        client.call("thumb.hold", button="run", duration="1.8s")
        await_event(client, lambda event: event["kind"] == "preset" and event["preset"] == "dusk")
        status = client.call("status")
        assert status["drive"] == "bulb"
        assert status["lines"] == {"focus": "open", "shutter": "open"}
        assert set(status["unsaved"]) >= {"shot.drive", "shot.exposure"}


def test_a_damaged_preset_stops_no_start_and_is_reported(tmp_path):
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "dusk.toml").write_bytes(b"\xff\x1b[2J")
    with daemon(tmp_path) as process, client_of(tmp_path) as client:
        assert any("is not UTF-8 text" in warning for warning in client.call("status")["warnings"])
        with pytest.raises(CommandError, match='preset "dusk" is not used'):
            client.call("preset.apply", name="dusk")
        process.send_signal(signal.SIGTERM)
        errors = process.communicate(timeout=30)[1]
    assert 'backbutton: preset "dusk" is not used: is not UTF-8 text, line 1' in errors
    assert "\x1b" not in errors


def test_a_kill_while_presets_are_saved_leaves_each_whole(tmp_path):
    """Old settings or new ones: no file is ever half of one, and the next daemon has no fault to report."""
    for attempt in range(6):
        with daemon(tmp_path, "--camera", "canon-e3") as process, client_of(tmp_path) as client:
            client.call("bulb", exposure=f"{attempt + 1}s")
            for number in range(attempt + 1):
                client.call("preset.save", name=f"p{number}")
            ask_without_waiting(
                tmp_path, ("preset.save", "dusk"), ("preset.mark", "stars"), ("preset.delete", "dusk")
            )
            time.sleep(attempt * 0.002)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        store = PresetStore(tmp_path / "presets")
        store.load()
        assert store.files.faults == ()
        assert all(store.files.own[f"p{number}"]["shot.drive"] == "bulb" for number in range(attempt + 1))
