"""The status of the box and of the run, as data for clients. Pure; decides nothing."""

from collections.abc import Iterable

from config.record import dataclass
from config.when import format_when
from controller.core import checks, lag_watch, words
from controller.core.confirming import SyncStatus
from controller.core.events import Button, InterruptedRunFound
from controller.core.frames import Frame
from controller.core.grid import Run
from controller.core.ramp import Exposures, PlacedStep, how_to
from controller.core.setup import Setup
from controller.core.states import Focus, Release

_DIGITS = 2  # of stops


@dataclass(frozen=True, slots=True)
class StepStatus:
    """A hand-step that waits to be confirmed: which of how many, and what to do on the camera."""

    number: int
    of: int
    change: str
    sixths: int


@dataclass(frozen=True, slots=True)
class RunStatus:
    """The status of a run. Times are from now, None if that is not known or does not come.

    `slot` is the next one, `taking` that of the frame in progress. `count` is how many slots the run has, by its
    count or its end, whichever comes first; 0 if it has neither. While the start is awaited, `waits` describes it.
    `elapsed_ns` counts from when the first slot was due, and is 0 before. `ends_in_ns` is the time until the box is
    done with the last frame, its dark frame and gap included. `confirmed`, `suspected` and `missed` are None
    without a sync input. Of a run whose exposures change, or that was trimmed, `exposure_ns` is that of `slot`, by
    `off_plan_stops` brighter than it is to be, `trim` included, in sixths of a stop; `step` waits to be confirmed.
    """

    slot: int
    taking: int | None
    count: int
    every_ns: int
    every_end_ns: int | None
    fired: int
    confirmed: int | None
    suspected: int | None
    missed: int | None
    skipped: int
    next_in_ns: int | None
    elapsed_ns: int
    ends_in_ns: int | None
    waits: str | None
    exposure_ns: int | None = None
    trim: int = 0
    off_plan_stops: float = 0.0
    step: StepStatus | None = None


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


def status_of_run(
    run: Run, frame: Frame | None, done_ns: int | None, now_ns: int, waiting: PlacedStep | None, *, is_wired: bool
) -> RunStatus:
    """Return the status of a run, with the frame in progress, that the box is done with at `done_ns`.

    A hand-step may be `waiting`. `is_wired`: there is a sync input.
    """
    grid, taking = run.grid, None if frame is None else frame.slot
    slot = run.slot if frame is None or frame.slot is None or frame.due_ns <= now_ns else frame.slot
    has_next = run.scheduled_start is None and (slot == taking or (run.has_more and not run.stop_wanted))
    return RunStatus(
        slot=slot,
        taking=taking,
        count=0 if run.last_slot is None else run.last_slot + 1,
        every_ns=grid.every_ns,
        every_end_ns=grid.every_end_ns,
        fired=run.fired,
        confirmed=run.confirmed if is_wired else None,
        suspected=run.suspected if is_wired else None,
        missed=run.missed if is_wired else None,
        skipped=run.skipped,
        next_in_ns=max(0, grid.due_ns(slot) - now_ns) if has_next else None,
        elapsed_ns=0 if run.scheduled_start else max(0, now_ns - grid.t0_ns),
        ends_in_ns=None if done_ns is None else max(0, done_ns - now_ns),
        waits=None if run.scheduled_start is None else run.scheduled_start.describe(now_ns),
        exposure_ns=run.exposure_ns(slot) if has_next else None,
        trim=0 if run.exposures is None else run.exposures.trim,
        off_plan_stops=round(run.off_plan_stops(slot), _DIGITS),
        step=None if waiting is None or run.exposures is None else _step(run.exposures, waiting),
    )


def _step(exposures: Exposures, waiting: PlacedStep) -> StepStatus:
    step = waiting.step
    return StepStatus(exposures.done + 1, len(exposures.ramp.steps), how_to(step), step.sixths)


def warnings_of(setup: Setup) -> tuple[str, ...]:
    """Return what the photographer should know about the settings before trusting the box."""
    conditions = {
        words.UNSTATED_WARNING: not setup.is_stated,
        words.INTERLOCK_OFF: not setup.settings.focus.interlock,
        words.LOCK_MAY_FAIL: checks.lock_may_fail(setup),
        words.AF_MODE_WARNING: _af_mode_matters(setup),
    }
    return tuple(warning for warning, applies in conditions.items() if applies)


def _af_mode_matters(setup: Setup) -> bool:
    """Return whether AF-C is likely, would make a focus lock useless, and the AF mode is not known."""
    settings = setup.settings
    return setup.has_lock and settings.focus.mode == "continuous" and settings.camera.continuous_af is None


def warnings_now(
    setup: Setup,
    stuck: Iterable[tuple[Button, int]],
    interrupted: InterruptedRunFound | None,
    journal_trouble: str | None,
    suspected: int,
) -> tuple[str, ...]:
    """Return all warnings: `stuck` are buttons and for how long, `interrupted` is an interrupted run.

    So many frames are `suspected` of having focused.
    """
    return (
        *(() if journal_trouble is None else (journal_trouble,)),
        *(() if interrupted is None else _describe_interrupted(setup, interrupted)),
        *((lag_watch.warning(suspected),) if suspected else ()),
        *warnings_of(setup),
        *(words.stuck(button.value, held_ns) for button, held_ns in stuck),
    )


def _describe_interrupted(setup: Setup, interrupted: InterruptedRunFound) -> Iterable[str]:
    interval = setup.settings.interval
    if interrupted.start is None:
        yield words.interrupted(interrupted.slot, interval.count)
    else:
        yield words.interrupted_start(format_when(interrupted.start))
    if interrupted.resumes_itself and interval.end is not None and interval.end.needs_clock:
        yield words.GOES_ON_BY_CLOCK
