"""The serial consoles: logins in their way, the UART, the USB gadget. Facts and judgements."""

from collections.abc import Iterator

from config.record import dataclass
from controller.doctor import bootconfig
from controller.doctor.board import Board
from controller.doctor.finding import Finding, left_out, ok, problem, warning
from controller.doctor.machine import GADGET, Boot, Machine
from controller.doctor.tables import Unit

USB = "ttyGS0"
UARTS = ("ttyAMA0", "serial0", "ttyS0")
_OVERLAY = "dtoverlay=dwc2,dr_mode=peripheral"
_NO_FAULT = "backbutton: the player has"  # a daemon says so once it is ready
_NONE_ENABLED = "no console of ours is enabled on a serial port (backbutton-console@...)"


@dataclass(frozen=True, slots=True)
class Logins:
    """The ports of our consoles, of logins, and of the kernel's own messages; by the devices behind the names."""

    consoles: tuple[str, ...]
    logins: tuple[str, ...]
    kernel: tuple[str, ...]


def look_at_logins(machine: Machine) -> Logins:
    """Read which services want which ports."""
    getties = (*machine.instances("serial-getty"), *machine.instances("getty"))
    texts = [machine.text(name) or "" for name in ("proc/cmdline", "boot/firmware/cmdline.txt", "boot/cmdline.txt")]
    words = [word for text in texts for word in text.split() if word.startswith("console=")]
    kernel = [word.removeprefix("console=").partition(",")[0] for word in words]
    ports = (machine.consoles, getties, kernel)
    return Logins(*(tuple(sorted({machine.device(name) for name in names})) for names in ports))


def judge_logins(facts: Logins) -> Iterator[Finding]:
    """Whether our consoles have their ports to themselves."""
    if not facts.consoles:
        yield left_out(_NONE_ENABLED)
    for port in facts.consoles:
        remove = f"remove console={'serial0' if port != USB else USB} from cmdline.txt and restart the Pi"
        if port in facts.logins:
            also = f"; {remove}" if port in facts.kernel else ""
            yield problem(
                f"a login has /dev/{port}, where our console is to be",
                f"sudo systemctl disable --now serial-getty@{port}{also}; or keep the login, which may be the only "
                f"way into this Pi: sudo systemctl disable --now backbutton-console@{port}",
            )
        elif port in facts.kernel:
            yield warning(f"the kernel writes its messages to /dev/{port}, into our console", remove)
        else:
            yield ok(f"nobody else is on /dev/{port}")


@dataclass(frozen=True, slots=True)
class Uart:
    """The UARTs that have a console of ours; which of those devices there are, and which one is Bluetooth's."""

    board: Board
    boot: Boot
    wanted: tuple[str, ...]
    present: tuple[str, ...]
    bluetooth: str


def look_at_uart(machine: Machine) -> Uart:
    """Read which UARTs are there."""
    wanted = tuple(name for name in machine.consoles if name in UARTS)
    present = tuple(name for name in wanted if machine.has(f"dev/{name}"))
    bluetooth = machine.device("serial1") if machine.has("dev/serial1") else ""
    return Uart(machine.board, machine.boot, wanted, present, bluetooth)


def judge_uart(facts: Uart) -> Iterator[Finding]:
    """Whether the UART of a console is switched on and on the header."""
    if not facts.wanted:
        yield left_out("no console of ours is enabled on the UART")
    for port in facts.wanted:
        if port == facts.bluetooth:
            yield problem(
                f"/dev/{port} is Bluetooth's on this board, and not on the header",
                f"sudo systemctl disable --now backbutton-console@{port}; "
                "sudo systemctl enable --now backbutton-console@serial0",
            )
        elif port in facts.present:
            yield ok(f"/dev/{port} is there")
        else:
            yield _absent(port, facts)


def _absent(port: str, facts: Uart) -> Finding:
    settings = facts.boot.settings
    line = "dtparam=uart0" if "pi5" in facts.board.sections else "enable_uart=1"
    is_on = bootconfig.is_on(settings, "uart0") or dict(settings).get("enable_uart") == "1"
    if is_on:
        return problem(
            f"/dev/{port} is not there, though config.txt says so", "sudo reboot; then see dmesg about uart"
        )
    if facts.boot.path is None:
        return problem(f"/dev/{port} is not there", f"put {line} into config.txt and restart")
    return problem(
        f"/dev/{port} is not there: the UART is off", "sudo backbutton doctor --fix, then sudo reboot", line
    )


@dataclass(frozen=True, slots=True)
class Gadget:
    """The USB console: who wants it, and how far it got; `said` is the last sentence of its service."""

    board: Board
    boot: Boot
    unit: Unit
    is_wanted: bool
    has_port: bool
    controllers: tuple[str, ...]
    has_configfs: bool
    said: str


def look_at_gadget(machine: Machine) -> Gadget:
    """Read how far the USB console got."""
    unit = machine.unit(GADGET)
    linked = machine.names(f"etc/systemd/system/*.wants/{GADGET}")
    return Gadget(
        machine.board,
        machine.boot,
        unit,
        is_wanted=bool(linked) or unit.is_enabled or unit.is_active or unit.has_failed or USB in machine.consoles,
        has_port=machine.has(f"dev/{USB}"),
        controllers=machine.names("sys/class/udc/*"),
        has_configfs=machine.has("sys/kernel/config/usb_gadget"),
        said=last_words(machine, GADGET) if unit.has_failed else "",
    )


def last_words(machine: Machine, unit: str) -> str:
    """Return what a service said of why its last start failed, by its log; "" if nothing.

    The first sentence after a start: later ones, of ExecStopPost=, are of the consequences.
    """
    told = machine.output(("journalctl", "-u", unit, "-o", "cat", "-n", "60", "--no-pager")) or ""
    said = ""
    for line in reversed(told.splitlines()):
        if line.startswith("backbutton is ready") or (said and line.startswith("Starting ")):
            break  # what was said before is of an earlier start
        if line.startswith(("backbutton: ", "backbutton-gadget: ", "/")) and not line.startswith(_NO_FAULT):
            said = line
    return said


def judge_gadget(facts: Gadget) -> Iterator[Finding]:
    """Whether the USB console can be there."""
    if not facts.is_wanted:
        yield left_out("no console over USB is enabled (backbutton-gadget, backbutton-console@ttyGS0)")
    elif facts.has_port and not facts.unit.has_failed:
        yield ok(f"/dev/{USB} is there")
    elif facts.board.is_pi and not facts.board.has_device_port:
        yield problem(
            f"a {facts.board.model} has no USB port that can be a device; a Zero, A+, 3A+, 4 or 5 has",
            "use the UART or a USB adapter: sudo systemctl disable backbutton-gadget backbutton-console@ttyGS0",
        )
    elif not facts.controllers:
        yield _no_controller(facts)
    elif facts.unit.has_failed:
        yield problem(
            f"backbutton-gadget has failed: {facts.said or 'see its log'}", "journalctl -u backbutton-gadget"
        )
    elif not facts.has_configfs:
        yield problem("the kernel module libcomposite is not loaded", "sudo modprobe libcomposite")
    else:
        yield problem(
            f"/dev/{USB} is not there: nobody has made the gadget", "sudo systemctl enable --now backbutton-gadget"
        )


def _no_controller(facts: Gadget) -> Finding:
    seen = "there is no USB device port (/sys/class/udc is empty)"
    if not facts.board.is_pi:
        return left_out(f"{seen}, and this is no Raspberry Pi")
    overlay = bootconfig.overlays(facts.boot.settings).get("dwc2")
    if overlay is not None and "dr_mode=host" not in overlay:
        return problem(f"{seen}, though config.txt says dtoverlay=dwc2", "sudo reboot; then see dmesg about dwc2")
    if facts.boot.path is None:
        return problem(seen, f"put {_OVERLAY} into config.txt and restart")
    return problem(
        f"{seen}: config.txt does not say {_OVERLAY}", "sudo backbutton doctor --fix, then sudo reboot", _OVERLAY
    )
