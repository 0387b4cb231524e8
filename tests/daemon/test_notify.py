"""What is told to the service manager; here it is a datagram socket of the test's own."""

import os
import socket

import pytest

from controller.daemon.notify import Notifier


@pytest.fixture
def manager(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.setblocking(False)
        yield heard


@pytest.fixture
def notifier(manager):
    notifier = Notifier.of({"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "5000000"})
    yield notifier
    notifier.close()


def test_what_is_told_is_heard(manager, notifier):
    notifier.ready("all is well")
    notifier.feed()
    notifier.stopping()
    assert [manager.recv(100) for _ in range(3)] == [b"READY=1\nSTATUS=all is well", b"WATCHDOG=1", b"STOPPING=1"]


def test_an_abstract_address_is_understood():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(b"\0backbutton-test-%d" % os.getpid())
        notifier = Notifier(f"@backbutton-test-{os.getpid()}")
        notifier.stopping()
        assert heard.recv(100, socket.MSG_DONTWAIT) == b"STOPPING=1"
        notifier.close()


def test_a_watchdog_of_5_s_is_fed_every_2_s(notifier):
    assert notifier.watchdog_ns == 2_000_000_000


@pytest.mark.parametrize(
    "more",
    [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "5000000", "WATCHDOG_PID": "1"}],
)
def test_nobody_who_waits_for_us_is_no_timer(manager, more):
    notifier = Notifier.of({"NOTIFY_SOCKET": manager.getsockname(), **more})
    assert notifier.watchdog_ns is None
    notifier.close()


@pytest.mark.parametrize("address", [None, "/nowhere/at/all", "vsock:2:1234", ""])
def test_without_a_manager_nothing_is_told_and_there_is_no_timer(address):
    notifier = Notifier(address, 2_000_000_000)
    notifier.ready("all is well")
    notifier.feed()
    notifier.close()
    assert notifier.watchdog_ns is None


def test_a_manager_that_has_gone_stops_nothing(manager, notifier):
    manager.close()
    notifier.feed()
    notifier.ready("all is well")


def test_a_manager_that_does_not_listen_holds_nothing_up(manager, notifier):
    for _ in range(5_000):  # more than a queue of datagrams takes
        notifier.feed()
    assert manager.recv(100) == b"WATCHDOG=1"


def test_after_close_nobody_is_told(manager, notifier):
    notifier.close()
    notifier.feed()
    with pytest.raises(BlockingIOError):
        manager.recv(100)
