"""The status of the box and of the run, as data for clients. Pure; decides nothing."""

from collections.abc import Iterable

from config.record import dataclass
from config.when import format_when
from controller.core import checks, words
from controller.core.confirming import SyncStatus
from controller.core.events import Button, InterruptedRunFound
from controller.core.grid import Run
from controller.core.setup import Setup
from controller.core.states import Focus, Release


@dataclass(frozen=True, slots=True)
class RunStatus:
    """The status of a run: `slot` is the next one. Times are spans.

    `next_in_ns` is None while the start is awaited, and then `waits` describes it. `elapsed_ns` counts from when the
    first slot was due, and is 0 before. `ends_in_ns` is the time until the last slot is due, None without an end.
    `confirmed` and `missed` are None in a box without a sync input.
    """

    slot: int
    count: int
    every_ns: int
    every_end_ns: int | None
    fired: int
    confirmed: int | None
    missed: int | None
    skipped: int
    next_in_ns: int | None
    elapsed_ns: int
    ends_in_ns: int | None
    waits: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the box. `lock`: the focus lock keeps FOCUS closed.

    `exposing` is how long a bulb exposure has lasted and how long it will last in all; `mirror_waits_ns` how much
    longer the box waits for a mirror that a cut left up.
    """

    focus: Focus
    release: Release
    lock: bool
    run: RunStatus | None
    fault: str | None
    warnings: tuple[str, ...]
    sync: SyncStatus | None
    exposing: tuple[int, int] | None
    mirror_waits_ns: int | None


def status_of_run(run: Run | None, slot: int, now_ns: int, *, is_wired: bool) -> RunStatus | None:
    """Return the status of a run whose next slot is `slot`; `is_wired`: there is a sync input."""
    if run is None:
        return None
    grid = run.grid
    return RunStatus(
        slot=slot,
        count=grid.count,
        every_ns=grid.every_ns,
        every_end_ns=grid.every_end_ns,
        fired=run.fired,
        confirmed=run.confirmed if is_wired else None,
        missed=run.missed if is_wired else None,
        skipped=run.skipped,
        next_in_ns=None if run.scheduled_start else max(0, grid.due_ns(slot) - now_ns),
        elapsed_ns=0 if run.scheduled_start else max(0, now_ns - grid.t0_ns),
        ends_in_ns=_ends_in_ns(run, now_ns),
        waits=None if run.scheduled_start is None else run.scheduled_start.describe(now_ns),
    )


def _ends_in_ns(run: Run, now_ns: int) -> int | None:
    ends = (run.ends_ns, None if run.grid.length_ns is None else run.grid.t0_ns + run.grid.length_ns)
    first_ns = min((at_ns for at_ns in ends if at_ns is not None), default=None)
    return None if first_ns is None or run.scheduled_start is not None else first_ns - now_ns


def warnings_of(setup: Setup) -> tuple[str, ...]:
    """Return what the photographer should know about the settings before trusting the box."""
    conditions = {
        words.UNSTATED_WARNING: not setup.is_stated,
        words.INTERLOCK_OFF: not setup.settings.focus.interlock,
        words.LOCK_MAY_FAIL: checks.lock_may_fail(setup),
    }
    return tuple(warning for warning, applies in conditions.items() if applies)


def warnings_now(
    setup: Setup, stuck: Iterable[tuple[Button, int]], found: InterruptedRunFound | None, journal_trouble: str | None
) -> tuple[str, ...]:
    """Return all warnings: `stuck` are buttons and for how long, `found` is an interrupted run."""
    return (
        *(() if journal_trouble is None else (journal_trouble,)),
        *(() if found is None else _interrupted(setup, found)),
        *warnings_of(setup),
        *(words.stuck(button.value, held_ns) for button, held_ns in stuck),
    )


def _interrupted(setup: Setup, found: InterruptedRunFound) -> Iterable[str]:
    interval = setup.settings.interval
    if found.start is None:
        yield words.interrupted(found.slot, interval.count)
    else:
        yield words.interrupted_start(format_when(found.start))
    if found.resumes_itself and interval.end is not None and interval.end.needs_clock:
        yield words.GOES_ON_BY_CLOCK
