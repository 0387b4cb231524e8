"""`watch` at a person's terminal: the box live, until a key comes. Knows a terminal and the link to the daemon."""

import locale
import os
import re
import select
import sys
from collections.abc import Callable

from controller.console import watch_text
from controller.console.link import Event, Link
from controller.console.news import News
from controller.console.report import Reply
from controller.console.screen import Screen, marks_of
from controller.console.terminal import ENCODING, REDRAW, quiet
from controller.errors import CommandError

_BITE = 4096
_REST_S = 0.1  # from one drawing to the next, however much happens
_LOOK_S = 0.4  # after that, if nothing happens
_ESCAPE = b"\x1b"
_KEY_S = 0.05  # how long the rest of a key's bytes may take
_KEY = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O?.)?|[\xc0-\xff][\x80-\xbf]*|.", re.DOTALL)


class Watching:
    """Shows the box until a key comes, or `is_over` says so."""

    def __init__(self, link: Link, news: News, is_over: Callable[[], bool]) -> None:
        self._link = link
        self._news = news
        self._is_over = is_over
        self._in_fd = sys.stdin.fileno()
        self._screen = Screen(sys.stdout)
        self._marks = marks_of(os.environ.get(ENCODING) or locale.getencoding())
        self._has_shown = False

    def run(self) -> bytes:
        """Return what was typed, from the key on that ended it; nothing if the daemon went, which is told.

        What was typed before there was anything to see is left for whoever reads next, and ends it at once.
        """
        with quiet(self._in_fd):
            was_typed = self._is_typed(0)
            while self._show() and not was_typed and not self._is_over():
                typed = self._wait()
                if typed is not None:
                    return typed
        return b""

    def _show(self) -> bool:
        """Show how things are; False if nobody can tell any more."""
        heard = self._link.take_heard()
        reply: Reply | None = None
        if self._link.descriptors():
            try:
                reply = self._link.call("status")
            except CommandError as error:
                heard += self._link.take_heard() or [_said(error.sentence)]
        self._draw(heard, reply)
        return reply is not None

    def _draw(self, heard: list[Event], reply: Reply | None) -> None:
        told = self._news.lines(heard)
        if self._screen.can_draw:
            self._screen.draw(told, [] if reply is None else watch_text.block(reply, self._screen.size, self._marks))
            return
        if reply is not None and (watch_text.is_due(heard) or not self._has_shown):
            told.append(watch_text.line(reply))
        self._has_shown = True
        for line in told:
            print(line)

    def _wait(self) -> bytes | None:
        """Return what is typed before it is time to show anything new, if anything is."""
        if self._is_typed(_REST_S):
            return self._read()
        ready = select.select([self._in_fd, *self._link.descriptors()], [], [], _LOOK_S)[0]
        return self._read() if self._in_fd in ready else None

    def _is_typed(self, within_s: float) -> bool:
        return bool(select.select([self._in_fd], [], [], within_s)[0])

    def _read(self) -> bytes | None:
        try:
            typed = os.read(self._in_fd, _BITE)
            if typed == _ESCAPE and self._is_typed(_KEY_S):
                typed += os.read(self._in_fd, _BITE)
        except OSError:  # the terminal has gone, as whoever reads next will see
            return b""
        _, redraw, behind = typed.rpartition(REDRAW)
        if not redraw:
            return typed
        self._screen.begin_anew()  # a pump has written into it, and discards what was typed
        return behind or None


def behind_key(typed: bytes) -> bytes:
    """What was typed behind the first key, which may be several bytes."""
    return _KEY.sub(b"", typed, count=1)


def _said(sentence: str) -> Event:
    return {"kind": "said", "text": sentence}
