"""`LED.blink()` of gpiozero as an intervalometer: on for as long as SHUTTER is held, off for the rest."""

from benchmarks.shooters.order import Order, await_go, took
from benchmarks.shooters.pins import shutter
from hardware.clock import SECOND_NS


def main() -> None:
    """Blink as ordered."""
    order, line = Order.given(), shutter()
    await_go()
    off_ns = order.every_ns - order.hold_ns
    line.blink(order.hold_ns / SECOND_NS, off_ns / SECOND_NS, n=order.slots, background=False)
    took(enumerate(line.pin.closings_ns))


if __name__ == "__main__":
    main()
