"""The best this machine allows a Python program: one thread, absolute deadlines, real-time priority if granted.

It waits as the box's player does (`controller.bench.bare_loop`), and does nothing else.
"""

import time

from benchmarks.shooters.order import Order, await_go, report
from benchmarks.shooters.pins import shutter
from controller.bench.bare_loop import wait_until
from hardware.clock import SECOND_NS
from hardware.realtime import request_realtime


def main() -> None:
    """Fire on the grid as ordered."""
    order, line = Order.given(), shutter()
    await_go()
    realtime = request_realtime()
    begin_ns = time.monotonic_ns() + order.hold_ns
    for slot in range(order.slots):
        wait_until(begin_ns + slot * order.every_ns)
        line.on()
        time.sleep(order.hold_ns / SECOND_NS)
        line.off()
    report(enumerate(line.pin.closings_ns), str(realtime))


if __name__ == "__main__":
    main()
