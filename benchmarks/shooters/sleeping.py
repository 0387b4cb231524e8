"""The loop that everybody writes first: fire, sleep for the interval, repeat. It ends when the time is up."""

import time

from benchmarks.shooters.order import Order, await_go, report
from benchmarks.shooters.pins import shutter
from hardware.clock import SECOND_NS


def main() -> None:
    """Fire and sleep as ordered."""
    order, line = Order.given(), shutter()
    await_go()
    end_ns = time.monotonic_ns() + order.lasts_ns
    while time.monotonic_ns() < end_ns:
        line.on()
        time.sleep(order.hold_ns / SECOND_NS)
        line.off()
        time.sleep(order.every_ns / SECOND_NS)
    report(enumerate(line.pin.closings_ns))


if __name__ == "__main__":
    main()
