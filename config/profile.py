"""What is known about one camera port, as data. Knows times in nanoseconds and words; knows no file and no Pi pin.

An unknown fact is None or "". Where a release needs a value anyway, the default is used, and `confidence_of` calls it
assumed. The small records are named tuples, whose classes are created seven times as fast at start-up.
"""

from typing import NamedTuple

from config.record import dataclass

Remarks = tuple[tuple[str, str], ...]  # texts for people: pairs of name and text

# What each value of `supported` means; a sentence starts with the camera port.
SUPPORTED = {
    "yes": "works with two plain contacts",
    "with-caveats": "works with two plain contacts, with caveats",
    "needs-other-hardware": "does not work with two plain contacts",
    "pinout-unknown": "cannot be wired, because its contacts are not known",
    "no-port": "has no port for a wired remote",
}
USABLE = ("yes", "with-caveats")
SURE = ("proven", "confirmed")  # the grades of facts that the box may refuse for


class Pins(NamedTuple):
    """Names the contact of the plug for each purpose, in words; None if unknown."""

    focus: str | None
    shutter: str | None
    ground: str | None
    remarks: Remarks


class Wake(NamedTuple):
    """How to wake a sleeping body: close FOCUS for `hold_ns`, starting `lead_ns` before SHUTTER closes.

    The meter switches off, and the body may fall asleep, `meter_off_ns` after the last press.
    """

    hold_ns: int
    lead_ns: int
    meter_off_ns: int | None


class KeepAwake(NamedTuple):
    """Pulses of FOCUS that keep a body from sleeping."""

    pulse_ns: int
    every_ns: int


@dataclass(frozen=True, slots=True)
class MirrorUp:
    """How the mirror is raised before the exposure.

    `kind` is press-press (one press raises the mirror, the next exposes), self-timer-2s, exposure-delay, user-asked
    (depends on the body; ask the photographer), or none (the body has no mirror). Without a second press the body
    acts after `timeout_ns`: `on_timeout` is drops (the mirror comes down, no picture) or exposes.
    """

    kind: str
    first_press_ns: int | None
    settle_min_ns: int | None
    timeout_ns: int | None
    on_timeout: str | None
    assert_focus: bool
    must_release_between: bool
    self_timer_ns: int | None
    remarks: Remarks


class BulbAlternative(NamedTuple):
    """Another mode for long exposures: its name on the body, and how SHUTTER works in it (hold or toggle)."""

    mode: str
    kind: str
    note: str


class Bracketing(NamedTuple):
    """How the body takes its own bracketing set.

    `set_by` is hold (SHUTTER stays closed until the set is complete), press (one press takes the whole set), or None
    if unknown. `stops_by_itself`: holding SHUTTER too long takes no extra frames.
    """

    set_by: str | None
    stops_by_itself: bool | None
    remarks: Remarks


class ReleaseLag(NamedTuple):
    """Delay from SHUTTER to the exposure, measured on one body, the `example`."""

    example: str
    normal_ns: int | None
    mirror_already_up_ns: int | None


class ExposureOutput(NamedTuple):
    """An output of the port that signals the exposure: `active` low or high, for at least `min_ns`."""

    active: str
    min_ns: int | None
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class Profile:
    """What the box knows about one camera port. `supported` is a key of SUPPORTED.

    `how_sure` pairs each key of the file with a grade of confidence; `doubts` are the free-text entries of its lists.
    SHUTTER has to be closed for at least `bulb_min_ns` in bulb. `proof` tells on which body, and when, it was proven.
    """

    id: str
    brand: str
    connector: str
    supported: str
    why_not: str
    pins: Pins
    models: tuple[str, ...]
    models_note: str
    shutter_alone_fires: bool | None
    focus_held_during_release: bool
    release_focus_between_shots: bool | None
    lead_ns: int
    lead_min_ns: int | None
    hold_ns: int
    shutter_min_ns: int | None
    gap_ns: int
    wake: Wake
    keep_awake: KeepAwake | None
    mirror_up: MirrorUp | None
    exposure_delay: str
    bulb: str
    bulb_min_ns: int | None
    bulb_max_ns: int | None
    bulb_alternative: BulbAlternative | None
    bulb_with_mirror_up: str
    aeb: Bracketing | None
    exposure_lag_ns: int | None
    exposure_lag_note: str
    release_lag: ReleaseLag | None
    exposure_output: ExposureOutput | None
    flash_sync: Remarks
    line: Remarks
    ladder_ohm: Remarks
    notes: str
    bbf_setup: tuple[str, ...]
    bbf_also: tuple[str, ...]
    confidence: str
    how_sure: Remarks
    doubts: Remarks
    sources: tuple[str, ...]
    proof: Remarks

    @property
    def is_usable(self) -> bool:
        """Whether two plain contacts to ground can work this port."""
        return self.supported in USABLE

    def confidence_of(self, key: str) -> str:
        """Return the grade of a key of the file (`half_press_lead_ms`, `mirror_up.timeout_s`).

        proven, confirmed, single source, weak or inferred as the file grades it; ungraded if the file gives the value
        without a grade; assumed if it is a default; unknown if there is no value.
        """
        return dict(self.how_sure).get(key, "unknown")
