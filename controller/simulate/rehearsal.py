"""Plays a plan on the virtual bench to find out what the camera would take. Takes no time and leaves no files."""

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
    """The result of `frames` frames: the pictures the camera took, and the reasons for refusals.

    If focus was not `dialled_in` first, `lens_moved` of the pictures means nothing.
    """

    frames: int
    dialled_in: bool
    taken: tuple[Exposure, ...]
    refusals: tuple[str, ...]


def rehearse(settings: Settings, machine_file: Path | None, count: int) -> Rehearsal:
    """Dial in focus, then take one frame, or the first frames of a run of `count`, at most MOST_FRAMES.

    The box's own camera profiles are read from beside `machine_file`; nothing is written there.
    """
    frames = min(max(1, count), MOST_FRAMES)
    with tempfile.TemporaryDirectory(prefix="backbutton-") as folder:
        store = SettingsStore(machine_file, Path(folder))
        store.current = settings
        store.set("interval.end", "none")  # the virtual clock has no real date, and `count` is by the end
        recorder = _play(store, _script(settings, "start now" if frames > 1 else "fire"), frames)
    refusals = tuple(refused.reason for refused in recorder.refusals)
    return Rehearsal(frames, not _is_plain_remote(settings), tuple(recorder.frames), refusals)


def _script(settings: Settings, command: str) -> tuple[ScriptLine, ...]:
    """Hold `back` long enough to focus; in mode `trim` also tap it, too late for a double tap."""
    focus = settings.focus
    if _is_plain_remote(settings):
        return (ScriptLine(1, SECOND_NS, Type(command)),)
    held_ns = focus.min_hold_ns + 200 * MILLISECOND_NS
    accepted_ns = held_ns + focus.double_tap_ns + SECOND_NS
    accepts = (ScriptLine(2, accepted_ns, Press("back", TAP_NS)),) if focus.mode == "trim" else ()
    fires_ns = accepted_ns + focus.double_tap_ns + SECOND_NS
    return (ScriptLine(1, 0, Press("back", held_ns)), *accepts, ScriptLine(3, fires_ns, Type(command)))


def _is_plain_remote(settings: Settings) -> bool:
    """Return whether the camera focuses for each frame by itself, so that there is no focus to dial in."""
    return settings.camera.back_button_focus is False and not settings.focus.interlock


def _play(store: SettingsStore, script: tuple[ScriptLine, ...], frames: int) -> Recorder:
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
            recorder.on_notice,
        )
        # Of a ramp these are its first frames, not the whole ramp in fewer frames.
        run_virtually(
            stage.parts(actor), stage.inbox, clock, lambda: len(recorder.ledger) >= frames or actor.is_over()
        )
        stage.finish()
    finally:
        stage.close()
    return recorder
