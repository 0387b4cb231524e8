"""A queue of calls from any thread to the one that runs them, built so that a wake-up costs no wait for the GIL.

`put` wakes the consumer through a pipe, and the write releases the GIL. Woken by a Python queue or lock, the consumer
finds that the producer still holds the GIL, and waits again.
"""

import os
import select
import weakref
from collections import deque
from collections.abc import Callable

_MS_PER_SECOND = 1_000
_READ_BYTES = 4_096  # wake-ups that one read takes out of the pipe


class CallQueue:
    """Calls in the order they were put. `pending` are those that have not run yet.

    `put` is thread-safe; the other methods are for the one consumer thread.
    """

    def __init__(self) -> None:
        self.pending: deque[Callable[[], object]] = deque()
        self._read_end, self._write_end = os.pipe()
        self._poll = select.poll()
        self._poll.register(self._read_end, select.POLLIN)
        self._has_wakeups = False
        for end in (self._read_end, self._write_end):
            os.set_blocking(end, False)
            # Close the pipe no sooner than this: a late `put` must not write to a file that reused the descriptor.
            # And not at exit either, while a hanging thread may still use it.
            weakref.finalize(self, os.close, end).atexit = False

    def put(self, call: Callable[[], object]) -> None:
        """Queue `call` and wake the consumer; never blocks."""
        self.pending.append(call)
        try:
            os.write(self._write_end, b"!")
        except BlockingIOError:
            return  # the pipe is full of wake-ups already

    def wait(self, timeout_s: float | None) -> None:
        """Block until a call is pending, or for `timeout_s`, rounded down to whole milliseconds."""
        if not self.pending:
            self._has_wakeups = bool(self._poll.poll(None if timeout_s is None else int(timeout_s * _MS_PER_SECOND)))

    def run(self) -> None:
        """Run the pending calls."""
        while self.pending:
            self.pending.popleft()()

    def clear_wakeups(self) -> None:
        """Empty the pipe before the next `wait`. It takes some time, so urgent work comes first."""
        if self._has_wakeups:
            self._has_wakeups = False
            os.read(self._read_end, _READ_BYTES)
