"""The daemon's main thread decides and does nothing else: while it serves, it writes, queries and reads no file.

A real daemon on its bench is watched from inside: every open, fsync and query is recorded with the thread it is in.
"""

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from support import PATIENCE_S, await_event

from controller.client import Client
from controller.console.command import Session
from controller.console.completion import completions
from controller.errors import CommandError
from controller.prove.proof import Proof, to_json
from controller.simulate.proving import prove
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks_file import drawn

# Wraps what touches files, from when the loop begins until it ends. Kernel files are no disk: they are left out.
PROGRAM = """
import os, sqlite3, sys, threading
from controller import cli
from controller.box.loop import AsyncLoop

report, serving, main = int(sys.argv.pop(1)), [False], threading.main_thread().ident
KERNEL = ("/proc/", "/sys/", "/dev/", "/run/")

def record(what):
    if serving[0] and threading.get_ident() == main:
        where, frame = [], sys._getframe(1)
        while frame is not None and len(where) < 20:
            where, frame = [*where, f"{frame.f_code.co_name}:{frame.f_lineno}"], frame.f_back
        os.write(report, f"{what} in {where}\\n".encode())

def wrapped(name, call):
    def calls(*arguments, **named):
        record(name)
        return call(*arguments, **named)
    return calls

def audit(event, arguments):
    if event == "open" and not str(arguments[0]).startswith(KERNEL) and not isinstance(arguments[0], int):
        record(f"open {arguments[0]}")
    elif event in ("os.rename", "os.remove", "os.mkdir", "sqlite3.connect"):
        record(event)

class Watched(sqlite3.Connection):
    execute = wrapped("execute", sqlite3.Connection.execute)
    executemany = wrapped("executemany", sqlite3.Connection.executemany)
    backup = wrapped("backup", sqlite3.Connection.backup)

connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **named: connect(*arguments, factory=Watched, **named)
for name in ("fsync", "fdatasync", "sync"):
    setattr(os, name, wrapped(name, getattr(os, name)))
sys.addaudithook(audit)

wait = AsyncLoop.wait
async def watched_wait(self):
    serving[0] = True
    try:
        await wait(self)
    finally:
        serving[0] = False
AsyncLoop.wait = watched_wait
{change}
sys.exit(cli.main(sys.argv[1:]))
"""
SAVES_ON_MAIN = (
    "from controller.box import settings_methods as s; s.SettingsMethods.save = lambda self: self._store.save()"
)
IMPORTS_ON_MAIN = (
    "from controller.box import clock_methods as m; m.ClockMethods.read = lambda self: __import__('wave').__name__"
)
LOGS_ON_MAIN = "from controller.box import methods as m; m.Deferred = lambda work: work(lambda: None)"


class Watch:
    """What main did to files, gathered by a thread so that the pipe never fills."""

    def __init__(self, descriptor):
        self.lines = []
        self._thread = threading.Thread(target=self._read, args=(descriptor,))
        self._thread.start()

    def _read(self, descriptor):
        with os.fdopen(descriptor, encoding="utf-8") as pipe:
            self.lines.extend(pipe)

    def finish(self):
        self._thread.join(PATIENCE_S)
        return self.lines


@contextmanager
def watched(folder, change=""):
    """A daemon on its bench, a client of it, and the lines about its main thread once it has ended."""
    (folder / "cameras").mkdir()
    (folder / "cameras" / "mine.toml").write_text('extends = "canon-e3"\n')
    places = ("--config", folder / "config.toml", "--state-dir", folder / "state", "--socket", folder / "s")
    reads, writes = os.pipe()
    command = [sys.executable, "-c", PROGRAM.replace("{change}", change), writes, "run", "--bench", *places]
    with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True, pass_fds=(writes,)) as process:
        os.close(writes)
        watch = Watch(reads)
        try:
            assert "is ready" in process.stdout.readline()
            with Client.connect(folder / "s", PATIENCE_S) as client:
                client.call("subscribe")
                yield client, watch
            process.terminate()
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
            process.wait()
            watch.finish()


def wait_for(client, **facts):
    await_event(client, lambda event: all(event.get(key) == value for key, value in facts.items()))


def refused(client, method, **params):
    with pytest.raises(CommandError):
        client.call(method, **params)


def change_presets(client):
    """Save, mark, list, apply and delete presets, also one that starts by the sun, and step through them."""
    for method, name in (
        ("save", "dusk"),
        ("mark", "dusk"),
        ("mark", "stars"),
        ("apply", "action"),
        ("apply", "dusk"),
    ):
        client.call(f"preset.{method}", name=name)
        client.call("presets")
    refused(client, "preset.apply", name="dusc")
    client.call("thumb.hold", button="run", duration="1.7s")
    await_event(client, lambda event: event["kind"] == "preset")
    for name in ("landscape", "timelapse", "dusk"):
        client.call("preset.apply", name=name)
    client.call("preset.delete", name="dusk")
    refused(client, "bulb", exposure="2h")
    refused(client, "start", count="24", every="100ms")


def change_settings(client):
    """Set, look, save and roll back, by ways that look something up and by ways that do not."""
    client.call("cameras")
    refused(client, "settings.set", key="interval.evry", value="5s")
    for key, value in {
        "camera.profile": "mine",
        "site.timezone": "europe/zurich",
        "site.latitude": "47.37",
        "site.longitude": "8.54",
        "interval.start": "sunset-20m",
        "shot.exposure": "1/60s",
        "focus.min_hold": "50ms",
    }.items():
        client.call("settings.set", key=key, value=value)
        client.call("status")
    refused(client, "settings.set", key="camera.profile", value="myne")
    refused(client, "settings.set", key="site.timezone", value="Europe/Zurisch")
    client.call("settings.save")
    for key in ("camera.profile", "site.timezone", "interval.start"):
        client.call("settings.reset", key=key)
    client.call("settings.save")
    assert "interval.start" in client.call("settings.rollback")["changed"]
    change_presets(client)
    client.call("settings.set", key="interval.start", value="now")
    refused(client, "settings.rollback", n=9)
    for method in ("settings.show", "settings.diff", "cameras", "clock", "plan"):
        client.call(method)
    client.call("cameras", profile="nikon-mc-dc2")
    refused(client, "start", when="sunset")


def take_frames(client):
    """Take a frame with mirror-up by hand and a run of them; cut one."""
    client.call("thumb.hold", button="back", duration="100ms")
    wait_for(client, focus="DIALLED_IN")
    for key, value in {"shot.mirror_up": "500ms", "interval.every": "2s", "interval.count": "2"}.items():
        client.call("settings.set", key=key, value=value)
    client.call("fire")
    wait_for(client, release="IDLE")
    client.call("start")
    wait_for(client, release="EXPOSING")
    client.call("settings.save")
    refused(client, "settings.rollback")
    wait_for(client, release="IDLE")
    client.call("fire")
    client.call("cut")


def read_journal(client):
    """Ask for the log, as a client, and as Tab does."""
    while (outcome := client.call("log")["runs"][0]["outcome"]) == "open":  # the writer may be behind
        pass
    assert outcome == "finished"
    assert client.call("log", run=1)["runs"][0]["frames"]["fired"] == 2
    refused(client, "log", run=7)
    assert completions(Session(client.call), "log", "") == ["1"]


def test_main_touches_no_file_while_it_serves(tmp_path):
    with watched(tmp_path) as (client, watch):
        change_settings(client)
        take_frames(client)
        read_journal(client)
    assert watch.lines == []


def test_main_touches_no_file_during_a_proof(tmp_path):
    whole = prove(Proof("canon-e3", "Canon EOS R6", "hold", "press-press"), VirtualOwner(drawn(2), seed=2))
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "proof.json").write_text(json.dumps(to_json(whole)))
    with watched(tmp_path) as (client, watch):
        client.call("settings.set", key="camera.profile", value="canon-e3")
        assert client.call("proof")["state"] == "over"
        assert any(row["is_taken"] for row in client.call("proof.finish")["judged"])
        client.call("proof.back")
        client.call("proof.begin", body="Canon EOS 90D", again=True)
        client.call("proof.press")
        refused(client, "fire")
        wait_for(client, release="IDLE")
        client.call("proof.answer", number=1, pictures=2, moved=False)
        client.call("proof.press")
        client.call("cut")
        refused(client, "proof.answer", pictures=2)
        client.call("proof.drop")
    assert (tmp_path / "state" / "cameras" / "canon-e3.toml").exists()
    assert watch.lines == []


@pytest.mark.parametrize(
    ("change", "method", "seen"),
    [(SAVES_ON_MAIN, "settings.save", "fsync"), (LOGS_ON_MAIN, "log", "execute"), (IMPORTS_ON_MAIN, "clock", "open")],
    ids=["save", "log", "import"],
)
def test_the_watch_sees_a_main_that_writes_or_queries_or_imports(change, method, seen, tmp_path):
    with watched(tmp_path, change) as (client, watch):
        client.call("settings.set", key="interval.count", value="7")
        client.call(method)
    assert any(line.startswith(seen) for line in watch.lines)
