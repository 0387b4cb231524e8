"""Calls from any thread to one that makes them. Who puts one lets go of the interpreter while it wakes that thread.

With a queue or a lock of Python the woken thread finds that the other still has the interpreter, and waits again.
"""

import os
import select
import weakref
from collections import deque
from collections.abc import Callable

_THOUSAND = 1_000
_ROOM = 4_096  # rings that are answered at once


class Calls:
    """Calls in the order they were put; `waiting` are those not yet made.

    `put` is for any thread, all else for the one that makes them.
    """

    def __init__(self) -> None:
        self.waiting: deque[Callable[[], object]] = deque()
        self._ear, self._bell = os.pipe()
        self._poll = select.poll()
        self._poll.register(self._ear, select.POLLIN)
        self._rings = False
        for end in (self._ear, self._bell):
            os.set_blocking(end, False)
            # No sooner, as a late `put` must not write to another's file; and not at exit, below a thread that hangs.
            weakref.finalize(self, os.close, end).atexit = False

    def put(self, call: Callable[[], object]) -> None:
        """Have `call` made; wakes who waits, and never waits itself."""
        self.waiting.append(call)
        try:
            os.write(self._bell, b"!")
        except BlockingIOError:
            return  # it rings already, and often

    def wait(self, for_s: float | None) -> None:
        """Wait until there are calls, or for `for_s`, less what is left over of whole milliseconds."""
        if not self.waiting:
            self._rings = bool(self._poll.poll(None if for_s is None else int(for_s * _THOUSAND)))

    def make(self) -> None:
        """Make the calls that wait."""
        while self.waiting:
            self.waiting.popleft()()

    def rest(self) -> None:
        """Be ready for the next wait; it costs some time, so what is urgent comes first."""
        if self._rings:
            self._rings = False
            os.read(self._ear, _ROOM)
