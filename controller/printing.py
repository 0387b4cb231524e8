"""Shows text on a terminal or in a log: the one place through which everything from outside reaches one.

A settings file, a camera profile, a client or a damaged journal may hold codes that move a terminal's cursor, retitle
its window or turn text round. Knows characters and streams; must not know what is shown.
"""

import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from controller.errors import DaemonError

_KEPT = "\n\t"
_DRAWN = str.maketrans("█░", "#-")  # waveforms and bars, where an encoding lacks them


def printable(text: str) -> str:
    r"""Return the text with every character that is not shown as itself as its escape, like `\x1b` or `\u202e`.

    Line ends and tabs stay. Idempotent.
    """
    if text.isprintable():
        return text
    return "".join(char if _is_shown(char) else _escape(char) for char in text)


def _is_shown(char: str) -> bool:
    return char.isprintable() or char in _KEPT or unicodedata.category(char) == "Zs"  # a space that does not break


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def one_line(text: str) -> str:
    """Replace every character that could end the line, move the cursor, or not be sent, by a space."""
    return "".join(char if char.isprintable() else " " for char in text)


class OutputError(DaemonError):
    """What a command prints cannot be written; the sentence says why."""


class OutputStream:
    """A stream whose text is made printable and is fitted to its encoding; everything else is the stream's own.

    OutputError if it cannot be written, but BrokenPipeError if nobody reads it.
    """

    def __init__(self, stream: TextIO, name: str) -> None:
        self.stream = stream
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.stream, attribute)

    def write(self, text: str) -> int:
        """Write a text; returns its length."""
        with self._as_output_error():
            return self.stream.write(self._fitted(printable(text)))

    def flush(self) -> None:
        """Write what is buffered."""
        with self._as_output_error():
            self.stream.flush()

    def _fitted(self, text: str) -> str:
        """Return the text with the characters that the encoding lacks drawn in ASCII, or escaped."""
        encoding = self.stream.encoding or "utf-8"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return text.translate(_DRAWN).encode(encoding, "backslashreplace").decode(encoding)
        return text

    @contextmanager
    def _as_output_error(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            from config.files import reason_of  # noqa: PLC0415 - not needed to start

            raise OutputError(f"{self._name} cannot be written: {reason_of(error)}") from None


def open_missing_streams() -> None:
    """Open the null device for each standard stream that is closed, or the next file opened would take its place."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as we run
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


@contextmanager
def printing_safely() -> Iterator[None]:
    """Make what is printed inside printable. For commands that do not draw on the terminal themselves."""
    before = sys.stdout, sys.stderr
    sys.stdout = OutputStream(sys.stdout, "standard output")
    sys.stderr = OutputStream(sys.stderr, "standard error")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


@contextmanager
def as_they_were() -> Iterator[None]:
    """Inside `printing_safely`, give back the streams themselves, to a console that draws on the terminal."""
    safe = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (getattr(stream, "stream", stream) for stream in safe)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = safe


def give_up_output() -> None:
    """Discard what is still buffered for standard output and error, so that the end of the process writes nothing."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OutputError, OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
