"""Adds lines to config.txt: shows the difference first, keeps a backup, and never leaves half a file behind."""

import difflib
import errno
import os
from collections.abc import Iterable
from pathlib import Path

from config.files import staged, sync_folder
from controller.doctor.bootconfig import with_lines
from controller.doctor.machine import Boot
from controller.errors import DaemonError

_REMEDIES = {
    errno.EROFS: "the boot partition is read-only; remount it (sudo mount -o remount,rw /boot/firmware), or switch "
    "off the overlay with sudo raspi-config",
    errno.EACCES: "permission denied; run it as root: sudo backbutton doctor --fix",
    errno.EPERM: "permission denied; run it as root: sudo backbutton doctor --fix",
    errno.ENOSPC: "the boot partition is full; delete what you do not need there",
}


def difference(boot: Boot, lines: Iterable[str]) -> str:
    """Return what adding the lines would change, as a unified diff; "" if nothing."""
    if boot.path is None:
        return ""
    old, new = boot.text.splitlines(), with_lines(boot.text, lines).splitlines()
    return "\n".join(difflib.unified_diff(old, new, str(boot.path), str(boot.path), lineterm=""))


def amend(boot: Boot, lines: Iterable[str], stamp: str) -> Path:
    """Add the lines; returns the path of the backup, whose name ends in `stamp`.

    Raises DaemonError if the file cannot be written, or has changed since it was read; it is left untouched then.
    """
    assert boot.path is not None, "there is a file to amend"
    backup = boot.path.with_name(f"{boot.path.name}.backbutton-{stamp}")
    try:
        content = boot.path.read_bytes()
        if content.decode(errors="replace") != boot.text:
            raise DaemonError(f"{boot.path} has just been changed by something else; nothing was written, try again")
        added = with_lines(boot.text, lines).removeprefix(boot.text)
        _write_new(backup, content)
        with staged(boot.path, content + added.encode()) as new:
            new.replace(boot.path)
        sync_folder(boot.path.parent)
    except OSError as error:
        why = _REMEDIES.get(error.errno or 0, (error.strerror or str(error)).lower())
        raise DaemonError(f"{boot.path} was not changed: {why}") from error
    return backup


def _write_new(path: Path, content: bytes) -> None:
    """Create a file and flush it to the disk; raises FileExistsError rather than overwrite one."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
