"""Presses buttons and records lines from outside: focus, a refusal, frames and a run, exact to half a millisecond."""
# rig: -i fast

from bench import BACK, FOCUS, MS, RUN, SHUTTER, SHUTTER_BUTTON, Recorder, daemon, press, pulses, say, wait

SETTINGS = (
    '[camera]\nprofile = "nikon-mc-dc2"\nback_button_focus = true',
    '[interval]\nevery = "2s"\ncount = 5',
)


def main():
    with daemon("/run/box", *SETTINGS) as (_, client), Recorder([FOCUS, SHUTTER]) as eyes:
        wait(1)
        press(SHUTTER_BUTTON, 0.1)
        wait(0.5)
        refused = list(eyes.events)
        pressed_ns = press(BACK, 0.6)
        wait(0.5)
        frame_ns = press(SHUTTER_BUTTON, 0.1)
        wait(1.5)
        press(RUN, 0.1)
        wait(12)
        status = client.call("status")
    check("nothing moves before focus", refused == [])
    focus, shutter = pulses(eyes.events, FOCUS), pulses(eyes.events, SHUTTER)
    check("six frames", len(shutter) == 6 and len(focus) == 7)
    near("wake pulse begins after the press", focus[0][0] - pressed_ns, 0, 5)
    near("wake pulse", focus[0][1], 400)
    near("a press answers", focus[1][0] - frame_ns, 0, 5)
    for k, ((closed, width), (focus_closed, focus_width)) in enumerate(zip(shutter, focus[1:], strict=True)):
        near(f"frame {k}: lead", closed - focus_closed, 100)
        near(f"frame {k}: SHUTTER", width, 100)
        near(f"frame {k}: FOCUS", focus_width, 205)
    # The first slot is due at once, so the time to decide makes it late; that does not move the grid.
    near("slot 0 before slot 1", shutter[2][0] - shutter[1][0], 2000, within_ms=2)
    for k in range(2, 5):
        near(f"slot {k} after slot 1", shutter[1 + k][0] - shutter[2][0], 2000 * (k - 1))
    check("the run is over", status["release"] == "IDLE" and status["focus"] == "DIALLED_IN")
    raise SystemExit(1 if failures else 0)


failures = []


def check(what, is_so):
    say(f"{'ok' if is_so else 'NOT SO'}: {what}")
    if not is_so:
        failures.append(what)


def near(what, span_ns, expected_ms, within_ms=0.5):
    off_ms = span_ns / MS - expected_ms
    check(f"{what}: {span_ns / MS:.3f} ms, {off_ms:+.3f} ms off", abs(off_ms) <= within_ms)


if __name__ == "__main__":
    main()
