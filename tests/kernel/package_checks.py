"""Used by scenarios/package.sh, in the guest, on Debian's own Python: checks the installed box from outside.

Call: package_checks.py lamps FILE | buttons | console | hold. Exits with status 1 at the first check that fails.
"""

import sys
import time
from pathlib import Path

import serial

sys.path.insert(0, "/usr/local/bin")
from lines import Line, Recorder, pulses

FOCUS, SHUTTER = 17, 27
BACK, SHUTTER_BUTTON = 5, 6
GREEN, AMBER, RED = 22, 23, 24
MS = 1_000_000
PATIENCE_S = 120


def check(what, is_so):
    if not is_so:
        sys.exit(f"NOT SO: {what}")
    print(f"ok: {what}", flush=True)


def wait_for(what, is_so):
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"NOT SO: waited {PATIENCE_S} s for {what}")
        time.sleep(0.1)


def widths_ms(events, line):
    return [None if width is None else round(width / MS) for _, width in pulses(events, line)]


def lamps(recorded):
    """Check the lamps; the file `recorded` has what lines.py saw since the start of userspace, before the daemon."""
    events = []
    for row in Path(recorded).read_text(encoding="ascii").splitlines():
        ns, line, level, state, reason = row.split()
        events.append((int(ns), int(line), int(level), state, reason))
    for name, line in (("green", GREEN), ("amber", AMBER), ("red", RED)):
        first = widths_ms(events, line)[:1]
        check(
            f"lamp test at boot, {name} (line {line}): on for {first} ms", len(first) == 1 and 900 <= first[0] <= 1500
        )
    rises = [event for event in events if event[1] in {FOCUS, SHUTTER} and event[2] == 1]
    check("no contact has closed since power-on", rises == [])


def buttons():
    with Recorder([FOCUS, SHUTTER, RED]) as eyes:
        Line(SHUTTER_BUTTON).press(0.1)
        wait_for("the red lamp", lambda: pulses(eyes.events, RED))
        time.sleep(1)
        check("shutter without focus: refused, the contacts stay open", not any(e[1] != RED for e in eyes.events))
        check(f"the red lamp blinks its code: {widths_ms(eyes.events, RED)} ms", len(pulses(eyes.events, RED)) == 1)
        Line(BACK).press(0.6)
        wait_for("the wake pulse", lambda: widths_ms(eyes.events, FOCUS) not in ([], [None]))
        time.sleep(0.5)
        Line(SHUTTER_BUTTON).press(0.1)
        wait_for("a frame", lambda: widths_ms(eyes.events, SHUTTER) not in ([], [None]))
        time.sleep(1)
        focus, shutter = widths_ms(eyes.events, FOCUS), widths_ms(eyes.events, SHUTTER)
    check(f"back, then shutter: FOCUS {focus} ms, SHUTTER {shutter} ms", len(focus) == 2 and len(shutter) == 1)
    check("SHUTTER closed for about 100 ms, and FOCUS around it", 90 <= shutter[0] <= 200 and focus[1] > shutter[0])


def console():
    with serial.Serial("/dev/ttyACM0", timeout=1) as port:
        say(port, "status", b"ok")
        say(port, "set interval.every 7s", b"ok")
        say(port, "save", b"ok")


def say(port, line, expected):
    """Type a line until it gets an answer: a console that has just started may miss the first one."""
    end, received = time.monotonic() + PATIENCE_S, b""
    while expected not in received and time.monotonic() < end:
        port.write(line.encode() + b"\r\n")
        again = time.monotonic() + 5
        while expected not in received and time.monotonic() < again:
            received += port.read(port.in_waiting or 1)
    time.sleep(0.5)
    received += port.read(port.in_waiting)
    answer = received.decode(errors="replace").strip().splitlines()[-1:]
    check(f"typed into ttyACM0: {line!r}, answered: {answer}", expected in received)


def hold():
    """Dial in and hold the shutter button in a burst; both contacts are closed on return."""
    Line(BACK).press(0.6)
    time.sleep(1)
    Line(SHUTTER_BUTTON).drive("low")
    wait_for("both contacts closed", lambda: (Line(FOCUS).value, Line(SHUTTER).value) == (1, 1))
    print("ok: both contacts are closed, the button stays pressed", flush=True)


if __name__ == "__main__":
    {"lamps": lamps, "buttons": buttons, "console": console, "hold": hold}[sys.argv[1]](*sys.argv[2:])
