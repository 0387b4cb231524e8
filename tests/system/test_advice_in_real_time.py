"""The interval that a refusal advises works in real time: with a player's thread, and a journal on the disk.

`tests/box/test_advice.py` follows every kind of advice, for every camera, on the virtual clock.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from processes import daemon
from support import PATIENCE_S, await_event

from controller.client import Client
from controller.errors import CommandError
from controller.journal.command import reading
from controller.journal.records import FIRED
from controller.journal.schema import FILE

pytestmark = pytest.mark.alone

SLOTS = 12
ATTEMPTS = 2  # a machine that is busy with something else may lose a frame; bad advice loses some every time
BOXES = {
    "nikon-10pin": (("--camera", "nikon-10pin"), {}),
    "nikon-10pin without tolerance": (("--camera", "nikon-10pin"), {"interval.tolerance": "0s"}),
    "canon-e3 over a focus lock": (("--camera", "canon-e3", "--body", "factory"), {"interval.tolerance": "0s"}),
    "sony-multi with a flash contact": (("--camera", "sony-multi", "--sync", "ok"), {"interval.tolerance": "0s"}),
}


def wait_for(client, **facts):
    await_event(client, lambda event: all(event.get(key) == value for key, value in facts.items()))


def start_as_advised(client):
    """Start; set the shortest interval that the refusal advises; start again."""
    with pytest.raises(CommandError) as refused:
        client.call("start")
    key, _, value = refused.value.sentence.partition("; set ")[2].partition(" to at least ")
    assert key == "interval.every"
    client.call("settings.set", key=key, value=value)
    client.call("start")


def take_run(folder, options, settings):
    """Take a run at the interval that the box advises."""
    with daemon(folder, *options) as process:
        with Client.connect(folder / "control.sock", PATIENCE_S) as client:
            client.call("subscribe")
            client.call("thumb.hold", button="back", duration="600ms")
            wait_for(client, focus="DIALLED_IN")
            for key, value in {"interval.every": "100ms", "interval.count": str(SLOTS), **settings}.items():
                client.call("settings.set", key=key, value=value)
            start_as_advised(client)
            wait_for(client, release="IDLE")
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def fired_slots(folder):
    """Return the slots of the only run whose frames were fired."""
    with reading(folder / FILE) as reader:
        [run] = reader.runs(2)
        return [frame.slot for frame in reader.frames(run) if frame.outcome in FIRED]


def play(name, folder):
    folder.mkdir()
    take_run(folder, *BOXES[name])
    return fired_slots(folder)


def test_at_the_advised_interval_every_slot_is_fired(tmp_path):
    losses = dict.fromkeys(BOXES)
    for attempt in range(ATTEMPTS):
        with ThreadPoolExecutor() as pool:
            runs = {name: pool.submit(play, name, tmp_path / f"{attempt}{box}") for box, name in enumerate(losses)}
        fired = {name: run.result() for name, run in runs.items()}
        losses = {name: slots for name, slots in fired.items() if slots != list(range(SLOTS))}
        if not losses:
            break
    assert not losses
