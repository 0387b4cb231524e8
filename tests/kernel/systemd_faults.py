"""Used by scenarios/faults.sh, in the guest: closes both contacts of the installed daemon, breaks it, and measures.

Times come from the kernel's own record of the two lines, on CLOCK_MONOTONIC.
"""

import os
import signal
import subprocess
import sys
import time
from functools import partial

sys.path.insert(0, "/usr/local/bin")
from lines import Line, Recorder

FOCUS, SHUTTER, BUTTON = 17, 27, 6
PATIENCE_S = 60
LOOK_S = 0.02  # how often to read the lines
ASK_S = 0.25  # how often to ask systemd: each time starts a process, which is slow on the exact clock


def show(name):
    command = ["systemctl", "show", "-p", name, "--value", "backbutton"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def wait_for(what, is_so, every_s=LOOK_S):
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"FAILED: waited {PATIENCE_S} s for {what}")
        time.sleep(every_s)


def wait_for_daemon():
    wait_for("the daemon", lambda: show("ActiveState") == "active", ASK_S)


def lines():
    return Line(FOCUS).value, Line(SHUTTER).value


def close_contacts():
    """Hold the shutter button in a burst until both contacts are closed."""
    wait_for_daemon()
    Line(BUTTON).drive("low")
    wait_for("closed contacts", lambda: lines() == (1, 1))


def broken(how):
    """Break the daemon with both contacts closed; returns the milliseconds until both lines were low."""
    close_contacts()
    pid = int(show("MainPID"))
    with Recorder([FOCUS, SHUTTER]) as recorder:
        broken_ns = time.monotonic_ns()
        os.kill(pid, how)
        wait_for("open contacts", lambda: lines() == (0, 0))
        Line(BUTTON).drive("float")
        time.sleep(0.1)
    if lines() != (0, 0):
        sys.exit(f"FAILED: the lines are {lines()}")
    low = [event[0] for event in recorder.events if event[0] > broken_ns and event[2] == 0]
    return (max(low[:2]) - broken_ns) / 1e6


def has_restarted(before):
    return show("NRestarts") != before and show("ActiveState") == "active"


def main(name, how, times):
    took = []
    for _ in range(times):
        before = show("NRestarts")
        took.append(broken(how))
        print(f"  {took[-1]:.0f} ms", flush=True)
        if how != signal.SIGTERM:
            wait_for("the restart", partial(has_restarted, before), ASK_S)
    took.sort()
    print(f"{name}: {times} times, both lines low after {took[0]:.0f} to {took[-1]:.0f} ms, ", end="")
    print(f"median {took[len(took) // 2]:.0f} ms; the unit's restarts: {show('NRestarts')}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], signal.Signals[sys.argv[2]], int(sys.argv[3]))
