"""The command: examines, prints, and amends config.txt if asked for and agreed to."""

import sys
from collections.abc import Callable

from config.record import dataclass
from controller.doctor.amend import amend, difference
from controller.doctor.checks import CHECKS, examine
from controller.doctor.finding import Verdict
from controller.doctor.machine import Boot, Machine
from controller.doctor.report import as_json, as_text, summary
from controller.errors import DaemonError
from hardware.clock import date_stamp

Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line."""

    as_json: bool = False
    fix: bool = False
    yes: bool = False
    list_checks: bool = False


def examine_and_tell(machine: Machine, wishes: Wishes, ask: Ask | None = None) -> int:
    """Examine a machine; returns 1 if there is a problem, else 0. DaemonError where config.txt cannot be amended.

    `ask` asks a person y or n; None: on the terminal, if there is one.
    """
    if wishes.as_json and wishes.fix:
        raise DaemonError("--json only tells, --fix asks and writes; choose one")
    if wishes.yes and not wishes.fix:
        raise DaemonError("--yes goes with --fix")
    if wishes.list_checks:
        print("\n".join(f"{check.name:<11}{check.about}" for check in CHECKS))
        return 0
    findings = []
    for check, finding in examine(machine):
        findings.append((check, finding))
        if not wishes.as_json:
            print(as_text(check, finding), flush=True)
    if wishes.as_json:
        print(as_json(findings))
    else:
        print(f"\n{summary(findings)}", flush=True)
        _offer(machine.boot, [line for _, finding in findings for line in finding.lines], wishes, ask)
    return int(any(finding.verdict is Verdict.PROBLEM for _, finding in findings))


def _offer(boot: Boot, lines: list[str], wishes: Wishes, ask: Ask | None) -> None:
    changed = difference(boot, lines)
    if changed:
        print(f"\n{changed}", flush=True)
    if not wishes.fix:
        return
    if not changed:
        print("There is nothing to change in config.txt.")
    elif wishes.yes or _agreed(ask, f"Change {boot.path}? [y/N] "):
        kept = amend(boot, lines, date_stamp())
        print(f"{boot.path} is changed, the former one is {kept}.\nIt counts after a restart: sudo reboot")
    else:
        print("Nothing was changed.")


def _agreed(ask: Ask | None, question: str) -> bool:
    if ask is None and not sys.stdin.isatty():
        raise DaemonError("--fix asks before it writes, and here is no terminal to ask on; say --fix --yes")
    try:
        return (ask or input)(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False
