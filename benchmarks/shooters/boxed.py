"""The box: the real daemon on the virtual bench, started by a client; its frames are read from its journal."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.shooters.order import Order, await_go, report
from controller.client import Client
from hardware.clock import MILLISECOND_NS, SECOND_NS

CAMERA = "canon-e3"
_CLI = (sys.executable, "-m", "controller.cli")
_CONFIG = """\
[camera]
profile = "{camera}"
back_button_focus = true
[focus]
interlock = false
[interval]
every = "{every_ms}ms"
count = {slots}
"""


def main() -> None:
    """Run as ordered; how long SHUTTER is held is up to the camera's profile."""
    order = Order.given()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(order, folder) as socket, Client.connect(socket) as client:
            player = str(client.call("status")["player"])
            await_go()
            client.call("start")
            time.sleep(order.lasts_ns / SECOND_NS)
            while client.call("status")["run"] is not None:
                time.sleep(0.1)
        frames = _frames(folder)
    report(frames, player)


@contextmanager
def served(order: Order, folder: Path) -> Iterator[Path]:
    """Run a box that keeps its state in `folder`; yields its socket. The journal is complete on leaving."""
    config, socket = folder / "config.toml", folder / "control.sock"
    every_ms = order.every_ns // MILLISECOND_NS
    config.write_text(_CONFIG.format(camera=CAMERA, every_ms=every_ms, slots=order.slots), encoding="utf-8")
    command = [*_CLI, "run", "--bench", "--camera", CAMERA, "--config", str(config)]
    command += ["--state-dir", str(folder), "--socket", str(socket)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:  # noqa: S603
        try:
            assert daemon.stdout is not None
            if "is ready" not in daemon.stdout.readline():
                raise SystemExit("the daemon did not start")
            yield socket
        finally:
            daemon.terminate()


def _frames(folder: Path) -> list[tuple[int, int]]:
    """Return the frames that were fired, each as its slot and its time from the first slot."""
    command = [*_CLI, "log", "1", "--json", "--state-dir", str(folder)]
    logged = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603
    rows = json.loads(logged.stdout)["ledger"]
    return [(row["slot"], row["at_ns"] + row["late_ns"]) for row in rows if row["late_ns"] is not None]


if __name__ == "__main__":
    main()
