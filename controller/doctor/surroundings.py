"""The board, the clock, and the settings files. Facts and judgements."""

from collections.abc import Iterator
from pathlib import Path

from config.record import dataclass
from controller.doctor.board import Board
from controller.doctor.finding import Finding, left_out, ok, problem, warning
from controller.doctor.machine import Machine

_SYNCHRONISED = "run/systemd/timesync/synchronized"  # since the last boot; made by systemd-timesyncd
_RTC = "sys/class/rtc/rtc0/since_epoch"
_PLAUSIBLE_S = 1_704_067_200  # 2024-01-01; a clock without a battery begins at 1970 or 2000


def look_at_board(machine: Machine) -> Board:
    """Read the board's model."""
    return machine.board


def judge_board(board: Board) -> Iterator[Finding]:
    """What this is examined on."""
    if board.is_pi:
        yield ok(board.model)
    else:
        what = board.model or "this machine"
        yield left_out(f"{what} is no Raspberry Pi; what needs one is left out (backbutton simulate needs none)")


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """What keeps the time right: the net, and a clock with a battery (its time in seconds, None if there is none)."""

    is_synchronised: bool
    can_be_asked: bool
    battery_s: int | None


def look_at_clock(machine: Machine) -> ClockSeen:
    """Ask what has set the clock."""
    rtc = (machine.text(_RTC) or "").strip()
    battery_s = int(rtc) if rtc.isdecimal() else None
    if machine.has(_SYNCHRONISED):
        return ClockSeen(is_synchronised=True, can_be_asked=True, battery_s=battery_s)
    told = machine.output(("timedatectl", "show", "-p", "NTPSynchronized", "--value"))
    return ClockSeen((told or "").strip() == "yes", told is not None, battery_s)


def judge_clock(facts: ClockSeen) -> Iterator[Finding]:
    """Whether the time of day can be trusted."""
    if facts.is_synchronised:
        yield ok("the clock is synchronised")
    elif facts.battery_s is not None and facts.battery_s >= _PLAUSIBLE_S:
        yield ok("the clock is not synchronised, but a hardware clock has kept the time")
    elif not facts.can_be_asked and facts.battery_s is None:
        yield left_out("nobody can be asked whether the clock is synchronised")
    else:
        yield warning(
            "the clock is not synchronised, and no hardware clock has kept the time: the time of day may be wrong",
            "connect to a network (sudo timedatectl set-ntp true), set it (sudo date -s '2026-05-01 21:00'), or add "
            "a clock with a battery; runs started now or after a delay do not need it",
        )


@dataclass(frozen=True, slots=True)
class SettingsSeen:
    """The settings files and their faults."""

    config: Path
    state_dir: Path
    faults: tuple[str, ...]


def look_at_settings(machine: Machine) -> SettingsSeen:
    """Load the settings as the daemon does."""
    return SettingsSeen(machine.places.config, machine.places.state_dir, machine.settings[1])


def judge_settings(facts: SettingsSeen) -> Iterator[Finding]:
    """Whether the daemon would take the settings."""
    for fault in facts.faults:
        yield problem(fault, "correct that line, or remove it for the built-in value; backbutton config --keys")
    if not facts.faults:
        yield ok(f"{facts.config} and what is saved in {facts.state_dir} have no faults")
