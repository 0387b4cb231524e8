"""Keeps the start and the end of a run on one clock, however that clock was set or corrected in between.

Within one boot the monotonic clock says how long a run took, and the last trusted time of day says when. Pure.
"""

from config.record import dataclass
from controller.journal.records import RunRecord


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant: the time of day, None if no trusted clock told it, and the monotonic time, None if unknown."""

    wall_ns: int | None
    at_ns: int | None


def end_on_one_clock(started: Moment, ended: Moment) -> tuple[int | None, int | None]:
    """Return the times of day of start and end. `started.at_ns` is None if it is in the time of another boot.

    If the clock is trusted at the end, derive the start from the end; otherwise derive the end from the start.
    """
    if started.at_ns is None or ended.at_ns is None:
        return started.wall_ns, ended.wall_ns
    length_ns = ended.at_ns - started.at_ns
    if ended.wall_ns is not None:
        return since_1970(ended.wall_ns - length_ns), ended.wall_ns
    return started.wall_ns, None if started.wall_ns is None else started.wall_ns + length_ns


def resumed_start(run: RunRecord, first: Moment, *, is_same_boot: bool) -> Moment:
    """Return when a run was first started, in the time of day and in the monotonic time of the boot of `run`.

    `first` is what is known of that so far, `run` the record with which the run continues.
    """
    if is_same_boot and first.at_ns is not None:
        if run.started_wall_ns is None or run.started_ns is None:
            return first
        return Moment(since_1970(run.started_wall_ns - run.started_ns + first.at_ns), first.at_ns)
    if first.wall_ns is None:
        return Moment(run.started_wall_ns, run.started_ns)
    t0_wall_ns = run.t0_wall_ns
    return Moment(first.wall_ns, None if t0_wall_ns is None else first.wall_ns + run.t0_ns - t0_wall_ns)


def since_1970(wall_ns: int) -> int | None:
    """Return a time of day; None if it lies before 1970, where only a clock that is wrong leads."""
    return wall_ns if wall_ns >= 0 else None
