"""Used by scenarios/abuse.sh, in the guest: abuses the console's USB port during a run, and checks the result."""

import json
import os
import random
import select
import subprocess
import sys
import termios
import time
import tty
from contextlib import suppress
from pathlib import Path

from lines import Recorder, pulses

from controller.client import Client

FOCUS, SHUTTER = 17, 27
MS = 1_000_000
NOISE_KIB = int(os.environ.get("NOISE_KIB", "10240"))
COMMANDS = int(os.environ.get("COMMANDS", "10000"))
UNPLUGS = int(os.environ.get("UNPLUGS", "200"))
PORTS = "ttyACM*"  # plugged in again it gets a new number while the old one is still open
UDC = Path("/sys/kernel/config/usb_gadget/backbutton/UDC")
PATIENCE_S = 120
QUIET_S = 40
PACED_S = 20  # about how long a phase lasts whose pieces are faster than frames

failures = []


def check(what, is_so):
    print(f"{'ok' if is_so else 'NOT SO'}: {what}", flush=True)
    if not is_so:
        failures.append(what)


class Peer:
    """The laptop's end of the cable."""

    def __init__(self):
        end = time.monotonic() + PATIENCE_S
        while not self._has_opened(port()):
            time.sleep(0.05)
            if time.monotonic() > end:
                raise SystemExit(f"FAILED: {port()} cannot be opened")

    def _has_opened(self, path):
        """Open a port; returns False if it belongs to the plug before and is about to disappear."""
        try:
            self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return False
        try:
            tty.setraw(self.fd, termios.TCSANOW)
        except termios.error:
            os.close(self.fd)
            return False
        return True

    def close(self):
        with suppress(termios.error):  # the cable is unplugged
            termios.tcflush(self.fd, termios.TCOFLUSH)
        os.close(self.fd)

    def exchange(self, data, *, reads=True, until=None):
        """Write all of `data` while reading, then read on until `until` has arrived. Returns everything read."""
        received, view, end = bytearray(), memoryview(data), time.monotonic() + PATIENCE_S
        while view or (until is not None and until not in received):
            sources = [self.fd] if reads else []
            readable, writable, _ = select.select(sources, [self.fd] if view else [], [], 10)
            if readable:
                received += os.read(self.fd, 65536)
            if writable:
                view = view[os.write(self.fd, view[:4096]) :]
            if readable or writable:
                end = time.monotonic() + PATIENCE_S
            if time.monotonic() > end:
                raise SystemExit(f"FAILED: waited {PATIENCE_S} s; received {bytes(received[-300:])!r}")
        return bytes(received)

    def line_mode(self):
        """Switch the console to line mode; it may still be busy with earlier input."""
        received = b""
        for _ in range(PATIENCE_S):
            os.write(self.fd, b"\rplain\r")
            end = time.monotonic() + 1
            while time.monotonic() < end and select.select([self.fd], [], [], 1)[0]:
                received += os.read(self.fd, 65536)
                if b"ok line mode" in received:
                    return
        raise SystemExit(f"FAILED: no console; received {received[-300:]!r}")


def quiet(_):
    """Nothing comes over the cable."""
    time.sleep(QUIET_S)


def paced(pieces):
    """Yield the numbers of the pieces, with pauses in between, so that frames are taken meanwhile."""
    for piece in range(pieces):
        yield piece
        time.sleep(PACED_S / pieces)


def noise(peer):
    """Random bytes."""
    chance = random.Random(1)
    for _ in paced(NOISE_KIB // 64):
        peer.exchange(chance.randbytes(65536))


def keys(peer):
    """Control characters and escape sequences of all kinds, at a prompt."""
    chance = random.Random(2)
    for _ in paced(max(1, NOISE_KIB // 1024)):
        pieces = (
            b"\x10\r",
            b"\x1b[A\r",
            b"\x12f\r",
            b"\x04",
            b"\0",
            b"\t",
            b"\x1b[6n",
            b"\x7f",
            b"\x1b",
            b"\x18\x12",
        )
        peer.exchange(b"".join(chance.choices(pieces, k=4096)))


def halves(peer):
    """The first halves of characters, one per line, and a Ctrl-C among them."""
    peer.line_mode()
    for _ in paced(5):
        received = peer.exchange(b"\xc3\r" * 2000 + b"\x03\xc3\rhelp quit\r", until=b"ok quit")
        errors = received.count(b"error usage")
        check(f"each line that is not text is an error ({errors})", errors == 2001)


def long_lines(peer):
    """Lines of a mebibyte."""
    peer.line_mode()
    for _ in paced(max(1, NOISE_KIB // 2048)):
        received = peer.exchange(b"x" * (1 << 20) + b"\rhelp quit\r", until=b"ok quit")
        check("a line of 1 MiB is one error", received.count(b"error usage: a line can have at most") == 1)


def commands(peer):
    """Commands pasted at once."""
    peer.line_mode()
    received = peer.exchange(b"status\r" * COMMANDS + b"help quit\r", until=b"ok quit")
    check(
        f"each of {COMMANDS} commands gets one ok",
        received.count(b"\nok ") + received.startswith(b"ok ") == COMMANDS + 1,
    )


def deaf(peer):
    """Commands from a peer that never reads."""
    peer.line_mode()
    peer.exchange(b"show\rstatus\r" * (COMMANDS // 20), reads=False)
    time.sleep(QUIET_S / 2)


def unplugs(peer):
    """The cable is unplugged in the middle of a line, again and again."""
    del peer
    controller = next(Path("/sys/class/udc").iterdir()).name
    served = 0
    while served < UNPLUGS:
        other = Peer()
        try:
            os.write(other.fd, b"\rplain\rset interval.every 9")
        except OSError:  # it was still the port of the plug before
            other.close()
            continue
        time.sleep(0.05)
        UDC.write_text("\n")
        other.close()
        UDC.write_text(controller)
        port()
        served += 1
        if served % 10 == 1:
            print(f"{served} unplugs", flush=True)
    print(f"{served} unplugs", flush=True)


def port():
    """Return the laptop's port; waits until it exists."""
    end = time.monotonic() + PATIENCE_S
    while not (ports := list(Path("/dev").glob(PORTS))):
        time.sleep(0.05)
        if time.monotonic() > end:
            raise SystemExit(f"FAILED: no {PORTS}, but {sorted(Path('/dev').glob('tty*'))}")
    return ports[0]


_ALL = (quiet, noise, keys, halves, long_lines, commands, deaf, unplugs)
_CHOSEN = os.environ.get("PHASES", "").split(",")
PHASES = (*(phase for phase in _ALL if phase.__name__ in _CHOSEN or not _CHOSEN[0]), quiet)


def memory(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return {
        line.split(":")[0]: int(line.split()[1])
        for line in status.splitlines()
        if line.startswith(("VmRSS", "VmHWM"))
    }


def pids():
    shown = subprocess.run(
        ["systemctl", "show", "-p", "MainPID", "--value", "backbutton", "backbutton-console@ttyGS0"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [int(pid) for pid in shown.stdout.split()]


def at_rank(late_us, percent):
    ranked = sorted(late_us)
    return ranked[-(-len(ranked) * percent // 100) - 1]


def main():
    client = Client.connect(Path("/run/backbutton/control.sock"))
    first_pids, before = pids(), client.call("settings.show")
    with Recorder([FOCUS, SHUTTER]) as eyes:
        client.call("start")
        while client.call("status")["run"]["slot"] < 2:
            time.sleep(0.5)
        bounds = []
        for phase in PHASES:
            began, peer = client.call("status")["run"]["slot"] + 1, Peer()
            phase(peer)
            peer.close()
            port()
            bounds.append((phase.__doc__.splitlines()[0], began, client.call("status")["run"]["slot"] - 1))
            print(
                f"{bounds[-1][0]} slots {began} to {bounds[-1][2]}; kB {[memory(pid) for pid in pids()]}", flush=True
            )
        run = client.call("status")["run"]
        peer = Peer()
        peer.line_mode()
        received = peer.exchange(b"stop\r", until=b"nothing is running")
        peer.close()
        while client.call("status")["run"] is not None:
            time.sleep(0.5)
    check("the console recovers by itself, and stops the run", run is not None and b"nothing is running" in received)
    after = client.call("settings.show")
    check("no setting has changed", after == before)
    check("daemon and pump are the same processes", pids() == first_pids)
    focus, shutter = pulses(eyes.events, FOCUS), pulses(eyes.events, SHUTTER)
    logged = subprocess.run(["backbutton", "log", "1", "--json"], capture_output=True, text=True, check=True)
    frames = {frame["slot"]: frame for frame in json.loads(logged.stdout)["ledger"]}
    fired = [frame for frame in frames.values() if frame["outcome"] == "fired"]
    check(f"SHUTTER closed only for the frames of the run ({len(shutter)})", len(shutter) == len(fired))
    check("FOCUS never moved", focus == [])
    check("no slot was skipped", len(fired) == len(frames))
    rises = [rise for rise, _ in shutter]
    print("\n| what came over the cable | frames | median late by | 99 of 100 | worst |\n|---|---|---|---|---|")
    worst = {}
    for name, began, ended in bounds:
        late = [frames[slot]["late_ns"] / 1000 for slot in range(began, ended + 1)]
        seen = [(rises[slot] - rises[began] - (slot - began) * 700 * MS) / 1000 for slot in range(began, ended + 1)]
        worst[name] = max(late)
        figures = " | ".join(f"{value:.0f} us" for value in (at_rank(late, 50), at_rank(late, 99), max(late)))
        print(
            f"| {name} | {len(late)} | {figures} |", f"seen on the line: {min(seen):+.0f} to {max(seen):+.0f} us off"
        )
    check("no edge was late by 1 ms or more", max(worst.values()) < 1000)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
