"""What the daemon does around each request of a client, and what a failed one means."""

from collections import deque

import pytest

from config.files import no_pause
from controller.box.deferred import Deferred
from controller.daemon.dispatch import BoxDispatcher
from controller.daemon.files_thread import ROOM, FilesThread, Outcome, attempt
from controller.errors import CommandError


class Recorder:
    """Writes down what it is asked to do; stands for the player, the loop and the files thread."""

    def __init__(self, answer=None, *, touches_core=True):
        self.deeds = []
        self.faults = []
        self.submitted = deque()
        self._answer = answer
        self._touches_core = touches_core

    def wait_for_edge(self):
        self.deeds.append("wait_for_edge")

    def kick(self):
        self.deeds.append("kick")

    def on_fault(self, error):
        self.faults.append(error)

    def touches_core(self, _method):
        return self._touches_core

    def answer(self, _method, _params):
        self.deeds.append("call")
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def submit(self, work, done):
        self.submitted.append((work, done))

    def run_submitted(self):
        work, done = self.submitted.popleft()
        done(attempt(lambda: work(no_pause)))

    def call(self, method="settings.save"):
        return BoxDispatcher(self, self, self, self).call(method, {})


def raising(error):
    def call(*_):
        raise error

    return call


BROKEN, REFUSED = ZeroDivisionError("broken"), CommandError("refused", "not now")


@pytest.mark.parametrize("method", ["status", "fire", "no such thing"])
def test_a_request_waits_for_an_edge_that_is_near(method):
    recorder = Recorder()
    recorder.call(method)
    assert recorder.deeds == ["wait_for_edge", "call", "kick"]


def test_a_cut_waits_for_no_edge():
    recorder = Recorder()
    recorder.call("cut")
    assert recorder.deeds == ["call", "kick"]


@pytest.mark.parametrize(
    ("error", "touches_core", "faults"),
    [(BROKEN, True, [BROKEN]), (BROKEN, False, []), (REFUSED, True, []), (REFUSED, False, [])],
)
def test_only_a_failure_that_may_leave_the_core_in_doubt_is_a_fault(error, touches_core, faults):
    recorder = Recorder(error, touches_core=touches_core)
    with pytest.raises(type(error)):
        recorder.call()
    assert recorder.faults == faults


def test_a_reply_that_needs_files_is_pending_until_both_of_its_parts_have_run():
    recorder = Recorder(Deferred(lambda _: 20, lambda n: n + 1))
    pending, settled = recorder.call(), []
    pending.when_settled(lambda: settled.append(pending.result()))
    assert not pending.is_settled
    recorder.run_submitted()
    assert settled == [21]


def test_a_reply_that_is_ready_before_somebody_waits_for_it_is_not_lost():
    recorder = Recorder(Deferred(lambda _: 20, lambda n: n + 1))
    pending, settled = recorder.call(), []
    recorder.run_submitted()
    pending.when_settled(lambda: settled.append(pending.result()))
    assert settled == [21]


@pytest.mark.parametrize("error", [BROKEN, REFUSED])
def test_a_failure_of_the_files_thread_is_an_error_for_the_client_and_never_a_fault(error):
    recorder = Recorder(Deferred(raising(error)))
    pending = recorder.call()
    recorder.run_submitted()
    with pytest.raises(type(error)):
        pending.result()
    assert recorder.faults == []


@pytest.mark.parametrize(
    ("error", "touches_core", "faults"), [(BROKEN, True, [BROKEN]), (BROKEN, False, []), (REFUSED, True, [])]
)
def test_a_failure_of_the_part_in_main_is_judged_as_any_other(error, touches_core, faults):
    recorder = Recorder(Deferred(lambda _: 1, raising(error)), touches_core=touches_core)
    pending = recorder.call()
    recorder.run_submitted()
    with pytest.raises(type(error)):
        pending.result()
    assert recorder.faults == faults


def test_the_files_thread_runs_work_in_order_and_reports_it_in_main():
    posted, order = deque(), []
    files = FilesThread(posted.append, lambda: None)
    for number in range(ROOM):
        files.submit(lambda _, number=number: order.append(number) or number, order.append)
    with pytest.raises(CommandError, match=f"{ROOM} requests wait for the disk already; try again in a moment"):
        files.submit(lambda _: None, lambda _: None)
    files.stop()
    assert order == list(range(ROOM))
    while posted:
        posted.popleft()()
    assert order[ROOM:] == [Outcome(number) for number in range(ROOM)]
