"""The one seat at a serial port: who took it, and the console process that serves them.

Knows the probe, the child process and what was typed to it; knows no port and no command.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from controller.console.serial.console_process import Child
from controller.console.serial.detection import QUERY, Choice, Probe, without_reply
from controller.console.serial.noise import QUIET_NS
from controller.console.serial.write_buffer import Backlog
from controller.console.terminal import END, INTERRUPT, REDRAW

LIMIT = 64 * 1024
_DISCARD = b"\x05\x15" + REDRAW  # to readline: go to the end of the line, discard it, draw the prompt
_LINE_MODE = b"\r\n* line mode: each line is answered by ok or error; help tells more, quit starts anew\r\n"
_ENDED = b"* the session has ended; Enter begins a new one\r\n"
_NOISE = b"\r\n* noise on the line: bytes that are no text, and what came with them, are ignored\r\n"
_STOPPED = b"\r\n* the console has stopped by a mistake of its own; it starts again at the next key\r\n"


class Seat:
    """Takes what is typed and gives what is to be shown to `show`. With `plain` it is always in line mode."""

    def __init__(self, command: Sequence[str], show: Callable[[bytes], None], plain: bool) -> None:
        self._command = tuple(command)
        self._show = show
        self._first = Choice(is_plain=True) if plain else None
        self._probe = Probe()
        self._choice: Choice | None = self._first  # what the console is, or will be at the next key
        self._typed = Backlog(LIMIT)
        self.child: Child | None = None
        self._told_noise_ns = -QUIET_NS

    @property
    def deadline_ns(self) -> int | None:
        """When to call `expire`."""
        return None if self._choice else self._probe.deadline_ns

    @property
    def has_typed(self) -> bool:
        """Something waits to be passed on to the console."""
        return len(self._typed) > 0

    def take(self, chunk: bytes, now_ns: int) -> None:
        """Take what was typed."""
        if self._choice is None:
            self._ask(chunk, now_ns)
        else:
            self._typed.add(without_reply(chunk) if self._choice.is_plain else chunk)
            self._start(self._choice)

    def take_noise(self, chunk: bytes, now_ns: int) -> None:
        """Take what came with bytes that are no text: line mode answers it, at a prompt it is dropped.

        There are keys in it that would end a session, or do the last command again.
        """
        if self._choice is None or self._choice.is_plain:
            text = chunk.translate(None, INTERRUPT + END)
            if text:
                self.take(text, now_ns)
        elif now_ns >= self._told_noise_ns + QUIET_NS:
            self._show(_NOISE)
            self._typed.add(_DISCARD)
        self._told_noise_ns = now_ns

    def interrupt(self) -> None:
        """Pass Ctrl-C on, before all else that was typed."""
        self._typed.clear()
        if self._choice is None:
            self._probe = Probe()
        elif self.child is not None:
            self._typed.add(INTERRUPT)

    def expire(self, now_ns: int) -> None:
        """Serve in line mode whoever has not replied in time."""
        choice = self._probe.expire(now_ns) if self._choice is None else None
        if choice is not None:
            self._show(_LINE_MODE)
            self._choose(choice)

    def drain(self) -> None:
        """Show what the console has written; see to it if it has ended."""
        assert self.child is not None
        chunk = self.child.read()
        if chunk:
            self._show(chunk)
        elif self._end_child() == 0:
            self._show(_ENDED)
            self.free()
        else:
            self._show(_STOPPED)

    def pass_on(self) -> None:
        """Pass on to the console as much as it takes now."""
        if self.child is not None:
            with suppress(OSError):  # it has ended; `drain` will see
                self._typed.write_to(self.child.fileno())

    def free(self) -> None:
        """End the console; whoever comes next is asked anew."""
        self._end_child()
        self._probe = Probe()
        self._choice = self._first

    def _ask(self, chunk: bytes, now_ns: int) -> None:
        had_asked = self._probe.has_asked
        choice = self._probe.feed(chunk, now_ns)
        if self._probe.has_asked and not had_asked:
            self._show(QUERY)
        if choice is not None:
            self._choose(choice)

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        self._typed.add(choice.typed)
        self._start(choice)

    def _start(self, choice: Choice) -> None:
        if self.child is None:
            command = (*self._command, "--plain") if choice.is_plain else self._command
            self.child = Child(command, choice.size, is_quiet=choice.is_plain)

    def _end_child(self) -> int:
        """Return its exit status, 0 if there was none."""
        self._typed.clear()
        child, self.child = self.child, None
        return 0 if child is None else child.end()
