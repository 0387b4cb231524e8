"""Used by scenarios/ramp.sh, in the guest: cuts the power in a ramp with a hand-step, looks at the lines and the journal.

Call: ramp_checks.py NAME, one of CHECKS, which are for one boot each. Exits with status 1 at the first check that fails.
Times come from the kernel's own record of the two lines. What was seen is kept on the host, which no power cut reaches.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from lines import Line, Recorder, pulses
from proof_checks import BUTTONS, CONTACTS, UNSYNCED, call, check, console, say
from systemd_faults import FOCUS, PATIENCE_S, SHUTTER, lines, wait_for, wait_for_daemon

SEEN, WATCHED = Path("/out/ramp-seen.json"), Path("/run/watched")
NS_PER_MS = 1_000_000
EVERY_NS, COUNT = 2_000_000_000, 24
FIRST_NS, STOP = 500_000_000, 6  # trims are in sixths of a stop
SETTINGS = {
    "camera.profile": "canon-e3",
    "camera.back_button_focus": "true",
    "focus.interlock": "true",
    "shot.drive": "bulb",
    "shot.ramp_shape": "even",
    "shot.ramp": "0% 500ms, 100% 500ms",
    "shot.steps": "30% +1",
    "interval.every": "2s",
    "interval.count": str(COUNT),
    "interval.tolerance": "500ms",
    "interval.resume": "auto",
}
LOSES_CLOCK = os.environ.get("CLOCK") == "lost"
EXACT_MS = 5  # by the machine's clock, across power cuts too
LOOK_S = 0.05


@contextmanager
def watched():
    """Watch the lines from before the daemon of this boot starts."""
    with Recorder(CONTACTS.values()) as eyes:
        check("both contacts are open after the boot", lines() == (0, 0), lines())
        WATCHED.touch()
        wait_for_daemon()
        check("both contacts are open as the daemon starts", lines() == (0, 0), lines())
        yield eyes


def tell(typed, line):
    """Type a line at the console, which has to be carried out."""
    answer = typed(line)
    check(f"{line} is carried out", answer.startswith("ok"), answer)
    return answer


def run_shown():
    """Return the run as `status --json` shows it at the console."""
    command = ["backbutton", "console", "--plain"]
    asked = subprocess.run(command, input="status --json\n", capture_output=True, text=True, check=True)
    return json.loads(next(line for line in asked.stdout.splitlines() if line.startswith(" ")))["run"]


def closed_again(eyes):
    """Wait until SHUTTER closes the next time."""
    before = len(pulses(eyes.events, SHUTTER))
    wait_for("the next frame", lambda: len(pulses(eyes.events, SHUTTER)) > before)


def keep(eyes):
    """Keep on the host when SHUTTER has closed, by the time of day, and for how long; return that of all boots."""
    ahead_ns = time.time_ns() - time.monotonic_ns()
    seen = json.loads(SEEN.read_text(encoding="utf-8")) if SEEN.exists() else []
    seen += [(start + ahead_ns, width) for start, width in pulses(eyes.events, SHUTTER)]
    SEEN.write_text(json.dumps(seen), encoding="utf-8")
    return seen


def cut_power(eyes, when):
    """Cut the power in the middle of the next bulb."""
    closed_again(eyes)
    time.sleep(0.1)
    keep(eyes)
    check("the cut comes in mid-bulb", lines() == (0, 1), lines())
    say(f"== power cut {when}, lines {lines()}")
    UNSYNCED.touch()
    Path("/proc/sysrq-trigger").write_text("b", encoding="ascii")
    time.sleep(PATIENCE_S)
    sys.exit("NOT SO: the power is cut")


def taken_up():
    """Wait until the run has been taken up; return its status."""
    check("what nobody synced is gone, so that this was a power cut", not UNSYNCED.exists())
    wait_for("the run", lambda: call("status")["run"] is not None, LOOK_S)
    run = run_shown()
    say(f"   taken up by itself at slot {run['slot']}: {run['fired']} fired, {run['skipped']} skipped")
    return run


# -- what the journal has, beside the lines


def logged(number):
    command = ["backbutton", "log", str(number), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def outcomes(log):
    return ", ".join(f"{count} {name}" for name, count in log["frames"].items() if count)


def moves(log):
    """Return from which slot on how many hand-steps were done, and the trim in sixths of a stop."""
    return [tuple(move.values()) for move in log["moves"]]


def planned_ns(slot, log, count=COUNT, stops=1):
    """Return the bulb of a slot: the light grows by so many stops over the run; hand-steps and trims change it."""
    done, trim = next((done, trim) for since, done, trim in reversed(moves(log)) if since <= slot)
    return FIRST_NS * 2 ** (stops * slot / (count - 1) - done + trim / STOP)


def check_exposures(log, **plan):
    """Check the bulb of every fired frame; return the frames that closed SHUTTER."""
    ledger = log["ledger"]
    slots = [slot for row in ledger for slot in range(row["slot"], row["slot"] + row["slots"])]
    check("every slot is in the journal, once", slots == list(range(log["count"])), slots)
    fired = [row for row in ledger if row["outcome"] == "fired"]
    for row in fired:
        wanted_ns = planned_ns(row["slot"], log, **plan)
        check("a bulb is as plan and moves say", abs(row["bulb_ns"] - wanted_ns) <= 1, f"{row} {wanted_ns}")
    say("   " + " ".join(f"{row['slot']}:{row['bulb_ns'] / NS_PER_MS:.0f}" for row in fired) + " ms")
    return [row for row in ledger if row["outcome"] in ("fired", "unknown")]


def check_lines(closings, frames, every_ns=EVERY_NS):
    """Check that SHUTTER closed once for each of these frames, as long as the journal says, on one grid."""
    check("SHUTTER closed once a frame", len(closings) == len(frames), f"\n{closings}\n{frames}")
    off_ms, gaps_ms = [], []
    for (_, width), row in zip(closings, frames, strict=True):
        check("a frame that the power cut ended is unknown", (width is None) == (row["outcome"] == "unknown"), row)
        off_ms += [] if width is None else [abs(width - row["bulb_ns"]) / NS_PER_MS]
    for ((at, _), row), ((next_at, _), next_row) in pairwise(zip(closings, frames, strict=True)):
        if LOSES_CLOCK and row["outcome"] == "unknown":
            continue
        gaps_ms.append(abs(next_at - at - (next_row["slot"] - row["slot"]) * every_ns) / NS_PER_MS)
    check(f"bulbs are exact to {EXACT_MS} ms", max(off_ms) <= EXACT_MS, off_ms)
    check(f"frames are on the grid to {EXACT_MS} ms", max(gaps_ms) <= EXACT_MS, gaps_ms)
    say(f"   {len(frames)} closings of SHUTTER: bulbs at most {max(off_ms):.3f} ms off, gaps {max(gaps_ms):.3f} ms")


# -- a boot each


def called():
    """Start the run, and cut the power once the hand-step was called."""
    with watched() as eyes, console() as (typed, _):
        for key, value in SETTINGS.items():
            tell(typed, f'set {key} "{value}"')
        tell(typed, "save")
        Line(BUTTONS["back"]).press(0.6)
        wait_for("focus", lambda: call("status")["focus"] == "DIALLED_IN", LOOK_S)
        say(f"== {tell(typed, 'start')}")
        wait_for("the call", lambda: waiting() == 1, LOOK_S)
        check("the console shows it", run_shown()["step"]["number"] == 1)
        cut_power(eyes, "after the call for the hand-step")


def called_again():
    """See the hand-step called again and confirm it, trim, and cut the power after the next frame."""
    with watched() as eyes, console() as (typed, _):
        run = taken_up()
        check("the hand-step is called again", waiting() == 1 and run["step"]["number"] == 1, run)
        check("nothing is trimmed", run["trim"] == 0, run)
        closed_again(eyes)
        say(f"   {tell(typed, 'step')}")
        say(f"   {tell(typed, 'trim -1/3')}")
        closed_again(eyes)
        cut_power(eyes, "after a frame with the step and the trim")


def goes_on():
    """See the run go on with both, and end; then confirm hand-steps by the button."""
    with watched() as eyes, console() as (typed, _):
        run = taken_up()
        check("the hand-step stays confirmed", run["step"] is None, run)
        check("the trim stays", run["trim"] == -2, run)
        wait_for_end()
        closings, log = keep(eyes), logged(1)
        check("the run is finished", log["outcome"] == "finished", log["outcome"])
        check("the moves are kept", moves(log)[-1][1:] == (1, -2), moves(log))
        passed = log["frames"]["skipped"]
        check("slots pass while the power is off, if a clock tells", (passed > 0) != LOSES_CLOCK, log["frames"])
        frames = check_exposures(log)
        check("each cut left one frame unknown", log["frames"]["unknown"] == 2, log["frames"])
        check_lines(closings, frames)
        say(f"ok: 2 power cuts, {outcomes(log)}, moves {moves(log)}")
        confirm_by_button(typed)


def waiting():
    """Return the number of the hand-step that waits, None if none does."""
    step = call("status")["run"]["step"]
    return step and step["number"]


def wait_for_end():
    end = time.monotonic() + 2 * COUNT * EVERY_NS / 1e9
    while call("status")["run"] is not None:
        check("the run ends", time.monotonic() < end)
        time.sleep(0.5)


def confirm_by_button(typed):
    """Press `back` for two hand-steps, between two frames and in the middle of a bulb; and then when none waits."""
    count = 12
    say("== the button back")
    for key, value in {"shot.steps": "20% +1, 60% +1", "interval.count": count}.items():
        tell(typed, f'set {key} "{value}"')
    with Recorder(CONTACTS.values()) as eyes:
        tell(typed, "start")
        for number, state, seconds in ((1, "WAITING", 0.6), (2, "EXPOSING", 0.1), (None, "WAITING", 0.6)):
            wait_for("the call", lambda n=number: waiting() == n, LOOK_S)
            wait_for("a frame", lambda: call("status")["release"] == "EXPOSING")
            wait_for("its state", lambda state=state: call("status")["release"] == state)
            Line(BUTTONS["back"]).press(seconds)
            check("no hand-step waits any more", waiting() is None)
            check("focus stays", call("status")["focus"] == "DIALLED_IN")
            say(f"   {state}, back for {seconds} s: {f'confirms hand-step {number}' if number else 'nothing'}")
        wait_for_end()
    moved = [event for event in eyes.events if event[1] == FOCUS]
    check("FOCUS does not move", not moved, moved)
    log = logged(2)
    check("the run is finished", log["outcome"] == "finished", log["outcome"])
    check("both are in the journal", [done for _, done, _ in moves(log)] == [0, 1, 2], moves(log))
    check_lines(pulses(eyes.events, SHUTTER), check_exposures(log, count=count, stops=2))
    say(f"ok: {outcomes(log)}, moves {moves(log)}; FOCUS has not moved")


CHECKS = {each.__name__: each for each in (called, called_again, goes_on)}

if __name__ == "__main__":
    CHECKS[sys.argv[1]]()
