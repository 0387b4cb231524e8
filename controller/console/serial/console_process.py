"""A console process on a pty of its own, as if at a terminal. Knows processes and ptys; must not know ports."""

import os
import pty
import signal
import termios
from collections.abc import Sequence
from contextlib import suppress

from controller.console.terminal import ENCODING_VARIABLE, set_raw_input

_CHUNK = 4096


class ConsoleProcess:
    """Runs a command as a session leader with the pty as its controlling terminal; starts at once."""

    def __init__(self, command: Sequence[str], size: tuple[int, int] | None, is_raw: bool) -> None:
        # xterm: for a vt100, readline would pad its output with NULs. ascii: the real terminal is unknown.
        environment = {**os.environ, "TERM": "xterm", ENCODING_VARIABLE: "ascii"}
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            _exec(command, environment)
        os.set_blocking(self._fd, False)
        with suppress(termios.error):  # the process has ended already
            termios.tcsetwinsize(self._fd, size or (24, 80))
            if is_raw:
                set_raw_input(self._fd)

    def fileno(self) -> int:
        """Return the descriptor of our side of the pty."""
        return self._fd

    def read(self) -> bytes:
        """Return what the process has written; b"" once it has ended."""
        try:
            return os.read(self._fd, _CHUNK)
        except OSError:
            return b""

    def end(self) -> int:
        """Close the pty and kill the process if it still runs. Returns its exit status, negative for a signal."""
        os.close(self._fd)
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


def _exec(command: Sequence[str], environment: dict[str, str]) -> None:
    try:
        os.execve(command[0], list(command), environment)  # noqa: S606 - no shell is wanted
    finally:
        os._exit(127)  # like a shell that cannot run a command
