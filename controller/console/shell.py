"""The console for people: a prompt, with history and Tab by GNU readline, on any terminal.

Knows a terminal and the link to the daemon; commands are the table's. Signals reach the daemon's link only
while readline waits for a key, so that none can tear a call apart. What they bring is told above the line that is
being typed, or where this readline cannot do that at the next prompt.
"""

import cmd
import fcntl
import os
import readline
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from io import TextIOWrapper
from types import FrameType
from typing import Any

from controller.console import report
from controller.console.answer import NOTHING, WATCH, Answer, failed, one_line
from controller.console.commands import Session, execute
from controller.console.completion import candidates
from controller.console.link import Link
from controller.console.news import News
from controller.console.page import Page
from controller.console.screen import Above
from controller.console.setup.interactive import Guide
from controller.console.terminal import INTERRUPT, REDRAW
from controller.errors import CommandError
from hardware.clock import SECOND_NS, SystemClock

_GREETING = "backbutton: help lists commands, Tab completes, Ctrl-C is cut, Ctrl-D leaves"
_WATCHING = "any key leaves, Ctrl-C is cut"
_READING = cmd.Cmd.cmdloop.__code__  # what calls input()
_SOON_S = 0.01  # until readline waits for a key again
_REST_NS = SECOND_NS // 2  # between two tellings while somebody types; what comes meanwhile is told together


class Shell(cmd.Cmd):
    """Reads commands with readline and shows their answers."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self._session = Session(self._call)
        self._news = News()
        self._page = Page(sys.stdout)
        self._guide = Guide(self._call)
        self._above = _above(self._line_is_drawn)
        self._is_typing = False  # a line is being read, or about to be: signals need not wait
        self._is_waiting = False  # the line is on the screen
        self._is_stale = False  # there may be more to hear
        self._is_interrupted = False
        self._rests_until_ns = 0
        self._clock = SystemClock()
        self._begun = ""  # of the next line
        self._offers: list[str] = []
        self._answer = NOTHING

    def run(self) -> str | None:
        """Serve until someone leaves; PLAIN if they want line mode now."""
        _prepare_streams()
        _prepare_readline()
        for number in (signal.SIGINT, signal.SIGIO, signal.SIGALRM):
            signal.signal(number, self._on_signal)
            signal.siginterrupt(number, False)  # C's printing would drop what a signal interrupts
        readline.set_startup_hook(self._put_begun)
        self._greet()
        try:
            while not self._has_served():
                print()
        finally:
            _look_in(0)  # never
        return self._answer.then

    def _greet(self) -> None:
        """Say how the box is, and what the photographer should know before trusting it."""
        self._page.tell([_GREETING])
        try:
            status = self._session.call("status")
        except CommandError as error:
            self._show(failed(error.word, error.sentence))
            return
        self._news.learn(status)
        offer = self._guide.offer(status)
        warnings = () if offer.text else tuple(f"warning: {warning}" for warning in status["warnings"])
        self._show(replace(report.states(status), lines=warnings))
        self._show(offer)

    def preloop(self) -> None:
        """Get ready for a line."""
        self._get_ready()

    def precmd(self, line: str) -> str:
        """From here on signals have to wait."""
        self._stop_typing()
        return line

    def onecmd(self, line: str) -> bool:
        """Carry out a line; True if it was the last. A line with nothing on it does nothing."""
        if line == "EOF":  # how cmd says Ctrl-D
            print()
            return True
        answer = self._guide.take(line) or execute(self._session, line)
        if answer.then == WATCH:
            self._watch(answer)
            return False
        self._show(answer)
        return answer.then is not None

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

    def _call(self, method: str, /, **params: object) -> Any:
        reply = self._link.call(method, **params)
        if method != "status":  # which is also asked when nobody is answered
            self._news.learn(reply)
        return reply

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
        if self._is_interrupted:
            self._is_interrupted = False
            self.cmdqueue.clear()
            self._begun = ""
            self._show(self._guide.leave())
            self._cut_if_active()
        self._tell()
        self.prompt = self._guide.prompt or self._prompt()
        self._watch_link()
        if self.cmdqueue:
            print(f"{self.prompt}{one_line(self.cmdqueue[0])}")
        self._is_typing = True
        if self._above is not None:
            self._above.attach()
        _look_in(_SOON_S)  # for what came since

    def _watch(self, answer: Answer) -> None:
        """Show the box live until a key comes; what was typed behind that key is for the prompt."""
        from controller.console.watch_live import Watching, behind_key  # noqa: PLC0415 - a console starts without it

        self._answer = answer
        print(_WATCHING)
        typed = Watching(self._link, self._news, self._has_more).run()
        if not typed:
            return
        _, key, rest = typed.rpartition(INTERRUPT)
        if key:
            self._cut()
        *lines, self._begun = (rest if key else behind_key(typed)).decode(errors="surrogateescape").split("\n")
        self.cmdqueue.extend(lines)

    def _has_more(self) -> bool:
        """There is something to do already, before anybody types."""
        return self._is_interrupted or bool(self.cmdqueue or self._begun)

    def _put_begun(self) -> None:
        """Readline calls it before a prompt."""
        readline.insert_text("".join(filter(str.isprintable, self._begun)))
        self._begun = ""

    def _cut(self) -> None:
        answer = execute(self._session, "cut")
        self._show(replace(answer, text=f"cut: {answer.text}"))

    def _cut_if_active(self) -> None:
        try:
            status = self._session.call("status")
        except CommandError as error:
            print(one_line(error.sentence))
            return
        is_closed = "closed" in status["lines"].values()
        if is_closed or status["run"] is not None or status["release"] not in ("IDLE", "FAULT"):
            self._cut()

    def _tell(self) -> None:
        self._page.tell(self._news.lines(self._link.take_heard(), self._answer.text))
        self._answer = NOTHING  # whatever comes from here on is no echo of it

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

    def _stop_typing(self) -> None:
        self._is_typing = self._is_waiting = False
        if self._above is not None:
            self._above.detach()

    def _line_is_drawn(self) -> None:
        """Readline calls it; of a signal that came before, it takes no notice in its wait for the next key."""
        self._is_waiting = True
        _look_in(_SOON_S)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._is_interrupted |= number == signal.SIGINT
        self._is_stale = True
        # Not while a call, or this handler, reads from the link, nor while readline draws: then another comes later.
        if not self._is_typing or frame is None or frame.f_code is not _READING:
            return
        if self._is_interrupted:
            self._stop_typing()
            raise KeyboardInterrupt
        self._is_typing = self._is_stale = False
        self._link.listen()
        self._tell_above()
        if self._is_stale:
            _look_in(_SOON_S)
        self._is_typing = True

    def _tell_above(self) -> None:
        """Tell what there is to tell, or a little later: in a flood nobody could type."""
        if self._above is None or not self._is_waiting:
            return
        left_ns = self._rests_until_ns - self._clock.now_ns()
        if left_ns > 0:
            _look_in(left_ns / SECOND_NS)
        elif lines := self._news.lines(self._link.take_heard()):
            self._above.put(lines)
            self._rests_until_ns = self._clock.now_ns() + _REST_NS

    def _show(self, answer: Answer) -> None:
        self._answer = answer
        self._page.show(answer)


def _look_in(seconds: float) -> None:
    """Have a signal come; it takes the place of one that was to come."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _prepare_streams() -> None:
    """Have stray bytes arrive as surrogates, and lines leave at once."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors, line_buffering=stream is sys.stdout)


def _above(on_drawn: Callable[[], None]) -> Above | None:
    try:
        return Above(sys.stdout, on_drawn)
    except (AttributeError, MemoryError):
        return None


def _prepare_readline() -> None:
    readline.set_completer_delims(" \t")  # a key has dots, a profile has dashes
    readline.set_history_length(500)
    readline.parse_and_bind(f'"{REDRAW.decode()}": redraw-current-line')
    readline.parse_and_bind("set enable-bracketed-paste off")  # its codes confuse plain terminals
