"""Checks whether a frame, and a run of frames, can work, before anything fires. Pure; knows no states and no time.

Every refusal is a sentence with the numbers and the nearest setting that works.
"""

from collections.abc import Callable, Iterator

from config.units import S_NS, format_duration
from controller.core import words
from controller.core.frames import Recipe
from controller.core.recipes import bulb_lag_ns, mirror_timeout_ns, settle_min_ns, shortest_press_ns
from controller.core.setup import Setup
from controller.core.words import Reason, Why

# A second press counts if it comes this long before the body drops the mirror; CameraAxe and others allow seconds.
_MIRROR_MARGIN_NS = 2 * S_NS


def refuses_frame(setup: Setup) -> Reason | None:
    """Return why the drive, the mirror and this camera do not work together, None if they do."""
    sentence = next((sentence for check in _CHECKS for sentence in check(setup)), None)
    return None if sentence is None else Reason(Why.PLAN, sentence)


def refuses_interval(recipe: Recipe, every_ns: int) -> Reason | None:
    """Return why a frame does not fit into the interval, None if it does."""
    return None if recipe.frame_ns <= every_ns else words.interval_too_short(every_ns, recipe)


def refuses_last_exposure(setup: Setup) -> Reason | None:
    """Return why this body cannot take the last bulb exposure of a ramp, None if it can or there is no ramp."""
    shot = setup.settings.shot
    if shot.drive != "bulb" or not shot.exposure_end_ns:
        return None
    sentence = next(_check_exposures(setup, "shot.exposure_end", (shot.exposure_end_ns,)), None)
    return None if sentence is None else Reason(Why.PLAN, sentence)


def _check_port(setup: Setup) -> Iterator[str]:
    profile = setup.profile
    if not profile.is_usable:
        yield f"{profile.id} cannot be driven: {profile.why_not}; set camera.profile to the camera that is connected"
    elif setup.has_lock and _needs_focus_open(setup):
        yield (
            f"{profile.id} fires only once unless FOCUS opens between frames, so a focus lock cannot work; "
            "set the camera to back-button focus, then: set camera.back_button_focus true"
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
    is_sure = profile.confidence_of("release_focus_between_shots") == "confirmed"
    return bool(profile.release_focus_between_shots) and is_sure


def _check_mirror(setup: Setup) -> Iterator[str]:
    shot, profile = setup.settings.shot, setup.profile
    if not shot.mirror_up_ns:
        return
    value, off = f"shot.mirror_up is {format_duration(shot.mirror_up_ns)}", "set shot.mirror_up 0s"
    least_ns, timeout_ns = settle_min_ns(profile), mirror_timeout_ns(profile)
    if setup.is_factory:
        yield (
            f"{value}, but it takes two presses with both contacts open between them, and half-press focuses on this "
            f"body; use back-button focus, or {off}"
        )
    elif _NO_MIRROR_UP.get(_mirror_kind(setup)) is not None:
        yield f"{value}, but {_NO_MIRROR_UP[_mirror_kind(setup)].format(id=profile.id)}; {off}"
    elif shot.mirror_up_ns < least_ns:
        least = format_duration(least_ns)
        yield f"{value}, but {profile.id} needs at least {least} between the presses; set shot.mirror_up {least}"
    elif shot.mirror_up_ns + _MIRROR_MARGIN_NS > timeout_ns:
        most = format_duration(timeout_ns - _MIRROR_MARGIN_NS)
        yield (
            f"{value}, but {profile.id} drops a raised mirror after {format_duration(timeout_ns)}; "
            f"set shot.mirror_up to at most {most}"
        )
    elif shot.drive == "burst":
        yield f"{value}, but a burst cannot raise the mirror for each of its frames; set shot.drive single, or {off}"
    elif shot.drive == "bracket" and not shot.bracket:
        rule = "the camera's own bracketing sequence takes one press"
        yield f"{value}, but {rule}; give exposures in shot.bracket, or {off}"


def _mirror_kind(setup: Setup) -> str:
    return "unknown" if setup.profile.mirror_up is None else setup.profile.mirror_up.kind


_NO_MIRROR_UP = {
    "none": "{id} has no mirror to raise",
    "unknown": "it is not known how {id} raises its mirror",
    "self-timer-2s": "{id} raises its mirror itself, in its own self-timer of 2 s: choose that on the camera",
    "exposure-delay": "{id} raises its mirror itself, in its exposure delay mode: choose that on the camera",
}


def _check_bulb(setup: Setup) -> Iterator[str]:
    shot = setup.settings.shot
    exposures = _exposures(setup)
    if not exposures:
        return
    yield from _check_exposures(setup, "shot.exposure" if shot.drive == "bulb" else "shot.bracket", exposures)


def _check_exposures(setup: Setup, key: str, exposures: tuple[int, ...]) -> Iterator[str]:
    profile = setup.profile
    shortest_ns, longest_ns = min(exposures), max(exposures)
    least_ns = shortest_bulb_ns(setup)
    if profile.bulb not in ("hold", "toggle"):
        yield f"it is not known how {profile.id} takes bulb exposures; set shot.drive single"
    elif profile.bulb_max_ns is not None and longest_ns > profile.bulb_max_ns:
        most = format_duration(profile.bulb_max_ns)
        yield (
            f"{key}: {format_duration(longest_ns)} is too long, {profile.id} ends a bulb exposure after {most}; "
            f"choose at most {most}"
        )
    elif shortest_ns < least_ns:
        least = format_duration(least_ns)
        yield (
            f"{key}: {format_duration(shortest_ns)} is too short, SHUTTER cannot make {profile.id} expose for less "
            f"than {least}; choose at least {least}, or shot.drive single and a shutter speed on the camera"
        )


def shortest_bulb_ns(setup: Setup) -> int:
    """Return the shortest exposure that presses of SHUTTER can make on this body."""
    profile = setup.profile
    closed_ns = shortest_press_ns(profile)
    if profile.bulb == "toggle":
        closed_ns = profile.hold_ns + profile.gap_ns + profile.lead_ns
    return max(0, closed_ns - bulb_lag_ns(setup))


def _exposures(setup: Setup) -> tuple[int, ...]:
    shot = setup.settings.shot
    return {"bulb": (shot.exposure_ns,), "bracket": shot.bracket}.get(shot.drive, ())


def _check_bracket(setup: Setup) -> Iterator[str]:
    shot, profile = setup.settings.shot, setup.profile
    if shot.drive != "bracket" or shot.bracket:
        return
    if profile.aeb is None or profile.aeb.set_by is None:
        yield (
            f"it is not known how {profile.id} takes its own bracketing sequence; give bulb exposures in "
            'shot.bracket, like "1s, 4s, 16s", or set shot.drive single'
        )
    elif profile.aeb.set_by == "hold" and shot.bracket_hold_ns < profile.hold_ns:
        least = format_duration(profile.hold_ns)
        value = f"shot.bracket_hold is {format_duration(shot.bracket_hold_ns)}"
        yield f"{value}, but {profile.id} needs at least {least}; set shot.bracket_hold {least}"


_CHECKS: tuple[Callable[[Setup], Iterator[str]], ...] = (_check_port, _check_mirror, _check_bulb, _check_bracket)
