"""Plays a plan on the virtual bench, in no time: what would the camera take? Knows the stage; leaves nothing."""

import tempfile
from pathlib import Path

from config.record import dataclass
from config.schema import Settings
from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.console.commands import Session
from controller.simulate.actor import Actor
from controller.simulate.narrator import Narrator
from controller.simulate.recorder import Recorder
from controller.simulate.script import Press, ScriptLine, Type
from controller.simulate.stage import Scene, Stage
from hardware.clock import MILLISECOND_NS, SECOND_NS, VirtualClock
from hardware.virtual.camera import Exposure
from hardware.virtual.thumb import TAP_NS

MOST_FRAMES = 20


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of `frames` frames: the pictures that were taken, and why something was refused.

    Where focus was not `dialled_in` before, nothing tells whether the lens has moved.
    """

    frames: int
    dialled_in: bool
    taken: tuple[Exposure, ...]
    refusals: tuple[str, ...]


def rehearse(settings: Settings, machine_file: Path | None) -> Rehearsal:
    """Dial focus in and take a frame, or a run of as many as the settings say, MOST_FRAMES at most.

    `machine_file` tells where the box's own camera profiles are; nothing is written there.
    """
    frames = min(max(1, settings.interval.count), MOST_FRAMES)
    with tempfile.TemporaryDirectory(prefix="backbutton-") as folder:
        store = SettingsStore(machine_file, Path(folder))
        store.current = settings
        store.set("interval.count", str(frames))
        store.set("interval.end", "none")  # the bench knows no date
        recorder = _play(store, _script(settings, "start now" if frames > 1 else "fire"))
    refusals = tuple(refused.reason for refused in recorder.refusals)
    return Rehearsal(frames, not _is_plain_remote(settings), tuple(recorder.frames), refusals)


def _script(settings: Settings, command: str) -> tuple[ScriptLine, ...]:
    """Hold `back` long enough to focus; where the ring is trimmed, accept it by a tap that is no second one."""
    focus = settings.focus
    if _is_plain_remote(settings):
        return (ScriptLine(1, SECOND_NS, Type(command)),)
    held_ns = focus.min_hold_ns + 200 * MILLISECOND_NS
    accepted_ns = held_ns + focus.double_tap_ns + SECOND_NS
    accepts = (ScriptLine(2, accepted_ns, Press("back", TAP_NS)),) if focus.mode == "trim" else ()
    fires_ns = accepted_ns + focus.double_tap_ns + SECOND_NS
    return (ScriptLine(1, 0, Press("back", held_ns)), *accepts, ScriptLine(3, fires_ns, Type(command)))


def _is_plain_remote(settings: Settings) -> bool:
    """Half-press focuses and nothing waits for it: each frame focuses anew, and nobody dials anything in."""
    return settings.camera.back_button_focus is False and not settings.focus.interlock


def _play(store: SettingsStore, script: tuple[ScriptLine, ...]) -> Recorder:
    camera = store.current.camera
    scene = Scene(camera.profile, "factory" if camera.back_button_focus is False else "bbf")
    clock, recorder = VirtualClock(), Recorder(scene.camera, scene.body)
    stage = Stage(scene, store, clock, (recorder,), threaded=False)
    try:
        actor = Actor(
            script,
            stage.begin(),
            stage.box.engine,
            stage.bench.thumb,
            Session(lambda method, **params: stage.methods.call(method, params)),
            Narrator(lambda _: None),
            recorder.take_notice,
        )
        run_virtually(stage.parts(actor), stage.inbox, clock, actor.is_over)
        stage.finish()
    finally:
        stage.close()
    return recorder
