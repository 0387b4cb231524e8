"""The time grid of a run: slot k is due at t0 + k * every, in integer nanoseconds, and nothing moves it.

Due means that the SHUTTER contact which exposes closes; what a frame needs before that lies before it.
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
