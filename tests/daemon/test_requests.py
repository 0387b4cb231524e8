"""What the daemon does around each request of a client."""

from types import SimpleNamespace

import pytest

from controller.daemon.main import KickingDispatcher


class Recorder:
    """Writes down what it is asked to do."""

    def __init__(self):
        self.deeds = []

    def __getattr__(self, name):
        return lambda *_: self.deeds.append(name)


@pytest.mark.parametrize("method", ["status", "fire", "no such thing"])
def test_a_request_gives_way_to_an_edge_that_is_near(method):
    assert around(method) == ["wait_for_edge", "call", "kick"]


def test_a_cut_waits_for_no_edge():
    assert around("cut") == ["call", "kick"]


def around(method):
    recorder = Recorder()
    dispatcher = KickingDispatcher(SimpleNamespace(methods=recorder, box=SimpleNamespace(thread=recorder)), recorder)
    dispatcher.call(method, {})
    return recorder.deeds
