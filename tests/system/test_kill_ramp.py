"""The daemon killed in mid-ramp, and between the call for a hand-step and its confirmation: it goes on by its plan."""

import pytest
from journals import reading
from processes import daemon
from support import PATIENCE_S, await_event

from controller.client import Client
from controller.journal.schema import FILE

SETTINGS = {
    "camera.profile": "canon-e3",
    "camera.back_button_focus": "true",
    "shot.drive": "bulb",
    "shot.ramp_shape": "even",
    "shot.ramp": "0% 500ms, 100% 500ms",
    "shot.steps": "30% +1",
    "interval.every": "1300ms",
    "interval.count": "10",
    "interval.tolerance": "200ms",
    "interval.resume": "auto",
}
CALL = "hand-step 1 of 1: set the camera to gather 1 stop more light"


def is_call(event):
    return CALL in event.get("text", "")


@pytest.fixture
def asked(tmp_path):
    """The client of a daemon that is begun, dies, or takes up what the one before has left."""
    return lambda: Client.connect(tmp_path / "control.sock", PATIENCE_S)


def test_a_kill_loses_neither_the_ramp_nor_a_hand_step(tmp_path, asked):
    with daemon(tmp_path) as process, asked() as client:
        for key, value in SETTINGS.items():
            client.call("settings.set", key=key, value=value)
        client.call("settings.save")
        client.call("subscribe")
        client.call("thumb.hold", button="back", duration="400ms")
        await_event(client, lambda event: event.get("focus") == "DIALLED_IN")
        client.call("start")
        await_event(client, is_call)
        process.kill()
    with daemon(tmp_path) as process, asked() as client:  # killed between the call and its confirmation
        status = client.call("status")
        assert status["run"]["step"] == {
            "number": 1,
            "of": 1,
            "sixths": 6,
            "change": "set the camera to gather 1 stop more light (ISO, aperture or filter)",
        }
        client.call("step")
        client.call("trim", stops="-1/3")
        client.call("subscribe")
        await_event(client, lambda event: event.get("release") == "WAITING")
        await_event(client, lambda event: event.get("release") == "EXPOSING")  # its intent was written after the trim
        process.kill()
    with daemon(tmp_path) as process, asked() as client:  # killed after it
        client.call("subscribe")
        run = client.call("status")["run"]
        assert (run["step"], run["trim"]) == (None, -2)
        await_event(client, lambda event: event.get("release") == "IDLE")
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    with reading(tmp_path / FILE) as reader:
        summary = reader.runs(1)[0]
        frames = list(reader.frames(summary))
    assert summary.outcome == "finished"
    moves = summary.run.moves
    assert [move[1:] for move in moves][-1] == (1, -2)
    confirmed = moves[-1][0]
    for frame in frames:
        if frame.bulb_ns is not None:  # neither skipped nor unknown
            stops = frame.slot / 9 - (4 / 3 if frame.slot >= confirmed else 0)
            assert frame.bulb_ns == pytest.approx(500_000_000 * 2**stops, rel=1e-6)
    taken = [frame.slot for frame in frames if frame.outcome == "fired"]
    assert taken[0] == 0
    assert taken[-1] == 9
