"""A run as data: its time grid, and how far along it is.

Slot k is due at t0 + k * every, in integer nanoseconds, and nothing moves it. Due means that the SHUTTER contact
which exposes closes; what a frame needs before that lies before it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grid:
    """`count` slots, without end if it is 0."""

    t0_ns: int
    every_ns: int
    count: int

    @property
    def is_endless(self) -> bool:
        """The run goes on until it is stopped."""
        return self.count == 0

    @property
    def length_ns(self) -> int | None:
        """From the first slot to the last, None for an endless run."""
        return None if self.is_endless else (self.count - 1) * self.every_ns

    def due_ns(self, slot: int) -> int:
        """Return when `slot` is due."""
        return self.t0_ns + slot * self.every_ns

    def has(self, slot: int) -> bool:
        """Tell whether the run has that slot."""
        return self.is_endless or slot < self.count


@dataclass(slots=True)
class Run:
    """The run in progress: its grid, what every frame needs before it, and the next slot to decide on.

    `needs_lock`: it was planned over a focus lock, and cannot go on without one. Of the `fired` frames the flash
    contact has `confirmed` and `missed` so many; `lags_ns`, kept by a calibration only, are what it measured.
    """

    grid: Grid
    lead_ns: int
    needs_lock: bool
    lags_ns: list[int] | None = None
    slot: int = 0
    fired: int = 0
    confirmed: int = 0
    missed: int = 0
    skipped: int = 0
    pause_wanted: bool = False
    stop_wanted: bool = False

    @property
    def has_more(self) -> bool:
        """There is a slot still to decide on."""
        return self.grid.has(self.slot)

    @property
    def prepares_ns(self) -> int:
        """When the preparation of the next slot should begin."""
        return self.grid.due_ns(self.slot) - self.lead_ns
