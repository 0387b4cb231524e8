"""Problems with pins and buttons: the daemon reports each in one sentence, and the lines stay open."""
# rig: -i fast -t 600

import grp
import os
import pwd
import subprocess
import sys
from pathlib import Path

import gpiod
from bench import BACK, FOCUS, SHUTTER, SHUTTER_BUTTON, Line, daemon, press, say, wait
from gpiod.line import Direction, Value

STATED = '[camera]\nprofile = "canon-e3"\nback_button_focus = true'
BURST = '[shot]\ndrive = "burst"\n[safety]\nmax_hold = "3s"'
LAMP = 24
failures = []


def check(what, is_so, seen=""):
    say(f"{'ok' if is_so else 'NOT SO'}: {what}{seen and f': {seen}'}")
    if not is_so:
        failures.append(what)


def refused_start(what, settings, *needles, **how):
    """Check that the daemon refuses to start: it exits with one sentence, and the lines are low."""
    folder = Path("/run/trouble")
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    (folder / "config.toml").write_text(settings)
    environment = {name: value for name, value in os.environ.items() if name != "GPIOZERO_PIN_FACTORY"}
    environment |= how.pop("env", {})
    command = [sys.executable, "-m", "controller.cli", "run", "--config", "config.toml", "--state-dir", "."]
    command += ["--socket", "control.sock"]
    # No timeout: on the rig's exact clock it can expire while the host reads a file. The rig has its own.
    options = {"capture_output": True, "text": True, "cwd": folder, "env": environment, **how}
    done = subprocess.run(command, check=False, **options)
    message = done.stderr.strip()
    is_so = done.returncode == 1 and all(needle in message for needle in needles) and "Traceback" not in message
    check(what, is_so and message.count("\n") == 0 and levels() == (0, 0), message)


def levels():
    return Line(FOCUS).value, Line(SHUTTER).value


def check_starts():
    refused_start("the same pin twice", "[pins]\nbusy_lamp = 17", "pins.busy_lamp", "17", "pins.focus")
    refused_start("an unfit pin", "[pins]\nshutter = 5\nback_button = 27", "pins.shutter", "GPIO5", "pulls up")
    settings = gpiod.LineSettings(direction=Direction.OUTPUT, output_value=Value.INACTIVE)
    with gpiod.Chip("/dev/gpiochip0") as chip:
        for pin, what in ((FOCUS, "a line"), (BACK, "a button"), (LAMP, "a lamp")):
            with chip.request_lines(config={pin: settings}, consumer="fan-control"):
                refused_start(f"{what}'s pin is in use by another program", STATED, f"GPIO{pin}", "fan-control")
        with chip.request_lines(config={BACK: settings}, consumer="fan-control"):
            refused_start("the same, on lgpio", STATED, "busy", env={"GPIOZERO_PIN_FACTORY": "lgpio"})
    nobody = pwd.getpwnam("nobody").pw_uid
    for left in Path("/run/trouble").iterdir():
        left.unlink()
    refused_start(
        "no permission",
        STATED,
        "/dev/gpiochip0",
        "gpio",
        user=nobody,
        group=grp.getgrnam("nogroup").gr_gid,
        extra_groups=[],
    )


def check_held():
    """Check a button that is held while the box starts, and one that gets stuck later."""
    button = Line(SHUTTER_BUTTON)
    button.drive("low")
    with daemon("/run/held", STATED, BURST) as (_, client):
        client.call("subscribe")
        wait(4)
        check("a button held at power-on closes nothing", levels() == (0, 0))
        warnings = "; ".join(client.call("status")["warnings"])
        check("and is reported", warnings.startswith("shutter was down when the box started"), warnings)
        button.drive("float")
        wait(0.5)
        press(BACK, 0.6)
        wait(0.5)
        button.drive("low")
        wait(1)
        check("released and pressed again, it works", levels() == (0, 1))
        wait(3)
        check("stuck, its contact opens after safety.max_hold", levels() == (0, 0))
        check("and is reported", *saw(client, "shutter has been down for 3s"))
        button.drive("float")
        wait(0.5)
        check("the box works on", client.call("status")["release"] == "IDLE")


def check_lost_chip():
    with daemon("/run/lost", STATED) as (process, client):
        client.call("subscribe")
        press(BACK, 0.6)
        wait(0.5)
        gone = next(Path("/sys/bus/platform/devices").glob("gpio-sim.*")).name
        Path("/sys/bus/platform/drivers/gpio-sim/unbind").write_text(gone)
        wait(1)
        status = client.call("status")
        check("a lost chip is a fault", status["release"] == "FAULT", status["fault"])
        check("the daemon keeps serving", process.poll() is None)


def saw(client, text):
    """Return whether a refusal starts with this text, and all refusals."""
    reasons = [event["reason"] for event in client.events() if event["kind"] == "refused"]
    return any(reason.startswith(text) for reason in reasons), "; ".join(reasons)


def main():
    check_starts()
    check_held()
    check_lost_chip()
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
