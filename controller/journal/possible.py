"""Checks that what a start of the box takes up from the journal is possible, so that a damaged row ends no start.

Knows the records' types and bounds; knows no SQL.
"""

from config.steps import MOST
from controller.core.ramp import LARGEST_TRIM
from controller.journal.records import MirrorRecord, RunRecord

IMPOSSIBLE_MOVE = (-1, 0, 0)  # stands for what cannot be read
_LAST_WALL_NS = 253_402_300_800 * 10**9  # the end of the year 9999, after which Python has no dates
_LAST_NS = 1 << 62
_LONGEST_MIRROR_NS = 20 * 24 * 3600 * 10**9  # a bracket is one record: 15 exposures of 24 h, each with its mirror


def check_run(run: RunRecord) -> None:
    """Raise ValueError unless every value of the run is of its kind and within reason."""
    for text in (run.boot_id, run.camera, run.focus):
        _check(isinstance(text, str), "text", text)
    for number in (run.t0_ns, run.every_ns, run.count, run.started_ns):
        _check(number is None or _is_within(number, -_LAST_NS, _LAST_NS), "number", number)
    for wall_ns in (run.started_wall_ns, run.start_utc_ns):
        _check(wall_ns is None or _is_within(wall_ns, 0, _LAST_WALL_NS), "time of day", wall_ns)
    for slot, done, trim in run.moves:
        is_possible = slot >= 0 <= done <= MOST and abs(trim) <= LARGEST_TRIM
        _check(is_possible, "hand-step or trim", (slot, done, trim))
    wall_ns = run.t0_wall_ns
    _check(wall_ns is None or _is_within(wall_ns, 0, _LAST_WALL_NS), "time of day", wall_ns)


def checked_mirror(mirror: MirrorRecord) -> MirrorRecord:
    """Return the record; ValueError unless its values are of their kinds and the span is within reason."""
    _check(isinstance(mirror.boot_id, str), "text", mirror.boot_id)
    _check(_is_within(mirror.raised_ns, -_LAST_NS, _LAST_NS), "number", mirror.raised_ns)
    _check(_is_within(mirror.down_ns - mirror.raised_ns, 0, _LONGEST_MIRROR_NS), "time", mirror.down_ns)
    return mirror


def _is_within(number: object, least: int, most: int) -> bool:
    return type(number) is int and least <= number < most


def _check(is_right: bool, kind: str, value: object) -> None:
    if not is_right:
        raise ValueError(f"{value!r} is not a possible {kind}")
