"""The pin factory on a real kernel: `pins_checks.py [NAME...]` runs checks, prints results, and exits 1 if one fails.

Runs as root in the virtual machine of rig/, with rig/ and the project on PYTHONPATH; run `as_user` and `as_nobody` as
users without root's rights.
"""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
import traceback
from itertools import pairwise
from pathlib import Path

import gpiod
import gpiozero
from gpiozero import LED, Button, DigitalInputDevice, DigitalOutputDevice
from lines import Line, Recorder

from hardware.buttons import PushButton
from hardware.chip import ChipFactory
from hardware.chip_find import ChipLostError, ChipPermissionError, EdgesMissedError, LineBusyError

LINE, OTHER, BUTTON = 17, 27, 5  # two outputs, an input
HOLD = """
import gpiod, os, signal, sys
from gpiod.line import Direction, Value
settings = gpiod.LineSettings(direction=Direction.OUTPUT, output_value=Value.ACTIVE)
request = gpiod.request_lines(sys.argv[1], consumer="a-program", config={int(sys.argv[2]): settings})
print("held", flush=True)
if sys.argv[3] == "die":
    os.kill(os.getpid(), signal.SIGKILL)
sys.stdin.read()
"""


def hold(number, how="stay"):
    command = [sys.executable, "-c", HOLD, "/dev/gpiochip0", str(number), how]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "held\n"
    if how == "die":
        child.communicate()
        assert child.returncode == -signal.SIGKILL
    return child


def factory_of(errors=None):
    factory = ChipFactory(on_error=(errors if errors is not None else []).append)
    factory.use_event_loop()
    return factory


def drive_in_turn(number, times):
    line = Line(number)
    for k in range(times):
        line.drive("high" if k % 2 else "low")


def check_no_wrong_level_at_claim():
    return [
        level_at_claim(0, DigitalOutputDevice, initial_value=False),
        level_at_claim(1, DigitalOutputDevice, initial_value=True),
        level_at_claim(1, LED, active_high=False),
        level_at_claim(0, LED, active_high=False, initial_value=True),
    ]


def level_at_claim(wanted, make, **how):
    with Recorder([LINE]) as recorder, factory_of() as factory:
        device = make(LINE, pin_factory=factory, **how)
        assert (Line(LINE).value, Line(LINE).direction) == (wanted, "out")
        closing_ns = time.monotonic_ns()
        device.close()
    levels = [level for ns, _, level, state, _ in recorder.events if ns < closing_ns and state == "out"]
    assert levels
    assert set(levels) == {wanted}, recorder.events
    assert Line(LINE).value == 0
    return f"{how}: {levels}"


def check_a_line_left_high_by_a_kill():
    hold(OTHER, "die")
    left = Line(OTHER).value, Line(OTHER).direction
    with factory_of() as factory:
        with Recorder([OTHER]) as recorder:
            device = DigitalOutputDevice(OTHER, initial_value=False, pin_factory=factory)
        assert Line(OTHER).value == 0
        as_off = [event[2:] for event in recorder.events]
        assert sum(was[0] != now[0] for was, now in pairwise(as_off)) <= 1
        device.close()
    hold(OTHER, "die")
    with factory_of() as factory:
        with Recorder([OTHER]) as recorder:
            device = DigitalOutputDevice(OTHER, initial_value=None, pin_factory=factory)
        as_it_is = [event[2:] for event in recorder.events]
        assert device.value == left[0]
        assert {level for level, *_ in as_it_is} == {left[0]}
        device.off()
        device.close()
    return f"left by SIGKILL at {left}; claimed as off: {as_off}; claimed as it is: {as_it_is}"


def check_close_makes_an_input():
    with factory_of() as factory:
        device = DigitalOutputDevice(LINE, initial_value=True, pin_factory=factory)
        during = Line(LINE).value, Line(LINE).direction
        device.close()
        after = Line(LINE).value, Line(LINE).direction
        with gpiod.Chip("/dev/gpiochip0") as chip:
            info = chip.get_line_info(LINE)
        assert not info.used
        assert info.direction is gpiod.line.Direction.INPUT
        assert after[0] == 0
        hold(LINE).communicate()  # another program may have it now
    return f"(level, direction) as output {during}, closed {after}; free for others"


def check_kernel_timestamps():
    edges, late = [], []
    with factory_of() as factory, PushButton(BUTTON, lambda *edge: edges.append(edge), factory):
        for k in range(40):
            at_ns = Line(BUTTON).drive("high" if k % 2 else "low")
            factory.dispatch()
            while not edges:
                factory.dispatch()
            ((pressed, ticks),) = edges
            edges.clear()
            assert type(ticks) is int
            assert pressed is (k % 2 == 0)
            late.append(ticks - at_ns)
            time.sleep(0.01)
        assert min(late) > 0
        Line(BUTTON).drive("float")
    return f"ticks after the press: median {statistics.median(late) / 1e3:.1f} us, max {max(late) / 1e3:.1f} us"


def check_presses_under_asyncio():
    late = []

    async def press():
        got = asyncio.Event()
        with factory_of() as factory:
            loop = asyncio.get_running_loop()
            loop.add_reader(factory.fileno(), factory.dispatch)

            def moved(*_):
                late.append(time.monotonic_ns())
                got.set()

            with PushButton(BUTTON, moved, factory):
                for k in range(40):
                    await asyncio.sleep(0.05)
                    got.clear()
                    before_ns = Line(BUTTON).drive("high" if k % 2 else "low")
                    await got.wait()
                    late[-1] -= before_ns
            loop.remove_reader(factory.fileno())
            assert threading.active_count() == 1
        Line(BUTTON).drive("float")

    asyncio.run(press())
    return f"press to handler through add_reader: median {statistics.median(late) / 1e3:.0f} us, max {max(late) / 1e3:.0f}"


def check_writes():
    settings = gpiod.LineSettings(direction=gpiod.line.Direction.OUTPUT)
    values = gpiod.line.Value.INACTIVE, gpiod.line.Value.ACTIVE
    with (
        gpiod.request_lines("/dev/gpiochip0", config={OTHER: settings}) as request,
        factory_of() as factory,
        LED(LINE, pin_factory=factory) as led,
    ):
        pin = led.pin
        ways = {
            "LED.value =": lambda level: setattr(led, "value", level),
            "pin.state =": lambda level: setattr(pin, "state", level),
            "bare set_value": lambda level: request.set_value(OTHER, values[level]),
        }
        return ", ".join(f"{name} {microseconds(way):.1f} us" for name, way in ways.items())


def microseconds(way):
    taken = []
    for k in range(400):
        before_ns = time.monotonic_ns()
        way(k % 2)
        taken.append(time.monotonic_ns() - before_ns)
    return statistics.median(taken) / 1e3


def check_bursts():
    seen = [burst(times) for times in (20, 200, 600)]
    assert seen[:2] == ["20 of 20 edges", "200 of 200 edges"], seen
    return "; ".join(seen)


def burst(times):
    edges, errors = [], []
    with factory_of(errors) as factory, PushButton(BUTTON, lambda *edge: edges.append(edge), factory) as button:
        drive_in_turn(BUTTON, times)
        time.sleep(0.2)
        for _ in range(30):
            factory.dispatch()
        assert [ticks for _, ticks in edges] == sorted(ticks for _, ticks in edges)
        assert edges[-1][0] == button.is_active is False
        assert (len(edges) == times) == (not errors), (len(edges), errors)
        assert all(isinstance(error, EdgesMissedError) for error in errors)
    Line(BUTTON).drive("float")
    return f"{len(edges)} of {times} edges" + "".join(f" ({error})" for error in errors)


def check_held_at_start():
    edges = []
    Line(BUTTON).drive("low")
    with factory_of() as factory, PushButton(BUTTON, lambda *edge: edges.append(edge), factory) as button:
        factory.dispatch()
        assert button.is_active
        assert edges == []
        Line(BUTTON).drive("float")
        time.sleep(0.01)
        factory.dispatch()
        assert [pressed for pressed, _ in edges] == [False]
    return "reads pressed, reports nothing until released"


def check_debounce():
    with factory_of() as factory:
        device = DigitalInputDevice(BUTTON, pull_up=True, bounce_time=0.05, pin_factory=factory)
        reported = []
        device.when_activated = lambda: reported.append(time.monotonic_ns())
        drive_in_turn(BUTTON, 12)
        start_ns = Line(BUTTON).drive("low")
        while not reported and time.monotonic_ns() < start_ns + 1_000_000_000:
            time.sleep(0.001)
            factory.dispatch()
        device.close()
    Line(BUTTON).drive("float")
    assert len(reported) == 1
    return f"12 bounces, then one press reported after {(reported[0] - start_ns) / 1e6:.1f} ms with bounce_time=0.05"


def check_busy_line():
    other = hold(LINE)
    with factory_of() as factory:
        errors = []
        for make in (DigitalOutputDevice, DigitalInputDevice):
            try:
                make(LINE, pin_factory=factory)
            except LineBusyError as error:
                errors.append(error)  # stays alive, with its traceback, during the next attempt
        other.communicate()
        with DigitalOutputDevice(LINE, initial_value=False, pin_factory=factory) as device:
            count = len(errors)
            del errors[0]
            device.on()
            assert Line(LINE).value == 1
            device.off()
    assert count == 2
    return str(errors[0])


def check_thread_for_plain_scripts():
    factory = ChipFactory()
    pressed = threading.Event()
    with Button(BUTTON, pin_factory=factory) as button:
        button.when_pressed = pressed.set
        names = [thread.name for thread in threading.enumerate()]
        Line(BUTTON).drive("low")
        assert pressed.wait(2)
    factory.close()
    Line(BUTTON).drive("float")
    assert threading.active_count() == 1
    return f"threads {names}, none after close"


def check_board():
    with factory_of() as factory:
        board = factory.board_info if hasattr(factory, "board_info") else factory.pi_info  # gpiozero 2 and 1.6
        return f"gpiozero {gpiozero.__name__}: model {board.model}, revision {board.revision}"


def check_lost_chip():
    errors = []
    with factory_of(errors) as factory:
        device = DigitalOutputDevice(LINE, initial_value=True, pin_factory=factory)
        button = PushButton(BUTTON, lambda *_: None, factory)
        gone = next(Path("/sys/bus/platform/devices").glob("gpio-sim.*")).name
        Path("/sys/bus/platform/drivers/gpio-sim/unbind").write_text(gone)
        factory.dispatch()
        (error,) = errors
        assert isinstance(error, ChipLostError)
        factory.dispatch()
        assert len(errors) == 1, errors
        try:
            device.off()
            raise AssertionError
        except ChipLostError:
            pass
        button.close()
        device.close()
    return str(error)


def check_as_user():
    assert os.getuid()
    with (
        factory_of() as factory,
        DigitalOutputDevice(LINE, initial_value=True, pin_factory=factory) as device,
        PushButton(BUTTON, lambda *_: None, factory) as button,
    ):
        assert device.value == 1
        assert not button.is_active
        device.off()
    return f"uid {os.getuid()} has permission for all of it"


def check_as_nobody():
    try:
        ChipFactory()
    except ChipPermissionError as error:
        return str(error)
    raise AssertionError("ChipFactory raised nothing")


ALONE = {"as_user", "as_nobody", "lost_chip"}


def main():
    checks = {name.removeprefix("check_"): check for name, check in globals().items() if name.startswith("check_")}
    failed = 0
    for name in sys.argv[1:] or [name for name in checks if name not in ALONE]:
        try:
            print(f"ok   {name}: {checks[name]()}", flush=True)
        except Exception as error:  # noqa: BLE001 - run the other checks too
            failed += 1
            Line(BUTTON).drive("float")
            print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)
            traceback.print_exc()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
