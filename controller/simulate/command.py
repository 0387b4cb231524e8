"""Plays a script on the virtual bench, on a virtual clock or in real time, and writes the results."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import TextIO

from config.record import dataclass
from config.store import SettingsStore
from controller.box.lamp_view import EngineView
from controller.box.loop import AsyncLoop, run_virtually
from controller.box.signals import lines_open_on_signals
from controller.console.commands import Session
from controller.core.lamp_text import lamp_marks_for
from controller.core.states import Release
from controller.simulate.actor import Actor
from controller.simulate.narrator import Narrator
from controller.simulate.recorder import Recorder
from controller.simulate.script import ScriptLine
from controller.simulate.stage import Preset, Scene, Stage, save_scene
from hardware.clock import SystemClock, VirtualClock
from hardware.waveform import draw, marks_for, vcd


@dataclass(frozen=True, slots=True)
class Output:
    """Where a simulation writes its narration, its JSON report and the edges; None for what is not wanted."""

    narration: TextIO
    report: TextIO | None = None
    vcd: TextIO | None = None


def play_script(
    scene: Scene, script: tuple[ScriptLine, ...], output: Output, *, fast: bool, preset: Preset | None = None
) -> int:
    """Play a script, write the results, and return the exit status: 0, or 1 after a fault or a signal."""
    with tempfile.TemporaryDirectory(prefix="backbutton-") as state_dir:
        store = SettingsStore(None, Path(state_dir))
        save_scene(scene, store, preset)
        play = _play_fast if fast else _play_in_real_time
        return play(scene, script, output, store)


def _play_fast(scene: Scene, script: tuple[ScriptLine, ...], output: Output, store: SettingsStore) -> int:
    clock = VirtualClock()
    performance = _Performance(scene, script, output, store, clock)
    stage = performance.stage
    try:
        run_virtually(stage.parts(performance.actor), stage.inbox, clock, performance.actor.is_over)
        return performance.finish()
    finally:
        stage.close()


def _play_in_real_time(scene: Scene, script: tuple[ScriptLine, ...], output: Output, store: SettingsStore) -> int:
    return asyncio.run(_play_under_asyncio(scene, script, output, store))


async def _play_under_asyncio(
    scene: Scene, script: tuple[ScriptLine, ...], output: Output, store: SettingsStore
) -> int:
    performance = _Performance(scene, script, output, store, SystemClock())
    stage, actor = performance.stage, performance.actor
    try:
        loop = AsyncLoop(stage.parts(actor), stage.inbox, stage.clock, actor.is_over)
        with lines_open_on_signals(stage.box.latch, loop.end):
            await loop.wait()
        return performance.finish()
    finally:
        stage.close()
        stage.inbox.drain()


class _Performance:
    """A script being played on a stage, with its recorder and its narrator."""

    def __init__(
        self,
        scene: Scene,
        script: tuple[ScriptLine, ...],
        output: Output,
        store: SettingsStore,
        clock: SystemClock | VirtualClock,
    ) -> None:
        self._output = output
        self._recorder = Recorder(scene.camera, scene.body)
        marks = lamp_marks_for(output.narration.encoding)
        self._narrator = Narrator(lambda line: print(line, file=output.narration, flush=True), marks)
        self.stage = Stage(
            scene,
            store,
            clock,
            (self._recorder, self._narrator),
            threaded=isinstance(clock, SystemClock),
        )
        self._narrator.view = EngineView(self.stage.box.engine)
        self.actor = Actor(
            script,
            self.stage.begin(),
            self.stage.box.engine,
            self.stage.bench.thumb,
            Session(self._call),
            self._narrator,
            self._recorder.on_notice,
        )

    def finish(self) -> int:
        """Write the report, the edges and the summary, and return the exit status."""
        self.stage.finish()
        controller = self.stage.box.engine.controller
        end_ns = self.stage.clock.now_ns() - self._recorder.zero_ns
        if self._output.report is not None:
            # without an indent, json uses its C encoder, which is ten times as fast on a night of frames
            self._output.report.write(json.dumps(self._recorder.report(controller)) + "\n")
        if self._output.vcd is not None:
            self._output.vcd.write(vcd(self._recorder.changes, end_ns))
        self._summarise(end_ns)
        has_failed = self.stage.box.latch.tripped or controller.release is Release.FAULT
        return 1 if has_failed else 0

    def _call(self, method: str, **params: object) -> object:
        return self.stage.methods.call(method, params)

    def _summarise(self, end_ns: int) -> None:
        frames = self._recorder.frames
        moved = sum(frame.lens_moved for frame in frames)
        lens = f"the lens moved in {moved} of them" if moved else "the lens moved in none of them"
        print("\nWhat the lines did:", file=self._output.narration)
        drawn = draw(self._recorder.changes, 0, end_ns, marks=marks_for(self._output.narration.encoding))
        print("\n".join(drawn), file=self._output.narration)
        count = len(frames)
        print(
            f"\nWhat the camera took: {count} frame{'' if count == 1 else 's'}; {lens}.",
            file=self._output.narration,
        )
