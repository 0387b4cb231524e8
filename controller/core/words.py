"""The sentences of the box: mostly why it refuses an input, in words that a photographer understands."""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Self

from config.units import format_duration, format_long
from controller.core.calibrating import Measured
from controller.core.frames import Recipe
from controller.core.remedies import Remedy, possible
from controller.core.states import Focus, Release


class Why(Enum):
    """The kinds of reasons that a person in the dark needs to tell apart; the lamps have a code for each."""

    FOCUS = auto()  # focus has to be dialled in first
    BUSY = auto()  # something is in progress
    UNSTATED = auto()  # the box does not know how the camera is set up
    PLAN = auto()  # the run as planned cannot work
    NOTHING = auto()  # there is nothing to stop, resume or clear
    STUCK = auto()  # a button is down, and a finger cannot be the cause
    FAULT = auto()  # the box has stopped because of a fault


class Reason(str):
    """A sentence that explains a refusal, with the kind of reason in `why`.

    `remedies` are settings that would make it work, each by itself; empty if no setting would.
    """

    __slots__ = ("remedies", "why")

    why: Why
    remedies: tuple[Remedy, ...]

    def __new__(cls, why: Why, text: str, remedies: Iterable[Remedy] = ()) -> Self:
        """Return the sentence `text` with the kind `why`."""
        reason = super().__new__(cls, text)
        reason.why, reason.remedies = why, tuple(remedies)
        return reason


def cannot_work(cause: str, *remedies: Remedy) -> Reason:
    """Return that the plan cannot work because of `cause`, and what to set; at least one remedy must be possible."""
    useful = possible(remedies)
    return Reason(Why.PLAN, f"{cause}; {', or '.join(map(str, useful))}", useful)


FOCUS_FIRST = {
    Focus.UNFOCUSED: Reason(Why.FOCUS, "focus is not dialled in yet; hold back while you focus, let go, then {then}"),
    Focus.FOCUSING: Reason(Why.FOCUS, "focus is still being set; let go of back first"),
    Focus.TRIMMING: Reason(Why.FOCUS, "focus is being trimmed; turn the ring, then tap back to accept it"),
}

# Why no frame can be fired outside of a run, by the state of the release machine.
SHUTTER_BUSY = {
    Release.DELAYING: Reason(Why.BUSY, "the self-timer is running; wait for the frame, or cut it"),
    Release.MIRROR_UP: Reason(
        Why.BUSY, "the mirror is up; wait for the frame, or, after a cut, until the camera has lowered it"
    ),
    Release.EXPOSING: Reason(Why.BUSY, "a frame is being taken; nothing is queued, press again when it is done"),
    Release.RECOVERING: Reason(Why.BUSY, "the camera is getting ready after the last frame; press again in a moment"),
    Release.WAITING: Reason(Why.BUSY, "a run is in progress; pause or stop it first"),
    Release.PAUSED: Reason(Why.BUSY, "a run is paused; resume or stop it first"),
    Release.PROVING: Reason(Why.BUSY, "a proof has the contacts; wait until they are open, or cut it"),
    Release.FAULT: Reason(
        Why.FAULT, "the box stopped because of a fault, with both contacts open; see status, then: clear"
    ),
}

# Why focus may not be changed, outside of a run.
FOCUS_BUSY = {
    **SHUTTER_BUSY,
    Release.DELAYING: Reason(Why.BUSY, "the self-timer is running and needs this focus; stop or cut it first"),
    Release.EXPOSING: Reason(Why.BUSY, "a frame is being taken; focus again when it is done"),
    Release.RECOVERING: Reason(Why.BUSY, "the camera is getting ready after the last frame; focus again in a moment"),
}

# Why no run can be started, outside of a run.
START_BUSY = {
    **SHUTTER_BUSY,
    Release.EXPOSING: Reason(Why.BUSY, "a frame is being taken; start the run when it is done"),
    Release.RECOVERING: Reason(Why.BUSY, "the camera is getting ready after the last frame; start again in a moment"),
}

# Why no setting can be changed.
SETTING_BUSY = {
    **SHUTTER_BUSY,
    Release.EXPOSING: Reason(Why.BUSY, "a frame is being taken; change it when the frame is done"),
    Release.RECOVERING: Reason(Why.BUSY, "the camera is getting ready after the last frame; try again in a moment"),
}
FOCUS_LOCKED_IN_RUN = Reason(Why.BUSY, "focus is locked during a run; pause first")
BACK_IS_HELD = Reason(Why.BUSY, "back is already held; let it go first")
STILL_FOCUSING = Reason(Why.BUSY, "the camera is still focusing; wait a moment")
BACK_IS_HELD_BY_A_FINGER = Reason(Why.BUSY, "somebody holds the back button; release it there")
BACK_IS_NOT_HELD = Reason(Why.NOTHING, "back is not held; there is nothing to release")
PROOF_PRESS = "proof press"  # the name of that input
FOCUS_IS_CLOSED = Reason(Why.BUSY, "FOCUS is closed; release back, or clear the focus, and then press")
NOTHING_TO_ACCEPT = Reason(Why.NOTHING, "nothing to accept: no focus is being trimmed (see focus.mode trim)")
RUN_SHAPED = Reason(Why.BUSY, "this would change the run in progress; stop it first")
RUN_OFFERED = Reason(Why.BUSY, "this would change the interrupted run; resume continues that run, stop drops it")
LIMIT_IS_NEAR = Reason(Why.FOCUS, "FOCUS is about to reach its limit and open; focus again first")
NO_SYNC = Reason(
    Why.PLAN,
    "there is no sync input to measure with; wire the flash contact, then: set pins.sync 25, save, restart",
    (Remedy("pins.sync", "25"),),
)
UNCONFIRMED = "the flash contact did not close, and has not closed in this run yet"
MISSED = "the flash contact did not close, though it has closed in this run before"
CALIBRATION_CUT = "the calibration was cut and has measured nothing"
NO_SELF_TIMER = "the self-timer is not used in a run; interval.start delays its first frame"
LOCK_ENDS = "the run ends here, because the focus lock ends (focus.lock_limit)"
NO_RUN = Reason(Why.NOTHING, "there is no run; begin one with start")
NO_FAULT = Reason(Why.NOTHING, "there is no fault to clear")
NOTHING_TO_STOP = Reason(Why.NOTHING, "nothing is in progress; there is nothing to stop")
STOPPING = Reason(Why.BUSY, "the run is stopping after this frame")
ALREADY_PAUSED = Reason(Why.NOTHING, "the run is already paused; resume continues it")
NOT_PAUSED = Reason(Why.NOTHING, "the run is not paused")

UNSTATED = (
    "camera.back_button_focus is not set, and {profile} closes FOCUS to fire, which moves the lens unless "
    "back-button focus is set on the camera; to match your camera: set camera.back_button_focus true (or false)"
)
UNSTATED_WARNING = (
    "camera.back_button_focus is not set; if half-press focuses on this camera, frames can move the lens"
)

LOCK_IS_GONE = Reason(
    Why.FOCUS,
    "the run cannot continue, because its focus is lost; drop it with stop, focus again and start a new one",
)
OTHER_GRID = "its frames do not follow the settings, as in a calibration"
END_NEEDS_CLOCK = Reason(
    Why.PLAN,
    "interval.end depends on the clock, which is not set; set it with: clock set 2026-11-23T06:30, or remove the end "
    "with: set interval.end none",
    (Remedy("interval.end", "none"),),
)
DROPPED = "the interrupted run is dropped, because another one begins"
MIRROR_NOT_RECORDED = (
    "the journal is slow, so this frame was fired before it was on record that the mirror may be up; if the box "
    "restarts during it, wait half a minute before the next frame"
)
JOURNAL_FAILS = "the journal does not work; frames are taken without it"
GOES_ON_BY_CLOCK = "it resumes by itself as soon as the clock is set, which interval.end needs"
GRID_IS_LOST = "the run continues from now: its old times are lost, because the clock was not set"
LOCK_MAY_FAIL = (
    "this body may fire only once while FOCUS stays closed (one source says so); if it does, use back-button focus"
)
_AF_C = "in AF-C / AI Servo a held half-press goes on driving the lens, so a focus lock does not hold the focus"
AF_C = Reason(
    Why.PLAN,
    f"camera.continuous_af is true, and {_AF_C}; set the camera to AF-S / One Shot, then: "
    "set camera.continuous_af false; or set it to back-button focus, then: set camera.back_button_focus true; or "
    "fire while you hold back: set focus.mode continuous",
    (Remedy("camera.continuous_af", "false"), Remedy("camera.back_button_focus", "true")),
)
AF_MODE_WARNING = (
    "focus.mode is continuous and half-press focuses: the camera has to be on AF-S / One Shot, because "
    f"{_AF_C}; to say which it is: set camera.continuous_af false (or true for AF-C)"
)
INTERLOCK_OFF = "focus.interlock is off: the shutter does not wait for focus"


def focus_first(focus: Focus, then: str) -> Reason | None:
    """Return why nothing can be fired in this state of focus, None if it can; `then` is what to do afterwards."""
    reason = FOCUS_FIRST.get(focus)
    then = "tap run" if then == "run tapped" else then
    return None if reason is None else Reason(reason.why, reason.format(then=then))


def unstated(profile_id: str) -> Reason:
    """Return the refusal to fire this body while its set-up is not stated."""
    key = "camera.back_button_focus"
    remedies = (Remedy(key, "true"), Remedy(key, "false", text="(or false)"))
    return Reason(Why.UNSTATED, UNSTATED.format(profile=profile_id), remedies)


def stuck(button: str, held_ns: int) -> Reason:
    """Return that a button has been down for implausibly long; since before the start if `held_ns` is 0."""
    remedy = "if nobody holds it, it is stuck or its cable is shorted"
    if held_ns:
        return Reason(Why.STUCK, f"{button} has been down for {format_rough(held_ns)}; {remedy}")
    return Reason(Why.STUCK, f"{button} was down when the box started and is ignored until released; {remedy}")


def held_too_short(held_ns: int, min_hold_ns: int) -> Reason:
    """Return that a factory body had no time to focus."""
    held, minimum = format_tenths(held_ns), format_tenths(min_hold_ns)
    return Reason(Why.FOCUS, f"held {held}; hold at least {minimum} so that the camera can focus")


def hold_out_of_range(hold_ns: int, shortest_ns: int, longest_ns: int) -> Reason:
    """Return that a timed hold is too short to focus, or longer than any hold may be."""
    shortest, longest = format_duration(shortest_ns), format_duration(longest_ns)
    bounds = f"{shortest} (focus.min_hold) to {longest} (just below safety.max_hold)"
    return Reason(Why.FOCUS, f"a hold of {format_duration(hold_ns)} is out of range; choose from {bounds}")


def format_tenths(ns: int) -> str:
    """Format a time span for a person: 0.1 s."""
    return f"{ns / 1_000_000_000:.1f} s"


def limit_reached(limit_ns: int, key: str) -> str:
    """Return that a limit has opened FOCUS."""
    return f"FOCUS was held for {format_duration(limit_ns)} ({key}) and has been opened; focus again"


def interrupted(slot: int, count: int) -> str:
    """Return that a run was interrupted before that slot, and how to resume or drop it."""
    of = f" of {count}" if count else ""
    return f"a run was interrupted before frame {slot + 1}{of}; resume (or run) continues it, stop drops it"


def interrupted_start(start: str) -> str:
    """Return that a run was interrupted while it waited for its start, and how to resume or drop it."""
    return f"a run that starts at {start} was interrupted; resume (or run) waits for it again, stop drops it"


def not_taken_up(faults: Iterable[str]) -> str:
    """Return that an interrupted run is dropped, because it cannot be resumed as it was."""
    return f"the interrupted run is dropped: {'; '.join(faults)}"


def parts_of(recipe: Recipe) -> str:
    """Return what a frame is made of: lead 100ms, hold 200ms, gap 330ms."""
    first, last = recipe.takes[0], recipe.takes[-1]
    spans = {
        "mirror-up" if first.mirror else "lead": recipe.lead_ns,
        "hold" if first.bulb_ns is None else "exposure" if first is last else "exposures": recipe.hold_ns,
        "dark frame and gap" if recipe.reduces_noise and last.bulb_ns else "gap": recipe.rest_ns,
    }
    return ", ".join(f"{name} {format_duration(ns)}" for name, ns in spans.items() if ns)


def interval_too_short(every_ns: int, recipe: Recipe, *remedies: Remedy) -> Reason:
    """Return that a frame does not fit into the interval, with the numbers and what would work."""
    cause = f"interval.every is {format_duration(every_ns)}, but a frame takes {format_duration(recipe.frame_ns)}"
    return cannot_work(f"{cause} ({parts_of(recipe)})", *remedies)


def interval_is_tight(every_ns: int, remedy: Remedy) -> str:
    """Warn that a frame just fits into the interval."""
    return f"a frame just fits into interval.every {format_duration(every_ns)}, so some may be late; {remedy}"


def lock_too_short(needed_ns: int, left_ns: int, *remedies: Remedy) -> Reason:
    """Return that the focus lock would end before the run does."""
    cause = f"the run would end in {_rounded(needed_ns)}, but the focus lock opens in {_rounded(left_ns)}"
    return cannot_work(f"{cause} (focus.lock_limit)", *remedies)


def hold_too_long(hold_ns: int, limit_ns: int, key: str, *remedies: Remedy) -> Reason:
    """Return that no focus lasts as long as the frame."""
    frame, limit = format_long(hold_ns), format_long(limit_ns)
    return cannot_work(f"the frame takes {frame}, but FOCUS is held for {limit} at most ({key})", *remedies)


def frame_seen(lag_ns: int | None) -> str:
    """Return what the flash contact showed of a single frame."""
    if lag_ns is None:
        return "the frame is unconfirmed: the flash contact did not close"
    return f"the frame is confirmed: the flash contact closed {format_lag(lag_ns)} after SHUTTER"


def calibrated(measured: Measured) -> tuple[str, str]:
    """Return what a calibration has measured, and how to keep it; nothing offered is 0s, which means none."""
    lag, spread = (max(1, round(ns / 100_000)) * 100_000 for ns in (measured.median_ns, measured.spread_ns))
    sets = f"set camera.shutter_lag {format_duration(lag)}, set camera.lag_spread {format_duration(spread)}"
    result = (
        f"the shutter lag is {format_lag(measured.median_ns)}: the median of {measured.confirmed} confirmed frames "
        f"of {measured.frames}; from {format_lag(measured.least_ns)} to {format_lag(measured.most_ns)}, "
        f"median deviation {format_lag(measured.spread_ns)}"
    )
    return result, f"to keep it: {sets}, then: save"


def not_calibrated(confirmed: int, frames: int, fewest: int) -> str:
    """Return that too few frames were confirmed for a measurement."""
    return (
        f"the shutter lag was not measured: {confirmed} of {frames} frames were confirmed, and {fewest} are needed; "
        "check the flash contact: an electronic shutter and silent modes do not close it"
    )


def format_lag(ns: int) -> str:
    """Format a lag for a person: 52.3 ms."""
    return f"{ns / 1_000_000:.1f} ms"


def _rounded(ns: int) -> str:
    return format_long(max(0, ns) // 1_000_000_000 * 1_000_000_000)


def format_rough(ns: int) -> str:
    """Format a time span in whole seconds."""
    return format_duration(max(0, ns) // 1_000_000_000 * 1_000_000_000)
