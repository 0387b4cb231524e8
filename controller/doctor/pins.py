"""The GPIO chip and the pins: who may open it, and who uses them. Asks the kernel about lines but requests none."""

from collections.abc import Iterator
from contextlib import ExitStack

from config.record import dataclass
from controller.doctor.board import Board
from controller.doctor.finding import Finding, not_applicable, ok, problem, warning
from controller.doctor.machine import Machine
from controller.doctor.parsing import Person

OURS = "backbutton"  # the consumer of the daemon's lines, hardware.chip.CONSUMER; a test compares
_NO_SOFTWARE = "the chip cannot be checked: gpiozero or gpiod is missing or too old, see packages"


@dataclass(frozen=True, slots=True)
class PinUse:
    """A configured pin: its setting, its number, and the program that uses it; None if it is free, "" the kernel."""

    key: str
    number: int
    consumer: str | None


@dataclass(frozen=True, slots=True)
class PinFacts:
    """What the chip showed: its label, and who uses the configured pins.

    `trouble` is why it showed nothing, `is_forbidden` whether the reason is a missing permission; `unfit` is why a
    configured pin is unsuitable.
    """

    board: Board
    person: Person
    has_daemon: bool
    label: str = ""
    trouble: str = ""
    is_forbidden: bool = False
    pins: tuple[PinUse, ...] = ()
    unfit: str = ""


def look_at_pins(machine: Machine) -> PinFacts:
    """Open the header's chip and ask it about each configured pin."""
    common = (machine.board, machine.person, machine.has_serving_daemon)
    try:
        from gpiod import Chip, LineSettings  # noqa: F401, PLC0415 - may be missing; version 1 has no LineSettings

        from hardware.chip_find import ChipPermissionError, open_header_chip  # noqa: PLC0415 - imports gpiozero
        from hardware.errors import HardwareError  # noqa: PLC0415 - the same
    except ImportError:
        return PinFacts(*common, trouble=_NO_SOFTWARE)
    unfit = _unfit(machine)
    with ExitStack() as stack:
        try:
            chip = open_header_chip(machine.root, machine.open_chip or Chip)
            stack.callback(chip.close)
            pins = tuple(_pin_use(chip, key, number) for key, number in configured(machine))
            return PinFacts(*common, str(chip.get_info().label), pins=pins, unfit=unfit)
        except HardwareError as error:
            is_forbidden = isinstance(error, ChipPermissionError)
            return PinFacts(*common, trouble=str(error), is_forbidden=is_forbidden, unfit=unfit)
        except OSError as error:
            return PinFacts(*common, trouble=f"the kernel does not describe its pins: {error.strerror}", unfit=unfit)


def configured(machine: Machine) -> tuple[tuple[str, int], ...]:
    """Return the key and the number of each pin that the settings use."""
    from config.schema import FIELDS, value_of  # noqa: PLC0415 - only this check needs it

    keys = [key for key, field in FIELDS.items() if field.section == "pins"]
    values = [(key, value_of(machine.settings[0], key)) for key in keys]
    return tuple((key, value) for key, value in values if isinstance(value, int))


def _pin_use(chip: object, key: str, number: int) -> PinUse:
    line = chip.get_line_info(number)  # type: ignore[attr-defined]
    return PinUse(key, number, line.consumer if line.used else None)


def _unfit(machine: Machine) -> str:
    """Return why the pins of FOCUS and SHUTTER are unsuitable; "" if they are not."""
    from hardware.errors import UnsafePinError  # noqa: PLC0415 - imports gpiozero
    from hardware.lines import check_line_pins  # noqa: PLC0415 - the same

    pins = machine.settings[0].pins
    try:
        check_line_pins(pins.focus, pins.shutter)
    except UnsafePinError as error:
        return str(error)
    return ""


def judge_chip(facts: PinFacts) -> Iterator[Finding]:
    """Judge whether the header's chip is there and this person may open it."""
    seen, _, fix = facts.trouble.partition("; ")
    if facts.label:
        yield ok(f"{facts.label} is the chip of the header, and {facts.person.name} may open it")
    elif facts.is_forbidden:
        yield _forbidden(facts, seen.replace("this user", facts.person.name))
    elif facts.trouble == _NO_SOFTWARE or not facts.board.is_pi:
        yield not_applicable(facts.trouble)
    else:
        yield problem(seen, fix or "restart the Pi; look for gpio errors in dmesg")


def _forbidden(facts: PinFacts, seen: str) -> Finding:
    if "gpio" in facts.person.active:
        return problem(
            f"{seen}, even though in group gpio: the chip belongs to another group",
            "copy systemd/udev/60-backbutton.rules to /usr/lib/udev/rules.d/, then sudo udevadm control --reload, "
            "sudo udevadm trigger -s gpio",
        )
    remedy = facts.person.remedy("gpio", "backbutton")
    if facts.has_daemon:
        return warning(f"{seen}; the running daemon has its own permission", remedy)
    return problem(seen, remedy)


def judge_lines(facts: PinFacts) -> Iterator[Finding]:
    """Judge whether the configured pins are suitable, and free or used by our daemon."""
    if facts.unfit:
        seen, _, fix = facts.unfit.partition("; ")
        yield problem(seen, fix)
    if not facts.pins:
        yield not_applicable("the chip cannot be opened, so who uses the pins is unknown")
        return
    taken = [pin for pin in facts.pins if pin.consumer not in (None, OURS)]
    for pin in taken:
        yield _taken(pin)
    if not taken and not facts.unfit:
        is_held = any(pin.consumer == OURS for pin in facts.pins)
        numbers = ", ".join(str(pin.number) for pin in facts.pins)
        yield ok(f"GPIO {numbers}: {'used by the daemon' if is_held else 'free'}")


def _taken(pin: PinUse) -> Finding:
    name = f"GPIO{pin.number} ({pin.key})"
    if not pin.consumer:
        return problem(
            f"{name} is in use by the kernel for another function",
            f"remove the dtparam or dtoverlay that uses it from config.txt, or choose another pin for {pin.key}",
        )
    return problem(f'{name} is in use by "{pin.consumer}"', f"stop that program, or choose another pin for {pin.key}")
