"""What happens when something breaks: both lines open first, then FAULT, and a traceback in the log.

Knows the box and its loop; decides nothing about frames.
"""

import asyncio
import errno
import logging
from typing import Any

from controller.box.assembly import Box
from controller.box.loop import AsyncLoop
from controller.core.states import Release
from hardware.errors import HardwareError

OUT_OF_FILES = (errno.EMFILE, errno.ENFILE)
_REPORT_PAUSE_S = 60.0
# asyncio calls this a second after it ran out of files, even if the socket has been closed meanwhile.
_ACCEPTING_AGAIN = "BaseSelectorEventLoop._start_serving"

_log = logging.getLogger("backbutton")


class FaultHandler:
    """Opens both lines, logs what broke, and puts the box into FAULT until a person clears it."""

    def __init__(self, box: Box, loop: AsyncLoop) -> None:
        self._box = box
        self._loop = loop
        self._report_after_s = 0.0

    def take(self, error: Exception) -> None:
        """Handle what a part of the loop raised."""
        try:
            self._box.lines.open_all()
        except HardwareError as lost:  # the chip has gone, and the lines with it; FAULT must be reached all the same
            _log.error("the lines could not be opened: %s", lost)
        if isinstance(error, HardwareError):  # a failure of the hardware: a sentence is enough
            _log.error("%s", error)
            self._box.engine.fail(str(error))
        else:
            _log.error("a mistake in backbutton", exc_info=error)
            self._box.engine.fail(f"{type(error).__name__}: {error}")

    def take_trouble(self, error: Exception) -> None:
        """Handle trouble with the pins. Missed edges are only logged: the pins have been read again since.

        A lost chip is reported once, not once for each pin.
        """
        from hardware.chip_find import ChipLostError, EdgesMissedError  # noqa: PLC0415 - a bench has no gpiod

        if isinstance(error, EdgesMissedError):
            _log.warning("%s", error)
        elif not isinstance(error, ChipLostError) or self._box.engine.controller.release is not Release.FAULT:
            self._take_and_kick(error)

    def take_from_asyncio(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle what an asyncio callback raised; an OSError of a client's socket is no fault of the box."""
        error = context.get("exception")
        if isinstance(error, ValueError) and _ACCEPTING_AGAIN in context.get("message", ""):
            return
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self._take_and_kick(error)
        elif isinstance(error, OSError) and error.errno in OUT_OF_FILES:
            self._report_out_of_files(loop.time())
        else:
            loop.default_exception_handler(context)

    def _report_out_of_files(self, now_s: float) -> None:
        """Log it, but not for each of a hundred attempts a second to accept a client."""
        if now_s >= self._report_after_s:
            self._report_after_s = now_s + _REPORT_PAUSE_S
            _log.warning("no client can connect: this process may not open more files (see ulimit -n, LimitNOFILE)")

    def _take_and_kick(self, error: Exception) -> None:
        try:
            self.take(error)
        finally:
            self._loop.kick()
