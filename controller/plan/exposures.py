"""The exposures of a planned run, frame by frame, with the sky over it: data for text, drawings and programs. Pure.

Times of day are nanoseconds UTC since 1970, None where no clock is known that the run could be placed by.
"""

from collections.abc import Iterator
from math import log2

from config.moments import format_moment
from config.record import dataclass
from config.stops import STOP, format_stops
from controller.core import exposing
from controller.core.daylight import NoEvent, Site, crossing_ns
from controller.core.events import ClockRead
from controller.core.grid import Run
from controller.core.instants import site_of
from controller.core.moon import moon_height_deg, moon_lit, moon_phase_name
from controller.core.occurrences import solar_days
from controller.core.ramp import Exposures
from controller.core.run_times import PlannedRun
from controller.core.setup import Setup
from controller.core.sky import sun_height_deg
from hardware.clock import SECOND_NS

MOST_FRAMES = 5_000  # in a plan's data; of a longer run, so many of them evenly, and those beside a hand-step
DRAWN_FRAMES = 800  # as many as a drawing shows
_LIGHTS = (
    ("sunset", "sunrise", -50 / 60),
    ("civil dusk", "civil dawn", -6.0),
    ("nautical dusk", "nautical dawn", -12.0),
    ("astronomical dusk", "astronomical dawn", -18.0),
)
_STRAYS_NS = 1_000_000  # how far a lag strays on a body whose spread is not measured


@dataclass(frozen=True, slots=True)
class PlannedFrame:
    """A frame by plan: `number` counts from 1, `after_ns` from the first one; `room_ns` is None for the last.

    `light_stops` is what the exposure would be with the camera set as for the first frame, in stops above 1 s.
    """

    number: int
    after_ns: int
    at_utc_ns: int | None
    exposure_ns: int
    light_stops: float
    most_ns: int
    room_ns: int | None
    sun_deg: float | None


@dataclass(frozen=True, slots=True)
class PlannedKey:
    """A key on the grid; `number` is of the first frame at or after it, None if the run is over by then."""

    moment: str
    exposure_ns: int
    at_utc_ns: int | None
    after_ns: int
    number: int | None
    sun_deg: float | None


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A hand-step: when it is called, before which frame, and what that does to the bulb exposure."""

    moment: str
    change: str
    sixths: int
    at_utc_ns: int | None
    after_ns: int
    number: int | None
    before_ns: int
    then_ns: int
    sun_deg: float | None


@dataclass(frozen=True, slots=True)
class SunEvent:
    """Sunset, sunrise, or the beginning or end of a twilight during the run."""

    name: str
    at_utc_ns: int


@dataclass(frozen=True, slots=True)
class Moon:
    """The moon in the middle of the run: its phase, the lit share, and how high it is at the beginning and end."""

    phase: str
    lit: float
    first_deg: float
    last_deg: float


@dataclass(frozen=True, slots=True)
class ExposurePlan:
    """The exposures of a run. `steepest_stops` is the largest change of light from one frame to the next.

    `shortest_ns` is the shortest exposure, and `error_stops` how far it may stray, as the camera's lag does by
    `strays_ns`. `most_ns` is the longest one that any interval has room for. `site` is the place, where it is known.
    """

    frames: tuple[PlannedFrame, ...]
    keys: tuple[PlannedKey, ...]
    calls: tuple[PlannedCall, ...]
    least_ns: int
    most_ns: int
    steepest_stops: float
    shortest_ns: int
    strays_ns: int
    error_stops: float
    events: tuple[SunEvent, ...]
    moon: Moon | None
    site: str | None
    warnings: tuple[str, ...]


def plan_exposures(
    setup: Setup, whole: PlannedRun, clock: ClockRead | None, most_frames: int = MOST_FRAMES
) -> ExposurePlan | None:
    """Return the exposures of a run by plan, of about `most_frames`; None for a run whose exposures do not change."""
    run = whole.run
    if run.exposures is None:
        return None
    offset_ns = None
    if clock is not None and clock.sample.is_trusted:
        offset_ns = clock.sample.wall_ns - clock.sample.monotonic_ns
    return _Planner(setup, run, run.exposures, offset_ns).plan(most_frames)


class _Planner:
    def __init__(self, setup: Setup, run: Run, exposures: Exposures, offset_ns: int | None) -> None:
        self._setup = setup
        self._run = run
        self._exposures = exposures
        self._offset_ns = offset_ns
        self._site: Site | None = site_of(setup.settings.site)

    def plan(self, most_frames: int) -> ExposurePlan:
        """Return the plan with about so many frames."""
        frames = tuple(map(self._frame, self._slots(most_frames)))
        strays_ns = self._setup.settings.camera.lag_spread_ns or _STRAYS_NS
        shortest_ns = min(frame.exposure_ns for frame in frames)
        return ExposurePlan(
            frames,
            tuple(self._keys()),
            tuple(self._calls()),
            self._exposures.bounds.least_ns,
            max((frame.most_ns for frame in frames if frame.room_ns is not None), default=frames[0].most_ns),
            exposing.steepest(self._run)[0],
            shortest_ns,
            strays_ns,
            log2(1 + strays_ns / shortest_ns),
            tuple(self._events(frames)),
            self._moon(frames),
            None if self._site is None else str(self._site),
            tuple(exposing.remarks(self._run)),
        )

    def _slots(self, most_frames: int) -> list[int]:
        """Return the slots to plan: evenly, the first, the last, and those beside each key and hand-step."""
        last = self._run.last_slot
        if last is None:
            last = exposing.ramp_slots(self._run)[-1] + 1
        ramp = self._exposures.ramp
        marks_ns = [*(knot.at_ns for knot in ramp.knots), *(placed.at_ns for placed in ramp.steps)]
        after = [self._run.grid.slots_until(at_ns) for at_ns in marks_ns]
        beside = {slot for mark in after for slot in (mark - 1, mark) if 0 <= slot <= last}
        return sorted({*range(0, last + 1, max(1, -(-(last + 1) // most_frames))), *beside, max(0, last)})

    def _frame(self, slot: int) -> PlannedFrame:
        run, due_ns, room_ns = self._run, self._run.grid.due_ns(slot), self._run.room_ns(slot)
        return PlannedFrame(
            slot + 1,
            due_ns - run.grid.t0_ns,
            self._utc(due_ns),
            run.planned_ns(slot) or 0,
            log2(self._exposures.ramp.light_ns(slot, due_ns) / SECOND_NS),
            self._exposures.bounds.most_in(room_ns),
            room_ns,
            self._sun_deg(due_ns),
        )

    def _keys(self) -> Iterator[PlannedKey]:
        for knot in self._exposures.ramp.knots:
            facts = (self._utc(knot.at_ns), knot.at_ns - self._run.grid.t0_ns, self._number_at(knot.at_ns))
            yield PlannedKey(format_moment(knot.key.at), knot.key.exposure_ns, *facts, self._sun_deg(knot.at_ns))

    def _calls(self) -> Iterator[PlannedCall]:
        ramp, run = self._exposures.ramp, self._run
        for done, placed in enumerate(ramp.steps):
            number = self._number_at(placed.at_ns)
            slot = max(0, int(run.grid.slot_at(placed.at_ns))) if number is None else number - 1
            light_ns = ramp.light_ns(slot, run.grid.due_ns(slot))
            before_ns, then_ns = (round(light_ns / 2 ** (ramp.gained(by) / STOP)) for by in (done, done + 1))
            change = placed.step.setting or f"{format_stops(placed.step.sixths)} stops"
            facts = (self._utc(placed.at_ns), placed.at_ns - run.grid.t0_ns, number)
            bulbs = (before_ns, then_ns, self._sun_deg(placed.at_ns))
            yield PlannedCall(format_moment(placed.step.at), change, placed.step.sixths, *facts, *bulbs)

    def _events(self, frames: tuple[PlannedFrame, ...]) -> Iterator[SunEvent]:
        first_ns, last_ns = frames[0].at_utc_ns, frames[-1].at_utc_ns
        if first_ns is None or last_ns is None or self._site is None:
            return
        found = []
        for day in solar_days(self._site, first_ns, last_ns):
            for down, up, height_deg in _LIGHTS:
                for name, is_rising in ((down, False), (up, True)):
                    at_ns = crossing_ns(height_deg, day, self._site, is_rising=is_rising)
                    if not isinstance(at_ns, NoEvent) and first_ns <= at_ns <= last_ns:
                        found.append(SunEvent(name, at_ns))
        yield from sorted(found, key=lambda event: event.at_utc_ns)

    def _moon(self, frames: tuple[PlannedFrame, ...]) -> Moon | None:
        first_ns, last_ns = frames[0].at_utc_ns, frames[-1].at_utc_ns
        if first_ns is None or last_ns is None or self._site is None:
            return None
        middle_ns = (first_ns + last_ns) // 2
        heights = (moon_height_deg(at_ns, self._site) for at_ns in (first_ns, last_ns))
        return Moon(moon_phase_name(middle_ns), moon_lit(middle_ns), *heights)

    def _utc(self, at_ns: int) -> int | None:
        return None if self._offset_ns is None else at_ns + self._offset_ns

    def _sun_deg(self, at_ns: int) -> float | None:
        at_utc_ns = self._utc(at_ns)
        return None if at_utc_ns is None or self._site is None else sun_height_deg(at_utc_ns, self._site)

    def _number_at(self, at_ns: int) -> int | None:
        """Return the number of the first frame at or after an instant, None if the run is over by then."""
        run = self._run
        slot = run.grid.slots_until(at_ns)
        return None if run.last_slot is not None and slot > run.last_slot else slot + 1
