"""Remembers, over a crash and a power cut, that the camera's mirror may be up. Knows one file, no states.

The file stands before the mirror is raised and goes when it is down. It holds a time of CLOCK_MONOTONIC, which
means something only until the next boot: after one the camera is given its whole time again.
"""

import json
import logging
from pathlib import Path

from config.files import staged, sync_folder

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_log = logging.getLogger("backbutton")


class MirrorMemory:
    """Keeps until when a mirror may be up, in a file of `folder`; `boot` is which start of the machine this is.

    A disk that does not take it stops no frame: it is logged, once for each time it happens.
    """

    def __init__(self, folder: Path, boot: str | None = None) -> None:
        self._path = folder / "mirror-up.json"
        self._boot = boot_id() if boot is None else boot

    def keep(self, down_ns: int | None, now_ns: int) -> None:
        """Write down when the mirror is down by itself; None: it is down."""
        try:
            if down_ns is None:
                self._path.unlink(missing_ok=True)
            else:
                self._write({"boot": self._boot, "down_ns": down_ns, "span_ns": down_ns - now_ns})
        except OSError as error:
            _log.warning(
                "%s: cannot be written (%s); a restart will not know of the mirror", self._path, error.strerror
            )

    def recall(self, now_ns: int) -> int | None:
        """Return until when the mirror may be up since before this start; None if it is down."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            down_ns, span_ns = int(kept["down_ns"]), int(kept["span_ns"])
            is_same_boot = kept["boot"] == self._boot
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("%s: cannot be read (%s); if the mirror is up, wait half a minute", self._path, error)
            return None
        until_ns = min(down_ns, now_ns + span_ns) if is_same_boot else now_ns + span_ns
        return until_ns if until_ns > now_ns else None

    def _write(self, kept: dict[str, object]) -> None:
        """Write it so that it is whole, and on the disk, when this returns."""
        with staged(self._path, json.dumps(kept).encode()) as new:
            new.replace(self._path)
        sync_folder(self._path.parent)


def boot_id() -> str:
    """Return which start of the machine this is; "" where it does not tell."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""
