"""The console's line to the daemon: made when first needed, made anew after a loss.

A call that was sent is never sent again by itself: `fire` must not fire twice.
"""

from collections import deque
from pathlib import Path
from typing import Any

from controller.client import Client
from controller.console import report
from controller.errors import CommandError

_MOST_EVENTS = 1000  # the oldest go first


class Link:
    """Calls methods of the daemon at `path`, and hears its events."""

    def __init__(self, path: Path, timeout_s: float = 5.0) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._client: Client | None = None
        self._heard: deque[dict[str, Any]] = deque(maxlen=_MOST_EVENTS)
        self.was_reached = False
        self.why_not = ""

    def call(self, method: str, /, **params: object) -> Any:
        """Return the result of a method, or raise CommandError; `offline` while there is no daemon."""
        self.listen()
        client = self._client or self.open()
        try:
            return client.call(method, **params)
        except CommandError as error:
            if error.word == "offline":
                self.close()
            raise

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

    def take_heard(self, known: str = "") -> list[str]:
        """Return what was told since the last time, a sentence each, but for what an answer said already."""
        self.listen()
        heard = [report.event(event) for event in self._heard if not known or event.get("reason") != known]
        self._heard.clear()
        return [sentence for sentence in heard if sentence != known]

    def descriptors(self) -> list[int]:
        """Return what to wait on for the daemon: one descriptor, or none while there is no connection."""
        return [] if self._client is None else [self._client.fileno()]

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()
            self._client = None
