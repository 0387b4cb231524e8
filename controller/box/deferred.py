"""A reply that takes files, as data: the part that reads or writes them, and the part that belongs to main."""

from collections.abc import Callable
from typing import Any

from config.files import Pause, no_pause
from config.record import dataclass


def _unchanged(result: Any) -> object:
    return result


@dataclass(frozen=True, slots=True)
class Deferred:
    """A reply in two steps or more, so that main never waits for a disk.

    `work` reads or writes files and touches nothing else; another thread runs it. It gets a `pause` to call between
    steps, which blocks while an edge is near. `then` gets its result, runs in main and returns the reply, or what is
    deferred once more. Both may raise CommandError.
    """

    work: Callable[[Pause], Any]
    then: Callable[[Any], object] = _unchanged

    def run(self) -> object:
        """Run both steps here and now, for a program that serves nobody meanwhile."""
        reply = self.then(self.work(no_pause))
        return reply.run() if isinstance(reply, Deferred) else reply
