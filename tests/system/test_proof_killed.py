"""The daemon is killed in the middle of a proof: nothing is pressed by itself, and nothing half-learnt is used."""

import json
import random
import socket
from contextlib import contextmanager

import pytest
from processes import daemon
from support import PATIENCE_S

from controller.client import Client

BODY, ANOTHER = "Canon EOS R6", "Canon EOS 90D"
OPEN = {"focus": "open", "shutter": "open"}
KILLS = 3


@contextmanager
def box(folder):
    """Run a daemon, killed without a word at the end, and a client of it."""
    with daemon(folder, "--camera", "canon-e3") as process:
        try:
            with Client.connect(folder / "control.sock", PATIENCE_S) as client:
                yield client
        finally:
            process.kill()


def test_a_press_that_is_killed_counts_as_not_done(tmp_path):
    with box(tmp_path) as client:
        question = client.call("proof.begin", body=BODY)
        client.call("proof.press")
        while client.call("status")["lines"] == OPEN:
            pass
    with box(tmp_path) as client:
        status = client.call("status")
        assert (status["release"], status["lines"], status["focus"]) == ("IDLE", OPEN, "UNFOCUSED")
        assert client.call("proof") == question
        assert question["needs_press"]


@pytest.mark.parametrize("seed", range(KILLS))
def test_what_is_written_is_written_wholly_or_not_at_all(tmp_path, seed):
    wanted = {"method": "proof.begin", "params": {"body": ANOTHER, "again": True}, "jsonrpc": "2.0", "id": 1}
    with box(tmp_path) as client:
        client.call("proof.begin", body=BODY)
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(tmp_path / "control.sock"))
            other.sendall(json.dumps(wanted).encode() + b"\n")
            for _ in range(random.Random(seed).randrange(400_000)):
                pass
    with box(tmp_path) as client:
        reply = client.call("proof")
        assert (reply["state"], reply["asked"]) == ("asking", 0)
        assert reply["body"] in (BODY, ANOTHER)
        assert not client.call("cameras", profile="canon-e3").get("proof")
