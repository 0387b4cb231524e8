"""The console's line to the daemon: made when first needed, made anew after a loss.

A call that was sent is never sent again by itself: `fire` must not fire twice.
"""

from collections import deque
from pathlib import Path
from typing import Any

from controller.client import Client
from controller.errors import CommandError

Event = dict[str, Any]

_MOST_EVENTS = 1000  # the oldest go first


class Link:
    """Calls methods of the daemon at `path`, and hears its events."""

    def __init__(self, path: Path, timeout_s: float = 5.0) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._client: Client | None = None
        self._heard: deque[Event] = deque(maxlen=_MOST_EVENTS)
        self.was_reached = False
        self.why_not = ""

    def call(self, method: str, /, **params: object) -> Any:
        """Return the result of a method, or raise CommandError; `offline` while there is no daemon."""
        self.listen()
        client = self._client or self.open()
        try:
            reply = client.call(method, **params)
        except CommandError as error:
            if error.word == "offline":
                self.close()
            raise
        self.listen()
        self._forget_own(reply)
        return reply

    def open(self) -> Client:
        """Connect and subscribe; CommandError `offline` if there is no daemon."""
        try:
            self._client = Client.connect(self._path, self._timeout_s)
            self._client.call("subscribe")
        except CommandError as error:
            self.why_not = error.sentence
            self.close()
            raise
        self.was_reached = True
        return self._client

    def listen(self) -> None:
        """Take in what the daemon has told meanwhile, without waiting; the loss of it is told too."""
        if self._client is None:
            return
        try:
            self._heard.extend(self._client.events())
        except CommandError as error:
            self._heard.append({"kind": "said", "text": error.sentence})
            self.close()

    def take_heard(self) -> list[Event]:
        """Return the events since the last time."""
        self.listen()
        heard = list(self._heard)
        self._heard.clear()
        return heard

    @property
    def has_heard(self) -> bool:
        """There is something to take, for which nobody has to wait."""
        return bool(self._heard)

    def descriptors(self) -> list[int]:
        """Return what to wait on for the daemon: one descriptor, or none while there is no connection."""
        return [] if self._client is None else [self._client.fileno()]

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _forget_own(self, reply: object) -> None:
        """Forget the event that settings were set, where that was done here: it came before this reply to it."""
        if not isinstance(reply, dict) or not reply.keys() & {"key", "changed"}:
            return
        for event in [event for event in self._heard if _is_told_by(reply, event)]:
            self._heard.remove(event)


def _is_told_by(reply: dict[str, Any], event: Event) -> bool:
    if event["kind"] != "set":
        return False
    values = event["values"]
    return values == {reply.get("key"): reply.get("value")} or list(values) == reply.get("changed")
