"""config.txt and the disk: what the Pi does before and after a program has its pins. Facts and judgements."""

from collections.abc import Iterator
from pathlib import Path

from config.record import dataclass
from controller.doctor import bootconfig
from controller.doctor.board import Board
from controller.doctor.finding import Finding, left_out, ok, problem, warning
from controller.doctor.machine import Boot, Machine

_LOST = ("overlay", "tmpfs", "ramfs")  # file systems whose content ends with the power


@dataclass(frozen=True, slots=True)
class AtBoot:
    """What config.txt says; `persists` is whether the kernel keeps outputs driven, None if it does not tell."""

    board: Board
    boot: Boot
    pins: tuple[int, int]
    persists: bool | None


def look_at_boot(machine: Machine) -> AtBoot:
    """Read config.txt and what the kernel makes of it."""
    pins = machine.settings[0].pins
    told = [
        machine.text(f"sys/module/{driver}/parameters/persist_gpio_outputs")
        for driver in ("pinctrl_bcm2835", "pinctrl_rp1")
    ]
    persists = next((text.strip() in ("Y", "1") for text in told if text), None)
    return AtBoot(machine.board, machine.boot, (pins.focus, pins.shutter), persists)


def judge_boot(facts: AtBoot) -> Iterator[Finding]:
    """Whether config.txt keeps the contacts open where no daemon does."""
    if not facts.board.is_pi:
        yield left_out("config.txt is a Raspberry Pi's")
        return
    line, missing = bootconfig.line_for(facts.pins), []
    if not bootconfig.is_on(facts.boot.settings, "strict_gpiod"):
        missing.append((bootconfig.STRICT, "a contact stays closed when its program is killed"))
    at_boot = bootconfig.pins_at_boot(facts.boot.settings)
    if any(at_boot.get(pin) != bootconfig.LOW for pin in facts.pins):
        missing.append((line, "nobody drives the contacts open until the daemon has started"))
    if facts.boot.path is None:
        wanted = f"mount the boot partition, then put {bootconfig.STRICT} and {line} into its config.txt"
        yield warning("there is no config.txt in /boot/firmware or /boot", wanted)
        return
    for wanted, consequence in missing:
        yield warning(
            f"{facts.boot.path} does not say {wanted}: {consequence}",
            "sudo backbutton doctor --fix, then sudo reboot",
            wanted,
        )
    if not missing and facts.persists:
        yield warning(f"{facts.boot.path} says {bootconfig.STRICT}, but the kernel does not know yet", "sudo reboot")
    elif not missing:
        yield ok(f"{facts.boot.path} says {bootconfig.STRICT} and {line}")


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system."""

    point: str
    kind: str
    is_read_only: bool


@dataclass(frozen=True, slots=True)
class Disk:
    """Where settings are saved and what that lies on; and the boot partition. None: not mounted by itself."""

    board: Board
    state_dir: Path
    state: Mount | None
    boot: Mount | None


def look_at_disk(machine: Machine) -> Disk:
    """Read what is mounted."""
    mounts = parse_mounts(machine.text("proc/mounts") or "")
    boot = next((mounts[f"/{name}"] for name in ("boot/firmware", "boot") if f"/{name}" in mounts), None)
    state_dir = machine.places.state_dir
    above = (str(folder) for folder in (state_dir, *state_dir.parents))
    return Disk(machine.board, state_dir, next((mounts[name] for name in above if name in mounts), None), boot)


def parse_mounts(text: str) -> dict[str, Mount]:
    """Return what /proc/mounts tells, by mount point; the last one on a point is the one in force."""
    rows = [line.split() for line in text.splitlines()]
    return {row[1]: Mount(row[1], row[2], "ro" in row[3].split(",")) for row in rows if len(row) > 3}  # noqa: PLR2004 - source point kind options


def judge_disk(facts: Disk) -> Iterator[Finding]:
    """Whether what is saved is still there after the next start."""
    if not facts.board.is_pi or facts.state is None:
        yield left_out("what the disk keeps is a question on a Raspberry Pi")
        return
    off = "sudo raspi-config nonint do_overlayfs 1, then sudo reboot"
    trouble = False
    if facts.state.is_read_only:
        trouble = True
        yield problem(
            f"{facts.state.point} is read-only: settings cannot be saved",
            f"sudo mount -o remount,rw {facts.state.point}; if it comes back, see dmesg about the SD card",
        )
    elif facts.state.kind in _LOST:
        trouble = True
        yield warning(
            f"{facts.state.point} is an overlay in memory: saved settings are lost when the Pi is switched off",
            f"{off}; or mount a partition of its own at {facts.state_dir}",
        )
    if facts.boot is not None and facts.boot.is_read_only:
        trouble = True
        yield warning(
            f"{facts.boot.point} is read-only: config.txt cannot be changed",
            f"sudo mount -o remount,rw {facts.boot.point}; where an overlay protects it: {off}",
        )
    if not trouble:
        yield ok(f"{facts.state_dir} is on {facts.state.kind}, which keeps what is saved")
