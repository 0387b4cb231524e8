"""Plans a frame and a run: the frame's timeline and parts, the run's numbers, and the reasons for a refusal. Pure.

Draws nothing, and does not know the time of day.
"""

from collections.abc import Iterator

from config.record import dataclass
from config.schema import find_field
from config.units import format_duration, format_long
from controller.core import checks, frames, recipes, runplan, wake_pulses, words
from controller.core.effects import Outbox
from controller.core.events import ClockRead
from controller.core.frames import Press, Recipe, Take
from controller.core.run_times import PlannedRun
from controller.core.setup import Setup
from controller.core.states import Release
from controller.core.status import warnings_of
from controller.errors import CommandError
from hardware.errors import TimelineError
from hardware.timeline import Timeline

_MOST_NAMED = 7  # exposures in a title


@dataclass(frozen=True, slots=True)
class Span:
    """A named part of a frame; times count from its first edge."""

    name: str
    begins_ns: int
    ends_ns: int

    @property
    def length_ns(self) -> int:
        """How long it lasts."""
        return self.ends_ns - self.begins_ns


@dataclass(frozen=True, slots=True)
class Exposure:
    """When the sensor exposes, from the frame's first edge; `ends_ns` is None if the camera decides it."""

    begins_ns: int
    ends_ns: int | None


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run that is started now: `count` frames (0: until stopped), with the first edge in `starts_in_ns`.

    `length_ns` is the time from that edge until the camera is ready after the last frame, None for a run without end.
    `starts` and `until` are a start and an end by the clock or the sun; `starts_in_ns` is None where the clock that
    such a start depends on is not known. `every_end_ns` and `exposure_end_ns` are the last values of a ramp, None if
    there is no ramp.
    """

    count: int
    every_ns: int
    starts_in_ns: int | None
    length_ns: int | None
    starts: str | None = None
    until: str | None = None
    every_end_ns: int | None = None
    exposure_end_ns: int | None = None

    @property
    def ends_in_ns(self) -> int | None:
        """Time from now until all frames are taken; None if not known."""
        if self.length_ns is None or self.starts_in_ns is None:
            return None
        return self.starts_in_ns + self.length_ns


@dataclass(frozen=True, slots=True)
class FramePlan:
    """A frame and a run of such frames, for the current settings, with focus dialled in.

    All times count from the first edge, those in `recipe` too. `focus_is_held`: a focus lock keeps FOCUS closed
    throughout. `parts` follow each other, except that a `lead` may overlap the end of the part before it. `states`
    are those of the release machine. `refusals` are the reasons why the box would refuse; empty if it would not.
    """

    title: str
    contacts: str
    recipe: Recipe
    timeline: Timeline
    focus_is_held: bool
    parts: tuple[Span, ...]
    states: tuple[Span, ...]
    exposures: tuple[Exposure, ...]
    run: RunPlan
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    refusals: tuple[words.Reason, ...]


def plan_frame(setup: Setup, clock: ClockRead | None = None) -> FramePlan:
    """Plan a frame and a run for the current settings, with focus dialled in.

    `clock` is the time of day that starts and ends by clock or sun are found by; None, or a clock that is not
    trusted, leaves them open.
    CommandError with the reason if there is no valid timeline, because presses would overlap or end before they
    begin. Anything else that cannot work is planned, and the plan has refusals.
    """
    focus_is_held = setup.is_factory and setup.settings.focus.interlock
    recipe = recipes.recipe(setup, focus_is_held=focus_is_held)
    from_first_edge = recipe.due(recipe.lead_ns)
    timeline = _compiled(setup, recipe)
    whole = PlannedRun(setup, focus_is_held=focus_is_held, clock=clock)
    run = _run(setup, whole)
    return FramePlan(
        _title(setup),
        f"{setup.profile.id}: {_contacts(recipe, focus_is_held=focus_is_held)}",
        from_first_edge,
        timeline,
        focus_is_held,
        tuple(part for take in from_first_edge.takes for part in _parts(from_first_edge, take)),
        tuple(_states(from_first_edge, timeline.end_ns, recipe.frame_ns)),
        tuple(_exposure(setup, take) for take in from_first_edge.takes),
        run,
        tuple(_notes(setup, recipe)),
        tuple(_warnings(setup, recipe, focus_is_held=focus_is_held)),
        tuple(_refusals(setup, whole)),
    )


def _compiled(setup: Setup, recipe: Recipe) -> Timeline:
    try:
        return frames.compile_frame(recipe, recipe.lead_ns)
    except TimelineError as error:
        raise CommandError("refused", checks.refuses_frame(setup) or str(error)) from error


def _title(setup: Setup) -> str:
    shot = setup.settings.shot
    lengths_ns = {"bulb": (shot.exposure_ns,), "bracket": shot.bracket}.get(shot.drive, ())
    lengths = ", ".join(map(format_duration, lengths_ns[:_MOST_NAMED]))
    more = f" and {len(lengths_ns) - _MOST_NAMED} more" if len(lengths_ns) > _MOST_NAMED else ""
    drive = f"{shot.drive} {lengths}{more}".strip()
    mirror = f", mirror-up {format_duration(shot.mirror_up_ns)}" if shot.mirror_up_ns else ""
    return f"{setup.profile.id}: {drive}{mirror}"


def _contacts(recipe: Recipe, *, focus_is_held: bool) -> str:
    if focus_is_held:
        return "FOCUS stays closed (focus lock) while SHUTTER closes"
    return "FOCUS closes around SHUTTER" if recipe.moves_focus else "only SHUTTER closes"


# -- the frame -------------------------------------------------------------------------------------------


def _parts(recipe: Recipe, take: Take) -> Iterator[Span]:
    mirror, exposes, ends = take.mirror, take.exposes, take.ends
    if mirror is not None:
        yield from _lead(mirror)
        yield Span("mirror-up", mirror.at_ns, mirror.opens_ns)
        yield Span("settle", mirror.opens_ns, exposes.at_ns)
    yield from _lead(exposes)
    name = "hold" if take.bulb_ns is None else "exposure"
    yield Span(name, exposes.at_ns, exposes.at_ns + take.exposed_ns)
    if ends is not None:
        yield from _lead(ends)
        yield Span("ending press", ends.at_ns, ends.opens_ns)
    at_ns = take.opens_ns
    for name, length_ns in _rests(recipe, take):
        if length_ns:
            yield Span(name, at_ns, at_ns + length_ns)
        at_ns += length_ns


def _lead(press: Press) -> Iterator[Span]:
    if press.lead_ns:
        yield Span("lead", press.begins_ns, press.at_ns)


def _rests(recipe: Recipe, take: Take) -> tuple[tuple[str, int], ...]:
    """Return the parts that add up to `Recipe.rest_after`, with their lengths."""
    dark_ns = take.exposed_ns if recipe.reduces_noise and take.bulb_ns is not None else 0
    busy_ns = recipe.rest_after(take) - dark_ns - recipe.gap_ns
    return ("bracketing set", busy_ns), ("dark frame", dark_ns), ("gap", recipe.gap_ns)


def _states(recipe: Recipe, played_ns: int, over_ns: int) -> Iterator[Span]:
    due_ns = recipe.takes[0].exposes.at_ns if recipe.takes[0].mirror is not None else 0
    if due_ns:
        yield Span(Release.MIRROR_UP.name, 0, due_ns)
    yield Span(Release.EXPOSING.name, due_ns, played_ns)
    yield Span(Release.RECOVERING.name, played_ns, over_ns)


def _exposure(setup: Setup, take: Take) -> Exposure:
    camera = setup.settings.camera
    begins_ns = take.exposes.at_ns + (camera.shutter_lag_ns or setup.profile.exposure_lag_ns or 0)
    return Exposure(begins_ns, None if take.bulb_ns is None else begins_ns + take.bulb_ns)


# -- the run ---------------------------------------------------------------------------------------------


def _run(setup: Setup, whole: PlannedRun) -> RunPlan:
    interval, run = setup.settings.interval, whole.run
    last, is_open = run.last_slot, interval.start.needs_clock and run.meant_ns is None
    ends_by_clock = interval.end is not None and interval.end.needs_clock
    done_ns = None if last is None else runplan.done_ns(run.grid, max(0, last), whole.recipe(max(0, last)))
    return RunPlan(
        0 if last is None else last + 1,
        run.grid.every_ns,
        None if is_open else run.prepares_ns - whole.now_ns,
        None if done_ns is None else done_ns - run.prepares_ns,
        find_field("interval.start").format(interval.start) if interval.start.needs_clock else None,
        find_field("interval.end").format(interval.end) if ends_by_clock else None,
        run.grid.every_end_ns,
        None if run.exposures is None else run.exposures.last_ns,
    )


def _refusals(setup: Setup, whole: PlannedRun) -> Iterator[words.Reason]:
    run = whole.run
    reasons = (
        None if setup.is_stated or not setup.needs_focus else words.unstated(setup.profile.id),
        checks.refuses_frame(setup),
        checks.refuses_lock(setup),
        whole.refusal,
        runplan.refuses(setup, run.grid, whole.recipe, is_wired=_is_wired(setup)),
    )
    yield from (reason for reason in reasons if reason is not None)
    last, until_ns = run.last_slot or 0, whole.now_ns + setup.settings.focus.lock_limit_ns
    refusal = runplan.refuses_lock(run.grid, whole.recipe(last), last, whole.now_ns, until_ns)
    if run.needs_lock and refusal is not None:
        yield refusal


def _is_wired(setup: Setup) -> bool:
    return setup.settings.pins.sync is not None


def _notes(setup: Setup, recipe: Recipe) -> Iterator[str]:
    settings = setup.settings
    if settings.shot.drive == "burst":
        limit = format_duration(settings.safety.max_hold_ns)
        yield f"SHUTTER stays closed as long as the button is held, at most {limit} (safety.max_hold)"
    watch, idle_ns = _watched(setup), runplan.idle_ns(setup, recipe)
    if idle_ns is not None and watch.wanted_ns is None and watch.sleeps_at(idle_ns):
        lead = format_duration(watch.lead_ns)
        yield f"the camera may go to sleep between frames; a half-press wakes it {lead} before each frame"


def _warnings(setup: Setup, recipe: Recipe, *, focus_is_held: bool) -> Iterator[str]:
    settings = setup.settings
    is_refused = setup.needs_focus  # then the plan is refused for what the box does not know
    yield from (each for each in warnings_of(setup) if not (each == words.UNSTATED_WARNING and is_refused))
    if focus_is_held and not settings.interval.count:
        limit = format_duration(settings.focus.lock_limit_ns)
        yield f"the run ends when the focus lock opens, {limit} after focus was dialled in (focus.lock_limit)"
    yield from runplan.warn_of_tight_interval(setup, recipe, is_wired=_is_wired(setup))
    yield from runplan.idle_ramps(settings)
    yield from _sleepy(setup, recipe)


def _sleepy(setup: Setup, recipe: Recipe) -> Iterator[str]:
    """Warn if the camera may fall asleep and the box does not wake it."""
    idle_ns, watch = runplan.idle_ns(setup, recipe), _watched(setup)
    known_ns = setup.profile.wake.meter_off_ns
    off_ns = known_ns or wake_pulses.METER_OFF_NS
    if idle_ns is None or idle_ns < off_ns - recipes.DROWSY_NS or watch.wanted_ns is not None:
        return
    if watch.sleeps_at(idle_ns):
        return
    source = "" if known_ns else ", an assumption"
    yield (
        f"the camera is idle for {format_long(idle_ns)} between two frames and may go to sleep (its meter switches "
        f"off after {format_duration(off_ns)}{source}); {_remedy(setup)}"
    )


def _remedy(setup: Setup) -> str:
    if setup.settings.camera.back_button_focus is None:
        return (
            "the box wakes only a camera with back-button focus; if yours has it, set camera.back_button_focus true"
        )
    if not setup.settings.camera.wake:
        return "set camera.wake true, or set the camera to stay on longer"
    return "set camera.keep_awake true, or set the camera to stay on longer"


def _watched(setup: Setup) -> wake_pulses.WakePulses:
    """Return the wake pulses of a camera that was last touched at time 0."""
    watch = wake_pulses.WakePulses(setup, Outbox())
    watch.touched(0)
    return watch
