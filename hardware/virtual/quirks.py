"""What a virtual body is like, as data: how it reads its two contacts, its times, its lens, and how it was left set.

A body is described by a camera profile (`quirks_of`), by a TOML file (`quirks_file`) or by a number that draws one
(`quirks_file.drawn`). Knows no contacts and no time.
"""

import random
from dataclasses import replace

from config.cameras import Profile
from config.profile import SURE
from config.record import dataclass
from hardware.clock import SECOND_NS
from hardware.virtual.dials import Dials, Drive

BY_PRESSES = ("press-press", "user-asked")  # the kinds of mirror that one press raises and the next one lowers
MIRROR_TIMEOUT_NS = 30 * SECOND_NS  # Canon [three sources] and Nikon [one]; assumed if a profile gives none
SELF_TIMER_NS = 10 * SECOND_NS

# How a body may have been left, and what it then is: an owner who is told puts it right.
SWAPPED = "swapped"  # FOCUS and SHUTTER are wired to each other's contact
CUT = "cut"  # no contact reaches the body
MANUAL = "manual focus"  # the lens is on MF
ASLEEP = "asleep"  # nobody has woken it
TIMER = "self-timer"
REVIEW_OFF = "review off"  # pictures do not show on the screen
CONTINUOUS = "continuous"  # the drive dial; so is the next one
MIRROR = "mirror-up"
NOT_BULB = "not on bulb"  # the dial stays where it was when it should go to B
NO_MIRROR_UP = "mirror-up not set"  # the same, when mirror-up should be set
MISTAKES = (SWAPPED, CUT, MANUAL, ASLEEP, TIMER, REVIEW_OFF, CONTINUOUS, MIRROR, NOT_BULB, NO_MIRROR_UP)


@dataclass(frozen=True, slots=True)
class MirrorQuirks:
    """A mirror that one press raises, and the next exposure or a time-out lowers."""

    timeout_ns: int = MIRROR_TIMEOUT_NS
    exposes_on_timeout: bool = False
    must_release: bool = True


@dataclass(frozen=True, slots=True)
class Quirks:
    """A body and its lens.

    SHUTTER has to be closed for `shortest_press_ns`, in bulb for `shortest_bulb_ns`; FOCUS has to close
    `shortest_lead_ns` before it, unless the body `fires_alone`; SHUTTER has to have been open for `gap_ns`. With
    `focus_must_open` FOCUS has to open between two frames. The curtain follows `opening_lag_ns` after a press and
    `closing_lag_ns` after the end of a bulb, each off by up to `jitter_ns`, which `seed` draws.

    If a half-press focuses, then in AF-C with `continuous_af`, and without success unless `autofocus_succeeds`; with
    `focus_by_wire` the lens moves when the body falls asleep. A body sleeps `meter_off_ns` after the last press and
    needs `waking_ns` after a half-press. In `focuses_percent` of 100 frames, which `seed` draws, it focuses before
    it fires, although it should not: the lens moves, and the curtain opens `focusing_ns` later. `bulb` is hold,
    toggle or none. A picture shows `review_ns` later.
    """

    fires_alone: bool = True
    shortest_press_ns: int | None = None
    shortest_bulb_ns: int = 0
    shortest_lead_ns: int = 0
    gap_ns: int = 0
    focus_must_open: bool = False
    opening_lag_ns: int = 0
    closing_lag_ns: int = 0
    jitter_ns: int = 0
    half_press_focuses: bool = False
    continuous_af: bool = False
    autofocus_succeeds: bool = True
    focus_by_wire: bool = False
    meter_off_ns: int | None = None
    waking_ns: int = 0
    focuses_percent: int = 0
    focusing_ns: int = 0
    bulb: str = "hold"
    bulb_max_ns: int | None = None
    set_by: str | None = None
    mirror: MirrorQuirks | None = None
    review_ns: int = 0
    mistakes: frozenset[str] = frozenset()
    seed: int = 0

    @property
    def lens_is_driven(self) -> bool:
        """Whether a half-press moves the lens as the body stands."""
        return self.half_press_focuses and MANUAL not in self.mistakes

    def jittered(self, lag_ns: int, chance: random.Random) -> int:
        """Return a lag as it happens to be this time."""
        return max(0, lag_ns + chance.randint(-self.jitter_ns, self.jitter_ns)) if self.jitter_ns else lag_ns

    def focusing(self, chance: random.Random) -> int:
        """Return how much later this frame is because the body focuses first; mostly 0."""
        return self.focusing_ns if self.focuses_percent and chance.random() * 100 < self.focuses_percent else 0

    def dials(self, asked: Dials) -> Dials:
        """Return how the dials stand if somebody asks for those."""
        drive = asked.drive
        if drive is Drive.BULB and NOT_BULB in self.mistakes:
            drive = Drive.SINGLE
        elif drive is Drive.SINGLE and CONTINUOUS in self.mistakes:
            drive = Drive.CONTINUOUS
        return replace(
            asked,
            drive=drive,
            mirror_up=MIRROR in self.mistakes or (asked.mirror_up and NO_MIRROR_UP not in self.mistakes),
            continuous_af=asked.continuous_af or self.continuous_af,
            self_timer_ns=SELF_TIMER_NS if TIMER in self.mistakes else asked.self_timer_ns,
        )


def quirks_of(
    profile: Profile, *, half_press_focuses: bool, autofocus_succeeds: bool = True, focus_by_wire: bool = False
) -> Quirks:
    """Return the body that a profile describes, and that is no better than what it says."""
    rules = profile.mirror_up
    mirror = None
    if rules is not None and rules.kind in BY_PRESSES:
        timeout_ns = rules.timeout_ns or MIRROR_TIMEOUT_NS
        mirror = MirrorQuirks(timeout_ns, rules.on_timeout == "exposes", rules.must_release_between)  # else it drops
    must_open = profile.release_focus_between_shots is True
    return Quirks(
        fires_alone=bool(profile.shutter_alone_fires),
        shortest_press_ns=profile.shutter_min_ns,
        shortest_bulb_ns=profile.bulb_min_ns or 0,
        # assumed, if no shortest lead is known: half of the recommended one
        shortest_lead_ns=profile.lead_ns // 2 if profile.lead_min_ns is None else profile.lead_min_ns,
        gap_ns=0 if profile.confidence_of("min_gap_ms") == "assumed" else profile.gap_ns,
        focus_must_open=must_open and profile.confidence_of("release_focus_between_shots") in SURE,
        opening_lag_ns=profile.exposure_lag_ns or 0,
        half_press_focuses=half_press_focuses,
        autofocus_succeeds=autofocus_succeeds,
        focus_by_wire=focus_by_wire,
        meter_off_ns=profile.wake.meter_off_ns,
        waking_ns=profile.wake.lead_ns * 4 // 5,  # assumed: sources say that the profile's lead is enough
        bulb=profile.bulb,
        bulb_max_ns=profile.bulb_max_ns,
        set_by=None if profile.aeb is None else profile.aeb.set_by,
        mirror=mirror,
    )
