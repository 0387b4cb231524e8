"""Makes the recipe of a frame from the settings and the camera profile. Pure; knows no states.

The set-up of the body and the profile decide which contacts a press uses (the table in docs/techniques.md); the drive
and the mirror decide how many presses there are and how long they last. `checks` decides whether that can work.
"""

from dataclasses import replace

from config.cameras import Profile
from controller.core.frames import Press, Recipe, Take
from controller.core.setup import Setup
from hardware.clock import MILLISECOND_NS, SECOND_NS

# For profiles that do not say how the mirror is raised, the values of those that do: Magic Lantern waits 500 ms
# between the presses; Canon and Nikon bodies drop a raised mirror after 30 s.
_SETTLE_MIN_NS = 500 * MILLISECOND_NS
_MIRROR_TIMEOUT_NS = 30 * SECOND_NS
# Photoduino presses again after 31 s, so that a body with a slow timer has dropped the mirror too.
_TIMEOUT_MARGIN_NS = SECOND_NS
# A body counts as asleep this long before the meter-off time in its profile.
DROWSY_NS = 500 * MILLISECOND_NS


def recipe(
    setup: Setup, *, focus_is_held: bool, follows_button: bool = False, exposure_ns: int | None = None
) -> Recipe:
    """Return the recipe of a frame fired now.

    `focus_is_held`: a lock, or `back` on a factory body, keeps FOCUS closed. `follows_button`: a burst lasts as long
    as a finger is on `shutter`, up to the limit. `exposure_ns` replaces the bulb exposure in the settings.
    """
    shot, profile = setup.settings.shot, setup.profile
    builder = _RecipeBuilder(setup, _lead_ns(setup, focus_is_held=focus_is_held), shot.mirror_up_ns)
    match shot.drive:
        case "bulb":
            builder.expose(shot.exposure_ns if exposure_ns is None else exposure_ns)
        case "bracket" if shot.bracket:
            for bracketed_ns in shot.bracket:
                builder.expose(bracketed_ns)
        case "bracket" if profile.aeb is not None and profile.aeb.set_by == "press":
            builder.press(profile.hold_ns, lasts_ns=shot.bracket_hold_ns)
        case "bracket":
            builder.press(shot.bracket_hold_ns)
        case "burst" if follows_button:
            builder.press(setup.settings.safety.max_hold_ns)
        case _:
            builder.press(profile.hold_ns)
    return builder.recipe()


def ending_press(setup: Setup, *, focus_is_held: bool) -> Recipe:
    """Return the press that ends an exposure left in progress, on a body where presses begin and end it."""
    builder = _RecipeBuilder(setup, _lead_ns(setup, focus_is_held=focus_is_held), settle_ns=0)
    builder.press(setup.profile.hold_ns)
    return builder.recipe()


def bulb_lag_ns(setup: Setup) -> int:
    """Return how much longer SHUTTER is closed than the exposure: as calibrated, else as in the profile."""
    camera = setup.settings.camera
    return (camera.shutter_lag_ns or setup.profile.exposure_lag_ns or 0) - camera.close_lag_ns


def settle_min_ns(profile: Profile) -> int:
    """Return the shortest time from the end of the press that raises the mirror to the press that exposes."""
    known_ns = profile.mirror_up.settle_min_ns if profile.mirror_up else None
    return max(known_ns or _SETTLE_MIN_NS, profile.gap_ns + profile.lead_ns)


def mirror_timeout_ns(profile: Profile) -> int:
    """Return how long the body keeps a raised mirror up without a second press."""
    known_ns = profile.mirror_up.timeout_ns if profile.mirror_up else None
    return known_ns or _MIRROR_TIMEOUT_NS


def mirror_is_down_ns(profile: Profile, raised_ns: int) -> int:
    """Return when the body has certainly dropped a mirror raised at `raised_ns`."""
    return raised_ns + mirror_timeout_ns(profile) + _TIMEOUT_MARGIN_NS


def shortest_press_ns(profile: Profile) -> int:
    """Return how long SHUTTER must be closed for the body to notice: as documented, else the profile's usual hold."""
    return profile.shutter_min_ns or profile.hold_ns


def _lead_ns(setup: Setup, *, focus_is_held: bool) -> int | None:
    """Return how long before SHUTTER FOCUS closes, None if it stays as it is."""
    profile = setup.profile
    if focus_is_held:
        return None
    if setup.is_factory:  # a plain remote, interlock off: the body first needs the time to wake and to focus
        may_sleep = setup.settings.camera.wake and profile.wake.meter_off_ns is not None
        wake_ns = profile.wake.lead_ns if may_sleep else 0
        return max(profile.lead_ns, setup.settings.focus.min_hold_ns, wake_ns)
    asserts_focus = setup.settings.shot.mirror_up_ns and profile.mirror_up and profile.mirror_up.assert_focus
    return profile.lead_ns if setup.needs_focus or asserts_focus else None


class _RecipeBuilder:
    """Builds the takes of a frame: each one as soon after the one before as the body allows."""

    def __init__(self, setup: Setup, lead_ns: int | None, settle_ns: int) -> None:
        self._profile = setup.profile
        self._short_lead_ns = self._lead_ns = lead_ns
        self._settle_ns = settle_ns
        self._sleeps_after_ns = setup.profile.wake.meter_off_ns if setup.settings.camera.wake else None
        self._lag_ns = bulb_lag_ns(setup)
        profile, camera = setup.profile, setup.settings.camera
        self._recipe = Recipe((), profile.gap_ns, profile.hold_ns, camera.noise_reduction)
        self._takes: list[Take] = []
        self._free_ns = 0

    def press(self, hold_ns: int, lasts_ns: int = 0) -> None:
        """Add a press for one picture, or for as many as the body takes meanwhile."""
        mirror = self._raised_mirror()
        self._add(Take(Press(self._free_ns, hold_ns, self._lead_ns), mirror, lasts_ns=lasts_ns))

    def expose(self, exposure_ns: int) -> None:
        """Add a bulb exposure: one long press, or one press to begin and another to end it."""
        mirror, closed_ns = self._raised_mirror(), exposure_ns + self._lag_ns
        if self._profile.bulb == "toggle":
            begins = Press(self._free_ns, self._profile.hold_ns, self._lead_ns)
            ends = Press(self._free_ns + closed_ns, self._profile.hold_ns, self._short_lead_ns)
            self._add(Take(begins, mirror, ends, exposure_ns))
        else:
            self._add(Take(Press(self._free_ns, closed_ns, self._lead_ns), mirror, None, exposure_ns))

    def recipe(self) -> Recipe:
        """Return the recipe, with times that count from when it is due."""
        due_ns = self._takes[0].exposes.at_ns
        return replace(self._recipe, takes=tuple(take.moved(-due_ns) for take in self._takes))

    def _raised_mirror(self) -> Press | None:
        if not self._settle_ns:
            return None
        known_ns = self._profile.mirror_up.first_press_ns if self._profile.mirror_up else None
        mirror = Press(self._free_ns, known_ns or self._profile.hold_ns, self._lead_ns)
        self._free_ns = mirror.opens_ns + self._settle_ns
        return mirror

    def _add(self, take: Take) -> None:
        """Add a take, and find when the next one can be; a body that falls asleep until then has to be woken."""
        self._takes.append(take)
        rest_ns = self._recipe.rest_after(take)
        may_sleep = self._sleeps_after_ns is not None and rest_ns > self._sleeps_after_ns - DROWSY_NS
        if self._short_lead_ns is not None:
            self._lead_ns = max(self._short_lead_ns, self._profile.wake.lead_ns if may_sleep else 0)
        self._free_ns = take.opens_ns + rest_ns + (self._lead_ns or 0)
