"""The checks of the machine as a whole: its board, its clock and the settings files."""

from collections.abc import Iterator
from pathlib import Path

from config.record import dataclass
from controller.doctor.board import Board
from controller.doctor.finding import Finding, not_applicable, ok, problem, warning
from controller.doctor.machine import Machine

_SYNCHRONISED = "run/systemd/timesync/synchronized"  # systemd-timesyncd creates it once the clock is set
_RTC = "sys/class/rtc/rtc0/since_epoch"
_PLAUSIBLE_S = 1_704_067_200  # 2024-01-01; a clock without a battery starts in 1970 or 2000


def look_at_board(machine: Machine) -> Board:
    """Read the board's model."""
    return machine.board


def judge_board(board: Board) -> Iterator[Finding]:
    """Report which board this is."""
    if board.is_pi:
        yield ok(board.model)
    else:
        name = board.model or "this machine"
        yield not_applicable(
            f"{name} is not a Raspberry Pi; checks that need one are skipped (backbutton simulate needs none)"
        )


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What has set the clock: the network, or a hardware clock (its time in seconds, None if there is none).

    `is_known` is whether the system can tell if the clock is synchronised.
    """

    is_synchronised: bool
    is_known: bool
    hardware_clock_s: int | None


def look_at_clock(machine: Machine) -> ClockFacts:
    """Find out what has set the clock."""
    rtc = (machine.text(_RTC) or "").strip()
    hardware_clock_s = int(rtc) if rtc.isdecimal() else None
    if machine.has(_SYNCHRONISED):
        return ClockFacts(is_synchronised=True, is_known=True, hardware_clock_s=hardware_clock_s)
    answer = machine.run(("timedatectl", "show", "-p", "NTPSynchronized", "--value"))
    return ClockFacts((answer or "").strip() == "yes", answer is not None, hardware_clock_s)


def judge_clock(facts: ClockFacts) -> Iterator[Finding]:
    """Judge whether the time of day can be trusted."""
    if facts.is_synchronised:
        yield ok("the clock is synchronised")
    elif facts.hardware_clock_s is not None and facts.hardware_clock_s >= _PLAUSIBLE_S:
        yield ok("the clock is not synchronised, but a hardware clock has kept the time")
    elif not facts.is_known and facts.hardware_clock_s is None:
        yield not_applicable("this system cannot tell whether its clock is synchronised")
    else:
        yield warning(
            "the clock is not synchronised, and no hardware clock has kept the time: the time of day may be wrong",
            "connect to a network (sudo timedatectl set-ntp true), set it (sudo date -s '2026-05-01 21:00'), or add "
            "a hardware clock with a battery; runs that start now or after a delay do not need it",
        )


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """Where the settings are, and the mistakes in them."""

    config: Path
    state_dir: Path
    faults: tuple[str, ...]


def look_at_settings(machine: Machine) -> SettingsFacts:
    """Load the settings as the daemon does."""
    return SettingsFacts(machine.paths.config, machine.paths.state_dir, machine.settings[1])


def judge_settings(facts: SettingsFacts) -> Iterator[Finding]:
    """Judge whether the daemon would accept the settings."""
    for fault in facts.faults:
        yield problem(
            fault,
            "correct that line, or delete it to get the built-in value; backbutton config --keys lists all keys",
        )
    if not facts.faults:
        yield ok(f"no mistakes in {facts.config} or in the settings saved in {facts.state_dir}")
