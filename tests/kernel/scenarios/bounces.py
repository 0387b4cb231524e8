"""Presses that bounce at random: exactly one frame per press, and no later than after a clean press."""
# rig: -i fast -t 3000

import os
import random

from bench import MS, SHUTTER, SHUTTER_BUTTON, Line, Recorder, daemon, pulses, say, wait

PRESSES = int(os.environ.get("PRESSES", "10000"))
PLAIN = 100
CYCLE_S = 0.6  # a frame of this camera takes 0.53 s
SETTINGS = ('[camera]\nprofile = "canon-e3"\nback_button_focus = true\n[focus]\ninterlock = false',)


def main():
    dice = random.Random(1)
    button = Line(SHUTTER_BUTTON)
    with daemon("/run/box", *SETTINGS), Recorder([SHUTTER]) as eyes:
        wait(1)
        pressed = [press(button, dice, bounces=0) for _ in range(PLAIN)]
        pressed += [press(button, dice, bounces=dice.randint(1, 8)) for _ in range(PRESSES)]
        wait(1)
    frames = [closed_ns for closed_ns, _ in pulses(eyes.events, SHUTTER)]
    say(f"{len(pressed)} presses, {len(frames)} frames")
    if len(frames) != len(pressed):
        raise SystemExit("NOT SO: one frame per press")
    late = [frame - press for frame, press in zip(frames, pressed, strict=True)]
    plain, bouncing = sorted(late[:PLAIN]), sorted(late[PLAIN:])
    say(f"clean:    median {plain[len(plain) // 2] / MS:.3f} ms, worst {plain[-1] / MS:.3f} ms")
    say(f"bouncing: median {bouncing[len(bouncing) // 2] / MS:.3f} ms, worst {bouncing[-1] / MS:.3f} ms")
    if min(late) < 0 or bouncing[-1] > plain[len(plain) // 2] + MS:
        raise SystemExit("NOT SO: at most 1 ms later than after a clean press")


def press(button, dice, bounces):
    """Press, hold and release, with so many bounces at each edge; returns the time just before the first edge."""
    held_s, spent_s = dice.uniform(0.06, 0.2), 0.0
    pressed_ns = button.drive("low")
    spent_s += bounce(button, dice, bounces, "float", "low")
    wait(held_s)
    button.drive("float")
    spent_s += bounce(button, dice, bounces, "low", "float")
    wait(CYCLE_S - held_s - spent_s)
    return pressed_ns


def bounce(button, dice, times, there, back):
    """Bounce for less than the debounce time of 20 ms; returns how long it took."""
    spent_s = 0.0
    for _ in range(times):
        for level in (there, back):
            pause_s = dice.uniform(0.0001, 0.001)
            wait(pause_s)
            button.drive(level)
            spent_s += pause_s
    return spent_s


if __name__ == "__main__":
    main()
