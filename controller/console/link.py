"""The console's connection to the daemon: opened on first use, and again after it is lost.

It never repeats a call by itself: `fire` must not fire twice.
"""

from collections import deque
from pathlib import Path
from typing import Any

from controller.client import Client
from controller.errors import CommandError

Event = dict[str, Any]

_MOST_EVENTS = 1000  # the oldest are dropped


class Link:
    """Calls methods of the daemon at `path` and collects its events."""

    def __init__(self, path: Path, timeout_s: float = 5.0) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._client: Client | None = None
        self._events: deque[Event] = deque(maxlen=_MOST_EVENTS)
        self.was_reached = False
        self.last_error = ""

    def call(self, method: str, /, **params: object) -> Any:
        """Return the result of a method. Raises CommandError; `offline` while there is no daemon."""
        self.receive()
        client = self._client or self.open()
        try:
            reply = client.call(method, **params)
        except CommandError as error:
            if error.word == "offline":
                self.close()
            raise
        self.receive()
        self._drop_own_change(reply)
        return reply

    def open(self) -> Client:
        """Connect and subscribe to events. Raises CommandError `offline` if there is no daemon."""
        try:
            self._client = Client.connect(self._path, self._timeout_s)
            self._client.call("subscribe", name="console")
        except CommandError as error:
            self.last_error = error.sentence
            self.close()
            raise
        self.was_reached = True
        return self._client

    def receive(self) -> None:
        """Collect the events that have arrived, without waiting; losing the daemon becomes an event too."""
        if self._client is None:
            return
        try:
            self._events.extend(self._client.events())
        except CommandError as error:
            self._events.append({"kind": "said", "text": error.sentence})
            self.close()

    def take_events(self) -> list[Event]:
        """Return the events since the last call, without waiting."""
        self.receive()
        events = list(self._events)
        self._events.clear()
        return events

    @property
    def has_events(self) -> bool:
        """Whether events have been collected and not taken."""
        return bool(self._events)

    def descriptors(self) -> list[int]:
        """Return the descriptor to wait on for the daemon; an empty list while there is no connection."""
        return [] if self._client is None else [self._client.fileno()]

    def close(self) -> None:
        """Close the connection. Idempotent."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _drop_own_change(self, reply: object) -> None:
        """Drop the `set` event of a change made here: it arrived before this reply to the same change."""
        if not isinstance(reply, dict) or not reply.keys() & {"key", "changed"}:
            return
        for event in [event for event in self._events if _is_same_change(reply, event)]:
            self._events.remove(event)


def _is_same_change(reply: dict[str, Any], event: Event) -> bool:
    if event["kind"] != "set":
        return False
    values = event["values"]
    rows = (reply, *reply.get("also", ()))  # a camera's body sets its profile too
    return values == {row.get("key"): row.get("value") for row in rows} or list(values) == reply.get("changed")
