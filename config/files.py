"""Reading a text that somebody may have damaged, and replacing a file so that a crash leaves it whole.

Knows files and TOML; knows no setting and no camera.
"""

import errno
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.errors import ConfigError

_LARGEST_BYTES = 1 << 20  # a file of ours is some kilobytes; more is not one
_AT_END = "at end of document"


def text_of(path: Path, what: str) -> str:
    """The text of a file that should be `what`; ConfigError if it cannot be that, OSError if it cannot be read."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):  # a pipe would hold up the start for ever
        raise ConfigError("is not a file")
    if found.st_size > _LARGEST_BYTES:
        raise ConfigError(f"is too large to be {what}")
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")  # editors on other systems put a mark in front
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"is not UTF-8 text, line {line}") from None


def toml_of(text: str, what: str) -> dict[str, object]:
    """The document in a TOML text that should be `what`; ConfigError saying where it is none."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"nested too deeply to be {what}") from None
    except ValueError as error:  # TOMLDecodeError, and what Python says of a number with thousands of digits
        at_end = f"at the end, line {text.count(chr(10)) + 1}"
        reason = _one_line(str(error).replace(_AT_END, at_end))
        raise ConfigError(f"this is not TOML: {reason}") from None


@contextmanager
def staged(path: Path, content: bytes) -> Iterator[Path]:
    """Put the content safely on disk beside `path`, to be renamed to it; removed if it was not."""
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
    """Make renames in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _one_line(reason: str) -> str:
    """What the TOML reader said, its line number kept, without the characters it quotes raw."""
    return re.sub(r"[^ -~]+", "?", reason)


def reason_of(error: OSError) -> str:
    """Why a file could not be read or written, in words."""
    known = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk is full",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "permission denied",
        errno.EISDIR: "there is a folder in its place",
    }
    return known.get(error.errno or 0, (error.strerror or str(error)).lower())
