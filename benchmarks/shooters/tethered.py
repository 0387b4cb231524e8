"""`gphoto2 --interval` with libgphoto2's virtual camera: the real program if it is installed, never a real camera.

The virtual camera takes the place of the USB port (`libgphoto2_port/vusb/README.txt`, `gphoto/libgphoto2` 17da3f5).
Debian's libgphoto2 (2.5.30-1) is built without it; the Python wheel `gphoto2` brings it, with libraries of its own.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.shooters.order import Order, absent, await_go, report
from hardware.clock import SECOND_NS
from hardware.realtime import request_realtime

_TIMEOUT_S = 20
_SMALLEST_JPEG = b"\xff\xd8\xff\xd9"  # the virtual camera hands out copies of one (`gphoto/libgphoto2#835`)


def main() -> None:
    """Run gphoto2 as ordered, as far as the virtual camera goes."""
    order, program, libraries = Order.given(), shutil.which("gphoto2"), _libraries()
    if program is None:
        absent("the program `gphoto2` is not installed")
    elif libraries is None:
        absent("the virtual camera, which the Python wheel `gphoto2` contains, is not installed")
    elif order.every_ns % SECOND_NS:
        absent("it only takes intervals in whole seconds")
    else:
        await_go()
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.jpg").write_bytes(_SMALLEST_JPEG)
            _shoot(program, order, _environment(libraries, folder))


def _libraries() -> Path | None:
    """Return where the wheel keeps its libraries; None if it is not installed, or has no virtual camera."""
    found = importlib.util.find_spec("gphoto2")
    if found is None or found.origin is None:
        return None
    libraries = Path(found.origin).parent / "libgphoto2"
    return libraries if (libraries / "vusb").is_dir() else None


def _environment(libraries: Path, folder: str) -> dict[str, str]:
    """Return an environment whose only port is the virtual camera, and whose home is a temporary folder."""
    return os.environ | {
        "LD_LIBRARY_PATH": str(libraries),
        "CAMLIBS": str(libraries / "camlibs"),
        "IOLIBS": str(libraries / "vusb"),
        "VCAMERADIR": folder,
        "HOME": folder,
        "LC_ALL": "C",
    }


def _shoot(program: str, order: Order, environment: dict[str, str]) -> None:
    """Take frames; each gets the time when we read the line that gphoto2 writes, and flushes, before the capture.

    The virtual camera's card fills up within a minute, and gphoto2 then ends: it counts from 98, and is full
    past 150 (`ptp_initiatecapture_write()` in `libgphoto2_port/vusb/vcamera.c`, `gphoto/libgphoto2` 05afc51).
    """
    command = [program, "--capture-image", f"--interval={order.every_ns // SECOND_NS}", f"--frames={order.slots}"]
    stamps_ns, taken, pipe = [], 0, subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment, text=True) as gphoto2:  # noqa: S603
        assert gphoto2.stdout is not None
        assert gphoto2.stderr is not None
        limit = threading.Timer(order.lasts_ns / SECOND_NS + _TIMEOUT_S, gphoto2.kill)
        limit.start()
        request_realtime()  # for reading its output, so that this adds as little delay as possible
        for line in gphoto2.stdout:
            if line.startswith("Capturing frame"):
                stamps_ns.append(time.monotonic_ns())
            taken += line.startswith("New file is in location")
        limit.cancel()
        errors = " ".join(gphoto2.stderr.read().split())
    if not taken:
        absent(f"it took no frame; its error output: {errors[:200] or 'none'}")
    else:
        report(enumerate(stamps_ns[:taken]), f"its virtual camera is full after {taken}" * (taken < order.slots))


if __name__ == "__main__":
    main()
