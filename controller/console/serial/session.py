"""The session on a serial port: detects who is there, and runs the console process that serves them.

Knows the detector, the console process and its pending input; must not know the port or commands.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from controller.console.serial.console_process import ConsoleProcess
from controller.console.serial.detection import QUERY, Detected, TerminalDetector, without_reply
from controller.console.serial.noise import QUIET_NS
from controller.console.serial.write_buffer import WriteBuffer
from controller.console.terminal import CTRL_C, CTRL_D, REDRAW_KEY

LIMIT = 64 * 1024
_CLEAR_LINE = b"\x05\x15" + REDRAW_KEY  # to readline: go to the end of the line, delete it, redraw the prompt
_LINE_MODE = b"\r\n* line mode: each line is answered by ok or error; help lists commands, quit ends the session\r\n"
_ENDED = b"* the session has ended; press Enter for a new one\r\n"
_NOISE = b"\r\n* noise on the line: bytes that are not text were ignored, and everything that came with them\r\n"
_CRASHED = (
    b"\r\n* the console has stopped because of a bug; the box keeps running, and any key starts a new console\r\n"
)


class SerialSession:
    """Takes what is typed, and passes what is to be shown to `show`. With `plain` it is always in line mode."""

    def __init__(self, command: Sequence[str], show: Callable[[bytes], None], plain: bool) -> None:
        self._command = tuple(command)
        self._show = show
        self._fixed_mode = Detected(is_plain=True) if plain else None
        self._detector = TerminalDetector()
        self._mode: Detected | None = self._fixed_mode  # of the console that runs, or starts at the next key
        self._input = WriteBuffer(LIMIT)
        self.process: ConsoleProcess | None = None
        self._last_noise_ns = -QUIET_NS

    @property
    def deadline_ns(self) -> int | None:
        """When to call `expire`."""
        return None if self._mode else self._detector.deadline_ns

    @property
    def has_input(self) -> bool:
        """Whether input waits to be passed to the console process."""
        return len(self._input) > 0

    def take_typed(self, chunk: bytes, now_ns: int) -> None:
        """Handle typed bytes."""
        if self._mode is None:
            self._detect(chunk, now_ns)
        else:
            self._input.add(without_reply(chunk) if self._mode.is_plain else chunk)
            self._start(self._mode)

    def take_noise(self, chunk: bytes, now_ns: int) -> None:
        """Handle noise: line mode answers it with an error, a prompt ignores it.

        Noise contains keys that would end a session or repeat the last command.
        """
        if self._mode is None or self._mode.is_plain:
            text = chunk.translate(None, CTRL_C + CTRL_D)
            if text:
                self.take_typed(text, now_ns)
        elif now_ns >= self._last_noise_ns + QUIET_NS:
            self._show(_NOISE)
            self._input.add(_CLEAR_LINE)
        self._last_noise_ns = now_ns

    def interrupt(self) -> None:
        """Discard pending input and pass Ctrl-C to the console process."""
        self._input.clear()
        if self._mode is None:
            self._detector = TerminalDetector()
        elif self.process is not None:
            self._input.add(CTRL_C)

    def expire(self, now_ns: int) -> None:
        """Start line mode if no terminal has replied in time."""
        mode = self._detector.expire(now_ns) if self._mode is None else None
        if mode is not None:
            self._show(_LINE_MODE)
            self._choose(mode)

    def show_output(self) -> None:
        """Show what the console process has written, or that it has ended."""
        assert self.process is not None
        chunk = self.process.read()
        if chunk:
            self._show(chunk)
        elif self._end_process() == 0:
            self._show(_ENDED)
            self.reset()
        else:
            self._show(_CRASHED)

    def pass_input(self) -> None:
        """Pass as much input to the console process as it takes now."""
        if self.process is not None:
            with suppress(OSError):  # it has ended; `show_output` will notice
                self._input.write_to(self.process.fileno())

    def reset(self) -> None:
        """End the console process; detect again who is there."""
        self._end_process()
        self._detector = TerminalDetector()
        self._mode = self._fixed_mode

    def _detect(self, chunk: bytes, now_ns: int) -> None:
        had_asked = self._detector.has_asked
        mode = self._detector.feed(chunk, now_ns)
        if self._detector.has_asked and not had_asked:
            self._show(QUERY)
        if mode is not None:
            self._choose(mode)

    def _choose(self, mode: Detected) -> None:
        self._mode = mode
        self._input.add(mode.typed)
        self._start(mode)

    def _start(self, mode: Detected) -> None:
        if self.process is None:
            command = (*self._command, "--plain") if mode.is_plain else self._command
            self.process = ConsoleProcess(command, mode.size, is_raw=mode.is_plain)

    def _end_process(self) -> int:
        """Return its exit status; 0 if there was no process."""
        self._input.clear()
        process, self.process = self.process, None
        return 0 if process is None else process.end()
