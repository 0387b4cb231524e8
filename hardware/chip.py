"""A gpiozero pin factory for digital pins over libgpiod: `ChipFactory`. Knows the kernel's lines, not contacts.

Ticks are integer nanoseconds of CLOCK_MONOTONIC; those of an edge come from the kernel. All edges arrive on one
descriptor: an event loop calls `use_event_loop()` once, watches `fileno()` and calls `dispatch()`. Without an event
loop, the first input that wants edges starts a thread, and handlers run in that thread, as in gpiozero's own
factories.

Three rules of gpiozero still apply. `pin.when_changed` is a weak reference: give it a bound method of an object that
you keep. `Device.close()` turns an output into an input whatever its level: write the resting level first. gpiozero
closes only devices of its default factory at exit: close yours, and the factory, also when a start fails.
"""

import logging
import os
import select
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from threading import RLock, Thread, current_thread
from typing import Any, Self

import gpiod
from gpiod.line import Direction
from gpiozero.pins.local import LocalPiFactory

from hardware.chip_find import ChipOpener, board_revision, line_error, open_header_chip
from hardware.chip_pin import KERNEL_EVENTS, ChipPin
from hardware.clock import SECOND_NS, Clock, SystemClock
from hardware.errors import HardwareError

CONSUMER = "backbutton"  # gpioinfo shows it, and so do other programs' "is in use by"

_log = logging.getLogger("backbutton")


def log_error(error: Exception) -> None:
    """Log a hardware error as a sentence, any other (a handler's) with its traceback."""
    _log.error("%s", error, exc_info=None if isinstance(error, HardwareError) else error)


class ChipFactory(LocalPiFactory):
    """Makes pins of the chip that drives the Pi's header; raises HardwareError if there is none.

    `revision` is the board's, for boards on which it cannot be read. `on_error` gets what goes wrong in `dispatch`:
    an EdgesMissedError, a ChipLostError, or whatever a handler raised; it must not raise. The rest is for tests.
    """

    def __init__(
        self,
        revision: int | None = None,
        *,
        on_error: Callable[[Exception], None] = log_error,
        open_chip: ChipOpener = gpiod.Chip,
        root: Path = Path("/"),
        clock: Clock = SystemClock(),  # noqa: B008 - it is stateless
    ) -> None:
        self._chip: Any = open_header_chip(root, open_chip)
        super().__init__()
        # gpiozero shares these among all local factories: a pin of one would block the same pin of another.
        self.pins: dict[Any, ChipPin] = {}
        self._reservations: dict[Any, list[Any]] = defaultdict(list)
        self._res_lock = RLock()  # the garbage collector may close an old device while a new one reserves its pin
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
        """Return the time of CLOCK_MONOTONIC, in nanoseconds."""
        return self._clock.now_ns()

    @staticmethod
    def ticks_diff(later: int, earlier: int) -> float:
        """Return the seconds between two ticks, as gpiozero requires."""
        return (later - earlier) / SECOND_NS

    def use_event_loop(self) -> None:
        """Promise that an event loop watches `fileno()` from now on; ends the thread, if there is one."""
        self._is_watched_by_loop = True
        self._stop_thread()

    def fileno(self) -> int:
        """Return the one descriptor that is readable while any pin has edges to report."""
        return self._epoll.fileno()

    def dispatch(self) -> None:
        """Call the handlers of the edges that have arrived; never blocks, and reports errors to `on_error`."""
        for descriptor, _ in self._epoll.poll(0):
            pin = self._watched.get(descriptor)  # an earlier handler may have closed it
            if pin is not None:
                pin.report_edges()

    def __enter__(self) -> Self:  # gpiozero has it since 2.0
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Turn all outputs into inputs and release everything; idempotent."""
        self._stop_thread()
        super().close()
        if self._chip is not None:
            self._chip.close()
            self._chip = None
        self._epoll.close()

    # -- for the pins

    def request_line(self, pin: ChipPin, number: int, settings: gpiod.LineSettings) -> Any:
        """Request a line from the kernel; raises HardwareError if it refuses."""
        if self._chip is None:
            raise HardwareError(f"{pin!r} cannot be used: its pin factory is closed")
        try:
            request = self._chip.request_lines(
                config={number: settings}, consumer=CONSUMER, event_buffer_size=KERNEL_EVENTS
            )
        except OSError as error:
            self._forget(pin)
            raise self.explain(pin, number, error) from None
        os.set_blocking(request.fd, False)  # so that no read blocks on an event that another read has taken
        return request

    def explain(self, pin: ChipPin, number: int, error: OSError) -> HardwareError:
        """Return an error that explains why the kernel refused something about a line."""
        return line_error(repr(pin), self._chip, number, error)

    def direction(self, number: int) -> str:
        """Return the kernel's direction of a line, "input" or "output", without requesting the line."""
        return "output" if self._chip.get_line_info(number).direction is Direction.OUTPUT else "input"

    def watch(self, pin: ChipPin, descriptor: int) -> None:
        """Report the pin's edges from now on."""
        self._watched[descriptor] = pin
        self._epoll.register(descriptor, select.EPOLLIN)
        if self._thread is None and not self._is_watched_by_loop:
            self._thread = _WatchThread(self)

    def unwatch(self, descriptor: int) -> None:
        """Stop reporting the edges of this descriptor; idempotent."""
        if self._watched.pop(descriptor, None) is not None:
            self._epoll.unregister(descriptor)

    def _forget(self, pin: ChipPin) -> None:
        """Drop a pin that could not be requested, and its reservation.

        The device that reserved it lives as long as the exception, and would block the next attempt. When it is
        collected it closes its pin, which must not be the pin of that next attempt.
        """
        with self._res_lock:
            for key in [key for key, other in self.pins.items() if other is pin]:
                del self.pins[key]
                self._reservations.pop(key, None)

    def _stop_thread(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()


class _WatchThread(Thread):
    """Dispatches edges if no event loop does; sleeps while there are none."""

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
        """End the thread after the handler that is running. Blocks until then, except when called by that handler."""
        os.eventfd_write(self._wake, 1)
        if current_thread() is not self:
            self.join()
