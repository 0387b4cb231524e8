"""The thread that reads and writes files for main: settings, the journal's answers, camera profiles.

Knows neither the core nor the lines. The journal has a writer of its own.
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from config.files import Pause
from config.record import dataclass
from controller.errors import CommandError

ROOM = 16  # requests that may wait; a console has one at a time
STOP_PATIENCE_S = 1.0  # a save in progress may end; the service manager gives the whole stop 5 s

_log = logging.getLogger("backbutton")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a piece of work returned, or raised."""

    result: Any = None
    error: Exception | None = None

    def unwrap(self) -> Any:
        """Return the result, or raise the error."""
        if self.error is not None:
            raise self.error
        return self.result


Done = Callable[[Outcome], None]


class FilesThread:
    """Runs work that reads or writes files, one piece at a time, in the order it was submitted.

    `post` runs a call in main; `wait_for_edge` is called before each piece and between its steps: an edge is late if
    this thread has the GIL and loses its CPU to another program.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], wait_for_edge: Callable[[], None]) -> None:
        self._post = post
        self._wait_for_edge = wait_for_edge
        self._work: queue.SimpleQueue[tuple[Callable[[Pause], Any], Done] | None] = queue.SimpleQueue()
        self._waiting = 0  # main's
        self._thread = threading.Thread(target=self._run, name="files", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Pause], Any], done: Done) -> None:
        """Run `work` in the thread, then `done` with its outcome in main. Main only; never blocks.

        CommandError if too much is waiting already.
        """
        if self._waiting >= ROOM:
            raise CommandError("refused", f"{ROOM} requests wait for the disk already; try again in a moment")
        self._waiting += 1

        def finish(outcome: Outcome) -> None:
            self._waiting -= 1
            done(outcome)

        self._work.put((work, finish))

    def stop(self) -> None:
        """End the thread after the work that is waiting; blocks until then, or until it takes too long."""
        self._work.put(None)
        self._thread.join(STOP_PATIENCE_S)

    def _run(self) -> None:
        while (piece := self._work.get()) is not None:
            work, done = piece
            self._wait_for_edge()
            outcome = attempt(lambda work=work: work(self._wait_for_edge))  # type: ignore[misc]
            self._post(lambda done=done, outcome=outcome: done(outcome))  # type: ignore[misc]


def attempt(work: Callable[[], Any]) -> Outcome:
    """Return what the work returns or raises."""
    try:
        return Outcome(work())
    except Exception as error:  # noqa: BLE001 - it is raised again for the client that asked
        return Outcome(error=error)
