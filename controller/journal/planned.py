"""The exposures that a run was planned with, worked out again from what the journal has of it.

Knows the settings, the grid and the clock of a run; needs no camera, reads no frames.
"""

from collections.abc import Iterator
from datetime import tzinfo

from config.errors import ConfigError
from config.files import Pause, no_pause
from config.moments import Share
from config.ramp import Key
from config.record import dataclass
from config.schema import Settings, build, find_field
from config.stops import STOP
from config.when import DELAY
from controller.core import exposing, runplan
from controller.core.grid import Grid, Run
from controller.core.instants import Place, place_of
from controller.core.placing import Placing
from controller.core.ramp import Knot, Ramp
from controller.core.schedule import find_end_utc_ns, refuses_place
from controller.core.words import Reason
from controller.journal.records import RunRecord
from controller.journal.text import zone_of
from hardware.clock import ClockSample

_UNREADABLE = "the settings of this run cannot be read"
_NO_BULB = "by its settings this run had no bulb exposures"
_NO_CLOCK = "the clock was not set, and the ramp goes by it"


@dataclass(frozen=True, slots=True)
class Plan:
    """The grid of a run and its exposures; `ramp` is None if they cannot be worked out, and `why_not` says why.

    `changes`: the exposures were to change on the way.
    """

    grid: Grid
    ramp: Ramp | None
    why_not: str = ""
    changes: bool = False

    def course(self, length_ns: int, most: int) -> Iterator[tuple[int, float]]:
        """Yield the exposures of the slots due in so much time, each with how long after the first slot that is due.

        Of about `most` slots evenly, and those beside a key or a hand-step; of none without a ramp.
        """
        if self.ramp is None:
            return
        for slot in self._slots(self.ramp, length_ns, most):
            due_ns = self.grid.due_ns(slot)
            gained = self.ramp.gained(self.ramp.steps_by(due_ns))
            yield due_ns - self.grid.t0_ns, self.ramp.light_ns(slot, due_ns) / 2 ** (gained / STOP)

    def _slots(self, ramp: Ramp, length_ns: int, most: int) -> list[int]:
        count = self.grid.slots_until(self.grid.t0_ns + length_ns + 1)
        marks_ns = [*(knot.at_ns for knot in ramp.knots), *(step.at_ns for step in ramp.steps)]
        after = [self.grid.slots_until(at_ns) for at_ns in marks_ns]
        beside = {slot for slot in (*after, *(slot - 1 for slot in after)) if 0 <= slot < count}
        return sorted({*range(0, count, max(1, count // most)), *beside, max(0, count - 1)})


def plan_of(run: RunRecord, zone: tzinfo, pause: Pause = no_pause) -> Plan:
    """Return what a run was planned with; `zone` is the box's, for a run that has none of its own.

    Calls `pause` between steps of less than a millisecond.
    """
    settings = _settings(run, pause)
    if settings is None:
        return Plan(Grid(run.t0_ns, run.every_ns, run.count), None, _UNREADABLE)
    grid = runplan.grid_of(settings, run.t0_ns, run.count)
    keys, by_sky = exposing.keys_of(settings, run.count)
    shot = settings.shot
    if not keys or (grid.is_endless and not shot.ramp):
        return _without_ramp(grid, settings)
    steps = shot.steps if shot.ramp else ()
    offset_ns = None if run.t0_wall_ns is None else run.t0_wall_ns - run.t0_ns
    if offset_ns is None and exposing.needs_clock(keys, steps, by_sky=by_sky):
        return Plan(grid, None, _NO_CLOCK, changes=True)
    place = place_of(settings, zone_of(run, zone))
    planned = Run(grid, 0, needs_lock=False, ends_ns=_ends_ns(settings, grid, place, offset_ns))
    ramp = Placing(planned, place, offset_ns, pause).ramp(keys, steps, by_sky=by_sky)
    if isinstance(ramp, Reason):
        return Plan(grid, None, ramp.partition(";")[0], changes=True)
    return Plan(grid, ramp, changes=True)


def _settings(run: RunRecord, pause: Pause) -> Settings | None:
    """Return the settings that a run began with, None if they cannot be read."""
    values: dict[str, object] = {}
    try:
        for key, text in run.settings.items():
            pause()
            values[key] = find_field(key).parse(text)
        return build(values)
    except ConfigError:
        return None


def _without_ramp(grid: Grid, settings: Settings) -> Plan:
    shot = settings.shot
    if shot.drive != "bulb":
        return Plan(grid, None, _NO_BULB)
    return Plan(grid, Ramp((Knot(Key(Share(0), shot.exposure_ns), grid.t0_ns, 0, shot.exposure_ns),)))


def _ends_ns(settings: Settings, grid: Grid, place: Place, offset_ns: int | None) -> int | None:
    """Return from when on no slot is due, None if only the count or the photographer ends the run."""
    end = settings.interval.end
    if end is not None and end.kind == DELAY:
        return grid.t0_ns + end.offset_ns
    if end is None or offset_ns is None or refuses_place(end, place) is not None:
        return None
    clock = ClockSample(grid.t0_ns + offset_ns, grid.t0_ns, is_trusted=True)
    found = find_end_utc_ns(end, place, grid.t0_ns, clock)
    return None if isinstance(found, Reason) else found - offset_ns
