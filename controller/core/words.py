"""The sentences of the box: why an input came to nothing, in words a photographer understands."""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Self

from config.units import format_duration, format_long
from controller.core.calibrating import Measured
from controller.core.frames import Recipe
from controller.core.states import Focus, Release


class Why(Enum):
    """The kinds of reasons, as far apart as a person in the dark needs them; the lamps have a code for each."""

    FOCUS = auto()  # focus has to be dialled in first
    BUSY = auto()  # something is in progress
    UNSTATED = auto()  # nobody has said how the body is set up
    PLAN = auto()  # the run as planned cannot work
    NOTHING = auto()  # there is nothing that this could be about
    STUCK = auto()  # a button is down, and it cannot be a finger's doing
    FAULT = auto()  # the box is in fault


class Reason(str):
    """A sentence that says why an input came to nothing, and the kind of reason it is."""

    __slots__ = ("why",)

    why: Why

    def __new__(cls, why: Why, text: str) -> Self:
        """Return the sentence `text`, of the kind `why`."""
        reason = super().__new__(cls, text)
        reason.why = why
        return reason


FOCUS_FIRST = {
    Focus.UNFOCUSED: Reason(
        Why.FOCUS, "focus is not dialled in yet; hold back while you focus, let go, then press shutter"
    ),
    Focus.FOCUSING: Reason(Why.FOCUS, "focus is still being set; let go of back first"),
    Focus.TRIMMING: Reason(Why.FOCUS, "focus is being trimmed; turn the ring, then tap back to accept it"),
}

# Why the shutter is not free, by what the release machine is doing.
SHUTTER_BUSY = {
    Release.DELAYING: Reason(Why.BUSY, "the self-timer is running; wait for the frame, or cut it"),
    Release.MIRROR_UP: Reason(
        Why.BUSY, "the mirror is up; wait for the frame, or after a cut until the camera has let it down by itself"
    ),
    Release.EXPOSING: Reason(Why.BUSY, "a frame is being taken; nothing is queued, press again when it is done"),
    Release.RECOVERING: Reason(Why.BUSY, "the camera is getting ready after the last frame; press again in a moment"),
    Release.WAITING: Reason(Why.BUSY, "a run is in progress; pause or stop it first"),
    Release.PAUSED: Reason(Why.BUSY, "a run is paused; resume or stop it first"),
    Release.FAULT: Reason(Why.FAULT, "the box is in fault and its lines are open; see status, then: clear"),
}

# Why focus may not be changed, where there is no run.
FOCUS_BUSY = {
    **SHUTTER_BUSY,
    Release.DELAYING: Reason(Why.BUSY, "the self-timer is running and counts on this focus; stop or cut it first"),
    Release.EXPOSING: Reason(Why.BUSY, "a frame is being taken; focus again when it is done"),
    Release.RECOVERING: Reason(Why.BUSY, "the camera is getting ready after the last frame; focus again in a moment"),
}

# Why no run can be started.
START_BUSY = {
    **SHUTTER_BUSY,
    Release.EXPOSING: Reason(Why.BUSY, "a frame is being taken; start the run when it is done"),
    Release.RECOVERING: Reason(Why.BUSY, "the camera is getting ready after the last frame; start again in a moment"),
    Release.WAITING: Reason(Why.BUSY, "a run is in progress already; stop it first"),
}
FOCUS_LOCKED_IN_RUN = Reason(Why.BUSY, "focus is locked during a run; pause first")
BACK_IS_HELD = Reason(Why.BUSY, "back is already held; let it go first")
STILL_FOCUSING = Reason(Why.BUSY, "the camera is still focusing; wait a moment")
BACK_IS_HELD_BY_A_FINGER = Reason(Why.BUSY, "back is held by a finger; let it go there")
BACK_IS_NOT_HELD = Reason(Why.NOTHING, "back is not held; nothing to let go of")
RUN_SHAPED = Reason(Why.BUSY, "a run is in progress and would be changed; stop it first")
RUN_OFFERED = Reason(
    Why.BUSY, "it would change the run that was interrupted; resume goes on with that run, stop drops it"
)
LIMIT_IS_NEAR = Reason(Why.FOCUS, "FOCUS is about to reach its limit and open; focus again first")
NO_SYNC = Reason(
    Why.PLAN, "there is no sync input to measure with; wire the flash contact, then: set pins.sync 25, save, restart"
)
UNCONFIRMED = "the flash contact did not close, nor has it in this run yet"
MISSED = "the flash contact did not close, though it has in this run"
CALIBRATION_CUT = "the calibration was cut; it has measured nothing"
NO_SELF_TIMER = "the self-timer is not used in a run; interval.start delays its first frame"
LOCK_ENDS = "the run ends here, because the focus lock does (focus.lock_limit)"
NO_RUN = Reason(Why.NOTHING, "there is no run; begin one with start")
NO_FAULT = Reason(Why.NOTHING, "there is no fault to clear")
NOTHING_TO_STOP = Reason(Why.NOTHING, "nothing is in progress; there is nothing to stop")
STOPPING = Reason(Why.BUSY, "the run is stopping after this frame")
ALREADY_PAUSED = Reason(Why.NOTHING, "the run is paused already; resume goes on")
NOT_PAUSED = Reason(Why.NOTHING, "the run is not paused")

UNSTATED = (
    "camera.back_button_focus is not stated, and {profile} closes FOCUS to fire, which moves the lens unless "
    "back-button focus is set on the camera; say so with: set camera.back_button_focus true (or false)"
)
UNSTATED_WARNING = (
    "camera.back_button_focus is not stated; if half-press focuses on this camera, frames can move the lens"
)

LOCK_IS_GONE = Reason(
    Why.FOCUS, "the run cannot go on, its focus is lost; stop drops it, then focus again and start a new one"
)
OTHER_GRID = "its frames are not those the settings make, as in a calibration"
END_NEEDS_CLOCK = Reason(
    Why.PLAN,
    "interval.end is up to the time of day, and nobody has told it yet; say it with: clock set 2026-11-23T06:30, or "
    "set interval.end none",
)
DROPPED = "the run that was interrupted is dropped, as another one begins"
MIRROR_NOT_RECORDED = (
    "the journal is slow, so this frame is fired before it is on record that the mirror may be up; if the box "
    "restarts during it, wait half a minute before the next frame"
)
JOURNAL_FAILS = "the journal does not work; frames go on without it"
GOES_ON_BY_CLOCK = "it goes on by itself as soon as the time of day is known, which interval.end needs"
GRID_IS_LOST = "the run goes on from here: its old rhythm is lost with the time of day"
LOCK_MAY_FAIL = (
    "this body may fire only once while FOCUS stays closed (one source says so); if it does, use back-button focus"
)
INTERLOCK_OFF = "focus.interlock is off: the shutter does not wait for focus"


def unstated(profile_id: str) -> Reason:
    """Say that this body may not be fired before somebody has said how it is set up."""
    return Reason(Why.UNSTATED, UNSTATED.format(profile=profile_id))


def stuck(button: str, held_ns: int) -> Reason:
    """Say that a button is down too long to be believed; since before the box looked if `held_ns` is 0."""
    remedy = "if nobody holds it, it is stuck or its cable is shorted"
    if held_ns:
        return Reason(Why.STUCK, f"{button} has been down for {format_rough(held_ns)}; {remedy}")
    return Reason(Why.STUCK, f"{button} was down when the box started and is ignored until let go; {remedy}")


def held_too_short(held_ns: int, min_hold_ns: int) -> Reason:
    """Say that a factory body had no time to focus."""
    held, least = format_tenths(held_ns), format_tenths(min_hold_ns)
    return Reason(Why.FOCUS, f"held {held}; hold at least {least} so that the camera can focus")


def format_tenths(ns: int) -> str:
    """Format a span as people say it: 0.1 s."""
    return f"{ns / 1_000_000_000:.1f} s"


def limit_reached(limit_ns: int, key: str) -> str:
    """Say that FOCUS was opened by a limit."""
    return f"FOCUS was held for {format_duration(limit_ns)} ({key}) and has been opened; focus again"


def interrupted(slot: int, count: int) -> str:
    """Say that a run was interrupted before that slot, and what can be done about it."""
    of = f" of {count}" if count else ""
    return f"a run was interrupted before frame {slot + 1}{of}; resume (or run) goes on with it, stop drops it"


def interrupted_start(start: str) -> str:
    """Say that a run was interrupted that waited for its start, and what can be done about it."""
    return f"a run that begins at {start} was interrupted; resume (or run) waits for that again, stop drops it"


def not_taken_up(faults: Iterable[str]) -> str:
    """Say that a run was interrupted and is dropped, because it cannot be what it was."""
    return f"the run that was interrupted is dropped: {'; '.join(faults)}"


def parts_of(recipe: Recipe) -> str:
    """Say what a frame is made of: lead 100ms, hold 200ms, gap 330ms."""
    first, last = recipe.takes[0], recipe.takes[-1]
    spans = {
        "mirror-up" if first.mirror else "lead": recipe.lead_ns,
        "hold" if first.asked_ns is None else "exposure" if first is last else "exposures": recipe.hold_ns,
        "dark frame and gap" if recipe.reduces_noise and last.asked_ns else "gap": recipe.rest_ns,
    }
    return ", ".join(f"{name} {format_duration(ns)}" for name, ns in spans.items() if ns)


def interval_too_short(every_ns: int, recipe: Recipe) -> Reason:
    """Say that a frame does not fit into the interval, with the numbers and what would work."""
    frame = format_duration(recipe.frame_ns)
    return Reason(
        Why.PLAN,
        f"interval.every is {format_duration(every_ns)}, but a frame takes {frame} ({parts_of(recipe)}); "
        f"set interval.every to at least {frame}",
    )


def lock_too_short(needed_ns: int, left_ns: int) -> Reason:
    """Say that the focus lock ends before the run would."""
    return Reason(
        Why.PLAN,
        f"the run would end in {_rounded(needed_ns)}, but the focus lock opens in {_rounded(left_ns)} "
        "(focus.lock_limit); lower interval.count, raise the limit and focus again, or use back-button focus",
    )


def frame_seen(lag_ns: int | None) -> str:
    """Say what the flash contact tells of a single frame."""
    if lag_ns is None:
        return "the frame is unconfirmed: the flash contact did not close"
    return f"the frame is confirmed: the flash contact closed {format_lag(lag_ns)} after SHUTTER"


def calibrated(measured: Measured) -> tuple[str, str]:
    """Say what a calibration has measured, and how to keep it; a lag is never offered as 0s, which is none."""
    kept_ns = max(1, round(measured.median_ns / 100_000)) * 100_000
    found = (
        f"the shutter lag is {format_lag(measured.median_ns)}: the median of {measured.confirmed} confirmed frames "
        f"of {measured.frames}; from {format_lag(measured.least_ns)} to {format_lag(measured.most_ns)}, "
        f"median deviation {format_lag(measured.spread_ns)}"
    )
    return found, f"to keep it: set camera.shutter_lag {format_duration(kept_ns)}, then: save"


def not_calibrated(confirmed: int, frames: int, fewest: int) -> str:
    """Say that too few frames were confirmed to measure anything by them."""
    return (
        f"the shutter lag was not measured: {confirmed} of {frames} frames were confirmed, and {fewest} are needed; "
        "check the flash contact, which an electronic shutter and silent modes do not close"
    )


def format_lag(ns: int) -> str:
    """Format a lag as people say it: 52.3 ms."""
    return f"{ns / 1_000_000:.1f} ms"


def _rounded(ns: int) -> str:
    return format_long(max(0, ns) // 1_000_000_000 * 1_000_000_000)


def format_rough(ns: int) -> str:
    """Format a span in whole seconds, as far as anybody cares."""
    return format_duration(max(0, ns) // 1_000_000_000 * 1_000_000_000)
