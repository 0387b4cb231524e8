"""Line mode, for scripts: no prompt, no echo; every line is answered by exactly one `ok` or `error`.

Knows two descriptors and the link to the daemon; commands are the table's. Nothing but `ok`, `error`, `*`
(what was not asked for) and spaces stands in the first column, so that no answer reads as a command.
"""

import os
import select
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

from controller.client import LineCutter
from controller.console import watch_text
from controller.console.answer import QUIT, WATCH, Answer, failed, one_line
from controller.console.commands import Session, execute
from controller.console.grammar import LONGEST_LINE, TOO_LONG
from controller.console.link import Event, Link
from controller.console.news import sentences
from controller.console.terminal import END, INTERRUPT, quiet
from controller.errors import CommandError

_BITE = 4096
_ECHOES = 256  # lines of ours that a host left echoing may send back


class _HungUpError(Exception):
    """Nobody is at the other end any more."""


class LineMode:
    """Reads lines from one descriptor and answers on another, until the first is at its end."""

    def __init__(self, link: Link, in_fd: int, out_fd: int) -> None:
        self._link = link
        self._session = Session(link.call)
        self._in_fd = in_fd
        self._out_fd = out_fd
        self._is_terminal = os.isatty(in_fd)
        self._cutter = LineCutter(LONGEST_LINE * 4)  # bytes; a character has at most four
        self._said: deque[str] = deque(maxlen=_ECHOES)
        self._is_watching = False  # and owes the answer to `watch`

    def run(self) -> None:
        """Serve until the input ends, someone quits, or the other end hangs up."""
        with suppress(CommandError):  # each command will say so
            self._link.open()
        with suppress(_HungUpError), quiet(self._in_fd):
            while self._serve_once():
                pass
            self._end_watch()

    def _serve_once(self) -> bool:
        """Wait for input or an event, and deal with it; False at the end."""
        self._tell()
        patience_s = 0 if self._link.has_heard else None
        ready = select.select([self._in_fd, *self._link.descriptors()], [], [], patience_s)[0]
        return self._in_fd not in ready or self._read()

    def _read(self) -> bool:
        chunk = self._received()
        if not chunk:
            self._end()
            return False
        if self._is_terminal:
            if chunk == END:
                return False
            chunk = self._without_interrupt(chunk).replace(b"\r", b"\n")  # typed ahead, at a prompt, Enter is a CR
        return all(self._take(line) for line in self._cutter.feed(chunk))

    def _take(self, line: bytes | None) -> bool:
        """Answer one line (None: it was too long); False if it was the last."""
        text = "" if line is None else line.decode(errors="surrogateescape")
        if self._is_echo(text) or (line is not None and not text.strip()):  # as the LF of a CR LF at a terminal
            return True
        self._end_watch()
        answer = failed("usage", TOO_LONG) if line is None else execute(self._session, text)
        if answer.then == WATCH:
            self._begin_watch(answer)
        else:
            self._say(answer)
            self._tell(answer.text)
        return answer.then != QUIT

    def _begin_watch(self, answer: Answer) -> None:
        self._is_watching = True
        self._write_lines([one_line(f"* {answer.text}")])

    def _end_watch(self) -> None:
        """Give the answer that `watch` has not had yet."""
        if self._is_watching:
            self._is_watching = False
            self._say(watch_text.ENDED)

    def _end(self) -> None:
        """Carry out a last line without an end; a terminal that hung up may have lost the rest of it."""
        if not self._is_terminal:
            self._take(self._cutter.rest())

    def _is_echo(self, text: str) -> bool:
        """Tell whether a host has sent back what we sent; on a pipe nobody does."""
        return self._is_terminal and text.rstrip("\r") in self._said

    def _without_interrupt(self, chunk: bytes) -> bytes:
        """Carry out Ctrl-C, which also discards what was typed before it."""
        _, key, rest = chunk.rpartition(INTERRUPT)
        if key:
            self._cutter.clear()
            self._write_lines([f"* {execute(self._session, 'cut').screen()}"])
        return rest

    def _say(self, answer: Answer) -> None:
        self._write_lines(answer.plain().splitlines())

    def _tell(self, known: str = "") -> None:
        heard = self._link.take_heard()
        if not self._is_watching:
            self._tell_all(heard, known)
        elif heard:
            self._tell_watched(heard)

    def _tell_all(self, events: Iterable[Event], known: str = "") -> None:
        self._write_lines([one_line(f"* {sentence}") for sentence in sentences(events, known)])

    def _tell_watched(self, heard: list[Event]) -> None:
        """Tell what has changed by a line that says it all; without a daemon there is nothing to watch."""
        self._tell_all(event for event in heard if event["kind"] != "changed")
        if self._link.descriptors() and not watch_text.is_due(heard):
            return
        answer = execute(self._session, "watch")
        if answer.word is None:
            self._begin_watch(answer)
        else:
            self._is_watching = False
            self._say(answer)

    def _write_lines(self, lines: list[str]) -> None:
        if self._is_terminal:
            self._said.extend(lines)
        self._write("".join(f"{line}\n" for line in lines).encode(errors="replace"))

    def _received(self) -> bytes:
        try:
            return os.read(self._in_fd, _BITE)
        except OSError:  # a terminal without its other side
            raise _HungUpError from None

    def _write(self, text: bytes) -> None:
        try:
            while text:
                text = text[os.write(self._out_fd, text) :]
        except OSError:
            raise _HungUpError from None
