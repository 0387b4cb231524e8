"""What the scenarios share: a daemon on the rig's pins, presses of its buttons, and a recorder of its lines."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from lines import Line, Recorder, pulses

from controller.client import Client

__all__ = [
    "BACK",
    "FOCUS",
    "MS",
    "RUN",
    "SHUTTER",
    "SHUTTER_BUTTON",
    "Line",
    "Recorder",
    "daemon",
    "press",
    "pulses",
    "say",
    "wait",
]

FOCUS, SHUTTER = 17, 27
BACK, SHUTTER_BUTTON, RUN = 5, 6, 12
MS = 1_000_000


def say(text):
    print(text, flush=True)


@contextmanager
def daemon(folder, *settings):
    """Run a daemon on the pins with these settings; yields the process and a client."""
    config = Path(folder) / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("\n".join(settings) + "\n")
    command = [sys.executable, "-m", "controller.cli", "run", "--config", str(config)]
    command += ["--state-dir", str(folder), "--socket", f"{folder}/control.sock"]
    environment = {name: value for name, value in os.environ.items() if name != "GPIOZERO_PIN_FACTORY"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment) as process:
        try:
            if "is ready" not in process.stdout.readline():
                raise SystemExit("the daemon did not start")
            client = Client.connect(Path(folder) / "control.sock")
            yield process, client
            client.close()
        finally:
            process.terminate()


def press(button, seconds):
    """Press a button from outside; returns the kernel's time just before the press."""
    pressed_ns, _ = Line(button).press(seconds)
    return pressed_ns


def wait(seconds):
    """Sleep in the guest's time."""
    time.sleep(seconds)
