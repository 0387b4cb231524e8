"""Signals and uncaught exceptions: both lines open first, then everything else."""

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

from hardware.errors import HardwareError
from hardware.lines import Latch

_log = logging.getLogger("backbutton")

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
# Ctrl-Z in a terminal would stop the player with a contact closed.
_IGNORED = (signal.SIGTSTP,)


@contextmanager
def lines_open_on_signals(latch: Latch, end: Callable[[], None], *, is_last: bool = False) -> Iterator[None]:
    """While inside, a signal to end or an uncaught exception trips the latch; a signal then calls `end`.

    With `is_last` the process ends afterwards, and ignores such signals from then on: they would break off its end.

    The handlers are Python's, not asyncio's: they run even while the loop is busy.
    """

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        _trip(latch)
        end()

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _trip(latch)
        sys.__excepthook__(kind, error, trace)

    before = {number: signal.signal(number, on_signal) for number in _ENDING}
    before |= {number: signal.signal(number, signal.SIG_IGN) for number in _IGNORED}
    hook, sys.excepthook = sys.excepthook, on_exception
    thread_hook, threading.excepthook = threading.excepthook, _tripping(latch, threading.excepthook)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = hook, thread_hook
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if is_last else handler)


def _trip(latch: Latch) -> None:
    """Open both lines; if the chip is gone, carry on with what follows."""
    try:
        latch.trip()
    except HardwareError as error:
        _log.error("the lines could not be opened: %s", error)


def _tripping(
    latch: Latch, hook: Callable[[threading.ExceptHookArgs], object]
) -> Callable[[threading.ExceptHookArgs], object]:
    def on_thread_exception(args: threading.ExceptHookArgs) -> None:
        _trip(latch)
        hook(args)

    return on_thread_exception
