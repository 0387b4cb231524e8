"""What the player's thread requests from the kernel, and what it does with the answer; the kernel is a fake."""

import resource

import pytest

from hardware.realtime import PRIORITY, Realtime, request_realtime

UNLIMITED = resource.RLIM_INFINITY


class FakeKernel:
    """Grants priorities up to `highest`, and locked memory if `locks`; returns its limits as they are set."""

    def __init__(self, rtprio=0, memlock=UNLIMITED, highest=99, locks=True):
        self.limits = {resource.RLIMIT_RTPRIO: rtprio, resource.RLIMIT_MEMLOCK: memlock}
        self.highest, self.locks = highest, locks
        self.requests = []

    def limit(self, which):
        return self.limits[which]

    def set_fifo(self, priority):
        self.requests.append(priority)
        if priority > self.highest:
            raise PermissionError(1, "Operation not permitted")

    def lock_memory(self):
        self.requests.append("memory")
        if not self.locks:
            raise OSError(12, "Cannot allocate memory")


def test_within_its_limits_a_thread_gets_both():
    assert request_realtime(FakeKernel(rtprio=PRIORITY)) == Realtime(PRIORITY, memory_locked=True)


def test_a_lower_limit_is_used_in_full():
    kernel = FakeKernel(rtprio=20, highest=20)
    assert request_realtime(kernel).priority == 20
    assert kernel.requests[:2] == [PRIORITY, 20]


def test_privileged_users_get_our_priority_whatever_their_limit():
    assert request_realtime(FakeKernel(rtprio=0)).priority == PRIORITY


@pytest.mark.parametrize("rtprio", [0, 50, UNLIMITED])
def test_a_refusal_raises_nothing(rtprio):
    assert request_realtime(FakeKernel(rtprio=rtprio, highest=0)).priority is None


def test_below_a_limit_memory_is_not_locked_for_later_allocations_would_fail():
    kernel = FakeKernel(memlock=8 << 20)
    assert not request_realtime(kernel).memory_locked
    assert "memory" not in kernel.requests


def test_a_refused_lock_is_done_without():
    assert not request_realtime(FakeKernel(locks=False)).memory_locked


@pytest.mark.parametrize(
    ("realtime", "sentence"),
    [
        (Realtime(70, memory_locked=True), "SCHED_FIFO 70, memory locked"),
        (Realtime(), "no real time (LimitRTPRIO), memory not locked (LimitMEMLOCK)"),
    ],
)
def test_what_was_granted_reads_as_a_sentence(realtime, sentence):
    assert str(realtime) == sentence
