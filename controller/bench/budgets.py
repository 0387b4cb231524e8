"""The goals of the design (section 6), each compared with the figure that was measured."""

from collections.abc import Iterable

from config.record import dataclass
from controller.bench.idle import Idle
from controller.bench.lateness import CYCLICTEST, IDLE, LOADED, Waits
from controller.bench.nights import BUDGET_FRAMES, Night
from controller.bench.startup import Startup

LATE, LATE_LOADED = 1.5, 3.0
_MEMORY, _READY = 1.5, 2.0
_SWITCHES, _CPU_SHARE = 2, 0.001
IDLE_GOAL = f"{_SWITCHES} wake-ups per second"
_SIMULATED_PER_SECOND = 2_000
_DRIFT_FRAMES = 100_000


@dataclass(frozen=True, slots=True)
class Budget:
    """A goal and the figure found; `is_met` is None if it could not be measured, and `found` says why."""

    what: str
    goal: str
    found: str
    is_met: bool | None

    @property
    def verdict(self) -> str:
        """The result in a word or two."""
        return {True: "met", False: "NOT MET", None: "unknown"}[self.is_met]


def of_waits(waits: Waits) -> list[Budget]:
    """Compare how late edges were with the goals."""
    return [
        _multiple(
            "edge lateness, idle, 99.9 %", "cyclictest", LATE, waits.ratio(IDLE), waits.missing.get(CYCLICTEST)
        ),
        _multiple(
            "edge lateness, loaded, 99.9 %",
            "cyclictest",
            LATE_LOADED,
            waits.ratio(LOADED),
            waits.missing.get(CYCLICTEST),
        ),
    ]


def of_nights(nights: Iterable[Night]) -> list[Budget]:
    """Compare the drift of the longest night, and the speed of the one that the goal names, with the goals."""
    nights = sorted(nights, key=lambda night: night.frames)
    longest, timed = nights[-1], next(night for night in nights if night.frames >= BUDGET_FRAMES)
    drift = f"{longest.drift_ns} ns after {longest.frames:,}"
    has_no_drift = longest.drift_ns == 0 if longest.frames >= _DRIFT_FRAMES else None
    rate = f"{timed.frames_per_second:,.0f} per second"
    return [
        Budget("drift over 100,000 frames", "0 ns", drift, has_no_drift),
        Budget(
            "frames on the virtual clock", "2,000 per second", rate, timed.frames_per_second >= _SIMULATED_PER_SECOND
        ),
    ]


def of_startup(startup: Startup) -> list[Budget]:
    """Compare start-up time and memory with the goals."""
    return [
        _multiple("memory of the daemon", "its libraries", _MEMORY, startup.memory_ratio),
        _multiple("start to READY", "importing its libraries", _READY, startup.ready_ratio),
    ]


def of_idle(idle: Idle) -> list[Budget]:
    """Compare an idle daemon with the goal."""
    return [idling("idle", idle.switches_per_second, idle.cpu_share)]


def idling(what: str, wakeups_per_second: float, cpu_share: float) -> Budget:
    """Compare how often an idle program is woken, and what share of a CPU that takes, with the goal."""
    found = f"{wakeups_per_second:.2f} per second, {cpu_share:.3%} of a CPU"
    return Budget(what, IDLE_GOAL, found, wakeups_per_second <= _SWITCHES and cpu_share < _CPU_SHARE)


def lines(budgets: Iterable[Budget]) -> list[str]:
    """Return one line for each, verdict first."""
    return [f"{each.verdict:<9}{each.what}: {each.found} (goal: {each.goal})" for each in budgets]


def _multiple(what: str, of: str, goal: float, found: float | None, missing: str | None = None) -> Budget:
    """Compare a multiple of `of` with the goal, which it may not exceed."""
    if found is None:
        return Budget(what, f"{goal:g} x {of}", missing or "not measured", None)
    return Budget(what, f"{goal:g} x {of}", f"{found:.2f} x", found <= goal)
