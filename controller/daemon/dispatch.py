"""Carries out the requests of clients: waits for a near edge first, and leaves files to their thread.

Decides what a failed request means: an error for the client, or a fault of the box. Knows no socket.
"""

from typing import Protocol

from controller.box.deferred import Deferred
from controller.box.loop import AsyncLoop
from controller.daemon.files_thread import FilesThread, Outcome
from controller.daemon.protocol import PendingReply
from controller.errors import CommandError
from hardware.thread import PlayerThread


class Answering(Protocol):
    """The methods of a box."""

    def answer(self, method: str, params: dict[str, object]) -> object:
        """Return a reply, or a Deferred; CommandError if the request is refused."""

    def touches_core(self, method: str) -> bool:
        """Tell whether a failure of that method may leave the lines or the core in doubt."""


class BoxDispatcher:
    """Calls the methods in main, and the part of them that needs files in the files thread.

    A CommandError is the client's fault. Any other exception in a method that touches the core puts the box into
    FAULT; in one that does not, only the client gets an error, and the log the traceback.
    """

    def __init__(self, methods: Answering, player: PlayerThread, loop: AsyncLoop, files: FilesThread) -> None:
        self._methods = methods
        self._player = player
        self._loop = loop
        self._files = files

    def call(self, method: str, params: dict[str, object]) -> object:
        """Return the reply, or a PendingReply while files are read or written for it."""
        if method != "cut":  # which may be meant for that edge
            self._player.wait_for_edge()
        try:
            reply = self._methods.answer(method, params)
            return self._defer(method, reply, PendingReply()) if isinstance(reply, Deferred) else reply
        except Exception as error:
            self._judge(method, error)
            raise
        finally:
            self._loop.kick()

    def _defer(self, method: str, deferred: Deferred, pending: PendingReply) -> PendingReply:
        self._files.submit(deferred.work, lambda outcome: self._finish(method, deferred, outcome, pending))
        return pending

    def _finish(self, method: str, deferred: Deferred, outcome: Outcome, pending: PendingReply) -> None:
        """Make the reply of what the files thread found; runs in main, on the loop."""
        if outcome.error is not None:
            pending.fail(outcome.error)
            return
        self._player.wait_for_edge()
        try:
            reply = deferred.then(outcome.result)
            if isinstance(reply, Deferred):
                self._defer(method, reply, pending)
                return
        except Exception as error:  # noqa: BLE001 - it is judged, and the client gets it
            self._judge(method, error)
            pending.fail(error)
        else:
            pending.succeed(reply)

    def _judge(self, method: str, error: Exception) -> None:
        if not isinstance(error, CommandError) and self._methods.touches_core(method):
            self._loop.on_fault(error)
