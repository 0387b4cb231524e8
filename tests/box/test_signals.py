"""Signals that end a process, within it."""

import signal

import pytest

from controller.box.signals import lines_open_on_signals
from hardware.lines import Latch

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


@pytest.fixture(autouse=True)
def handlers():
    """The handlers before, given back after the test."""
    before = {number: signal.getsignal(number) for number in (*ENDING, signal.SIGTSTP)}
    yield before
    for number, handler in before.items():
        signal.signal(number, handler)


class Opened(Latch):
    """A latch without lines."""

    def __init__(self):
        self.trips = 0

    def trip(self):
        self.trips += 1


@pytest.mark.parametrize("number", ENDING)
def test_each_signal_trips_the_latch_and_then_asks_for_the_end(number):
    latch, ends = Opened(), []
    with lines_open_on_signals(latch, lambda: ends.append(latch.trips)):
        signal.raise_signal(number)
        signal.raise_signal(number)
    assert ends == [1, 2]


def test_the_handlers_before_are_given_back(handlers):
    with lines_open_on_signals(Opened(), list):
        pass
    assert {number: signal.getsignal(number) for number in handlers} == handlers


def test_signals_that_come_after_the_last_use_are_ignored(handlers):
    with lines_open_on_signals(Opened(), list, is_last=True):
        pass
    assert {signal.getsignal(number) for number in handlers} == {signal.SIG_IGN}
    for number in ENDING:
        signal.raise_signal(number)
