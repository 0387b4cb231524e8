"""Amends config.txt: shows the difference, keeps the former file, never leaves half a file. Knows VFAT."""

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
    errno.EROFS: "the boot partition is read-only; sudo mount -o remount,rw its folder, or switch off the overlay "
    "with sudo raspi-config",
    errno.EACCES: "permission denied; run it as root: sudo backbutton doctor --fix",
    errno.EPERM: "permission denied; run it as root: sudo backbutton doctor --fix",
    errno.ENOSPC: "the boot partition is full; remove what you do not need there",
}


def difference(boot: Boot, lines: Iterable[str]) -> str:
    """Return what adding the lines changes, as a unified diff; "" if there is nothing to change."""
    if boot.path is None:
        return ""
    old, new = boot.text.splitlines(), with_lines(boot.text, lines).splitlines()
    return "\n".join(difflib.unified_diff(old, new, str(boot.path), str(boot.path), lineterm=""))


def amend(boot: Boot, lines: Iterable[str], stamp: str) -> Path:
    """Add the lines and return where the former file is kept, named by `stamp`.

    DaemonError, with a sentence, if it cannot be written or is no longer as it was read; then it is as it was.
    """
    assert boot.path is not None, "there is a file to amend"
    kept = boot.path.with_name(f"{boot.path.name}.backbutton-{stamp}")
    try:
        former = boot.path.read_bytes()
        if former.decode(errors="replace") != boot.text:
            raise DaemonError(f"{boot.path} has changed meanwhile; nothing was written, run it again")
        added = with_lines(boot.text, lines).removeprefix(boot.text)
        _keep(kept, former)
        with staged(boot.path, former + added.encode()) as new:
            new.replace(boot.path)
        sync_folder(boot.path.parent)
    except OSError as error:
        why = _REMEDIES.get(error.errno or 0, (error.strerror or str(error)).lower())
        raise DaemonError(f"{boot.path} stays as it is: {why}") from error
    return kept


def _keep(path: Path, content: bytes) -> None:
    """Put the content safely on disk, in a file that was not there before."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
