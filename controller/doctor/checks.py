"""All the checks, in one table: what each is about, how it looks, how it judges. The documents derive from it."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from config.record import dataclass
from controller.doctor import boot, pins, serial, service, software, surroundings
from controller.doctor.finding import Finding
from controller.doctor.machine import Machine


@dataclass(frozen=True, slots=True)
class Check:
    """A check: `look` gathers facts and judges nothing, `judge` makes findings of facts and looks at nothing."""

    name: str
    about: str
    look: Callable[[Machine], Any]
    judge: Callable[[Any], Iterable[Finding]]


CHECKS = (
    Check("board", "which Raspberry Pi this is", surroundings.look_at_board, surroundings.judge_board),
    Check(
        "settings", "faults in the settings files", surroundings.look_at_settings, surroundings.judge_settings
    ),
    Check(
        "packages", "gpiozero, gpiod, pyserial, transitions, astral: there, and new enough",
        software.look_at_software, software.judge_packages,
    ),
    Check(
        "factory", "GPIOZERO_PIN_FACTORY, which would choose another driver of the pins",
        software.look_at_software, software.judge_factory,
    ),
    Check("chip", "the header's GPIO chip, and whether you may open it", pins.look_at_pins, pins.judge_chip),
    Check("pins", "pins that are unfit, or taken by another program", pins.look_at_pins, pins.judge_lines),
    Check("daemon", "none, two, or one that fails", service.look_at_daemons, service.judge_daemons),
    Check("real time", "whether the player has its turn first", service.look_at_real_time, service.judge_real_time),
    Check("access", "whether the daemon answers you", service.look_at_access, service.judge_access),
    Check("boot", "config.txt: contacts open at power-on and after a crash", boot.look_at_boot, boot.judge_boot),
    Check("disk", "an overlay or a read-only disk, which forgets settings", boot.look_at_disk, boot.judge_disk),
    Check("login", "a login, or kernel messages, on a console's port", serial.look_at_logins, serial.judge_logins),
    Check("uart", "the UART, if a console is on it", serial.look_at_uart, serial.judge_uart),
    Check("gadget", "the USB console, if it is enabled", serial.look_at_gadget, serial.judge_gadget),
    Check("clock", "whether the time of day can be trusted", surroundings.look_at_clock, surroundings.judge_clock),
)  # fmt: skip


def examine(machine: Machine) -> Iterator[tuple[Check, Finding]]:
    """Make every check; each has at least one finding."""
    seen = cache(lambda look: look(machine))  # two checks may judge the same facts
    for check in CHECKS:
        for finding in check.judge(seen(check.look)):
            yield check, finding


def table() -> str:
    """Return the checks as a Markdown table."""
    return "\n".join(("| check | what it looks at |", "|---|---|", *(f"| {c.name} | {c.about} |" for c in CHECKS)))
