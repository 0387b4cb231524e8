"""Prints findings: for people, and as JSON. Pure: findings in, text out."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterable

from controller.doctor.checks import Check
from controller.doctor.finding import Finding, Verdict

Findings = Iterable[tuple[Check, Finding]]

_MARKS = {Verdict.OK: "ok", Verdict.WARNING: "WARN", Verdict.PROBLEM: "FAIL", Verdict.NOT_APPLICABLE: "-"}
_WIDTH = 80
_INDENT = " " * 17  # the width of a mark and a name


def as_text(check: Check, finding: Finding) -> str:
    """Return a finding for people: mark, check and what was seen; below it how to fix it."""
    head = f"{_MARKS[finding.verdict]:<5} {check.name:<10} "
    seen = _wrapped(finding.seen, head)
    return f"{seen}\n{_wrapped(finding.fix, _INDENT + '-> ')}" if finding.fix else seen


def _wrapped(text: str, head: str) -> str:
    return textwrap.fill(
        " ".join(text.split()), _WIDTH, initial_indent=head, subsequent_indent=_INDENT, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def summary(findings: Findings) -> str:
    """Return one sentence that counts problems and warnings."""
    count = Counter(finding.verdict for _, finding in findings)
    problems, warnings = count[Verdict.PROBLEM], count[Verdict.WARNING]
    return f"{_counted(problems, 'problem')}, {_counted(warnings, 'warning')}."


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def as_json(findings: Findings) -> str:
    """Return a list of objects: check, verdict, seen, fix ("" if there is nothing to fix)."""
    rows = [
        {"check": check.name, "verdict": finding.verdict.value, "seen": finding.seen, "fix": finding.fix}
        for check, finding in findings
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)
