"""The least that the machine allows a Python program: one thread, absolute deadlines, real time where it is granted.

It wakes as long before each deadline as the box's player does, and spins; it does nothing else.
"""

import time

from benchmarks.shooters.order import Order, await_go, took
from benchmarks.shooters.pins import shutter
from hardware.clock import SECOND_NS
from hardware.realtime import request_realtime
from hardware.thread import SPIN_NS


def main() -> None:
    """Fire on the grid as ordered."""
    order, line = Order.given(), shutter()
    await_go()
    realtime = request_realtime()
    begin_ns = time.monotonic_ns() + order.hold_ns
    for slot in range(order.slots):
        _wait_until(begin_ns + slot * order.every_ns)
        line.on()
        time.sleep(order.hold_ns / SECOND_NS)
        line.off()
    took(enumerate(line.pin.closings_ns), str(realtime))


def _wait_until(due_ns: int) -> None:
    time.sleep(max(0, due_ns - SPIN_NS - time.monotonic_ns()) / SECOND_NS)
    while time.monotonic_ns() < due_ns:
        pass


if __name__ == "__main__":
    main()
