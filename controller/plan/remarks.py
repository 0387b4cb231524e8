"""What a photographer should know about a plan that works: notes and warnings, in sentences. Pure."""

from collections.abc import Iterator

from config.units import format_duration, format_long
from controller.core import recipes, runplan, wake_pulses, words
from controller.core.effects import Outbox
from controller.core.frames import Recipe
from controller.core.setup import Setup
from controller.core.status import warnings_of


def is_wired(setup: Setup) -> bool:
    """Return whether the box sees the camera's flash contact."""
    return setup.settings.pins.sync is not None


def notes(setup: Setup, recipe: Recipe) -> Iterator[str]:
    """Yield what is worth to know about frames like `recipe`."""
    settings = setup.settings
    if settings.shot.drive == "burst":
        limit = format_duration(settings.safety.max_hold_ns)
        yield f"SHUTTER stays closed as long as the button is held, at most {limit} (safety.max_hold)"
    watch, idle_ns = _watched(setup), runplan.idle_ns(setup, recipe)
    if idle_ns is not None and watch.wanted_ns is None and watch.sleeps_at(idle_ns):
        lead = format_duration(watch.lead_ns)
        yield f"the camera may go to sleep between frames; a half-press wakes it {lead} before each frame"


def warnings(setup: Setup, recipe: Recipe, *, focus_is_held: bool) -> Iterator[str]:
    """Yield what may go wrong in a run of frames like `recipe`."""
    settings = setup.settings
    is_refused = setup.needs_focus  # then the plan is refused for what the box does not know
    yield from (each for each in warnings_of(setup) if not (each == words.UNSTATED_WARNING and is_refused))
    if focus_is_held and not settings.interval.count:
        limit = format_duration(settings.focus.lock_limit_ns)
        yield f"the run ends when the focus lock opens, {limit} after focus was dialled in (focus.lock_limit)"
    yield from runplan.warn_of_tight_interval(setup, recipe, is_wired=is_wired(setup))
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
