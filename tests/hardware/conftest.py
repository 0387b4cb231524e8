import pytest

from hardware.clock import VirtualClock
from hardware.virtual.pins import BenchFactory


@pytest.fixture
def clock():
    return VirtualClock(1_000)


@pytest.fixture
def factory(clock):
    factory = BenchFactory(clock)
    yield factory
    factory.close()
