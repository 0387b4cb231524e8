"""Calls to another thread. `PATIENCE_S` is for a test that would hang."""

import queue
import threading

import pytest

from hardware.calls import Calls

PATIENCE_S = 10
MORE_THAN_A_PIPE_HOLDS = 70_000


@pytest.fixture
def calls():
    return Calls()


def test_calls_are_made_in_order(calls):
    made = []
    for k in range(3):
        calls.put(lambda k=k: made.append(k))
    calls.make()
    assert made == [0, 1, 2]
    assert not calls.waiting


def test_a_call_that_is_put_by_a_call_is_made_too(calls):
    made = []
    calls.put(lambda: calls.put(lambda: made.append(1)))
    calls.make()
    assert made == [1]


def test_who_waits_is_woken_each_time(calls):
    made = queue.SimpleQueue()

    def work():
        for _ in range(5):
            while not calls.waiting:
                calls.wait(PATIENCE_S)
            calls.make()
            calls.rest()

    worker = threading.Thread(target=work)
    worker.start()
    for k in range(5):
        calls.put(lambda k=k: made.put(k))
        assert made.get(timeout=PATIENCE_S) == k
    worker.join(PATIENCE_S)
    assert not worker.is_alive()


def test_nobody_waits_where_a_call_is_there_already(calls):
    calls.put(lambda: None)
    calls.wait(None)
    calls.make()
    calls.rest()
    calls.wait(None)  # the ring that nobody waited for: once
    calls.rest()
    calls.wait(0)
    assert not calls.waiting


def test_more_calls_may_wait_than_rings(calls):
    made = []
    for _ in range(MORE_THAN_A_PIPE_HOLDS):
        calls.put(lambda: made.append(None))
    calls.make()
    assert len(made) == MORE_THAN_A_PIPE_HOLDS
