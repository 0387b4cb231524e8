"""The goals, each beside what was measured: for the owner of a box, and for the documents."""

from collections.abc import Iterable

from config.record import dataclass
from controller.bench.idle import Idle
from controller.bench.lateness import CYCLICTEST, IDLE, LOADED, Waits
from controller.bench.nights import BUDGET_FRAMES, Night
from controller.bench.startup import Startup

# The goals of the design, section 6.
LATE, LATE_LOADED = 1.5, 3.0
_MEMORY, _READY = 1.5, 2.0
_SWITCHES, _CPU_SHARE = 2, 0.001
IDLE_GOAL = f"{_SWITCHES} wake-ups a second"
_SIMULATED_A_SECOND = 2_000
_DRIFT_FRAMES = 100_000


@dataclass(frozen=True, slots=True)
class Budget:
    """A goal, and how it was met; `is_met` is None where that could not be found out, and `found` says why."""

    what: str
    goal: str
    found: str
    is_met: bool | None

    @property
    def verdict(self) -> str:
        """One word."""
        return {True: "met", False: "NOT MET", None: "unknown"}[self.is_met]


def of_waits(waits: Waits) -> list[Budget]:
    """Judge how late edges were."""
    return [
        _times("edge lateness, idle, 99.9 %", "cyclictest", LATE, waits.ratio(IDLE), waits.missing.get(CYCLICTEST)),
        _times(
            "edge lateness, loaded, 99.9 %",
            "cyclictest",
            LATE_LOADED,
            waits.ratio(LOADED),
            waits.missing.get(CYCLICTEST),
        ),
    ]


def of_nights(nights: Iterable[Night]) -> list[Budget]:
    """Judge simulated nights: the drift at the end of the longest, the speed of the one that the goal names."""
    nights = sorted(nights, key=lambda night: night.frames)
    longest, named = nights[-1], next(night for night in nights if night.frames >= BUDGET_FRAMES)
    drift = f"{longest.drift_ns} ns after {longest.frames:,}"
    is_still = longest.drift_ns == 0 if longest.frames >= _DRIFT_FRAMES else None
    rate = f"{named.frames_a_second:,.0f} a second"
    return [
        Budget("drift over 100,000 frames", "0 ns", drift, is_still),
        Budget("frames on the virtual clock", "2,000 a second", rate, named.frames_a_second >= _SIMULATED_A_SECOND),
    ]


def of_startup(startup: Startup) -> list[Budget]:
    """Judge starts and memory."""
    return [
        _times("memory of the daemon", "its libraries", _MEMORY, startup.memory_ratio),
        _times("start to READY", "importing its libraries", _READY, startup.ready_ratio),
    ]


def of_idle(idle: Idle) -> list[Budget]:
    """Judge a box that waits for a finger."""
    return [idling("idle", idle.switches_a_second, idle.cpu_share)]


def idling(what: str, times_a_second: float, cpu_share: float) -> Budget:
    """Judge how often something is woken while it has nothing to do, and what share of a processor that takes."""
    found = f"{times_a_second:.2f} a second, {cpu_share:.3%} of a CPU"
    return Budget(what, IDLE_GOAL, found, times_a_second <= _SWITCHES and cpu_share < _CPU_SHARE)


def lines(budgets: Iterable[Budget]) -> list[str]:
    """Return a line for each, verdict first."""
    return [f"{each.verdict:<9}{each.what}: {each.found} (goal: {each.goal})" for each in budgets]


def _times(what: str, of: str, goal: float, found: float | None, missing: str | None = None) -> Budget:
    """Judge a ratio, which may not be more than `goal`."""
    if found is None:
        return Budget(what, f"{goal:g} x {of}", missing or "not measured", None)
    return Budget(what, f"{goal:g} x {of}", f"{found:.2f} x", found <= goal)
