"""gpiozero's `LED.blink()` as an intervalometer: on while SHUTTER is held, off for the rest."""

from benchmarks.shooters.order import Order, await_go, report
from benchmarks.shooters.pins import shutter
from hardware.clock import SECOND_NS


def main() -> None:
    """Blink as ordered."""
    order, line = Order.given(), shutter()
    await_go()
    off_ns = order.every_ns - order.hold_ns
    line.blink(order.hold_ns / SECOND_NS, off_ns / SECOND_NS, n=order.slots, background=False)
    report(enumerate(line.pin.closings_ns))


if __name__ == "__main__":
    main()
