"""What a check found. Data only."""

from enum import Enum

from config.record import dataclass


class Verdict(Enum):
    """How a check went; the value is its word in JSON."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    LEFT_OUT = "not applicable"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen and what to do about it, a sentence each; `lines` are what config.txt lacks, if it does."""

    verdict: Verdict
    seen: str
    fix: str = ""
    lines: tuple[str, ...] = ()


def ok(seen: str) -> Finding:
    """All is well."""
    return Finding(Verdict.OK, seen)


def left_out(why: str) -> Finding:
    """There is nothing to check here."""
    return Finding(Verdict.LEFT_OUT, why)


def warning(seen: str, fix: str, *lines: str) -> Finding:
    """It works, but not as well or as safely as it could."""
    return Finding(Verdict.WARNING, seen, fix, lines)


def problem(seen: str, fix: str, *lines: str) -> Finding:
    """It does not work."""
    return Finding(Verdict.PROBLEM, seen, fix, lines)
