"""The GPIO chip and the pins: who may open it, who has them. Asks the kernel about lines and requests none."""

from collections.abc import Iterator
from contextlib import ExitStack

from config.record import dataclass
from controller.doctor.board import Board
from controller.doctor.finding import Finding, left_out, ok, problem, warning
from controller.doctor.machine import Machine
from controller.doctor.tables import Person

OURS = "backbutton"  # the consumer of the daemon's lines, hardware.chip.CONSUMER; a test compares
_NO_SOFTWARE = "the chip cannot be asked, as gpiozero or gpiod is missing or too old: see packages"


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A configured pin: its setting, its number, and who has it; None if it is free."""

    key: str
    number: int
    consumer: str | None


@dataclass(frozen=True, slots=True)
class Pins:
    """What the chip showed. `trouble` is why there is none, `is_closed` that this person may not open it."""

    board: Board
    person: Person
    has_daemon: bool
    label: str = ""
    trouble: str = ""
    is_closed: bool = False
    lines: tuple[LineSeen, ...] = ()
    unfit: str = ""


def look_at_pins(machine: Machine) -> Pins:
    """Open the header's chip and ask about each configured pin."""
    seen = (machine.board, machine.person, machine.serves)
    try:
        from gpiod import Chip, LineSettings  # noqa: F401, PLC0415 - may be missing; LineSettings is of version 2

        from hardware.chip_find import ChipPermissionError, open_header_chip  # noqa: PLC0415 - imports gpiozero
        from hardware.errors import HardwareError  # noqa: PLC0415 - with its kind
    except ImportError:
        return Pins(*seen, trouble=_NO_SOFTWARE)
    unfit = _unfit(machine)
    with ExitStack() as stack:
        try:
            chip = open_header_chip(machine.root, machine.open_chip or Chip)
            stack.callback(chip.close)
            lines = tuple(_line(chip, key, number) for key, number in configured(machine))
            return Pins(*seen, str(chip.get_info().label), lines=lines, unfit=unfit)
        except HardwareError as error:
            closed = isinstance(error, ChipPermissionError)
            return Pins(*seen, trouble=str(error), is_closed=closed, unfit=unfit)
        except OSError as error:
            return Pins(*seen, trouble=f"the kernel does not tell of its pins: {error.strerror}", unfit=unfit)


def configured(machine: Machine) -> tuple[tuple[str, int], ...]:
    """Return the settings of the pins that are in use, and their numbers."""
    from config.schema import FIELDS, value_of  # noqa: PLC0415 - beside what else only this check needs

    keys = [key for key, field in FIELDS.items() if field.section == "pins"]
    values = [(key, value_of(machine.settings[0], key)) for key in keys]
    return tuple((key, value) for key, value in values if isinstance(value, int))


def _line(chip: object, key: str, number: int) -> LineSeen:
    line = chip.get_line_info(number)  # type: ignore[attr-defined]
    return LineSeen(key, number, line.consumer if line.used else None)


def _unfit(machine: Machine) -> str:
    from hardware.errors import UnsafePinError  # noqa: PLC0415 - imports gpiozero
    from hardware.lines import check_line_pins  # noqa: PLC0415 - the same

    pins = machine.settings[0].pins
    try:
        check_line_pins(pins.focus, pins.shutter)
    except UnsafePinError as error:
        return str(error)
    return ""


def judge_chip(pins: Pins) -> Iterator[Finding]:
    """Whether the header's chip is there and may be opened."""
    seen, _, fix = pins.trouble.partition("; ")
    if pins.label:
        yield ok(f"{pins.label} is the chip of the header, and {pins.person.name} may open it")
    elif pins.trouble == _NO_SOFTWARE or (not pins.board.is_pi and not pins.is_closed):
        yield left_out(pins.trouble)
    elif not pins.is_closed:
        yield problem(seen, fix or "restart the Pi; see dmesg for what the kernel says of gpio")
    elif "gpio" in pins.person.active:
        yield problem(
            f"{seen.replace('this user', pins.person.name)}, though in group gpio: the chip is of another group",
            "put systemd/udev/60-backbutton.rules into /usr/lib/udev/rules.d/, then sudo udevadm control --reload, "
            "sudo udevadm trigger -s gpio",
        )
    elif pins.has_daemon:
        yield warning(
            f"{seen.replace('this user', pins.person.name)}; the daemon, which runs, has its own permission",
            pins.person.remedy("gpio", "backbutton"),
        )
    else:
        yield problem(seen.replace("this user", pins.person.name), pins.person.remedy("gpio", "backbutton"))


def judge_lines(pins: Pins) -> Iterator[Finding]:
    """Whether the configured pins are fit, and free or ours."""
    if pins.unfit:
        seen, _, fix = pins.unfit.partition("; ")
        yield problem(seen, fix)
    if not pins.lines:
        yield left_out("who has the pins cannot be seen without the chip")
        return
    others = [line for line in pins.lines if line.consumer not in (None, OURS)]
    for line in others:
        yield _taken(line)
    if not others and not pins.unfit:
        held = [line.number for line in pins.lines if line.consumer == OURS]
        numbers = ", ".join(str(line.number) for line in pins.lines)
        yield ok(f"GPIO {numbers}: {'the daemon has them' if held else 'free'}")


def _taken(line: LineSeen) -> Finding:
    where = f"GPIO{line.number} ({line.key})"
    if not line.consumer:
        return problem(
            f"{where} is in use by the kernel for another function",
            f"remove what claims it from config.txt (dtparam, dtoverlay), or choose another pin for {line.key}",
        )
    return problem(
        f'{where} is in use by "{line.consumer}"', f"stop that program, or choose another pin for {line.key}"
    )
