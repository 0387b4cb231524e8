"""config.txt and the disk: whether contacts are open without the daemon, and whether settings survive a restart."""

from collections.abc import Iterator
from pathlib import Path

from config.record import dataclass
from controller.doctor import bootconfig
from controller.doctor.board import Board
from controller.doctor.finding import Finding, not_applicable, ok, problem, warning
from controller.doctor.machine import Boot, Machine

_VOLATILE = ("overlay", "tmpfs", "ramfs")  # file systems that lose their content when the power goes


@dataclass(frozen=True, slots=True)
class BootFacts:
    """What config.txt says; `persists` is whether the kernel keeps outputs driven, None if it does not tell."""

    board: Board
    boot: Boot
    pins: tuple[int, int]
    persists: bool | None


def look_at_boot(machine: Machine) -> BootFacts:
    """Read config.txt, and from the kernel whether it is in effect."""
    pins = machine.settings[0].pins
    texts = [
        machine.text(f"sys/module/{driver}/parameters/persist_gpio_outputs")
        for driver in ("pinctrl_bcm2835", "pinctrl_rp1")
    ]
    persists = next((text.strip() in ("Y", "1") for text in texts if text), None)
    return BootFacts(machine.board, machine.boot, (pins.focus, pins.shutter), persists)


def judge_boot(facts: BootFacts) -> Iterator[Finding]:
    """Judge whether config.txt keeps the contacts open while no daemon runs."""
    if not facts.board.is_pi:
        yield not_applicable("only a Raspberry Pi has a config.txt")
        return
    line, missing = bootconfig.line_for(facts.pins), []
    if not bootconfig.is_on(facts.boot.settings, "strict_gpiod"):
        missing.append((bootconfig.STRICT, "a contact stays closed when its program is killed"))
    at_boot = bootconfig.pins_at_boot(facts.boot.settings)
    if any(at_boot.get(pin) != bootconfig.LOW for pin in facts.pins):
        missing.append((line, "until the daemon has started, nothing holds the contacts open"))
    if facts.boot.path is None:
        wanted = f"mount the boot partition, then add {bootconfig.STRICT} and {line} to its config.txt"
        yield warning("there is no config.txt in /boot/firmware or /boot", wanted)
        return
    for wanted, consequence in missing:
        yield warning(
            f"{facts.boot.path} lacks {wanted}: {consequence}",
            "sudo backbutton doctor --fix, then sudo reboot",
            wanted,
        )
    if not missing and facts.persists:
        yield warning(f"{facts.boot.path} has {bootconfig.STRICT}, but it is not in effect yet", "sudo reboot")
    elif not missing:
        yield ok(f"{facts.boot.path} has {bootconfig.STRICT} and {line}")


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system."""

    point: str
    kind: str
    is_read_only: bool


@dataclass(frozen=True, slots=True)
class Disk:
    """Where settings are saved, the file system that is on, and the boot partition; None if it is not mounted."""

    board: Board
    state_dir: Path
    state: Mount | None
    boot: Mount | None


def look_at_disk(machine: Machine) -> Disk:
    """Read what is mounted."""
    mounts = parse_mounts(machine.text("proc/mounts") or "")
    boot = next((mounts[f"/{name}"] for name in ("boot/firmware", "boot") if f"/{name}" in mounts), None)
    state_dir = machine.paths.state_dir
    upwards = (str(folder) for folder in (state_dir, *state_dir.parents))
    return Disk(machine.board, state_dir, next((mounts[name] for name in upwards if name in mounts), None), boot)


def parse_mounts(text: str) -> dict[str, Mount]:
    """Return the mounts in /proc/mounts by mount point; of several on one point the last, which hides the others."""
    rows = [line.split() for line in text.splitlines()]
    return {row[1]: Mount(row[1], row[2], "ro" in row[3].split(",")) for row in rows if len(row) > 3}  # noqa: PLR2004 - source point kind options


def judge_disk(facts: Disk) -> Iterator[Finding]:
    """Judge whether saved settings survive a restart."""
    if not facts.board.is_pi or facts.state is None:
        yield not_applicable("the disk is only checked on a Raspberry Pi")
        return
    findings = list(_disk_faults(facts, facts.state))
    yield from findings or [ok(f"{facts.state_dir} is on {facts.state.kind}, so saved settings survive a restart")]


def _disk_faults(facts: Disk, state: Mount) -> Iterator[Finding]:
    overlay_off = "sudo raspi-config nonint do_overlayfs 1, then sudo reboot"
    if state.is_read_only:
        yield problem(
            f"{state.point} is read-only: settings cannot be saved",
            f"sudo mount -o remount,rw {state.point}; if it happens again, look for SD card errors in dmesg",
        )
    elif state.kind in _VOLATILE:
        yield warning(
            f"{state.point} is in memory only ({state.kind}): saved settings are lost when the Pi is switched off",
            f"{overlay_off}; or mount a partition of its own at {facts.state_dir}",
        )
    if facts.boot is not None and facts.boot.is_read_only:
        yield warning(
            f"{facts.boot.point} is read-only: config.txt cannot be changed",
            f"sudo mount -o remount,rw {facts.boot.point}; if an overlay protects it: {overlay_off}",
        )
