"""Line mode, for scripts: no prompt, no echo; every line is answered by exactly one `ok` or `error`.

Knows two descriptors and the link to the daemon. Only `ok`, `error`, `*` (unasked) and spaces stand in the first
column, so that no answer can be read as a command.
"""

import os
import select
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

from controller.client import LineCutter
from controller.console import watch_text
from controller.console.answer import QUIT, WATCH, Answer, failed
from controller.console.commands import Session, execute
from controller.console.grammar import LONGEST_LINE, TOO_LONG
from controller.console.link import Event, Link
from controller.console.news import sentences
from controller.console.terminal import CTRL_C, CTRL_D, raw_input
from controller.errors import CommandError
from controller.printing import one_line

_CHUNK = 4096
_MOST_ECHOES = 256  # lines remembered, because a host with echo left on sends them back


class _HungUpError(Exception):
    """The other end is gone."""


class LineMode:
    """Reads lines from one descriptor and answers on another."""

    def __init__(self, link: Link, in_fd: int, out_fd: int) -> None:
        self._link = link
        self._session = Session(link.call)
        self._in_fd = in_fd
        self._out_fd = out_fd
        self._is_terminal = os.isatty(in_fd)
        self._cutter = LineCutter(LONGEST_LINE * 4)  # bytes; a character has at most four
        self._sent: deque[str] = deque(maxlen=_MOST_ECHOES)
        self._is_watching = False  # the answer to `watch` is still owed

    def run(self) -> None:
        """Serve until the input ends, `quit`, or the other end hangs up."""
        with suppress(CommandError):  # the first command will report it
            self._link.open()
        with suppress(_HungUpError), raw_input(self._in_fd):
            while self._serve_once():
                pass
            self._end_watch()

    def _serve_once(self) -> bool:
        """Wait for input or an event and handle it. Returns False at the end."""
        self._show_events()
        timeout_s = 0 if self._link.has_events else None
        ready = select.select([self._in_fd, *self._link.descriptors()], [], [], timeout_s)[0]
        return self._in_fd not in ready or self._handle_input()

    def _handle_input(self) -> bool:
        chunk = self._read()
        if not chunk:
            self._handle_end()
            return False
        if self._is_terminal:
            if chunk == CTRL_D:
                return False
            # Input typed while the prompt was still active ends in CR.
            chunk = self._handle_interrupt(chunk).replace(b"\r", b"\n")
        return all(self._handle_line(line) for line in self._cutter.feed(chunk))

    def _handle_line(self, line: bytes | None) -> bool:
        """Answer one line (None: it was too long). Returns False after the last."""
        text = "" if line is None else line.decode(errors="surrogateescape")
        if self._is_echo(text) or (line is not None and not text.strip()):  # such as the LF of a CR LF
            return True
        self._end_watch()
        answer = failed("usage", TOO_LONG) if line is None else execute(self._session, text)
        if answer.then == WATCH:
            self._begin_watch(answer)
        else:
            self._write_answer(answer)
            self._show_events(answer.text)
        return answer.then != QUIT

    def _begin_watch(self, answer: Answer) -> None:
        self._is_watching = True
        self._write_lines([one_line(f"* {answer.text}")])

    def _end_watch(self) -> None:
        """Send the answer that `watch` still owes."""
        if self._is_watching:
            self._is_watching = False
            self._write_answer(watch_text.ENDED)

    def _handle_end(self) -> None:
        """Carry out a last line without a line end; from a terminal that hung up it may be incomplete."""
        if not self._is_terminal:
            self._handle_line(self._cutter.rest())

    def _is_echo(self, text: str) -> bool:
        """Return whether a host has sent back a line of ours; on a pipe there is no echo."""
        return self._is_terminal and text.rstrip("\r") in self._sent

    def _handle_interrupt(self, chunk: bytes) -> bytes:
        """Carry out Ctrl-C and discard everything before it; return the rest."""
        _, key, rest = chunk.rpartition(CTRL_C)
        if key:
            self._cutter.clear()
            self._write_lines([f"* {execute(self._session, 'cut').for_people()}"])
        return rest

    def _show_events(self, answer: str = "") -> None:
        events = self._link.take_events()
        if not self._is_watching:
            self._write_events(events, answer)
        elif events:
            self._write_watched(events)

    def _write_events(self, events: Iterable[Event], answer: str = "") -> None:
        self._write_lines([one_line(f"* {sentence}") for sentence in sentences(events, answer)])

    def _write_watched(self, events: list[Event]) -> None:
        """Write events, and the present state once for all changes. Losing the daemon ends the watch."""
        self._write_events(event for event in events if event["kind"] != "changed")
        if self._link.descriptors() and not watch_text.needs_update(events):
            return
        answer = execute(self._session, "watch")
        if answer.word is None:
            self._begin_watch(answer)
        else:
            self._is_watching = False
            self._write_answer(answer)

    def _write_answer(self, answer: Answer) -> None:
        self._write_lines(answer.for_scripts().splitlines())

    def _write_lines(self, lines: list[str]) -> None:
        if self._is_terminal:
            self._sent.extend(lines)
        self._write("".join(f"{line}\n" for line in lines).encode(errors="replace"))

    def _read(self) -> bytes:
        try:
            return os.read(self._in_fd, _CHUNK)
        except OSError:  # the other side of the terminal is closed
            raise _HungUpError from None

    def _write(self, text: bytes) -> None:
        try:
            while text:
                text = text[os.write(self._out_fd, text) :]
        except OSError:
            raise _HungUpError from None
