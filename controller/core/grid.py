"""A run as data: its time grid and its progress.

Slot k is due at t0 + k * every, in integer nanoseconds, and nothing moves it. A slot is due when the SHUTTER contact
closes to expose; whatever the frame needs first happens before that. Ramps change the interval and the exposure from
the first frame to the last; their grid is just as fixed.
"""

import math
from bisect import bisect_left

from config.record import dataclass
from controller.core.schedule import ScheduledStart


@dataclass(frozen=True, slots=True)
class Grid:
    """`count` slots, or endless if `count` is 0.

    With `every_end_ns` the intervals change by equal steps from `every_ns`, the first, to `every_end_ns`, the last.
    """

    t0_ns: int
    every_ns: int
    count: int
    every_end_ns: int | None = None

    @property
    def is_endless(self) -> bool:
        """Whether the run continues until somebody stops it."""
        return self.count == 0

    @property
    def length_ns(self) -> int | None:
        """The time from the first slot to the last, None for an endless run."""
        return None if self.is_endless else self.due_ns(self.count - 1) - self.t0_ns

    def due_ns(self, slot: int) -> int:
        """Return when `slot` is due."""
        even_ns = self.t0_ns + slot * self.every_ns
        gaps = self.count - 1
        if self.every_end_ns is None or gaps < 2:  # noqa: PLR2004 - one gap cannot change
            return even_ns
        return even_ns + (self.every_end_ns - self.every_ns) * slot * (slot - 1) // (2 * (gaps - 1))

    def interval_ns(self, slot: int) -> int:
        """Return the time from a slot to the next one."""
        return self.due_ns(slot + 1) - self.due_ns(slot)

    def slots_until(self, end_ns: int) -> int:
        """Return how many slots are due before `end_ns`."""
        if self.is_endless:
            return max(0, -((self.t0_ns - end_ns) // self.every_ns))
        return bisect_left(range(self.count), end_ns, key=self.due_ns)

    def has(self, slot: int) -> bool:
        """Return whether the run has that slot."""
        return self.is_endless or slot < self.count


@dataclass(frozen=True, slots=True)
class ExposureRamp:
    """Bulb exposures that change from the first frame to the last by equal fractions of a stop."""

    first_ns: int
    last_ns: int
    count: int

    def at(self, slot: int) -> int:
        """Return the exposure of a slot."""
        if self.count < 2:  # noqa: PLR2004 - one frame cannot change
            return self.first_ns
        return round(self.first_ns * math.pow(self.last_ns / self.first_ns, slot / (self.count - 1)))


@dataclass(slots=True)
class Run:
    """The run in progress: its grid, what every frame needs before it is due, and the next `slot` to decide on.

    `needs_lock`: it was planned with a focus lock and cannot continue without one. Of the `fired` frames the flash
    contact `confirmed` some, `missed` some, and `suspected` some of having focused; only a calibration keeps the
    measured `lags_ns`. A run with a `scheduled_start` waits until that is final. It was meant to start at `meant_ns`,
    which is before its first slot if it starts late. No slot is due from `ends_ns` on; an end by clock or sun is at
    `end_utc_ns`. `intended` is the latest slot whose intent was sent to the journal, `saved` the latest whose intent
    is durable.
    """

    grid: Grid
    lead_ns: int
    needs_lock: bool
    exposures: ExposureRamp | None = None
    scheduled_start: ScheduledStart | None = None
    meant_ns: int | None = None
    ends_ns: int | None = None
    end_utc_ns: int | None = None
    lags_ns: list[int] | None = None
    slot: int = 0
    fired: int = 0
    confirmed: int = 0
    suspected: int = 0
    missed: int = 0
    skipped: int = 0
    intended: int = -1
    saved: int = -1
    pause_wanted: bool = False
    stop_wanted: bool = False

    @property
    def has_more(self) -> bool:
        """Whether there is another slot to decide on."""
        return self.grid.has(self.slot) and (self.ends_ns is None or self.grid.due_ns(self.slot) < self.ends_ns)

    def exposure_ns(self, slot: int) -> int | None:
        """Return the bulb exposure of a slot, None if it is the one in the settings."""
        return None if self.exposures is None else self.exposures.at(slot)

    def slots_until(self, at_ns: int) -> int:
        """Return how many slots of the run are due before `at_ns`."""
        return self.grid.slots_until(at_ns if self.ends_ns is None else min(at_ns, self.ends_ns))

    @property
    def last_slot(self) -> int | None:
        """The last slot of the run by its count or its end, whichever comes first; None if it has neither."""
        if self.ends_ns is not None:
            return self.grid.slots_until(self.ends_ns) - 1
        return None if self.grid.is_endless else self.grid.count - 1

    @property
    def prepares_ns(self) -> int:
        """When the preparation of the next slot should begin."""
        return self.grid.due_ns(self.slot) - self.lead_ns
