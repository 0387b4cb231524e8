"""A run as data: its time grid, and how far along it is.

Slot k is due at t0 + k * every, in integer nanoseconds, and nothing moves it. Due means that the SHUTTER contact
which exposes closes; what a frame needs before that lies before it. Ramps change interval and exposure from the first
frame to the last; the grid of a ramp stands as firmly.
"""

import math
from bisect import bisect_left

from config.record import dataclass
from controller.core.appointment import Appointment


@dataclass(frozen=True, slots=True)
class Grid:
    """`count` slots, without end if it is 0.

    With `every_end_ns` the intervals go from `every_ns`, the first, to that, the last, each by the same more or less.
    """

    t0_ns: int
    every_ns: int
    count: int
    every_end_ns: int | None = None

    @property
    def is_endless(self) -> bool:
        """The run goes on until it is stopped."""
        return self.count == 0

    @property
    def length_ns(self) -> int | None:
        """From the first slot to the last, None for an endless run."""
        return None if self.is_endless else self.due_ns(self.count - 1) - self.t0_ns

    def due_ns(self, slot: int) -> int:
        """Return when `slot` is due."""
        even_ns = self.t0_ns + slot * self.every_ns
        gaps = self.count - 1
        if self.every_end_ns is None or gaps < 2:  # noqa: PLR2004 - one gap has nothing to grow into
            return even_ns
        return even_ns + (self.every_end_ns - self.every_ns) * slot * (slot - 1) // (2 * (gaps - 1))

    def interval_ns(self, slot: int) -> int:
        """Return the time from a slot to the next."""
        return self.due_ns(slot + 1) - self.due_ns(slot)

    def slots_until(self, end_ns: int) -> int:
        """Return how many slots are due before `end_ns`."""
        if self.is_endless:
            return max(0, -((self.t0_ns - end_ns) // self.every_ns))
        return bisect_left(range(self.count), end_ns, key=self.due_ns)

    def has(self, slot: int) -> bool:
        """Tell whether the run has that slot."""
        return self.is_endless or slot < self.count


@dataclass(frozen=True, slots=True)
class ExposureRamp:
    """Bulb exposures from the first frame to the last, each longer or shorter by the same part of a stop."""

    first_ns: int
    last_ns: int
    count: int

    def at(self, slot: int) -> int:
        """Return the exposure of a slot."""
        if self.count < 2:  # noqa: PLR2004 - one frame has nothing to grow into
            return self.first_ns
        return round(self.first_ns * math.pow(self.last_ns / self.first_ns, slot / (self.count - 1)))


@dataclass(slots=True)
class Run:
    """The run in progress: its grid, what every frame needs before it, and the next slot to decide on.

    `needs_lock`: it was planned over a focus lock, and cannot go on without one. Of the `fired` frames the flash
    contact has `confirmed` and `missed` so many; `lags_ns`, kept by a calibration only, are what it measured. An
    `appointment` is waited for until it stands, and no slot is due from `ends_ns` on. `intended` is the latest slot
    that the journal was asked to keep, `kept` the latest that it has.
    """

    grid: Grid
    lead_ns: int
    needs_lock: bool
    exposures: ExposureRamp | None = None
    appointment: Appointment | None = None
    ends_ns: int | None = None
    lags_ns: list[int] | None = None
    slot: int = 0
    fired: int = 0
    confirmed: int = 0
    missed: int = 0
    skipped: int = 0
    intended: int = -1
    kept: int = -1
    pause_wanted: bool = False
    stop_wanted: bool = False

    @property
    def has_more(self) -> bool:
        """There is a slot still to decide on."""
        return self.grid.has(self.slot) and (self.ends_ns is None or self.grid.due_ns(self.slot) < self.ends_ns)

    def exposure_ns(self, slot: int) -> int | None:
        """Return the bulb exposure of a slot, None where it is the one of the settings."""
        return None if self.exposures is None else self.exposures.at(slot)

    def slots_until(self, at_ns: int) -> int:
        """Return how many slots of the run are due before `at_ns`."""
        return self.grid.slots_until(at_ns if self.ends_ns is None else min(at_ns, self.ends_ns))

    @property
    def last_slot(self) -> int | None:
        """The last slot of the run by its count or its end, whichever is first; None if neither ends it."""
        if self.ends_ns is not None:
            return self.grid.slots_until(self.ends_ns) - 1
        return None if self.grid.is_endless else self.grid.count - 1

    @property
    def prepares_ns(self) -> int:
        """When the preparation of the next slot should begin."""
        return self.grid.due_ns(self.slot) - self.lead_ns
