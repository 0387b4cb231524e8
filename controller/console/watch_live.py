"""`watch` at a terminal: shows the box live until a key is pressed. Knows the terminal and the link to the daemon."""

import locale
import os
import re
import select
import sys
from collections.abc import Callable

from controller.console import watch_text
from controller.console.link import Event, Link
from controller.console.news import News
from controller.console.page import wrap
from controller.console.screen import Screen, bar_marks
from controller.console.terminal import ENCODING_VARIABLE, REDRAW_KEY, raw_input
from controller.core.lamp_text import lamp_marks_for
from controller.errors import CommandError
from controller.printing import printable
from controller.telling import Reply

_CHUNK = 4096
_SHORTEST_S = 0.1  # between two drawings, however many events arrive
_LONGEST_S = 0.4  # until the next drawing without events, after _SHORTEST_S
_ESCAPE = b"\x1b"
_KEY_S = 0.05  # how long the remaining bytes of a key may take
_KEY = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O?.)?|[\xc0-\xff][\x80-\xbf]*|.", re.DOTALL)


class LiveWatch:
    """Shows the box until a key is pressed or `is_over` returns True."""

    def __init__(self, link: Link, news: News, is_over: Callable[[], bool]) -> None:
        self._link = link
        self._news = news
        self._is_over = is_over
        self._in_fd = sys.stdin.fileno()
        self._screen = Screen(sys.stdout)
        encoding = os.environ.get(ENCODING_VARIABLE) or locale.getencoding()
        self._marks, self._lamp_marks = bar_marks(encoding), lamp_marks_for(encoding)
        self._has_shown_line = False

    def run(self) -> bytes:
        """Block until it ends. Returns the input from the ending key on; nothing if the daemon was lost.

        Input that was typed before the first drawing stays unread, and ends the watch at once.
        """
        with raw_input(self._in_fd):
            was_typed = self._is_readable(0)
            while self._show() and not was_typed and not self._is_over():
                typed = self._wait()
                if typed is not None:
                    return typed
        return b""

    def _show(self) -> bool:
        """Show the present state. Returns False if the daemon is lost."""
        events = self._link.take_events()
        reply: Reply | None = None
        if self._link.descriptors():
            try:
                reply = self._link.call("status")
            except CommandError as error:
                events += self._link.take_events() or [_message(error.sentence)]
        self._draw(events, reply)
        return reply is not None

    def _draw(self, events: list[Event], reply: Reply | None) -> None:
        lines = self._news.lines(events)
        if self._screen.can_draw:
            block = [] if reply is None else watch_text.block(reply, self._screen.size, self._marks, self._lamp_marks)
            self._screen.draw(self._wrapped(lines), block)
            return
        if reply is not None and (watch_text.needs_update(events) or not self._has_shown_line):
            lines.append(watch_text.line(reply))
        self._has_shown_line = True
        for line in self._wrapped(lines):
            print(line)

    def _wrapped(self, lines: list[str]) -> list[str]:
        columns = self._screen.size[0]
        return [row for line in lines for row in wrap(printable(line), columns)]

    def _wait(self) -> bytes | None:
        """Wait until it is time to draw again; return what is typed meanwhile, or None."""
        if self._is_readable(_SHORTEST_S):
            return self._read()
        ready = select.select([self._in_fd, *self._link.descriptors()], [], [], _LONGEST_S)[0]
        return self._read() if self._in_fd in ready else None

    def _is_readable(self, within_s: float) -> bool:
        return bool(select.select([self._in_fd], [], [], within_s)[0])

    def _read(self) -> bytes | None:
        try:
            typed = os.read(self._in_fd, _CHUNK)
            if typed == _ESCAPE and self._is_readable(_KEY_S):
                typed += os.read(self._in_fd, _CHUNK)
        except OSError:  # the terminal is gone; the next reader will notice
            return b""
        _, redraw, rest = typed.rpartition(REDRAW_KEY)
        if not redraw:
            return typed
        self._screen.start_below()  # the pump has written to the screen; what was typed before is discarded
        return rest or None


def after_key(typed: bytes) -> bytes:
    """Return the input after its first key, which may be several bytes long."""
    return _KEY.sub(b"", typed, count=1)


def _message(sentence: str) -> Event:
    return {"kind": "said", "text": sentence}
