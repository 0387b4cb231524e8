"""The command: runs the checks, prints the findings, and changes config.txt if the user asks for it and agrees."""

import argparse
import sys
from collections.abc import Callable

from config.record import dataclass
from controller.doctor.amend import amend, difference
from controller.doctor.checks import CHECKS, examine
from controller.doctor.finding import Verdict
from controller.doctor.machine import Boot, DaemonPaths, Machine
from controller.doctor.report import as_json, as_text, summary
from controller.errors import DaemonError
from hardware.clock import date_stamp

Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the command line."""

    as_json: bool = False
    fix: bool = False
    yes: bool = False
    list_checks: bool = False


def run_doctor(arguments: argparse.Namespace) -> int:
    """Examine this machine as the command line asks; returns the exit status."""
    options = Options(arguments.json, arguments.fix, arguments.yes, arguments.list)
    paths = DaemonPaths(arguments.config, arguments.state_dir, arguments.socket)
    return examine_and_report(Machine(paths), options)


def examine_and_report(machine: Machine, options: Options, ask: Ask | None = None) -> int:
    """Examine a machine and print the findings; returns 1 if there is a problem, else 0.

    `ask` shows a question and returns the answer, by default on the terminal. Raises DaemonError if options
    contradict each other, or config.txt cannot be changed.
    """
    _refuse_contradictions(options)
    if options.list_checks:
        print("\n".join(f"{check.name:<11}{check.about}" for check in CHECKS))
        return 0
    findings = []
    for check, finding in examine(machine):
        findings.append((check, finding))
        if not options.as_json:
            print(as_text(check, finding), flush=True)
    if options.as_json:
        print(as_json(findings))
    else:
        print(f"\n{summary(findings)}", flush=True)
        _offer_fix(machine.boot, [line for _, finding in findings for line in finding.lines], options, ask)
    return int(any(finding.verdict is Verdict.PROBLEM for _, finding in findings))


def _refuse_contradictions(options: Options) -> None:
    if options.as_json and options.fix:
        raise DaemonError("--json only reports, --fix asks and writes; choose one")
    if options.yes and not options.fix:
        raise DaemonError("--yes goes with --fix")


def _offer_fix(boot: Boot, lines: list[str], options: Options, ask: Ask | None) -> None:
    """Show how adding the lines would change config.txt, and with --fix add them."""
    changes = difference(boot, lines)
    if changes:
        print(f"\n{changes}", flush=True)
    if not options.fix:
        return
    if not changes:
        print("There is nothing to change in config.txt.")
    elif options.yes or _agrees(ask, f"Change {boot.path}? [y/N] "):
        backup = amend(boot, lines, date_stamp())
        print(f"{boot.path} is changed; the old version is {backup}.\nIt takes effect after a restart: sudo reboot")
    else:
        print("Nothing was changed.")


def _agrees(ask: Ask | None, question: str) -> bool:
    if ask is None and not sys.stdin.isatty():
        raise DaemonError("--fix asks before it writes, but there is no terminal; use --fix --yes")
    try:
        return (ask or input)(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False
