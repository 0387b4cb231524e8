import gc
import threading

import pytest
from gpiozero import DigitalOutputDevice

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


@pytest.fixture
def reserve_during_collection():
    """Return a function that has the garbage collector close an old device while a new one reserves its pin."""

    class CollectsGarbage(DigitalOutputDevice):
        def _conflicts_with(self, other):
            gc.collect()
            return False

    def reserve(factory):
        cycle = [DigitalOutputDevice(27, pin_factory=factory)]
        cycle.append(cycle)
        del cycle
        with DigitalOutputDevice(17, pin_factory=factory), CollectsGarbage(17, pin_factory=factory):
            pass

    def is_reserved(factory):
        thread = threading.Thread(target=reserve, args=(factory,), daemon=True)
        thread.start()
        thread.join(10)
        return not thread.is_alive()

    return is_reserved
