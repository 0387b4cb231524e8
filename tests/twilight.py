"""Plans runs at a place and a time of day, as the settings say. For several tests."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from config.cameras import load_profile
from config.schema import build, check_all, find_field
from controller.core import exposing, recipes, runplan
from controller.core.events import ClockRead
from controller.core.frames import Recipe
from controller.core.grid import Run
from controller.core.ramp import Ramp
from controller.core.run_times import PlannedRun
from controller.core.setup import Setup
from controller.core.words import Reason
from hardware.clock import ClockSample

S = 1_000_000_000
M = 60 * S
H = 60 * M
BOOTED_NS = 7 * S + 1  # monotonic time at the planning

ZURICH = {"site.latitude": "47.37", "site.longitude": "8.54"}
TROMSO = {"site.latitude": "69.65", "site.longitude": "18.96"}
SYDNEY = {"site.latitude": "-33.87", "site.longitude": "151.2"}
BULB = {"shot.drive": "bulb", "camera.profile": "canon-e3"}
BASE = BULB | {"interval.every": "30s", "interval.count": "600", "shot.ramp_limit": "2"}
EVENING = "sunset 1s, -6deg 4s, -9deg 20s"


@dataclass(frozen=True)
class Twilight:
    """A run that is planned at a local time, `now`, in a zone; `settings` are texts by key."""

    now: str
    zone: str
    settings: dict
    is_trusted: bool = True

    @property
    def faults(self) -> tuple[str, ...]:
        return check_all(self._settings)

    @property
    def _settings(self):
        return build({key: find_field(key).parse(text) for key, text in self.settings.items()})

    @property
    def setup(self) -> Setup:
        settings = self._settings
        return Setup(settings, load_profile(settings.camera.profile))

    @property
    def clock(self) -> ClockRead:
        zone = ZoneInfo(self.zone)
        wall_ns = int(datetime.fromisoformat(self.now).replace(tzinfo=zone).timestamp()) * S
        return ClockRead(ClockSample(monotonic_ns=BOOTED_NS, wall_ns=wall_ns, is_trusted=self.is_trusted), zone)

    def plan(self) -> "Plan":
        setup, clock = self.setup, self.clock
        planned = PlannedRun(setup, focus_is_held=False, clock=clock)
        return Plan(setup, clock, planned.run, planned.refusal)

    def but(self, **settings: str) -> "Twilight":
        """Return the same with other settings: `shot__ramp` is shot.ramp."""
        changed = {key.replace("__", "."): text for key, text in settings.items()}
        return replace(self, settings=self.settings | changed)

    def after(self, remedy) -> "Twilight":
        return replace(self, settings=self.settings | {remedy.key: remedy.value})


@dataclass(frozen=True)
class Plan:
    """A planned run, and why it cannot be placed."""

    setup: Setup
    clock: ClockRead
    run: Run
    unplaced: Reason | None

    @property
    def refusal(self) -> Reason | None:
        """Why the run cannot be placed or cannot work."""
        return self.unplaced or exposing.refuses(self.setup, self.run)

    @property
    def ramp(self) -> Ramp:
        assert self.unplaced is None, self.unplaced
        assert self.run.exposures is not None
        return self.run.exposures.ramp

    @property
    def keys(self) -> list[str]:
        """When the keys are, as the clocks at the place show it."""
        return [self.local(knot.at_ns) for knot in self.ramp.knots]

    @property
    def steps(self) -> list[str]:
        return [self.local(step.at_ns) for step in self.ramp.steps]

    def local(self, at_ns: int) -> str:
        utc_ns = at_ns + self.clock.sample.wall_ns - self.clock.sample.monotonic_ns
        return f"{datetime.fromtimestamp(utc_ns // S, self.clock.zone):%m-%d %H:%M}"

    @property
    def slots(self) -> range:
        last = self.run.last_slot
        assert last is not None
        return range(last + 1)


def refuses_intervals(plan: Plan) -> Reason | None:
    """Return why the frames of a run do not fit into its intervals."""

    def planned(slot: int) -> Recipe:
        return recipes.recipe(plan.setup, focus_is_held=False, exposure_ns=plan.run.planned_ns(slot))

    return runplan.refuses(plan.setup, plan.run.grid, planned, is_wired=False)


def zurich(now: str, ramp: str = EVENING, **settings: str) -> Plan:
    """Plan a run of 600 frames, one every 30 s, in Zurich."""
    return Twilight(now, "Europe/Zurich", BASE | ZURICH | {"shot.ramp": ramp}).but(**settings).plan()


def tromso(now: str, ramp: str, **settings: str) -> Plan:
    """Plan such a run where the sun does not set in June, and does not rise in December."""
    return Twilight(now, "Europe/Oslo", BASE | TROMSO | {"shot.ramp": ramp}).but(**settings).plan()
