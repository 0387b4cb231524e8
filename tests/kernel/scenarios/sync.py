"""Closes a flash contact after SHUTTER: frames are confirmed, unconfirmed or missed; the lag is right; calibrate works."""
# rig: -i fast

import threading
from itertools import count

from bench import MS, SHUTTER, Line, Recorder, daemon, say, wait

SYNC = 25
LAG_MS = 52.3
MISSED = (1, 4)  # the frames, from 1, at which the contact stays open
FRAMES = 5
SETTINGS = (
    f'[camera]\nprofile = "canon-e3"\nback_button_focus = true\n[pins]\nsync = {SYNC}',
    f'[focus]\ninterlock = false\n[interval]\nevery = "1s"\ncount = {FRAMES}',
)


class Flash:
    """Closes the contact, with bounces, after each closing of SHUTTER, except in the frames it misses."""

    def __init__(self):
        self.line, self.numbers, self.lags_ns = Line(SYNC), count(1), []

    def take_edge(self, edge):
        at_ns, line, level, *_ = edge
        if line == SHUTTER and level and next(self.numbers) not in MISSED:
            threading.Thread(target=self.close, args=(at_ns,)).start()

    def close(self, shutter_ns):
        wait(LAG_MS / 1000)
        self.lags_ns.append(self.line.drive("low") - shutter_ns)
        for level in ("float", "low", "float", "low"):
            wait(0.0005)
            self.line.drive(level)
        wait(0.002)
        self.line.drive("float")


def main():
    flash = Flash()
    with daemon("/run/box", *SETTINGS) as (_, client), Recorder([SHUTTER], flash.take_edge):
        wait(1)
        client.call("subscribe")
        client.call("start")
        wait(FRAMES + 1)
        check("status counts the last frame", client.call("status")["sync"]["outcome"] == "confirmed")
        run_lags_ns, events = list(flash.lags_ns), client.events()
        client.call("calibrate")
        wait(11)
        status = client.call("status")
        events += client.events()
    rows = [event for event in events if event["kind"] == "entered"]
    words = ["unconfirmed", "confirmed", "confirmed", "missed", "confirmed"]
    check("the outcomes of a run", [row["outcome"] for row in rows[:FRAMES]] == words)
    seen_ns = [row["lag_ns"] for row in rows[:FRAMES] if row["lag_ns"] is not None]
    for lag_ns, actual_ns in zip(seen_ns, run_lags_ns, strict=True):
        near("lag", lag_ns, actual_ns)
    measured = status["sync"]["measured"]
    check("ten frames measured it", measured is not None and measured["confirmed"] == 10)
    calibrated_ns = sorted(flash.lags_ns[len(run_lags_ns) :])
    near("median lag", measured["median_ns"], (calibrated_ns[4] + calibrated_ns[5]) // 2)
    for event in events:
        if event["kind"] == "said":
            say(f"said: {event['text']}")
    raise SystemExit(1 if failures else 0)


failures = []


def check(what, is_so):
    say(f"{'ok' if is_so else 'NOT SO'}: {what}")
    if not is_so:
        failures.append(what)


def near(what, span_ns, expected_ns):
    off_ms = (span_ns - expected_ns) / MS
    check(f"{what}: {span_ns / MS:.3f} ms, {off_ms:+.3f} ms off", abs(off_ms) <= 0.5)


if __name__ == "__main__":
    main()
