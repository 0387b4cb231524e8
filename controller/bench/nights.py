"""Simulates nights of frames on the virtual clock: how fast, whether longer nights are slower, and the drift."""

from pathlib import Path

from config.record import dataclass
from config.store import SettingsStore
from controller import gc_pause
from controller.box.loop import run_virtually
from controller.box.notices import Notice
from controller.core.events import Request
from controller.core.states import Release
from controller.simulate.stage import Scene, Stage
from hardware.clock import SECOND_NS, SystemClock, VirtualClock
from hardware.timeline import Line
from hardware.virtual.camera import Exposure
from hardware.waveform import Change

EVERY_NS = 10 * SECOND_NS
BUDGET_FRAMES = 2_000
SIZES = (2_000, 20_000, 100_000)


@dataclass(frozen=True, slots=True)
class Night:
    """A run of `frames`: how long it took to simulate, and how far off the grid the last frame was."""

    frames: int
    took_ns: int
    drift_ns: int

    @property
    def frames_per_second(self) -> float:
        """How many frames were simulated per second."""
        return self.frames * SECOND_NS / self.took_ns


class _ShutterWatcher:
    """Counts how often SHUTTER closes, and keeps the first and the last time."""

    zero_ns = 0

    def __init__(self) -> None:
        self.closings_ns: tuple[int, int] | None = None
        self.count = 0

    def on_change(self, change: Change) -> None:
        if change.line is Line.SHUTTER and change.closed:
            first_ns = change.at_ns if self.closings_ns is None else self.closings_ns[0]
            self.closings_ns = (first_ns, change.at_ns)
            self.count += 1

    def on_exposure(self, exposure: Exposure) -> None:
        pass

    def on_notice(self, notice: Notice) -> None:
        pass


def simulate(frames: int) -> Night:
    """Simulate a run of `frames`, with the virtual camera on the lines."""
    clock, watcher = VirtualClock(), _ShutterWatcher()
    store = SettingsStore(None, Path())  # never loads or saves
    fixed = ("camera.profile", "canon-e3"), ("camera.back_button_focus", "true"), ("focus.interlock", "false")
    for key, value in (*fixed, ("interval.every", f"{EVERY_NS}ns"), ("interval.count", str(frames))):
        store.set(key, value)
    stage = Stage(Scene("canon-e3"), store, clock, (watcher,), threaded=False)
    began_ns = SystemClock.now_ns()
    stage.begin()
    stage.box.engine.ask(Request.START)
    run_virtually(
        stage.parts(),
        stage.inbox,
        clock,
        lambda: stage.box.engine.controller.release is Release.IDLE and watcher.count > 0,
    )
    took_ns = SystemClock.now_ns() - began_ns
    stage.close()
    assert watcher.closings_ns is not None, "a run has frames"
    assert watcher.count == frames, "all frames of the run were fired"
    first_ns, last_ns = watcher.closings_ns
    return Night(frames, took_ns, last_ns - first_ns - (frames - 1) * EVERY_NS)


def measure(sizes: tuple[int, ...] = SIZES) -> tuple[Night, ...]:
    """Simulate a run of each size as `backbutton simulate` does; a short one first fills the caches."""
    simulate(100)
    gc_pause.end()
    return tuple(simulate(frames) for frames in sizes)
