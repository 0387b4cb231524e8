"""What a check found. Data only."""

from enum import Enum

from config.record import dataclass


class Verdict(Enum):
    """The outcome of a check; the value is its word in the JSON output."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen and how to fix it, one sentence each; `lines` are the lines that config.txt lacks, if any."""

    verdict: Verdict
    seen: str
    fix: str = ""
    lines: tuple[str, ...] = ()


def ok(seen: str) -> Finding:
    """Return a finding that nothing is wrong."""
    return Finding(Verdict.OK, seen)


def not_applicable(why: str) -> Finding:
    """Return a finding that there is nothing to check here."""
    return Finding(Verdict.NOT_APPLICABLE, why)


def warning(seen: str, fix: str, *lines: str) -> Finding:
    """Return a finding of something that works, but not as well or as safely as it could."""
    return Finding(Verdict.WARNING, seen, fix, lines)


def problem(seen: str, fix: str, *lines: str) -> Finding:
    """Return a finding of something that does not work."""
    return Finding(Verdict.PROBLEM, seen, fix, lines)
