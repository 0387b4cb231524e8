"""Used by scenarios/press.sh, in the guest: measures, prints results, and ends with a line `FIGURES {json}`."""

import json
import os
import platform
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path

from lines import Line, Recorder, pulses
from wakeups import switches, tasks, woken

from controller.client import Client
from controller.journal.command import reading

SHUTTER, BUTTON = 27, 6
PRESSES = 60
HOLD_S, CYCLE_S = 0.1, 0.7  # a frame of this camera takes 0.53 s
WARM_UP = 12  # Python specialises its bytecode after some runs
QUIET_S = 20
SETTLE_S = 12  # the lamp test, and other work after a start
SOCKET = Path("/run/backbutton/control.sock")
JOURNAL = Path("/var/lib/backbutton/journal.db")
CYCLES = 1000
FRAMES, LOADED_FRAMES = 60, 20  # a second under load takes many seconds on the host
OUT = Path("/out/press.json")


def main():
    figures = {"versions": versions(), "presses": {}, "first": {}, "idle": {}}
    for name, program in (("ours", unit), ("bare", peer("bare")), ("lgpio", peer("lgpio"))):
        with program():
            first_ns, *spans_ns = answers()
            figures["first"][name], figures["presses"][name] = first_ns, spans_ns[WARM_UP - 1 :]
            say(f"{name}: first press to line after {first_ns / 1000:.0f} us, then", figures["presses"][name])
    with unit() as pid, console() as console_pid:
        figures["idle"] |= idle({"ours": pid, "console": console_pid})
    with peer("buttons")() as pid:
        figures["idle"] |= idle({"lgpio": pid})
    figures["late"] = {}
    with unit():
        figures["late"]["alone"] = lateness("alone", FRAMES)
    with unit(), loaded():
        figures["late"]["under load"] = lateness("under load", LOADED_FRAMES)
    figures["cyclictest"] = cyclictest()
    print(json.dumps(figures["idle"], indent=1), figures["cyclictest"], flush=True)
    line = json.dumps(figures)
    if OUT.parent.is_dir():
        OUT.write_text(line)
    print(f"FIGURES {line}", flush=True)


def say(what, spans_ns):
    ranked = sorted(spans_ns)
    print(f"{what}: median {ranked[len(ranked) // 2] / 1000:.0f} us, worst {ranked[-1] / 1000:.0f} us", flush=True)


def versions():
    packages = {name: metadata.version(name) for name in ("gpiod", "gpiozero")}
    with suppress(metadata.PackageNotFoundError):
        packages["lgpio"] = metadata.version("lgpio")
    return {"Linux": platform.release(), "Python": platform.python_version(), **packages}


# -- programs


@contextmanager
def unit():
    """Run our daemon in its unit; yields its process id."""
    subprocess.run(["systemctl", "start", "backbutton"], check=True)
    shown = ["systemctl", "show", "-p", "MainPID", "--value", "backbutton"]
    try:
        time.sleep(SETTLE_S)
        yield int(subprocess.run(shown, capture_output=True, text=True, check=True).stdout)
    finally:
        subprocess.run(["systemctl", "stop", "backbutton"], check=True)


def peer(name):
    """Return a context manager that runs another program and yields its process id once it is ready."""

    @contextmanager
    def running():
        command = [sys.executable, str(Path(__file__).with_name("press_peers.py")), name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                if process.stdout.readline() != "ready\n":
                    raise SystemExit(f"FAILED: {name} did not start")
                time.sleep(SETTLE_S)
                yield process.pid
            finally:
                process.kill()

    return running


@contextmanager
def console():
    """Run a console on a pty of its own, up to its prompt; yields its process id."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execv("/usr/bin/backbutton", ["backbutton", "console"])
    at_prompt = threading.Event()
    threading.Thread(target=drain, args=(fd, at_prompt), daemon=True).start()
    try:
        if not at_prompt.wait(60):
            raise SystemExit("FAILED: the console has no prompt")
        time.sleep(SETTLE_S)
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def drain(fd, at_prompt):
    """Read a terminal until its program ends; set `at_prompt` at the first prompt."""
    received = b""
    with suppress(OSError):
        while True:
            received = received[-100:] + os.read(fd, 4096)
            if b"backbutton> " in received:
                at_prompt.set()


# -- measurements


def answers():
    """Press a button repeatedly; returns how soon SHUTTER closed after each press, by the kernel's timestamps."""
    button = Line(BUTTON)
    with lowest_priority(), Recorder([BUTTON, SHUTTER]) as eyes:
        for _ in range(WARM_UP + PRESSES):
            button.press(HOLD_S)
            time.sleep(CYCLE_S - HOLD_S)
    pressed = [began_ns for began_ns, _ in pulses(eyes.events, BUTTON, 0)]
    closed = [began_ns for began_ns, _ in pulses(eyes.events, SHUTTER)]
    if not len(pressed) == len(closed) == WARM_UP + PRESSES:
        raise SystemExit(f"FAILED: {len(pressed)} presses, {len(closed)} closings")
    return [line_ns - press_ns for press_ns, line_ns in zip(pressed, closed, strict=True)]


@contextmanager
def lowest_priority():
    """Run below every other thread: a real finger uses no CPU time."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def idle(pids):
    """Return what each process did in QUIET_S seconds without input."""
    names = {tid: name for name, pid in pids.items() for tid in tasks(pid)}
    before = {name: (switches(pid), cpu_ns(pid)) for name, pid in pids.items()}
    wakings, rows = woken(names, QUIET_S)
    after = {name: (switches(pid), cpu_ns(pid)) for name, pid in pids.items()}
    if "-v" in sys.argv:
        print("\n".join(rows))
    threads = Counter(names.values())
    return {
        name: {
            "threads": threads[name],
            "wakings": wakings[name],
            "switches": after[name][0] - before[name][0],
            "cpu_ns": after[name][1] - before[name][1],
            "seconds": QUIET_S,
        }
        for name in pids
    }


def cpu_ns(pid):
    """Return the CPU time that all threads of a process have used so far, as the scheduler counts it."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir())


@contextmanager
def loaded():
    """Flood a console, poll the box, and keep the processor busy with writing (to memory: see press.sh)."""
    command = [sys.executable, "-m", "controller.bench.load", str(SOCKET), str(JOURNAL.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, process_group=0) as process:
        try:
            if process.stdout.readline() != "at work\n":
                raise SystemExit("FAILED: the load did not start")
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def lateness(how, frames):
    """Run so many frames after the first; returns how late each SHUTTER was, by the journal and on the line."""
    client = Client.connect(SOCKET)
    client.call("settings.set", key="interval.count", value=str(frames + 1))
    with Recorder([SHUTTER]) as eyes:
        client.call("start")
        while client.call("status")["run"] is not None:
            time.sleep(5)
    client.close()
    time.sleep(1)  # until the journal has stored the end
    with reading(JOURNAL) as reader:
        frames = list(reader.frames(reader.run(reader.last_run_id())))[
            1:
        ]  # the first is due at once, so it is always late
    rises = [rise_ns for rise_ns, _ in pulses(eyes.events, SHUTTER)][1:]
    outcomes = Counter(f"{frame.outcome} {frame.reason or ''}" for frame in frames)
    if len(rises) != len(frames) or any(frame.outcome != "fired" for frame in frames):
        raise SystemExit(f"FAILED: {len(rises)} frames on the line, but the journal has {dict(outcomes)}")
    logged = [frame.late_ns for frame in frames]
    seen = [rise_ns - frame.due_ns for rise_ns, frame in zip(rises, frames, strict=True)]
    say(f"late by the journal, {how}", logged)
    say(f"late on the line, {how}", seen)
    return {"told": logged, "seen": seen}


def cyclictest():
    """Return the latency that cyclictest measures at the player's priority: average and worst, in nanoseconds."""
    command = ["cyclictest", "-m", "-q", "-N", "-p", "70", "-i", "10000", "-l", str(CYCLES)]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    average, worst = re.search(r"Avg: *(\d+) Max: *(\d+)", report).groups()
    return {"cycles": CYCLES, "average_ns": int(average), "worst_ns": int(worst)}


if __name__ == "__main__":
    main()
