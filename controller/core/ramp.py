"""The exposures of a run: a ramp through keys on its grid, hand-steps, and what the photographer does on the way.

Pure: instants are given in monotonic time. `light` is the exposure as it would be with the camera set as for the
first frame; hand-steps let the camera gather more light, and the bulb exposure is shorter by as much.
"""

import math
from collections.abc import Sequence
from datetime import UTC, tzinfo

from config.ramp import Key
from config.record import dataclass
from config.steps import Step
from config.stops import STOP, format_stops
from controller.core.daylight import Site
from controller.core.sky import brightness_stops, sun_height_deg

# Two keys between whose skies there is hardly a difference are joined evenly in time: the sky has no shape there.
_LEAST_SKY = 0.05  # stops
_EXACT = 1e-6  # stops
LARGEST_TRIM = 5 * STOP

# What the photographer did in a run, for its record: from a slot on, so many hand-steps are confirmed, and it is
# trimmed by so many sixths of a stop.
Moves = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Sky:
    """The clear sky over a place; `offset_ns` is UTC since 1970 less monotonic time."""

    site: Site
    offset_ns: int

    def height_deg(self, at_ns: int) -> float:
        """Return how high the sun is at an instant in monotonic time."""
        return sun_height_deg(at_ns + self.offset_ns, self.site)

    def stops_at(self, at_ns: int) -> float:
        """Return how bright the sky is then, in stops."""
        return brightness_stops(self.height_deg(at_ns))


@dataclass(frozen=True, slots=True)
class Knot:
    """A key on the grid of a run: when it is, and where between two slots.

    `light_ns` is its exposure without the hand-steps up to there, `sky` how bright the sky is, in stops.
    """

    key: Key
    at_ns: int
    slot: float
    light_ns: float
    sky: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """A hand-step and the instant at which it is called."""

    step: Step
    at_ns: int


@dataclass(frozen=True, slots=True)
class Ramp:
    """Exposures through `knots`, in their order; before the first and after the last they stay.

    Between two knots they follow the `sky`, scaled to meet both, or change by equal fractions of a stop if that is
    None. Never beyond either of the two: while the sun is lower than at both of them the exposure waits.
    """

    knots: tuple[Knot, ...]
    steps: tuple[PlacedStep, ...] = ()
    sky: Sky | None = None

    def light_ns(self, slot: int, due_ns: int) -> float:
        """Return the exposure of a slot, due then, with the camera set as for the first frame."""
        after = self._knot_after(slot, due_ns)
        if after in (0, len(self.knots)):
            return self.knots[max(0, after - 1)].light_ns
        first, last = self.knots[after - 1], self.knots[after]
        share = self._share(first, last, slot, due_ns)
        return first.light_ns * math.pow(last.light_ns / first.light_ns, share)

    def steps_by(self, at_ns: int) -> int:
        """Return how many hand-steps are called by then."""
        return sum(placed.at_ns <= at_ns for placed in self.steps)

    def gained(self, done: int) -> int:
        """Return how much more light the camera gathers after so many hand-steps, in sixths of a stop."""
        return sum(placed.step.sixths for placed in self.steps[:done])

    def _knot_after(self, slot: int, due_ns: int) -> int:
        if self.sky is None:
            return next((k for k, knot in enumerate(self.knots) if slot < knot.slot), len(self.knots))
        return next((k for k, knot in enumerate(self.knots) if due_ns < knot.at_ns), len(self.knots))

    def _share(self, first: Knot, last: Knot, slot: int, due_ns: int) -> float:
        if self.sky is None:
            return (slot - first.slot) / (last.slot - first.slot)
        change = last.sky - first.sky
        if abs(change) < _LEAST_SKY:
            return (due_ns - first.at_ns) / (last.at_ns - first.at_ns)
        return min(1.0, max(0.0, (self.sky.stops_at(due_ns) - first.sky) / change))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a bulb exposure of a run may be: by settings and body, and so that the frame fits into its interval.

    A frame takes `fixed_ns` besides its exposure, and `times` the exposure: twice with a dark frame.
    """

    least_ns: int
    most_ns: int
    fixed_ns: int = 0
    times: int = 1

    def most_in(self, interval_ns: int | None) -> int:
        """Return the longest exposure in an interval; None stands for the last frame, that nothing follows."""
        return self.most_ns if interval_ns is None else min(self.most_ns, (interval_ns - self.fixed_ns) // self.times)


@dataclass(frozen=True, slots=True)
class Move:
    """What the photographer did: from `slot` on, `done` hand-steps are confirmed and the run is trimmed to `trim`.

    `trim` is in sixths of a stop. The frame before was `from_stops` brighter than the light of the ramp.
    """

    slot: int
    done: int
    trim: int = 0
    from_stops: float = 0.0


@dataclass(slots=True)
class Exposures:
    """The bulb exposures of a run in progress; `limit` is by how many stops a frame a trim is reached.

    They were placed on a grid that begins at `t0_ns`, by a clock whose UTC less monotonic time was `offset_ns`, None
    if they do not go by it, in that `zone`. `moves` are in the order of their slots; the last one at or before a slot
    counts for it.
    """

    ramp: Ramp
    bounds: Bounds
    limit: float
    t0_ns: int
    offset_ns: int | None = None
    zone: tzinfo = UTC
    moves: tuple[Move, ...] = ()

    @property
    def done(self) -> int:
        """How many hand-steps are confirmed."""
        return self.moves[-1].done if self.moves else 0

    @property
    def trim(self) -> int:
        """By how much the run is trimmed, in sixths of a stop."""
        return self.moves[-1].trim if self.moves else 0

    def planned_ns(self, slot: int, due_ns: int) -> int:
        """Return the exposure by plan: every hand-step is done when it is called, and nothing is trimmed."""
        return _after(self.ramp.light_ns(slot, due_ns), self.ramp.gained(self.ramp.steps_by(due_ns)) / STOP)

    def at(self, slot: int, due_ns: int, most_ns: int) -> int:
        """Return the exposure of a slot, which may last for `most_ns`."""
        move = self._move_at(slot)
        stops = 0.0 if move is None else self._offset(move, slot) - self.ramp.gained(move.done) / STOP
        wanted_ns = _after(self.ramp.light_ns(slot, due_ns), -stops)
        return max(self.bounds.least_ns, min(wanted_ns, most_ns))

    def brighter_by(self, slot: int, due_ns: int, most_ns: int) -> float:
        """Return by how many stops a frame is brighter than the light of the ramp: darker is negative."""
        move = self._move_at(slot)
        gained = 0 if move is None else self.ramp.gained(move.done)
        return math.log2(self.at(slot, due_ns, most_ns) / self.ramp.light_ns(slot, due_ns)) + gained / STOP

    def off_plan_stops(self, slot: int, due_ns: int, most_ns: int) -> float:
        """Return by how many stops a frame is brighter than planned and trimmed; 0 where it is as wanted."""
        move = self._move_at(slot)
        return self.brighter_by(slot, due_ns, most_ns) - (0 if move is None else move.trim / STOP)

    def move(self, slot: int, done: int, trim: int, from_stops: float) -> None:
        """Let a move apply from a slot on, in place of another one from there."""
        if abs(from_stops - trim / STOP) < _EXACT:  # nothing is left to reach: no rounding may stay
            from_stops = trim / STOP
        self.moves = (*(each for each in self.moves if each.slot < slot), Move(slot, done, trim, from_stops))

    def _move_at(self, slot: int) -> Move | None:
        return next((move for move in reversed(self.moves) if move.slot <= slot), None)

    def _offset(self, move: Move, slot: int) -> float:
        """Return by how much a frame is to be brighter than the light of the ramp: on the way to the trim."""
        reach = self.limit * (slot - move.slot + 1)
        way = move.trim / STOP - move.from_stops
        return move.from_stops + max(-reach, min(reach, way))


def _after(light_ns: float, stops: float) -> int:
    return round(light_ns / 2**stops) if stops else round(light_ns)


def light_of(key: Key, steps: Sequence[PlacedStep], at_ns: int) -> float:
    """Return the exposure of a key without the hand-steps that are called by then."""
    gained = sum(placed.step.sixths for placed in steps if placed.at_ns <= at_ns)
    return key.exposure_ns * 2 ** (gained / STOP)


def how_to(step: Step) -> str:
    """Return what to do on the camera at a hand-step."""
    if step.setting:
        return f"set {step.setting.replace('-', ' to ', 1)} on the camera"
    stops, side = format_stops(abs(step.sixths)).removeprefix("+"), "more" if step.sixths > 0 else "less"
    unit = "stop" if abs(step.sixths) <= STOP else "stops"
    return f"set the camera to gather {stops} {unit} {side} light (ISO, aperture or filter)"
