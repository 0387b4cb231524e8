"""What would happen: the next frame's timeline and parts, and the run's numbers, without moving anything. Pure.

Knows what a frame is made of and what stands in its way; draws nothing, and knows no time of day.
"""

from collections.abc import Iterator

from config.record import dataclass
from config.schema import find_field
from config.units import format_duration, format_long
from controller.core import checks, frames, recipes, runplan, wake_pulses, words
from controller.core.effects import Outbox
from controller.core.frames import SEPARATION_NS, Press, Recipe, Take
from controller.core.runplan import Whole
from controller.core.setup import Setup
from controller.core.states import Release
from controller.errors import CommandError
from hardware.errors import TimelineError
from hardware.timeline import Timeline

_MOST_NAMED = 7  # exposures in a title


@dataclass(frozen=True, slots=True)
class Span:
    """A named stretch of a frame; times from its first edge."""

    name: str
    begins_ns: int
    ends_ns: int

    @property
    def length_ns(self) -> int:
        """How long it lasts."""
        return self.ends_ns - self.begins_ns


@dataclass(frozen=True, slots=True)
class Exposure:
    """When the sensor exposes, times from the frame's first edge; `ends_ns` is None where the camera decides that."""

    begins_ns: int
    ends_ns: int | None


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run that is started now: `count` frames (0: until stopped), the first edge `starts_in_ns` from now.

    `length_ns` is from that edge to when the camera is ready after the last frame, None for a run without end. Where
    `starts` or `until` say when it starts or ends by the clock or the sun, nobody here knows how far away that is.
    `every_end_ns` and `exposure_end_ns` are the last ones of a ramp, None where all are the same.
    """

    count: int
    every_ns: int
    starts_in_ns: int
    length_ns: int | None
    starts: str | None = None
    until: str | None = None
    every_end_ns: int | None = None
    exposure_end_ns: int | None = None

    @property
    def ends_in_ns(self) -> int | None:
        """How long from now until all its frames are taken, None where nobody knows."""
        return None if self.length_ns is None or self.starts is not None else self.starts_in_ns + self.length_ns


@dataclass(frozen=True, slots=True)
class FramePlan:
    """A frame, and a run of such frames, as the settings stand with focus dialled in; times from the first edge.

    `recipe` is counted from the first edge too. `focus_is_held`: a lock keeps FOCUS closed throughout. `parts`
    follow each other, but for a `lead`, which may lie within what is before it. `states` are those of the release
    machine. `refusals` say why it would be refused; none if it would not.
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
    refusals: tuple[str, ...]


def plan_frame(setup: Setup) -> FramePlan:
    """Plan a frame and a run as the settings stand, with focus dialled in.

    CommandError, with the reason, where not even a timeline can be made: presses would overlap, or end before they
    begin. Whatever else cannot work is planned, and has refusals.
    """
    focus_is_held = setup.is_factory and setup.settings.focus.interlock
    recipe = recipes.recipe(setup, focus_is_held=focus_is_held)
    absolute = recipe.due(recipe.lead_ns)
    timeline = _compiled(setup, recipe)
    whole = Whole(setup, focus_is_held=focus_is_held)
    run = _run(setup, whole)
    return FramePlan(
        _title(setup),
        f"{setup.profile.id}: {_contacts(recipe, focus_is_held=focus_is_held)}",
        absolute,
        timeline,
        focus_is_held,
        tuple(part for take in absolute.takes for part in _parts(absolute, take)),
        tuple(_states(absolute, timeline.end_ns, recipe.frame_ns)),
        tuple(_exposure(setup, take) for take in absolute.takes),
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
    others = f" and {len(lengths_ns) - _MOST_NAMED} more" if len(lengths_ns) > _MOST_NAMED else ""
    drive = f"{shot.drive} {lengths}{others}".strip()
    mirror = f", mirror-up {format_duration(shot.mirror_up_ns)}" if shot.mirror_up_ns else ""
    return f"{setup.profile.id}: {drive}{mirror}"


def _contacts(recipe: Recipe, *, focus_is_held: bool) -> str:
    if focus_is_held:
        return "FOCUS stays closed (focus lock), SHUTTER closes over it"
    return "FOCUS closes around SHUTTER" if recipe.moves_focus else "SHUTTER alone"


# -- the frame -------------------------------------------------------------------------------------------


def _parts(recipe: Recipe, take: Take) -> Iterator[Span]:
    mirror, exposes, ends = take.mirror, take.exposes, take.ends
    if mirror is not None:
        yield from _lead(mirror)
        yield Span("mirror-up", mirror.at_ns, mirror.opens_ns)
        yield Span("settle", mirror.opens_ns, exposes.at_ns)
    yield from _lead(exposes)
    name = "hold" if take.asked_ns is None else "exposure"
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
    """Return what `Recipe.rest_after` is made of."""
    dark_ns = take.exposed_ns if recipe.reduces_noise and take.asked_ns is not None else 0
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
    return Exposure(begins_ns, None if take.asked_ns is None else begins_ns + take.asked_ns)


# -- the run ---------------------------------------------------------------------------------------------


def _run(setup: Setup, whole: Whole) -> RunPlan:
    interval, grid, exposures = setup.settings.interval, whole.run.grid, whole.run.exposures
    return RunPlan(
        grid.count,
        grid.every_ns,
        whole.run.prepares_ns,
        None if grid.length_ns is None else grid.length_ns + whole.recipe(grid.count - 1).frame_ns,
        find_field("interval.start").format(interval.start) if interval.start.needs_clock else None,
        None if interval.end is None else find_field("interval.end").format(interval.end),
        grid.every_end_ns,
        None if exposures is None else exposures.last_ns,
    )


def _refusals(setup: Setup, whole: Whole) -> Iterator[str]:
    run = whole.run
    reasons = (
        None if setup.is_stated or not setup.needs_focus else words.unstated(setup.profile.id),
        checks.refuses_frame(setup),
        runplan.refuses(setup, run.grid, whole.recipe),
    )
    yield from (str(reason) for reason in reasons if reason is not None)
    limit_ns = setup.settings.focus.lock_limit_ns
    last = run.last_slot or 0
    ends_ns = run.grid.due_ns(last) + whole.recipe(last).hold_ns
    if run.needs_lock and ends_ns + SEPARATION_NS > limit_ns:
        yield str(words.lock_too_short(ends_ns, limit_ns))


def _notes(setup: Setup, recipe: Recipe) -> Iterator[str]:
    settings = setup.settings
    if settings.shot.drive == "burst":
        limit = format_duration(settings.safety.max_hold_ns)
        yield f"while the button is held SHUTTER stays closed with it, {limit} at most (safety.max_hold)"
    watch, idle_ns = _watched(setup), _idle_ns(setup, recipe)
    if idle_ns is not None and watch.wanted_ns is None and watch.sleeps_at(idle_ns):
        lead = format_duration(watch.lead_ns)
        yield f"the camera may go to sleep between frames; a half-press wakes it {lead} before each"


def _warnings(setup: Setup, recipe: Recipe, *, focus_is_held: bool) -> Iterator[str]:
    settings = setup.settings
    if not setup.is_stated and not setup.needs_focus:
        yield words.UNSTATED_WARNING
    if not settings.focus.interlock:
        yield words.INTERLOCK_OFF
    if checks.lock_may_fail(setup):
        yield words.LOCK_MAY_FAIL
    if focus_is_held and not settings.interval.count:
        limit = format_duration(settings.focus.lock_limit_ns)
        yield f"the run ends when the focus lock opens, {limit} after focus was dialled in (focus.lock_limit)"
    yield from _sleepy(setup, recipe)


def _sleepy(setup: Setup, recipe: Recipe) -> Iterator[str]:
    """Warn where the camera may sleep, and nothing wakes it."""
    idle_ns, watch = _idle_ns(setup, recipe), _watched(setup)
    known_ns = setup.profile.wake.meter_off_ns
    off_ns = known_ns or wake_pulses.METER_OFF_NS
    if idle_ns is None or idle_ns < off_ns - wake_pulses.DROWSY_NS or watch.wanted_ns is not None:
        return
    if watch.sleeps_at(idle_ns):
        return
    source = "" if known_ns else ", assumed, as nobody has measured it"
    yield (
        f"between two frames nothing touches the camera for {format_long(idle_ns)}, and it may go to sleep (its "
        f"meter goes off after {format_duration(off_ns)}{source}); {_remedy(setup)}"
    )


def _remedy(setup: Setup) -> str:
    if setup.settings.camera.back_button_focus is None:
        return "only a body that is known to have back-button focus is woken: set camera.back_button_focus true"
    if not setup.settings.camera.wake:
        return "set camera.wake true, or let the camera stay on longer"
    return "set camera.keep_awake true, or let the camera stay on longer"


def _watched(setup: Setup) -> wake_pulses.WakePulses:
    """Return the keeper of a body that was touched at time 0."""
    watch = wake_pulses.WakePulses(setup, Outbox())
    watch.touched(0)
    return watch


def _idle_ns(setup: Setup, recipe: Recipe) -> int | None:
    """Return how long nothing touches the body between two frames of a run; None where FOCUS may move the lens."""
    interval = setup.settings.interval
    if setup.is_factory or interval.count == 1:
        return None
    return max(0, max(interval.every_ns, interval.every_end_ns) - recipe.lead_ns - recipe.hold_ns)
