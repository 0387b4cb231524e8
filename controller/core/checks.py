"""Checks whether a frame, and a run of frames, can work, before anything fires. Pure; knows no states and no time.

Every refusal is a sentence with the numbers, and with settings that work; the same settings are its `remedies`.
"""

from collections.abc import Callable, Iterator

from config.profile import SURE
from config.units import S_NS, format_duration
from controller.core import words
from controller.core.frames import SEPARATION_NS, Recipe
from controller.core.recipes import bulb_lag_ns, mirror_timeout_ns, settle_min_ns, shortest_press_ns
from controller.core.remedies import (
    AT_MOST,
    BACK_BUTTON_FOCUS,
    BULB_BRACKET,
    NO_MIRROR_UP,
    SINGLE_FRAMES,
    Remedy,
    at_least,
    within,
)
from controller.core.setup import Setup
from controller.core.words import Reason, Why, cannot_work

# A second press counts if it comes this long before the body drops the mirror; CameraAxe and others allow seconds.
_MIRROR_MARGIN_NS = 2 * S_NS
# A person needs this long to type what a refusal advises. Meanwhile the focus lock gets shorter.
TYPING_NS = 20 * S_NS
_MINUTE_NS = 60 * S_NS


def refuses_frame(setup: Setup) -> Reason | None:
    """Return why the drive, the mirror and this camera do not work together, None if they do."""
    return next((reason for check in _CHECKS for reason in check(setup)), None)


def refuses_last_exposure(setup: Setup) -> Reason | None:
    """Return why this body cannot take the last bulb exposure of a ramp, None if it can or there is no ramp."""
    shot = setup.settings.shot
    if shot.drive != "bulb" or not shot.exposure_end_ns:
        return None
    return next(_check_exposures(setup, "shot.exposure_end", (shot.exposure_end_ns,)), None)


def refuses_hold(setup: Setup, recipe: Recipe, *, is_lock: bool) -> Reason:
    """Return why a frame cannot be taken before FOCUS opens, which a lock, or a held `back`, keeps closed."""
    focus, safety = setup.settings.focus, setup.settings.safety
    key, limit_ns = "focus.lock_limit", focus.lock_limit_ns
    if not is_lock:
        key, limit_ns = "safety.max_hold", safety.max_hold_ns
    hold_ns = recipe.hold_ns + SEPARATION_NS
    if hold_ns + TYPING_NS <= limit_ns:
        return words.LIMIT_IS_NEAR
    raised = at_least(key, minutes_up(hold_ns + TYPING_NS), f"set {key} to at least {{value}} and focus again")
    return words.hold_too_long(hold_ns, limit_ns, key, raised, BACK_BUTTON_FOCUS)


def minutes_up(ns: int) -> int:
    """Round up to whole minutes."""
    return -(-ns // _MINUTE_NS) * _MINUTE_NS


def _check_port(setup: Setup) -> Iterator[Reason]:
    profile = setup.profile
    if not profile.is_usable:
        remedy = "set camera.profile to the camera that is connected"
        yield Reason(Why.PLAN, f"{profile.id} cannot be driven: {profile.why_not}; {remedy}")
    elif setup.has_lock and _needs_focus_open(setup):
        bbf = "set the camera to back-button focus, then: set camera.back_button_focus true"
        yield cannot_work(
            f"{profile.id} fires only once unless FOCUS opens between frames, so a focus lock cannot work",
            Remedy("camera.back_button_focus", "true", text=bbf),
        )


def lock_may_fail(setup: Setup) -> bool:
    """Return whether one source says that FOCUS has to open between frames, where a focus lock keeps it closed."""
    return setup.has_lock and bool(setup.profile.release_focus_between_shots) and not _needs_focus_open(setup)


def refuses_lock(setup: Setup) -> Reason | None:
    """Return why a focus lock cannot keep the focus on this body, None if it can or there is no lock.

    A frame may still be taken while `back` is held and the body focuses.
    """
    return words.AF_C if setup.has_lock and setup.settings.camera.continuous_af is True else None


def _needs_focus_open(setup: Setup) -> bool:
    """Return whether FOCUS has to open between frames for sure; a single source only makes a warning."""
    profile = setup.profile
    is_sure = profile.confidence_of("release_focus_between_shots") in SURE
    return bool(profile.release_focus_between_shots) and is_sure


def _check_mirror(setup: Setup) -> Iterator[Reason]:
    shot, profile = setup.settings.shot, setup.profile
    if not shot.mirror_up_ns:
        return
    value = f"shot.mirror_up is {format_duration(shot.mirror_up_ns)}, but"
    least_ns, timeout_ns = settle_min_ns(profile), mirror_timeout_ns(profile)
    if setup.is_factory:
        rule = "it takes two presses with both contacts open between them, and half-press focuses on this body"
        yield cannot_work(f"{value} {rule}", BACK_BUTTON_FOCUS, NO_MIRROR_UP)
    elif _NO_MIRROR_UP.get(_mirror_kind(setup)) is not None:
        yield cannot_work(f"{value} {_NO_MIRROR_UP[_mirror_kind(setup)].format(id=profile.id)}", NO_MIRROR_UP)
    elif shot.mirror_up_ns < least_ns:
        least = format_duration(least_ns)
        rule = f"{profile.id} needs at least {least} between the presses"
        yield cannot_work(f"{value} {rule}", at_least("shot.mirror_up", least_ns), NO_MIRROR_UP)
    elif shot.mirror_up_ns + _MIRROR_MARGIN_NS > timeout_ns:
        most = Remedy("shot.mirror_up", format_duration(timeout_ns - _MIRROR_MARGIN_NS), AT_MOST)
        yield cannot_work(f"{value} {profile.id} drops a raised mirror after {format_duration(timeout_ns)}", most)
    elif shot.drive == "burst":
        rule = "a burst cannot raise the mirror for each of its frames"
        yield cannot_work(f"{value} {rule}", SINGLE_FRAMES, NO_MIRROR_UP)
    elif shot.drive == "bracket" and not shot.bracket:
        rule = "the camera's own bracketing sequence takes one press"
        yield cannot_work(f"{value} {rule}", *_bulb_bracket(setup), NO_MIRROR_UP)


def _mirror_kind(setup: Setup) -> str:
    return "unknown" if setup.profile.mirror_up is None else setup.profile.mirror_up.kind


_NO_MIRROR_UP = {
    "none": "{id} has no mirror to raise",
    "unknown": "it is not known how {id} raises its mirror",
    "self-timer-2s": "{id} raises its mirror itself, in its own self-timer of 2 s: choose that on the camera",
    "exposure-delay": "{id} raises its mirror itself, in its exposure delay mode: choose that on the camera",
}


def _check_bulb(setup: Setup) -> Iterator[Reason]:
    shot = setup.settings.shot
    exposures = _exposures(setup)
    if not exposures:
        return
    yield from _check_exposures(setup, "shot.exposure" if shot.drive == "bulb" else "shot.bracket", exposures)


def _check_exposures(setup: Setup, key: str, exposures: tuple[int, ...]) -> Iterator[Reason]:
    profile = setup.profile
    shortest_ns, longest_ns = min(exposures), max(exposures)
    least_ns, most_ns = shortest_bulb_ns(setup), profile.bulb_max_ns
    if not _has_bulb(setup):
        yield cannot_work(f"it is not known how {profile.id} takes bulb exposures", SINGLE_FRAMES)
    elif most_ns is not None and longest_ns > most_ns:
        rule = f"{profile.id} ends a bulb exposure after {format_duration(most_ns)}"
        cause = f"{key}: {format_duration(longest_ns)} is too long, {rule}"
        yield cannot_work(cause, within(key, exposures, 0, most_ns), SINGLE_FRAMES)
    elif shortest_ns < least_ns:
        least = format_duration(least_ns)
        rule = f"SHUTTER cannot make {profile.id} expose for less than {least}"
        if least_ns == setup.settings.camera.shortest_bulb_ns:
            rule = f"camera.shortest_bulb is {least}"
        cause = f"{key}: {format_duration(shortest_ns)} is too short, {rule}"
        camera_times = Remedy("shot.drive", "single", text=f"{SINGLE_FRAMES} and a shutter speed on the camera")
        yield cannot_work(cause, within(key, exposures, least_ns, None), camera_times)


def _has_bulb(setup: Setup) -> bool:
    return setup.profile.bulb in ("hold", "toggle")


def _bulb_bracket(setup: Setup) -> tuple[Remedy, ...]:
    """Return the remedy to take a bracket of bulb exposures, if the camera can."""
    return (BULB_BRACKET,) if _has_bulb(setup) else ()


def shortest_bulb_ns(setup: Setup) -> int:
    """Return the shortest exposure that presses of SHUTTER can make on this body, or that it takes dependably."""
    profile = setup.profile
    closed_ns = max(shortest_press_ns(profile), profile.bulb_min_ns or 0)
    if profile.bulb == "toggle":
        closed_ns = profile.hold_ns + profile.gap_ns + profile.lead_ns
    return max(0, closed_ns - bulb_lag_ns(setup), setup.settings.camera.shortest_bulb_ns)


def _exposures(setup: Setup) -> tuple[int, ...]:
    shot = setup.settings.shot
    return {"bulb": (shot.exposure_ns,), "bracket": shot.bracket}.get(shot.drive, ())


def _check_bracket(setup: Setup) -> Iterator[Reason]:
    shot, profile = setup.settings.shot, setup.profile
    if shot.drive != "bracket" or shot.bracket:
        return
    if profile.aeb is None or profile.aeb.set_by is None:
        cause = f"it is not known how {profile.id} takes its own bracketing sequence"
        yield cannot_work(cause, *_bulb_bracket(setup), SINGLE_FRAMES)
    elif profile.aeb.set_by == "hold" and shot.bracket_hold_ns < profile.hold_ns:
        value = f"shot.bracket_hold is {format_duration(shot.bracket_hold_ns)}"
        rule = f"{profile.id} needs at least {format_duration(profile.hold_ns)}"
        yield cannot_work(f"{value}, but {rule}", at_least("shot.bracket_hold", profile.hold_ns), SINGLE_FRAMES)


_CHECKS: tuple[Callable[[Setup], Iterator[Reason]], ...] = (_check_port, _check_mirror, _check_bulb, _check_bracket)
