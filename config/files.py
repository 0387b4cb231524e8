"""Reads text files that may be damaged, and replaces files so that a crash never leaves half of one.

Knows files and TOML; knows no setting and no camera.
"""

import errno
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.errors import ConfigError

_LARGEST_BYTES = 1 << 20  # our files have a few kilobytes; anything larger is a mistake
_AT_END = "at end of document"

Pause = Callable[[], None]  # called between the steps of slow work; blocks while something urgent needs the processor


def no_pause() -> None:
    """Return at once: nothing urgent can come."""


def text_of(path: Path, what: str) -> str:
    """Return the text of a file; `what` is what it should be, for error messages, like "a settings file".

    ConfigError if its content is not a text of reasonable size, OSError if it cannot be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or (status.st_size == 0 and _is_of_kernel(path)):
        raise ConfigError("is not a file")  # reading a pipe, or /proc/kmsg, could block for ever
    if status.st_size > _LARGEST_BYTES:
        raise ConfigError(f"is too large to be {what}")
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")  # editors on other systems may write a byte order mark
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"is not UTF-8 text, line {line}") from None


def _is_of_kernel(path: Path) -> bool:
    """Return whether a file of size 0 has content all the same, or blocks its reader: the kernel makes it up."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 1) != b""
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


def toml_of(text: str, what: str) -> dict[str, object]:
    """Return the document in a TOML text; ConfigError with the line if it is not valid. `what` as for `text_of`."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"nested too deeply to be {what}") from None
    except ValueError as error:  # TOMLDecodeError, or Python's error for a number with thousands of digits
        at_end = f"at the end, line {text.count(chr(10)) + 1}"
        reason = _one_line(str(error).replace(_AT_END, at_end))
        raise ConfigError(f"this is not TOML: {reason}") from None


@contextmanager
def staged(path: Path, content: bytes) -> Iterator[Path]:
    """Write the content to a new file beside `path` and fsync it; yield it, to be renamed to `path`.

    Removes the new file at the end of the `with` block if it was not renamed.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield new
    finally:
        with suppress(OSError):
            new.unlink()


def sync_folder(folder: Path) -> None:
    """Fsync the folder, so that renames in it survive a power cut. Blocks until that is done."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _one_line(reason: str) -> str:
    """Return the TOML reader's message without unprintable characters that it quotes from the file."""
    return re.sub(r"[^ -~]+", "?", reason)


def reason_of(error: OSError) -> str:
    """Return why a file could not be read or written, in words."""
    known = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk is full",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "permission denied",
        errno.EISDIR: "there is a folder in its place",
    }
    return known.get(error.errno or 0, (error.strerror or str(error)).lower())
