"""A run as data: its time grid and its progress.

Slot k is due at t0 + k * every, in integer nanoseconds, and nothing moves it. A slot is due when the SHUTTER contact
closes to expose; whatever the frame needs first happens before that. Ramps change the interval and the exposure from
the first frame to the last; their grid is just as fixed.
"""

from bisect import bisect_left

from config.record import dataclass
from config.stops import STOP
from controller.core.ramp import Exposures, Moves
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

    def at_ns(self, position: float) -> int:
        """Return when a position on the grid is, which need not be a slot: 2.5 is half-way from slot 2 to slot 3."""
        slot = int(position)
        return self.due_ns(slot) + round((position - slot) * self.interval_ns(slot))

    def slot_at(self, at_ns: int) -> float:
        """Return the position of an instant on the grid.

        Before the first slot it goes on with the first interval, and after the last slot with the last.
        """
        if self.is_endless or self.every_end_ns is None:
            return (at_ns - self.t0_ns) / self.every_ns
        slot = min(max(0, self.slots_until(at_ns) - 1), max(0, self.count - 2))
        return slot + (at_ns - self.due_ns(slot)) / self.interval_ns(slot)

    def has(self, slot: int) -> bool:
        """Return whether the run has that slot."""
        return self.is_endless or slot < self.count


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
    exposures: Exposures | None = None
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
        if self.exposures is None:
            return None
        return self.exposures.at(slot, self.grid.due_ns(slot), self._most_ns(slot, self.exposures))

    def planned_ns(self, slot: int) -> int | None:
        """Return the bulb exposure of a slot by plan, whether it fits or not; None as for `exposure_ns`."""
        return None if self.exposures is None else self.exposures.planned_ns(slot, self.grid.due_ns(slot))

    def brighter_by(self, slot: int) -> float:
        """Return by how many stops a frame is brighter than the light of the ramp; ValueError without a ramp."""
        if self.exposures is None:
            raise ValueError("this run has no ramp")
        return self.exposures.brighter_by(slot, self.grid.due_ns(slot), self._most_ns(slot, self.exposures))

    def off_plan_stops(self, slot: int) -> float:
        """Return by how many stops a frame is brighter than it is to be; 0 for the exposure in the settings."""
        if self.exposures is None:
            return 0.0
        return self.exposures.off_plan_stops(slot, self.grid.due_ns(slot), self._most_ns(slot, self.exposures))

    def room_ns(self, slot: int) -> int | None:
        """Return the time from a slot to the next one, None for the last slot."""
        return None if slot == self.last_slot else self.grid.interval_ns(slot)

    def _most_ns(self, slot: int, exposures: Exposures) -> int:
        """Return how long a frame may be exposed; nothing follows the last one, but it gets no more than planned."""
        fits_ns = exposures.bounds.most_in(self.grid.interval_ns(slot))
        if slot != self.last_slot:
            return fits_ns
        return max(fits_ns, min(exposures.bounds.most_ns, exposures.planned_ns(slot, self.grid.due_ns(slot))))

    @property
    def moves(self) -> Moves:
        """What the photographer did in this run."""
        moves = () if self.exposures is None else self.exposures.moves
        return tuple((move.slot, move.done, move.trim) for move in moves)

    def take_up(self, moves: Moves) -> None:
        """Let apply again what was done before an interruption."""
        for slot, done, trim in moves:
            self.move(slot, done=done, trim=trim)

    def move(self, slot: int, *, done: int, trim: int) -> None:
        """Let `done` hand-steps count as confirmed, and trim to `trim` sixths of a stop, from `slot` on.

        A trim is reached from what the frame before had; the first frame of a run has it at once.
        """
        if self.exposures is None:
            return
        from_stops = self.brighter_by(slot - 1) if slot else trim / STOP
        self.exposures.move(slot, done, trim, from_stops)

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
    def goes_by_clock(self) -> bool:
        """Whether its end or its exposures move where the clock is set."""
        return self.end_utc_ns is not None or (self.exposures is not None and self.exposures.offset_ns is not None)

    @property
    def prepares_ns(self) -> int:
        """When the preparation of the next slot should begin."""
        return self.grid.due_ns(self.slot) - self.lead_ns
