"""The serial consoles: logins on their ports, the UART, the USB gadget."""

from collections.abc import Iterator

from config.record import dataclass
from controller.doctor import bootconfig
from controller.doctor.board import Board
from controller.doctor.finding import Finding, not_applicable, ok, problem, warning
from controller.doctor.machine import GADGET, Boot, Machine
from controller.doctor.parsing import Unit

USB = "ttyGS0"
UARTS = ("ttyAMA0", "serial0", "ttyS0")
_OVERLAY = "dtoverlay=dwc2,dr_mode=peripheral"
_NOT_A_FAULT = "backbutton: the player has"  # the daemon logs it once it is ready


@dataclass(frozen=True, slots=True)
class LoginFacts:
    """The ports of our consoles, of logins, and of the kernel's messages; links are resolved to their devices."""

    consoles: tuple[str, ...]
    logins: tuple[str, ...]
    kernel: tuple[str, ...]


def look_at_logins(machine: Machine) -> LoginFacts:
    """Read which services use which ports."""
    gettys = (*machine.instances("serial-getty"), *machine.instances("getty"))
    texts = [machine.text(name) or "" for name in ("proc/cmdline", "boot/firmware/cmdline.txt", "boot/cmdline.txt")]
    words = [word for text in texts for word in text.split() if word.startswith("console=")]
    kernel = [word.removeprefix("console=").partition(",")[0] for word in words]
    ports = (machine.consoles, gettys, kernel)
    return LoginFacts(*(tuple(sorted({machine.device(name) for name in names})) for names in ports))


def judge_logins(facts: LoginFacts) -> Iterator[Finding]:
    """Judge whether our consoles have their ports to themselves."""
    if not facts.consoles:
        yield not_applicable("no backbutton console is enabled on a serial port (backbutton-console@...)")
    for port in facts.consoles:
        remove = f"remove console={'serial0' if port != USB else USB} from cmdline.txt and restart the Pi"
        if port in facts.logins:
            also = f"; {remove}" if port in facts.kernel else ""
            yield problem(
                f"a login uses /dev/{port}, the port of the backbutton console",
                f"sudo systemctl disable --now serial-getty@{port}{also}; or keep the login, which may be the only "
                f"way into this Pi: sudo systemctl disable --now backbutton-console@{port}",
            )
        elif port in facts.kernel:
            yield warning(f"the kernel writes its messages to /dev/{port}, the port of the console", remove)
        else:
            yield ok(f"only the backbutton console uses /dev/{port}")


@dataclass(frozen=True, slots=True)
class UartFacts:
    """The UARTs that our consoles want, those of them that exist, and the one that Bluetooth uses ("": none)."""

    board: Board
    boot: Boot
    wanted: tuple[str, ...]
    present: tuple[str, ...]
    bluetooth: str


def look_at_uart(machine: Machine) -> UartFacts:
    """Read which UARTs exist."""
    wanted = tuple(name for name in machine.consoles if name in UARTS)
    present = tuple(name for name in wanted if machine.has(f"dev/{name}"))
    bluetooth = machine.device("serial1") if machine.has("dev/serial1") else ""
    return UartFacts(machine.board, machine.boot, wanted, present, bluetooth)


def judge_uart(facts: UartFacts) -> Iterator[Finding]:
    """Judge whether a console's UART is switched on and connected to the header."""
    if not facts.wanted:
        yield not_applicable("no backbutton console is enabled on the UART")
    for port in facts.wanted:
        if port == facts.bluetooth:
            yield problem(
                f"Bluetooth uses /dev/{port} on this board; it is not connected to the header",
                f"sudo systemctl disable --now backbutton-console@{port}; "
                "sudo systemctl enable --now backbutton-console@serial0",
            )
        elif port in facts.present:
            yield ok(f"/dev/{port} exists")
        else:
            yield _missing_uart(port, facts)


def _missing_uart(port: str, facts: UartFacts) -> Finding:
    settings = facts.boot.settings
    line = "dtparam=uart0" if "pi5" in facts.board.sections else "enable_uart=1"
    is_on = bootconfig.is_on(settings, "uart0") or dict(settings).get("enable_uart") == "1"
    if is_on:
        return problem(
            f"there is no /dev/{port}, although config.txt enables it",
            "sudo reboot; if it is still missing, look for uart errors in dmesg",
        )
    if facts.boot.path is None:
        return problem(f"there is no /dev/{port}", f"add {line} to config.txt and restart the Pi")
    return problem(
        f"there is no /dev/{port}: the UART is off", "sudo backbutton doctor --fix, then sudo reboot", line
    )


@dataclass(frozen=True, slots=True)
class GadgetFacts:
    """The USB console: whether anything wants it, and how far its setup got; `reason` is why its service failed."""

    board: Board
    boot: Boot
    unit: Unit
    is_wanted: bool
    has_port: bool
    controllers: tuple[str, ...]
    has_configfs: bool
    reason: str


def look_at_gadget(machine: Machine) -> GadgetFacts:
    """Read how far the setup of the USB console got."""
    unit = machine.unit(GADGET)
    linked = machine.names(f"etc/systemd/system/*.wants/{GADGET}")
    return GadgetFacts(
        machine.board,
        machine.boot,
        unit,
        is_wanted=bool(linked) or unit.is_enabled or unit.is_active or unit.has_failed or USB in machine.consoles,
        has_port=machine.has(f"dev/{USB}"),
        controllers=machine.names("sys/class/udc/*"),
        has_configfs=machine.has("sys/kernel/config/usb_gadget"),
        reason=failure_reason(machine, GADGET) if unit.has_failed else "",
    )


def failure_reason(machine: Machine, unit: str) -> str:
    """Return the sentence with which a service's last start failed, from its log; "" if there is none.

    That is its first sentence after the start: later ones, of ExecStopPost=, are about the consequences.
    """
    log = machine.run(("journalctl", "-u", unit, "-o", "cat", "-n", "60", "--no-pager")) or ""
    reason = ""
    for line in reversed(log.splitlines()):
        if line.startswith("backbutton is ready") or (reason and line.startswith("Starting ")):
            break  # anything before belongs to an earlier start
        if line.startswith(("backbutton: ", "backbutton-gadget: ", "/")) and not line.startswith(_NOT_A_FAULT):
            reason = line
    return reason


def judge_gadget(facts: GadgetFacts) -> Iterator[Finding]:
    """Judge whether the USB console works, and if not, which step of its setup failed."""
    if not facts.is_wanted:
        yield not_applicable("no console over USB is enabled (backbutton-gadget, backbutton-console@ttyGS0)")
    elif facts.has_port and not facts.unit.has_failed:
        yield ok(f"/dev/{USB} exists")
    elif facts.board.is_pi and not facts.board.has_device_port:
        yield problem(
            f"a {facts.board.model} has no USB port that can act as a device; a Zero, A+, 3A+, 4 or 5 has one",
            "use the UART or a USB adapter: sudo systemctl disable backbutton-gadget backbutton-console@ttyGS0",
        )
    elif not facts.controllers:
        yield _no_controller(facts)
    elif facts.unit.has_failed:
        yield problem(
            f"backbutton-gadget has failed: {facts.reason or 'see its log'}", "journalctl -u backbutton-gadget"
        )
    elif not facts.has_configfs:
        yield problem("the kernel module libcomposite is not loaded", "sudo modprobe libcomposite")
    else:
        yield problem(
            f"there is no /dev/{USB}: backbutton-gadget is not running",
            "sudo systemctl enable --now backbutton-gadget",
        )


def _no_controller(facts: GadgetFacts) -> Finding:
    seen = "there is no USB device port (/sys/class/udc is empty)"
    if not facts.board.is_pi:
        return not_applicable(f"{seen}, and this is not a Raspberry Pi")
    overlay = bootconfig.overlays(facts.boot.settings).get("dwc2")
    if overlay is not None and "dr_mode=host" not in overlay:
        return problem(
            f"{seen}, although config.txt has dtoverlay=dwc2",
            "sudo reboot; if it is still missing, look for dwc2 errors in dmesg",
        )
    if facts.boot.path is None:
        return problem(seen, f"add {_OVERLAY} to config.txt and restart the Pi")
    return problem(f"{seen}: config.txt lacks {_OVERLAY}", "sudo backbutton doctor --fix, then sudo reboot", _OVERLAY)
