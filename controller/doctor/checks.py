"""All the checks, in one table: the name of each, what it is about, how it looks and how it judges."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from config.record import dataclass
from controller.doctor import boot, general, pins, serial, service, software
from controller.doctor.finding import Finding
from controller.doctor.machine import Machine


@dataclass(frozen=True, slots=True)
class Check:
    """A check: `look` gathers facts without judging them, `judge` turns facts into findings without looking."""

    name: str
    about: str
    look: Callable[[Machine], Any]
    judge: Callable[[Any], Iterable[Finding]]


CHECKS = (
    Check("board", "which Raspberry Pi this is", general.look_at_board, general.judge_board),
    Check("settings", "mistakes in the settings files", general.look_at_settings, general.judge_settings),
    Check(
        "packages", "gpiozero, gpiod, pyserial, transitions, astral: installed, and new enough",
        software.look_at_software, software.judge_packages,
    ),
    Check(
        "factory", "whether GPIOZERO_PIN_FACTORY selects another GPIO driver",
        software.look_at_software, software.judge_factory,
    ),
    Check("chip", "the header's GPIO chip, and whether you may open it", pins.look_at_pins, pins.judge_chip),
    Check("pins", "pins that are unsuitable, or in use by another program", pins.look_at_pins, pins.judge_lines),
    Check("daemon", "no daemon, two of them, or one that fails", service.look_at_daemons, service.judge_daemons),
    Check("real time", "whether shots get real-time priority", service.look_at_real_time, service.judge_real_time),
    Check("access", "whether the daemon answers you", service.look_at_access, service.judge_access),
    Check("boot", "config.txt: contacts open at power-on and after a crash", boot.look_at_boot, boot.judge_boot),
    Check("disk", "an overlay or a read-only disk, which loses settings", boot.look_at_disk, boot.judge_disk),
    Check("login", "a login or kernel messages on a console's port", serial.look_at_logins, serial.judge_logins),
    Check("uart", "the UART, if a console uses it", serial.look_at_uart, serial.judge_uart),
    Check("gadget", "the USB console, if it is enabled", serial.look_at_gadget, serial.judge_gadget),
    Check("clock", "whether the time of day can be trusted", general.look_at_clock, general.judge_clock),
)  # fmt: skip


def examine(machine: Machine) -> Iterator[tuple[Check, Finding]]:
    """Run every check; yields at least one finding for each."""
    facts_of = cache(lambda look: look(machine))  # two checks may judge the same facts
    for check in CHECKS:
        for finding in check.judge(facts_of(check.look)):
            yield check, finding
