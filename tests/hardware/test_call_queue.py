"""The call queue. `PATIENCE_S` limits tests that would otherwise hang."""

import queue
import threading

import pytest

from hardware.call_queue import CallQueue

PATIENCE_S = 10
MORE_THAN_A_PIPE_HOLDS = 70_000


@pytest.fixture
def calls():
    return CallQueue()


def test_calls_run_in_order(calls):
    made = []
    for k in range(3):
        calls.put(lambda k=k: made.append(k))
    calls.run()
    assert made == [0, 1, 2]
    assert not calls.pending


def test_a_call_that_a_call_puts_runs_too(calls):
    made = []
    calls.put(lambda: calls.put(lambda: made.append(1)))
    calls.run()
    assert made == [1]


def test_each_put_wakes_a_waiting_consumer(calls):
    made = queue.SimpleQueue()

    def work():
        for _ in range(5):
            while not calls.pending:
                calls.wait(PATIENCE_S)
            calls.run()
            calls.clear_wakeups()

    worker = threading.Thread(target=work)
    worker.start()
    for k in range(5):
        calls.put(lambda k=k: made.put(k))
        assert made.get(timeout=PATIENCE_S) == k
    worker.join(PATIENCE_S)
    assert not worker.is_alive()


def test_wait_returns_at_once_while_a_call_is_pending(calls):
    calls.put(lambda: None)
    calls.wait(None)
    calls.run()
    calls.clear_wakeups()
    calls.wait(None)  # the wake-up of the call that ran already
    calls.clear_wakeups()
    calls.wait(0)
    assert not calls.pending


def test_a_full_pipe_limits_no_calls(calls):
    made = []
    for _ in range(MORE_THAN_A_PIPE_HOLDS):
        calls.put(lambda: made.append(None))
    calls.run()
    assert len(made) == MORE_THAN_A_PIPE_HOLDS
