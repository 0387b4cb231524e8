"""Used by scenarios/proof.sh, in the guest: breaks presses of a proof off, and looks at the lines and at what is left.

Call: proof_checks.py NAME..., the functions of CHECKS. Exits with status 1 at the first check that fails. Times come from
the kernel's own record of the two lines.
"""

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from lines import Line, Recorder, pulses
from systemd_faults import ASK_S, FOCUS, PATIENCE_S, SHUTTER, has_restarted, lines, show, wait_for, wait_for_daemon

from controller.client import Client
from controller.errors import CommandError

BUTTONS = {"back": 5, "shutter": 6, "run": 12}
CONTACTS = {"FOCUS": FOCUS, "SHUTTER": SHUTTER}
STATE, SOCKET = Path("/var/lib/backbutton"), Path("/run/backbutton/control.sock")
NOTES = Path("/out/proof-noted.json")  # on the host, which no power cut reaches
UNSYNCED = Path("/root/unsynced")
PROFILE, BODY = "nikon-mc-dc2", "Nikon D750"
KILLS, SEED, BOOT = (int(os.environ.get(name, "0")) for name in ("KILLS", "SEED", "RIG_BOOT"))
LONGEST_MS = 2000  # from any break until the contacts are open
NS_PER_MS = 1_000_000
STAY_S = 2  # how long to look whether they stay open


def check(what, is_so, seen=""):
    if not is_so:
        sys.exit(f"NOT SO: {what} {seen}")


def say(text):
    print(text, flush=True)


def call(method, **params):
    with Client.connect(SOCKET, PATIENCE_S) as client:
        return client.call(method, **params)


# -- what a press that was broken off must leave as it is


def noted():
    """Return the proof, its file, and what the box goes by."""
    return {
        "proof": call("proof"),
        "file": json.loads((STATE / "proof.json").read_text(encoding="utf-8")),
        "profile": call("cameras", profile=PROFILE),
        "status": [call("status")[name] for name in ("camera", "release", "lines", "run", "fault")],
        "overlays": [str(path) for path in STATE.glob("cameras/**/*")],
    }


def check_not_done(before):
    """Check that the press of this question counts as not done, and that nothing else has changed either."""
    number = before["proof"]["number"]
    try:
        call("proof.answer", number=number, pictures=2)
        check("an answer without a press is refused", False)
    except CommandError as error:
        check("it is refused with the reason", "press first" in error.sentence, error.sentence)
    now = noted()
    check("the press counts as not done", now["proof"]["needs_press"], now["proof"])
    check("nothing is used, and nothing lost", now == before, f"\n{now}\n{before}")
    check("nothing was learnt half", not now["overlays"])
    check("both contacts are open", lines() == (0, 0), lines())


def pressed_wholly(press=None):
    """Press for the question until all is open by itself; return how long each contact was closed, in milliseconds."""
    with Recorder(CONTACTS.values()) as eyes:
        (press or partial(call, "proof.press"))()
        wait_for("the end of the press", lambda: call("proof")["state"] != "playing", ASK_S)
    check("both contacts are open", lines() == (0, 0), lines())
    return {name: [round(width / NS_PER_MS) for _, width in pulses(eyes.events, n)] for name, n in CONTACTS.items()}


def answered(**seen):
    """Have the question pressed and answered, by default "I don't know", and go on to the next that closes contacts."""
    pressed_wholly()
    reply = call("proof.answer", number=call("proof")["number"], **seen)
    while not reply["question"]["closes_contacts"]:
        reply = call("proof.answer", number=reply["number"])


# -- breaking a press off


def closed_contact():
    """Wait until a contact has been closed for a moment."""
    wait_for("a closed contact", lambda: 1 in lines())
    time.sleep(0.2)


def broken(what, break_off, part=None):
    """Press, break the press off after that part of its time, or while a contact is closed; return how soon all was open.

    `break_off` returns when it was; the lines are watched until it is done, and some time longer.
    """
    before = noted()
    with Recorder(CONTACTS.values()) as eyes:
        seconds = call("proof.press")["seconds"]  # rounded up
        closed_contact() if part is None else time.sleep(part * seconds)
        broken_ns = break_off()
        time.sleep(STAY_S)
    check_not_done(before)
    ends_ms = opened_ms(eyes.events, broken_ns)
    took = f"open after {', '.join(f'{ms:.1f}' for ms in ends_ms)} ms" if ends_ms else "no contact was closed"
    say(f"   {what}{'' if part is None else f' after {part * seconds:.3f} s'}: {took}")
    return ends_ms


def opened_ms(events, broken_ns):
    """Return how long after `broken_ns` each contact that was closed then was open; none may close later."""
    closed = [pulse for n in CONTACTS.values() for pulse in pulses(events, n)]
    check("every contact has opened", all(width is not None for _, width in closed), events)
    check("none closes later", all(start <= broken_ns for start, _ in closed), events)
    ends_ms = [(start + width - broken_ns) / NS_PER_MS for start, width in closed if start + width > broken_ns]
    check(f"all is open within {LONGEST_MS} ms", max(ends_ms, default=0) <= LONGEST_MS, ends_ms)
    return ends_ms


def kill(pid, restarts):
    os.kill(pid, signal.SIGKILL)
    killed_ns = time.monotonic_ns()
    wait_for("the restart", partial(has_restarted, restarts), ASK_S)
    return killed_ns


def stop():
    stopped_ns = time.monotonic_ns()
    subprocess.run(["systemctl", "stop", "backbutton"], check=True)
    time.sleep(STAY_S)
    subprocess.run(["systemctl", "start", "backbutton"], check=True)
    return stopped_ns


@contextmanager
def console():
    """Run a console in line mode; yields a function that types a line and returns the answer to it, and the process."""
    command = ["backbutton", "console", "--plain"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def typed(line):
            print(line, file=process.stdin, flush=True)
            return next(answer for answer in process.stdout if answer.startswith(("ok", "error"))).strip()

        check("the console answers", typed("status").startswith("ok"))
        yield typed, process


def begin():
    """Begin a proof: nothing is known, and the first question closes both contacts."""
    wait_for_daemon()
    reply = call("proof.begin", body=BODY)
    check("the first question closes contacts", reply["needs_press"], reply)


def kills():
    """Kill the daemon at random instants of presses, half of them at the first question and half at the second."""
    dice, closed_ms = random.Random(SEED), []
    for number in range(KILLS):
        if number == KILLS // 2:
            answered(pictures=2, moved=True, late=False)
        if number in (0, KILLS // 2):
            say(f"== SIGKILL. {call('proof')['question']['closes']}")
        how = partial(kill, int(show("MainPID")), show("NRestarts"))
        ends_ms = broken("SIGKILL", how, dice.uniform(0, 0.9))
        closed_ms += [max(ends_ms)] if ends_ms else []
    check("a third of the kills or more come while a contact is closed", len(closed_ms) * 3 >= KILLS)
    spread = f"median {statistics.median(closed_ms):.1f} ms, worst {max(closed_ms):.1f} ms"
    say(f"ok: {KILLS} kills, {len(closed_ms)} of them with a contact closed: all open after {spread}")


def stops():
    """Stop the daemon, cut at the console, and press each button."""
    say("== stop, cut, buttons")
    broken("systemctl stop", stop)
    with console() as (typed, _):

        def cut():
            typed_ns = time.monotonic_ns()
            check("cut is carried out", typed("cut").startswith("ok"))
            return typed_ns

        broken("cut at the console", cut)
    for name, n in BUTTONS.items():
        broken(f"button {name}", lambda n=n: Line(n).press()[0])
    say("ok: each opens the contacts, and the press counts as not done")


def clients():
    """Kill the console that asked for a press: the press is played as a whole, and counts."""
    say("== the client is killed")
    normal = pressed_wholly()

    def dies():
        with console() as (typed, process):
            check("prove press is carried out", typed("prove press").startswith("ok"))
            closed_contact()
            process.kill()

    seen = pressed_wholly(dies)
    is_same = all(len(seen[n]) == len(normal[n]) for n in normal) and all(
        abs(a - b) <= 1 for n in normal for a, b in zip(seen[n], normal[n], strict=True)
    )
    check("the contacts close as without a kill", is_same, f"{seen} {normal}")
    check("the press counts", not call("proof")["needs_press"])
    say(f"ok: each contact was closed as long as without a kill, in ms: {seen}")


def power_cut():
    """Have an answer taken, and cut the power in the middle of the next press."""
    answered()
    before = noted()
    NOTES.write_text(json.dumps(before), encoding="utf-8")
    dice = random.Random(f"{SEED} {BOOT}")
    call("proof.press")
    closed_contact()
    time.sleep(dice.uniform(0, 0.7))
    say(f"== power cut in the press of question {before['proof']['number']}, lines {lines()}")
    UNSYNCED.touch()
    Path("/proc/sysrq-trigger").write_text("b", encoding="ascii")
    time.sleep(PATIENCE_S)
    sys.exit("NOT SO: the power is cut")


def after_power_cut():
    """Check that the answer before the power cut is there, and nothing of the press."""
    wait_for_daemon()
    check("what nobody synced is gone, so that this was a power cut", not UNSYNCED.exists())
    with Recorder(CONTACTS.values()) as eyes:
        check_not_done(json.loads(NOTES.read_text(encoding="utf-8")))
        time.sleep(STAY_S)
    check("no contact closes", not any(event[2] for event in eyes.events), eyes.events)
    say("ok: the answer before it is there, the press counts as not done, both contacts are open")


CHECKS = {each.__name__: each for each in (begin, kills, stops, clients, power_cut, after_power_cut)}

if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        CHECKS[wanted]()
