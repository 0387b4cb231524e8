"""The console for people: a prompt, with history and Tab by GNU readline, on any terminal.

Knows a terminal and the link to the daemon; commands are the table's. Signals reach the daemon's link only
while readline waits for a key, so that none can tear a call apart.
"""

import cmd
import fcntl
import os
import readline
import signal
import sys
from dataclasses import replace
from io import TextIOWrapper

from controller.console.answer import Answer, one_line
from controller.console.commands import Session, execute
from controller.console.completion import candidates
from controller.console.guide import Guide
from controller.console.link import Link
from controller.console.news import sentences
from controller.console.terminal import REDRAW
from controller.errors import CommandError

_GREETING = "backbutton: help shows the commands, Tab completes, Ctrl-C is cut, Ctrl-D leaves."
_MOST_TOLD = 20  # events shown at once; a night of frames would push everything else off the screen


class Shell(cmd.Cmd):
    """Reads commands with readline and shows their answers."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self._session = Session(link.call)
        self._guide = Guide(link.call)
        self._is_typing = False
        self._is_interrupted = False
        self._offers: list[str] = []
        self._answer = Answer()

    def run(self) -> str | None:
        """Serve until someone leaves; PLAIN if they want line mode now."""
        _prepare_streams()
        _prepare_readline()
        signal.signal(signal.SIGINT, self._on_interrupt)
        signal.signal(signal.SIGIO, self._on_event)
        print(_GREETING)
        self._show(replace(execute(self._session, "status"), lines=()))
        while not self._has_served():
            print()
        return self._answer.then

    def preloop(self) -> None:
        """Get ready for a line."""
        self._get_ready()

    def precmd(self, line: str) -> str:
        """From here on signals have to wait."""
        self._is_typing = False
        return line

    def onecmd(self, line: str) -> bool:
        """Carry out a line; True if it was the last. A line with nothing on it does nothing."""
        if line == "EOF":  # how cmd says Ctrl-D
            print()
            return True
        self._show(self._guide.take(line) or execute(self._session, line))
        return self._answer.then is not None

    def postcmd(self, stop: bool, line: str) -> bool:  # noqa: ARG002 - cmd calls it so
        """Get ready for the next line."""
        if not stop:
            self._get_ready()
        return stop

    def complete(self, text: str, state: int) -> str | None:  # type: ignore[override]
        """Offer what can stand at the cursor."""
        if state == 0:
            self._is_typing = False
            before = readline.get_line_buffer()[: readline.get_begidx()]
            self._offers = self._offered(before, text)
            self._is_typing = True
        return f"{self._offers[state]} " if state < len(self._offers) else None

    def _offered(self, before: str, begun: str) -> list[str]:
        words = self._guide.words
        return [word for word in words if word.startswith(begun)] or candidates(self._session, before, begun)

    def _has_served(self) -> bool:
        """Read and answer lines to the end; False if Ctrl-C came in between."""
        try:
            self.cmdloop()
        except KeyboardInterrupt:
            return False
        except SystemError as error:
            # input() runs the handler of a second signal while the exception of the first is already set.
            if not isinstance(error.__cause__, KeyboardInterrupt):
                raise
            return False
        return True

    def _get_ready(self) -> None:
        """Do what Ctrl-C asked for, tell what came meanwhile, and let signals in again."""
        while True:
            if self._is_interrupted:
                self._is_interrupted = False
                self._show(self._guide.leave())
                self._cut_if_active()
            self._tell()
            self.prompt = self._guide.prompt or self._prompt()
            self._watch_link()
            self._is_typing = True
            if not self._is_interrupted:
                return
            self._is_typing = False

    def _cut_if_active(self) -> None:
        try:
            status = self._session.call("status")
        except CommandError as error:
            print(one_line(error.sentence))
            return
        is_closed = "closed" in status["lines"].values()
        if is_closed or status["run"] is not None or status["release"] not in ("IDLE", "FAULT"):
            answer = execute(self._session, "cut")
            self._show(replace(answer, text=f"cut: {answer.text}"))

    def _tell(self) -> None:
        heard = sentences(self._link.take_heard(), self._answer.text)
        if len(heard) > _MOST_TOLD:
            print(f"* ({len(heard) - _MOST_TOLD} earlier messages are left out)")
        for sentence in heard[-_MOST_TOLD:]:
            print(one_line(f"* {sentence}"))

    def _prompt(self) -> str:
        try:
            has_unsaved = bool(self._session.call("status")["unsaved"])
        except CommandError:
            has_unsaved = False
        return "backbutton*> " if has_unsaved else "backbutton> "

    def _watch_link(self) -> None:
        """Have the kernel signal events: unread for a night they would have the daemon drop us."""
        for fd in self._link.descriptors():
            fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
            fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_ASYNC)

    def _on_interrupt(self, *_: object) -> None:
        self._is_interrupted = True
        if self._is_typing:
            self._is_typing = False
            raise KeyboardInterrupt

    def _on_event(self, *_: object) -> None:
        if not self._is_typing:  # a call, or this handler, is reading from the link
            return
        self._is_typing = False
        self._link.listen()
        self._is_typing = True
        if self._is_interrupted:
            self._on_interrupt()

    def _show(self, answer: Answer) -> None:
        self._answer = answer
        text = answer.screen()
        if text:
            print(text)


def _prepare_streams() -> None:
    """Have stray bytes arrive as surrogates, and lines leave at once."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors, line_buffering=stream is sys.stdout)


def _prepare_readline() -> None:
    readline.set_completer_delims(" \t")  # a key has dots, a profile has dashes
    readline.set_history_length(500)
    readline.parse_and_bind(f'"{REDRAW.decode()}": redraw-current-line')
    readline.parse_and_bind("set enable-bracketed-paste off")  # its codes confuse plain terminals
