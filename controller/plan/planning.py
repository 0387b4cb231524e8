"""Plans a frame and a run: the frame's timeline and parts, the run's numbers, and the reasons for a refusal. Pure.

Draws nothing, and does not know the time of day.
"""

from collections.abc import Iterator

from config.record import dataclass
from config.schema import find_field
from config.units import format_duration
from controller.core import checks, exposing, frames, recipes, runplan, words
from controller.core.events import ClockRead
from controller.core.frames import Press, Recipe, Take
from controller.core.run_times import PlannedRun
from controller.core.setup import Setup
from controller.core.states import Release
from controller.errors import CommandError
from controller.plan import remarks
from controller.plan.exposures import MOST_FRAMES, ExposurePlan, plan_exposures
from controller.plan.proposing import Proposal, propose
from controller.plan.scales import rounded
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
    """A frame and a run of such frames, for the current settings, with focus dialled in; the first one of a ramp.

    All times count from the first edge, those in `recipe` too. `focus_is_held`: a focus lock keeps FOCUS closed
    throughout. `parts` follow each other, except that a `lead` may overlap the end of the part before it. `states`
    are those of the release machine. `ramp` has the exposures of the run, None where they do not change; `proposal`
    hand-steps that would make it work. `refusals` are the reasons why the box would refuse; empty if it would not.
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
    ramp: ExposurePlan | None
    proposal: Proposal | None
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    refusals: tuple[words.Reason, ...]


def plan_frame(setup: Setup, clock: ClockRead | None = None, most_frames: int = MOST_FRAMES) -> FramePlan:
    """Plan a frame and a run for the current settings, with focus dialled in.

    `clock` is the time of day that starts and ends by clock or sun are found by; None, or a clock that is not
    trusted, leaves them open. A ramp is planned with about `most_frames` of its frames.
    CommandError with the reason if there is no valid timeline, because presses would overlap or end before they
    begin. Anything else that cannot work is planned, and the plan has refusals.
    """
    focus_is_held = setup.is_factory and setup.settings.focus.interlock
    whole = PlannedRun(setup, focus_is_held=focus_is_held, clock=clock)
    first_ns = _first_ns(setup, whole)
    recipe = recipes.recipe(setup, focus_is_held=focus_is_held, exposure_ns=first_ns)
    from_first_edge = recipe.due(recipe.lead_ns)
    timeline = _compiled(setup, recipe)
    ramp = plan_exposures(setup, whole, clock, most_frames)
    return FramePlan(
        _title(setup, first_ns),
        f"{setup.profile.id}: {_contacts(recipe, focus_is_held=focus_is_held)}",
        from_first_edge,
        timeline,
        focus_is_held,
        tuple(part for take in from_first_edge.takes for part in _parts(from_first_edge, take)),
        tuple(_states(from_first_edge, timeline.end_ns, recipe.frame_ns)),
        tuple(_exposure(setup, take) for take in from_first_edge.takes),
        _run(setup, whole),
        ramp,
        propose(setup, whole, clock),
        tuple(remarks.notes(setup, recipe)),
        (*remarks.warnings(setup, recipe, focus_is_held=focus_is_held), *(() if ramp is None else ramp.warnings)),
        tuple(_refusals(setup, whole, recipe)),
    )


def _first_ns(setup: Setup, whole: PlannedRun) -> int | None:
    """Return the exposure that `shot.ramp` begins with, None without one."""
    keys, _ = exposing.keys_of(setup.settings, whole.run.grid.count)
    if not keys or not setup.settings.shot.ramp:
        return None
    planned_ns = whole.run.planned_ns(0)
    return keys[0].exposure_ns if planned_ns is None else planned_ns  # it is not known when the run starts


def _compiled(setup: Setup, recipe: Recipe) -> Timeline:
    try:
        return frames.compile_frame(recipe, recipe.lead_ns)
    except TimelineError as error:
        raise CommandError("refused", checks.refuses_frame(setup) or str(error)) from error


def _title(setup: Setup, first_ns: int | None) -> str:
    """Return the camera and what a frame is; `first_ns` is the first exposure of a ramp."""
    shot = setup.settings.shot
    lengths_ns = {"bulb": (shot.exposure_ns,), "bracket": shot.bracket}.get(shot.drive, ())
    lengths = ", ".join(map(format_duration, lengths_ns[:_MOST_NAMED]))
    if first_ns is not None:
        lengths = f"{rounded(first_ns)} at first"
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
        setup.settings.shot.exposure_end_ns if runplan.ramps_to_end(setup.settings, interval.count) else None,
    )


def _refusals(setup: Setup, whole: PlannedRun, first: Recipe) -> Iterator[words.Reason]:
    run, of_ramp = whole.run, exposing.refuses(setup, whole.run)
    reasons = (
        None if setup.is_stated or not setup.needs_focus else words.unstated(setup.profile.id),
        checks.refuses_frame(setup),
        checks.refuses_lock(setup),
        whole.refusal,
        of_ramp or _refuses_run(setup, whole, first),
    )
    yield from (reason for reason in reasons if reason is not None)
    last, until_ns = run.last_slot or 0, whole.now_ns + setup.settings.focus.lock_limit_ns
    refusal = runplan.refuses_lock(run.grid, whole.recipe(last), last, whole.now_ns, until_ns)
    if run.needs_lock and refusal is not None:
        yield refusal


def _is_wired(setup: Setup) -> bool:
    return setup.settings.pins.sync is not None


def _refuses_run(setup: Setup, whole: PlannedRun, first: Recipe) -> words.Reason | None:
    """Return why the frames do not fit into the run; of a ramp whose start is not known, whether the first does."""
    is_open = bool(setup.settings.shot.ramp) and whole.run.exposures is None

    def recipe_of(slot: int) -> Recipe:
        return first if is_open else whole.recipe(slot)

    return runplan.refuses(setup, whole.run.grid, recipe_of, is_wired=remarks.is_wired(setup))
