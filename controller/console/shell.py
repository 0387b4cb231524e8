"""The prompt for people: history and Tab completion by GNU readline, on any terminal.

Knows the terminal and the link to the daemon. Events are shown above the line being typed, or before the next prompt
if this readline cannot do that. Signal handlers use the link only while readline waits for a key, so that none can
interrupt a call half-way.
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
from controller.console.answer import NOTHING, WATCH, Answer, failed
from controller.console.commands import Session, execute
from controller.console.completion import completions
from controller.console.dialogues import Dialogues
from controller.console.link import Link
from controller.console.news import News
from controller.console.page import Page
from controller.console.screen import PromptMessages
from controller.console.terminal import CTRL_C, REDRAW_KEY
from controller.errors import CommandError
from controller.printing import one_line
from hardware.clock import SECOND_NS, SystemClock

_GREETING = "backbutton: help lists commands, Tab completes, Ctrl-C is cut, Ctrl-D leaves"
_WATCH_HINT = "any key leaves, Ctrl-C is cut"
_READ_LOOP = cmd.Cmd.cmdloop.__code__  # the function that calls input()
# The brackets of a paste and the keys of quoted-insert: readline takes a Ctrl-C after them as text, or as nothing.
_WITHOUT_CTRL_C = (r"\e[200~", r"\e[201~", r"\C-v", r"\C-q")
_SOON_S = 0.01  # until readline is waiting for a key again
_MESSAGE_GAP_NS = SECOND_NS // 2  # between messages while somebody types; those in between are shown together


class Shell(cmd.Cmd):
    """Reads commands with readline and shows their answers."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self._page = Page(sys.stdout)
        self._session = Session(self._call, lambda: self._page.columns)
        self._news = News()
        self._dialogues = Dialogues(self._call)
        self._messages = _prompt_messages(self._on_line_drawn)
        self._can_interrupt = False  # a line is being read, or about to be: signals are handled at once
        self._is_prompt_shown = False
        self._may_have_events = False  # a signal came while the link could not be read
        self._was_interrupted = False  # by Ctrl-C
        self._next_message_ns = 0
        self._clock = SystemClock()
        self._typed_ahead = ""  # the beginning of the next line
        self._completions: list[str] = []
        self._answer = NOTHING

    def run(self) -> str | None:
        """Block until the user leaves. Returns PLAIN if the user asked for line mode."""
        _prepare_streams()
        _prepare_readline()
        for number in (signal.SIGINT, signal.SIGIO, signal.SIGALRM):
            signal.signal(number, self._on_signal)
            signal.siginterrupt(number, False)  # else C's printing would lose what a signal interrupts
        readline.set_startup_hook(self._insert_typed_ahead)
        self._greet()
        try:
            while not self._read_lines():
                print()
        finally:
            _arm_alarm(0)  # disarm it
        return self._answer.then

    def _greet(self) -> None:
        """Show the state of the box, and any warnings."""
        self._page.print_lines([_GREETING])
        try:
            status = self._session.call("status")
        except CommandError as error:
            self._show(failed(error.word, error.sentence))
            return
        self._news.note_reply(status)
        offer = self._dialogues.offer(status)
        camera = report.greeting(status)
        warnings = () if offer.text else tuple(f"warning: {warning}" for warning in status["warnings"])
        self._show(replace(report.states(status), lines=(*camera, *warnings)))
        self._show(offer)

    def preloop(self) -> None:
        """Prepare the first prompt."""
        self._prepare_prompt()

    def precmd(self, line: str) -> str:
        """Make signals wait until the line has been carried out."""
        self._stop_editing()
        return line

    def onecmd(self, line: str) -> bool:
        """Carry out a line. Returns True if it was the last. An empty line does nothing."""
        if line == "EOF":  # Ctrl-D, as cmd reports it
            print()
            return True
        answer = self._dialogues.handle(line) or execute(self._session, line)
        if answer.then == WATCH:
            self._watch(answer)
            return False
        self._show(answer)
        return answer.then is not None

    def postcmd(self, stop: bool, line: str) -> bool:  # noqa: ARG002 - the signature that cmd calls
        """Prepare the next prompt."""
        if not stop:
            self._prepare_prompt()
        return stop

    def complete(self, text: str, state: int) -> str | None:  # type: ignore[override]
        """Return the completion number `state` for the word at the cursor; None after the last."""
        if state == 0:
            self._can_interrupt = False
            before = readline.get_line_buffer()[: readline.get_begidx()]
            self._completions = self._find_completions(before, text)
            self._can_interrupt = True
        return f"{self._completions[state]} " if state < len(self._completions) else None

    def _call(self, method: str, /, **params: object) -> Any:
        reply = self._link.call(method, **params)
        if method != "status":  # the shell itself asks for this one, without showing the reply
            self._news.note_reply(reply)
        return reply

    def _find_completions(self, before: str, beginning: str) -> list[str]:
        answers = [word for word in self._dialogues.words if word.startswith(beginning)]
        return answers or completions(self._session, before, beginning)

    def _read_lines(self) -> bool:
        """Read and answer lines to the end. Returns False if Ctrl-C interrupted it."""
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

    def _prepare_prompt(self) -> None:
        """Handle Ctrl-C, show the events so far, then let signals in again."""
        if self._was_interrupted:
            self._was_interrupted = False
            self.cmdqueue.clear()
            self._typed_ahead = ""
            self._show(self._dialogues.leave())
            self._cut_if_active()
        self._show_events()
        self.prompt = self._dialogues.prompt or self._prompt()
        self._signal_events()
        if self.cmdqueue:
            print(f"{self.prompt}{one_line(self.cmdqueue[0])}")
        self._can_interrupt = True
        if self._messages is not None:
            self._messages.attach()
        _arm_alarm(_SOON_S)  # for events that have arrived since

    def _watch(self, answer: Answer) -> None:
        """Show the box live until a key is pressed; input after that key belongs to the prompt."""
        from controller.console.watch_live import LiveWatch, after_key  # noqa: PLC0415 - not needed to start

        self._answer = answer
        print(_WATCH_HINT)
        typed = LiveWatch(self._link, self._news, self._has_more).run()
        if not typed:
            return
        _, key, rest = typed.rpartition(CTRL_C)
        if key:
            self._cut()
        *lines, self._typed_ahead = (rest if key else after_key(typed)).decode(errors="surrogateescape").split("\n")
        self.cmdqueue.extend(lines)

    def _has_more(self) -> bool:
        """Return whether there is something to do before the user types."""
        return self._was_interrupted or bool(self.cmdqueue or self._typed_ahead)

    def _insert_typed_ahead(self) -> None:
        """Readline calls this before a prompt."""
        readline.insert_text("".join(filter(str.isprintable, self._typed_ahead)))
        self._typed_ahead = ""

    def _cut(self) -> None:
        answer = execute(self._session, "cut")
        self._show(replace(answer, text=f"cut: {answer.text}"))

    def _cut_if_active(self) -> None:
        try:
            status = self._session.call("status")
        except CommandError as error:
            self._page.print_lines([one_line(error.sentence)])
            return
        is_closed = "closed" in status["lines"].values()
        if is_closed or status["run"] is not None or status["release"] not in ("IDLE", "FAULT"):
            self._cut()

    def _show_events(self) -> None:
        self._page.print_lines(self._news.lines(self._link.take_events(), self._answer.text))
        self._answer = NOTHING  # later events do not repeat it

    def _prompt(self) -> str:
        try:
            has_unsaved = bool(self._session.call("status")["unsaved"])
        except CommandError:
            has_unsaved = False
        return "backbutton*> " if has_unsaved else "backbutton> "

    def _signal_events(self) -> None:
        """Make the kernel send SIGIO for events: left unread for a night, they would make the daemon drop us."""
        for fd in self._link.descriptors():
            fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
            fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_ASYNC)

    def _stop_editing(self) -> None:
        self._can_interrupt = self._is_prompt_shown = False
        if self._messages is not None:
            self._messages.detach()

    def _on_line_drawn(self) -> None:
        """Readline calls this. A signal that came before does not end its wait for the next key, hence the alarm."""
        self._is_prompt_shown = True
        _arm_alarm(_SOON_S)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._was_interrupted |= number == signal.SIGINT
        self._may_have_events = True
        # Not while a call or this handler reads the link, nor while readline draws: another signal comes later.
        if not self._can_interrupt or frame is None or frame.f_code is not _READ_LOOP:
            return
        if self._was_interrupted:
            self._stop_editing()
            raise KeyboardInterrupt
        self._can_interrupt = self._may_have_events = False
        self._link.receive()
        self._show_events_above()
        if self._may_have_events:
            _arm_alarm(_SOON_S)
        self._can_interrupt = True

    def _show_events_above(self) -> None:
        """Show the events above the prompt, or a little later: in a flood of them nobody could type."""
        if self._messages is None or not self._is_prompt_shown:
            return
        left_ns = self._next_message_ns - self._clock.now_ns()
        if left_ns > 0:
            _arm_alarm(left_ns / SECOND_NS)
        elif lines := self._news.lines(self._link.take_events()):
            self._messages.print_lines(self._page.wrapped(lines))
            self._next_message_ns = self._clock.now_ns() + _MESSAGE_GAP_NS

    def _show(self, answer: Answer) -> None:
        self._answer = answer
        self._page.show(answer)


def _arm_alarm(seconds: float) -> None:
    """(Re)arm SIGALRM; 0 disarms it."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _prepare_streams() -> None:
    """Decode invalid bytes as surrogates, and write each line at once."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors, line_buffering=stream is sys.stdout)


def _prompt_messages(on_drawn: Callable[[], None]) -> PromptMessages | None:
    try:
        return PromptMessages(sys.stdout, on_drawn)
    except (AttributeError, MemoryError):
        return None


def _prepare_readline() -> None:
    readline.set_completer_delims(" \t")  # keys contain dots, camera IDs contain dashes
    readline.set_history_length(500)
    readline.parse_and_bind(f'"{REDRAW_KEY.decode()}": redraw-current-line')
    readline.parse_and_bind("set enable-bracketed-paste off")  # its codes confuse plain terminals
    readline.parse_and_bind("set bind-tty-special-chars off")  # it would give Ctrl-V back its meaning at each prompt
    for keys in _WITHOUT_CTRL_C:
        readline.parse_and_bind(f'"{keys}": set-mark')  # changes nothing; an empty macro would wait for the next key
