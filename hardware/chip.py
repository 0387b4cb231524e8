"""A gpiozero pin factory for digital pins over libgpiod: `ChipFactory`. Knows lines of the kernel, no contacts.

Ticks are integer nanoseconds of CLOCK_MONOTONIC, for an edge the kernel's own. All edges come through one
descriptor: an event loop calls `use_event_loop()` once, watches `fileno()` and calls `dispatch()`. Where nobody
does, a thread is started with the first input that wants edges; then handlers run in that thread, as they do
with gpiozero's own factories.

Three rules of gpiozero's remain. `pin.when_changed` is held weakly: give it a bound method of an object you keep.
`Device.close()` turns an output into an input whatever its level: write the resting level first. Devices of a
factory that is not gpiozero's default are not closed at exit: close them, and it, also where a start fails.
"""

import logging
import os
import select
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread, current_thread
from typing import Any, Self

import gpiod
from gpiod.line import Direction
from gpiozero.pins.local import LocalPiFactory

from hardware.chip_find import ChipOpener, board_revision, line_error, open_header_chip
from hardware.chip_pin import KERNEL_EVENTS, ChipPin
from hardware.clock import SECOND_NS, Clock, SystemClock
from hardware.errors import HardwareError

CONSUMER = "backbutton"  # what gpioinfo shows, and others' "is in use by"

_log = logging.getLogger("backbutton")


def log_error(trouble: Exception) -> None:
    """Write a trouble into the log: the chip's as a sentence, a handler's with its traceback."""
    _log.error("%s", trouble, exc_info=None if isinstance(trouble, HardwareError) else trouble)


class ChipFactory(LocalPiFactory):
    """Makes pins of the chip behind the Pi's header; where there is none, a HardwareError with a sentence.

    `revision` is the board's, for where it cannot be read. `on_error` hears what went wrong in a dispatch: an
    EdgesMissedError, a ChipLostError, or whatever a handler raised; it must not raise. The rest is for tests.
    """

    def __init__(
        self,
        revision: int | None = None,
        *,
        on_error: Callable[[Exception], None] = log_error,
        open_chip: ChipOpener = gpiod.Chip,
        root: Path = Path("/"),
        clock: Clock = SystemClock(),  # noqa: B008 - it has no state
    ) -> None:
        self._chip: Any = open_header_chip(root, open_chip)
        super().__init__()
        # gpiozero shares these between all its local factories: a pin of one would block the same pin of another.
        self.pins: dict[Any, ChipPin] = {}
        self._reservations: dict[Any, list[Any]] = defaultdict(list)
        self._res_lock = Lock()
        self.pin_class = ChipPin
        self.on_error = on_error
        self._revision = revision
        self._root = root
        self._clock = clock
        self._epoll = select.epoll()
        self._watched: dict[int, ChipPin] = {}
        self._is_watched_by_loop = False
        self._thread: _WatchThread | None = None

    def _get_revision(self) -> int:
        return board_revision(self._root) if self._revision is None else self._revision

    def ticks(self) -> int:
        """Return the time of CLOCK_MONOTONIC in nanoseconds."""
        return self._clock.now_ns()

    @staticmethod
    def ticks_diff(later: int, earlier: int) -> float:
        """Return the seconds between two times, as gpiozero's devices want them."""
        return (later - earlier) / SECOND_NS

    def use_event_loop(self) -> None:
        """Promise that an event loop watches `fileno()` from now on: no thread is started, a running one ends."""
        self._is_watched_by_loop = True
        self._stop_thread()

    def fileno(self) -> int:
        """Return the one descriptor that is readable while any pin has edges to tell."""
        return self._epoll.fileno()

    def dispatch(self) -> None:
        """Tell the edges that have come; never waits, and raises nothing of what it meets: see `on_error`."""
        for descriptor, _ in self._epoll.poll(0):
            pin = self._watched.get(descriptor)  # a handler before this one may have closed it
            if pin is not None:
                pin.report_edges()

    def __enter__(self) -> Self:  # gpiozero has it from 2.0 on
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Turn all outputs into inputs and give everything back; any number of times."""
        self._stop_thread()
        super().close()
        if self._chip is not None:
            self._chip.close()
            self._chip = None
        self._epoll.close()

    # What follows is for the pins.

    def request_line(self, pin: ChipPin, number: int, settings: gpiod.LineSettings) -> Any:
        """Request a line; a HardwareError with a sentence where the kernel refuses."""
        if self._chip is None:
            raise HardwareError(f"{pin!r} cannot be used: its pin factory is closed")
        try:
            request = self._chip.request_lines(
                config={number: settings}, consumer=CONSUMER, event_buffer_size=KERNEL_EVENTS
            )
        except OSError as error:
            self._forget(pin)
            raise self.refusal(pin, number, error) from None
        os.set_blocking(request.fd, False)  # so that no read waits for an event that another has taken
        return request

    def refusal(self, pin: ChipPin, number: int, error: OSError) -> HardwareError:
        """Say what the kernel meant when it refused something of a line."""
        return line_error(repr(pin), self._chip, number, error)

    def direction(self, number: int) -> str:
        """Return how a line stands in the kernel, "input" or "output", without requesting it."""
        return "output" if self._chip.get_line_info(number).direction is Direction.OUTPUT else "input"

    def watch(self, pin: ChipPin, descriptor: int) -> None:
        """Tell the pin's edges from now on."""
        self._watched[descriptor] = pin
        self._epoll.register(descriptor, select.EPOLLIN)
        if self._thread is None and not self._is_watched_by_loop:
            self._thread = _WatchThread(self)

    def unwatch(self, descriptor: int) -> None:
        """Tell the pin's edges no more."""
        if self._watched.pop(descriptor, None) is not None:
            self._epoll.unregister(descriptor)

    def _forget(self, pin: ChipPin) -> None:
        """Forget a pin that could not be had, and who reserved it.

        The device that wanted it lives as long as the exception does, and would stand in the way of the next
        attempt; when it dies it closes its pin, which must not be the one the next attempt got.
        """
        with self._res_lock:
            for key in [key for key, known in self.pins.items() if known is pin]:
                del self.pins[key]
                self._reservations.pop(key, None)

    def _stop_thread(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()


class _WatchThread(Thread):
    """Dispatches edges where no event loop does; sleeps while there are none."""

    def __init__(self, factory: ChipFactory) -> None:
        super().__init__(name="backbutton-edges", daemon=True)
        self._factory = factory
        self._wake = os.eventfd(0)
        self._poll = select.poll()
        self._poll.register(self._wake, select.POLLIN)
        self._poll.register(factory.fileno(), select.POLLIN)
        self.start()

    def run(self) -> None:
        """Dispatch until stopped."""
        while self._wake not in (ready := [descriptor for descriptor, _ in self._poll.poll()]):
            assert ready
            self._factory.dispatch()
        os.close(self._wake)

    def stop(self) -> None:
        """End, after the handler that is running; from within a handler, after that."""
        os.eventfd_write(self._wake, 1)
        if current_thread() is not self:
            self.join()
