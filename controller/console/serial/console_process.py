"""A console process on a pty of its own, as if it sat at a terminal. Knows processes and ptys, no serial port."""

import os
import pty
import signal
import termios
from collections.abc import Sequence
from contextlib import suppress

from controller.console.terminal import ENCODING, make_quiet

_BITE = 4096


class Child:
    """Runs a command as session leader, the pty as its controlling terminal; starts at once."""

    def __init__(self, command: Sequence[str], size: tuple[int, int] | None, is_quiet: bool) -> None:
        # xterm: for a vt100 readline would pad its output with NULs. ascii: nobody knows what is at the other end.
        environment = {**os.environ, "TERM": "xterm", ENCODING: "ascii"}
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            _become(command, environment)
        os.set_blocking(self._fd, False)
        with suppress(termios.error):  # it has ended already
            termios.tcsetwinsize(self._fd, size or (24, 80))
            if is_quiet:
                make_quiet(self._fd)

    def fileno(self) -> int:
        """Return the descriptor of the pty's other side."""
        return self._fd

    def read(self) -> bytes:
        """Return what it has written; nothing once it has ended."""
        try:
            return os.read(self._fd, _BITE)
        except OSError:
            return b""

    def end(self) -> int:
        """Hang up, and end it if it goes on; return its exit status, negative for a signal."""
        os.close(self._fd)
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


def _become(command: Sequence[str], environment: dict[str, str]) -> None:
    try:
        os.execve(command[0], list(command), environment)  # noqa: S606 - no shell is wanted
    finally:
        os._exit(127)  # like a shell whose command cannot be run
