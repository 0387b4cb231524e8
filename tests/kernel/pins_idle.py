"""Counts context switches with three buttons that nobody presses: `pins_idle.py backbutton|lgpio [SECONDS]`."""

import asyncio
import sys
import time
from pathlib import Path

from hardware.buttons import PushButton
from hardware.chip import ChipFactory

BUTTONS = (5, 6, 13)


def context_switches():
    tasks = list(Path("/proc/self/task").iterdir())
    rows = [row.split() for task in tasks for row in (task / "status").read_text().splitlines()]
    return sum(int(row[1]) for row in rows if row[0].endswith("ctxt_switches:")), len(tasks)


async def idle_under_loop(seconds):
    with ChipFactory() as factory:
        factory.use_event_loop()
        loop = asyncio.get_running_loop()
        loop.add_reader(factory.fileno(), factory.dispatch)
        buttons = [PushButton(pin, print, factory) for pin in BUTTONS]
        before, _ = context_switches()
        await asyncio.sleep(seconds)
        after, threads = context_switches()
        loop.remove_reader(factory.fileno())
        for button in buttons:
            button.close()
    return after - before, threads


def idle_on_lgpio(seconds):
    from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 - its import starts a thread

    with LGPIOFactory() as factory:
        buttons = [PushButton(pin, print, factory) for pin in BUTTONS]
        before, _ = context_switches()
        time.sleep(seconds)
        after, threads = context_switches()
        for button in buttons:
            button.close()
    return after - before, threads


def main():
    name, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 20
    count, threads = asyncio.run(idle_under_loop(seconds)) if name == "backbutton" else idle_on_lgpio(seconds)
    print(f"idle on {name}: {count} context switches in {seconds:g} s, {threads} threads, 3 buttons")


if __name__ == "__main__":
    main()
