"""What is known of one camera port, as data. Knows times in nanoseconds and words; knows no file and no pin of ours.

A fact that nobody has found is None or "". Where a release needs a value all the same it is the fall-back, which
`confidence_of` then calls assumed. The small records are named tuples, which a start makes seven times as fast.
"""

from typing import NamedTuple

from config.record import dataclass

Remarks = tuple[tuple[str, str], ...]  # what stands in a table for people: name, text

# What each word of `supported` means for somebody with two plain contacts.
SUPPORTED = {
    "yes": "works with two plain contacts",
    "with-caveats": "works with two plain contacts, with caveats",
    "needs-other-hardware": "cannot be worked by two plain contacts",
    "pinout-unknown": "cannot be wired: its contacts are not known",
    "no-port": "has no port for a wired remote",
}
USABLE = ("yes", "with-caveats")


class Pins(NamedTuple):
    """Which contact of the plug is which, in words; None where that is not known."""

    focus: str | None
    shutter: str | None
    ground: str | None
    remarks: Remarks


class Wake(NamedTuple):
    """How a sleeping body is woken: FOCUS closed for `hold_ns`, `lead_ns` before SHUTTER closes.

    The meter goes off, and the body begins to sleep, `meter_off_ns` after the last touch.
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

    `kind` is press-press (one press raises, the next exposes), self-timer-2s, exposure-delay, user-asked (the
    port does not tell; the photographer must), or none (there is no mirror). Without a second press the body
    does, after `timeout_ns`, what `on_timeout` says: drops (the mirror, without a picture) or exposes.
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
    """Another way to expose for long: the body's `mode`, and how SHUTTER works in it (hold or toggle)."""

    mode: str
    kind: str
    note: str


class Bracketing(NamedTuple):
    """How the body's own bracket set is taken.

    `set_by` is hold (SHUTTER closed until the set is done) or press (one press takes it all), None where no text
    tells; `stops_by_itself` if a contact held for too long takes no frame more.
    """

    set_by: str | None
    stops_by_itself: bool | None
    remarks: Remarks


class ReleaseLag(NamedTuple):
    """From SHUTTER to the exposure, measured on one body."""

    example: str
    normal_ns: int | None
    mirror_already_up_ns: int | None


class ExposureOutput(NamedTuple):
    """A contact of the port that tells of the exposure: `active` low or high, for `min_ns` at least."""

    active: str
    min_ns: int | None
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class Profile:
    """What the box needs to know of a port. The words of `supported` are those of SUPPORTED.

    `how_sure` says of each key of the file how well it is backed, `doubts` what its lists add in free text.
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
    confidence: str
    how_sure: Remarks
    doubts: Remarks
    sources: tuple[str, ...]

    @property
    def is_usable(self) -> bool:
        """Two plain contacts to ground can work this port."""
        return self.supported in USABLE

    def confidence_of(self, key: str) -> str:
        """How well a key of the file (`half_press_lead_ms`, `mirror_up.timeout_s`) is backed.

        confirmed, single source, weak, inferred; ungraded where the file gives it and does not say; assumed where
        it is the fall-back; unknown where there is neither.
        """
        return dict(self.how_sure).get(key, "unknown")
