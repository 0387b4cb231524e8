"""Used by scenarios/page.sh, in the guest: kills the page's server while a phone fires or focuses, and looks at the lines.

Call: page_kills.py fire | focus TIMES, after page_checks.py pair. Exits with status 1 at the first check that fails.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

from lines import Recorder
from page_checks import (
    FOCUS,
    PATIENCE_S,
    SHUTTER,
    UNIT,
    S,
    ask,
    check,
    daemon,
    dial_in,
    end,
    is_at_rest,
    main_pid,
    stamps,
    start,
    wait_for,
    widths,
)


def end_page():
    """Stop the page; its socket stays, and the count of its restarts begins anew."""
    subprocess.run(["systemctl", "stop", UNIT], check=True, stderr=subprocess.DEVNULL)


def pressed(path):
    """Return what the page sends when a finger is on that button."""
    return {**({"duration": "3s"} if "focus" in path else {}), **stamps()}


def begin(path):
    """Send a request to a page that is stopped, and let it go on when all has arrived; return its process and the request."""
    end_page()
    if ask("/")[0] != 200:
        sys.exit("NOT SO: the page is back")
    pid = main_pid()
    os.kill(pid, signal.SIGSTOP)
    request = start(path, pressed(path))
    time.sleep(0.5)
    os.kill(pid, signal.SIGCONT)
    return pid, request


def normally(path):
    """Send a request without a kill; return how long the answer took, all edges together, and each contact."""
    with Recorder([FOCUS, SHUTTER]) as eyes:
        _, request = begin(path)
        began = time.monotonic()
        check(f"{path} without a kill", end(request)[0] == 200)
        took_s = time.monotonic() - began
        time.sleep(1)
        wait_for("the box at rest", is_at_rest)
    closed = {n: widths(eyes.events, n) for n in (FOCUS, SHUTTER)}
    print(
        f"   without a kill: {took_s * 1000:.0f} ms; FOCUS {closed[FOCUS]} ms, SHUTTER {closed[SHUTTER]} ms",
        flush=True,
    )
    return took_s, (eyes.events[-1][0] - eyes.events[0][0]) / S, closed


def killed(path, after_s, from_edge):
    """Send a request, and kill the page so long after it has arrived, or after the first edge.

    Returns the status of the answer (0 for none), the edges until the box is at rest, and when the kill was.
    """
    edge = threading.Event()
    with Recorder([FOCUS, SHUTTER], lambda event: event[2] and edge.set()) as eyes:
        pid, request = begin(path)
        if from_edge:
            edge.wait(PATIENCE_S)
        time.sleep(after_s)
        killed_ns = time.monotonic_ns()
        os.kill(pid, signal.SIGKILL)
        status, _ = end(request)
        time.sleep(1)
        wait_for("the box at rest", is_at_rest)
    return status, eyes.events, killed_ns


def compare(path, times):
    """Kill at random instants: what the lines do is what they do without a kill, or nothing.

    Two of three kills come while the request is on its way, the others while a contact is closed.
    """
    dice, seen = random.Random(16), Counter()
    took_s, whole_s, normal = normally(path)
    for number in range(times):
        is_closed = number % 3 == 2
        after_s = dice.uniform(0, 0.9 * whole_s if is_closed else took_s)
        status, events, killed_ns = killed(path, after_s, is_closed)
        did = {n: widths(events, n) for n in (FOCUS, SHUTTER)}
        if events and not alike(did, normal):
            sys.exit(f"NOT SO: killed after {after_s:.3f} s: {did} ms, normally {normal}")
        if is_closed and not killed_ns < events[-1][0]:
            sys.exit("NOT SO: the kill came while a contact was closed")
        what = "carried out" if events else "not carried out"
        seen["with a contact closed" if is_closed else "on its way", what, "answered" if status else "no answer"] += 1
    for row, count in sorted(seen.items()):
        print(f"   {count} kills {', '.join(row)}", flush=True)
    check(f"{times} kills: done once or not at all, and every contact closed as long as without a kill", True)


def alike(did, normal):
    return all(
        len(did[n]) == len(normal[n]) and all(a and abs(a - b) <= 2 for a, b in zip(did[n], normal[n], strict=True))
        for n in normal
    )


def kill_firing(times):
    dial_in()
    compare("/call/fire", times)


def kill_focusing(times):
    """On a body where half-press focuses: FOCUS is held, and stays closed as a focus lock until its limit."""
    for key, value in (("camera.back_button_focus", "no"), ("focus.lock_limit", "1m")):
        daemon("settings.set", key=key, value=value)
    compare("/call/focus.hold", times)


if __name__ == "__main__":
    {"fire": kill_firing, "focus": kill_focusing}[sys.argv[1]](int(sys.argv[2]))
