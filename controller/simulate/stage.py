"""A box on the virtual bench with its observers: the composition root of every simulation."""

from collections.abc import Callable
from typing import Protocol

from config.kinds import Value
from config.record import dataclass
from config.schema import Settings
from config.store import CAMERA, MODEL, SettingsStore
from controller.box.assembly import assemble, button_pins, line_pins
from controller.box.loop import Inbox, Part
from controller.box.methods import Methods
from controller.box.notices import Adopted, Changed, Notice
from controller.core.setup import Setup
from controller.core.states import Focus
from hardware.clock import SECOND_NS, Clock, VirtualClock, VirtualWall
from hardware.virtual.bench import Bench
from hardware.virtual.camera import Dials, Drive, Exposure, Quirks, VirtualCamera, quirks_of
from hardware.virtual.flash import Flash
from hardware.waveform import Change

BODIES = ("bbf", "factory")
UNSET = "unset"  # a body on the bench that is set up as bbf, while the box does not know its camera
VIRTUAL_NOON_NS = 1_782_043_200 * SECOND_NS  # 2026-06-21 12:00 UTC: the time of day at virtual time 0
SYNC_PIN = 25  # the flash contact of a scene, unless the settings have a sync pin


@dataclass(frozen=True, slots=True)
class Scene:
    """What is on the bench: the camera, how its body is set up, and whether autofocus succeeds.

    `body` is one of BODIES, or UNSET. `flash` is the contact connected to the sync input; None is a plain working
    one, if the settings have a sync pin. With `focus_by_wire` the lens loses its focus when the body falls asleep.
    With `continuous_af` the body is on AF-C whatever the settings say. `model` is the name of the body, for the
    settings only. `quirks` describe a body that is none of these; `camera` and `body` are then only what
    the box believes.
    """

    camera: str = "generic"
    body: str = "bbf"
    autofocus_succeeds: bool = True
    flash: Flash | None = None
    focus_by_wire: bool = False
    continuous_af: bool = False
    model: str = ""
    quirks: Quirks | None = None


def dials_for(scene: Scene, settings: Settings) -> Dials:
    """Return the camera settings that a photographer would choose for these settings of the box."""
    shot = settings.shot
    drives = {"single": Drive.SINGLE, "burst": Drive.CONTINUOUS, "bulb": Drive.BULB}
    bracket_drive = Drive.BULB if shot.bracket else Drive.BRACKET
    drive = drives.get(shot.drive, bracket_drive)
    dials = Dials(
        drive,
        mirror_up=shot.mirror_up_ns > 0,
        noise_reduction=settings.camera.noise_reduction,
        continuous_af=scene.continuous_af or settings.camera.continuous_af is True,
    )
    return dials if scene.quirks is None else scene.quirks.dials(dials)


Preset = Callable[[Setup], dict[str, Value]]  # what a preset sets


class Observer(Protocol):
    """Watches a stage; it counts time from `zero_ns`."""

    zero_ns: int

    def on_change(self, change: Change) -> None:
        """Called when a line has closed or opened."""

    def on_exposure(self, exposure: Exposure) -> None:
        """Called when the camera has finished a picture."""

    def on_notice(self, notice: Notice) -> None:
        """Called with each notice of the engine."""


class Stage:
    """A box and its bench on a clock. With `threaded` the player has its own thread, which needs a real clock.

    Lamps are left out unless `with_lamps`: nobody sees them in a simulation, and each blink costs a step of the loop.
    """

    def __init__(
        self,
        scene: Scene,
        store: SettingsStore,
        clock: Clock,
        observers: tuple[Observer, ...],
        *,
        threaded: bool,
        with_lamps: bool = False,
    ) -> None:
        self.clock = clock
        self.inbox = Inbox()
        self._observers = observers
        self._scene = scene
        self.bench = self._build_bench(scene, store, clock)
        self.box = assemble(
            store,
            clock,
            self.inbox,
            self.bench.lines,
            self.bench.factory,
            threaded=threaded,
            with_lamps=with_lamps,
        )
        if isinstance(clock, VirtualClock):
            self.wall = VirtualWall(clock, VIRTUAL_NOON_NS + clock.now_ns())
            self.box.engine.wall = self.wall
        self.methods = Methods(self.box, self.bench.thumb)
        self.box.engine.listen(self._on_notice)

    def _build_bench(self, scene: Scene, store: SettingsStore, clock: Clock) -> Bench:
        buttons = {button.value: pin for button, pin in button_pins(store.current).items()}
        return Bench(
            clock,
            self._build_camera(scene, store),
            line_pins(store.current),
            buttons,
            self._on_change,
            self.inbox.post,
            sync_pin=store.current.pins.sync,
            flash=scene.flash or Flash(),
        )

    def _build_camera(self, scene: Scene, store: SettingsStore) -> VirtualCamera:
        quirks = scene.quirks or quirks_of(
            store.cameras.load(scene.camera),
            half_press_focuses=scene.body == "factory",
            autofocus_succeeds=scene.autofocus_succeeds,
            focus_by_wire=scene.focus_by_wire,
        )
        camera = VirtualCamera(quirks, on_exposure=self._on_exposure, on_open=self._on_open)
        camera.dials = dials_for(scene, store.current)
        return camera

    def parts(self, actor: Part | None = None) -> tuple[Part, ...]:
        """Return the parts of the loop, in the order in which it steps those due at the same instant."""
        box, bench = self.box, self.bench
        parts = (box.player, bench.camera, bench.flash, bench.thumb, actor, box.engine, box.lamps)
        return tuple(part for part in parts if part is not None)

    def begin(self) -> int:
        """Return the time now, and make it time 0 for the observers."""
        zero_ns = self.clock.now_ns()
        for observer in self._observers:
            observer.zero_ns = zero_ns
        return zero_ns

    def finish(self) -> None:
        """End an exposure that is still in progress, so that the observers hear of it."""
        self.bench.camera.finish(self.clock.now_ns())

    def close(self) -> None:
        """Open both lines and release everything."""
        self.box.close()
        self.bench.close()

    def _on_change(self, change: Change) -> None:
        for observer in self._observers:
            observer.on_change(change)

    def _on_open(self, at_ns: int) -> None:
        if self.bench.flash is not None:
            self.bench.flash.curtain_opened(at_ns)

    def _on_exposure(self, exposure: Exposure) -> None:
        for observer in self._observers:
            observer.on_exposure(exposure)

    def _on_notice(self, notice: Notice) -> None:
        match notice:
            case Changed():
                self._update_camera(notice.focus)
            case Adopted():
                self.bench.camera.dials = dials_for(self._scene, notice.settings)
        for observer in self._observers:
            observer.on_notice(notice)

    def _update_camera(self, focus: Focus) -> None:
        """Tell the virtual camera when to start and stop watching whether the lens moves."""
        if focus is not Focus.DIALLED_IN:
            self.bench.camera.focus_cleared()
        elif not self.bench.camera.has_reference:
            self.bench.camera.focus_dialled_in()


def save_scene(scene: Scene, store: SettingsStore, preset: Preset | None = None) -> None:
    """Put the camera of the scene into the settings, then what `preset` sets on it, and save them.

    Saves nothing where that would replace a damaged file.
    """
    if scene.body == UNSET:
        store.set_all({CAMERA: "generic", MODEL: None, "camera.back_button_focus": None})
    else:
        statement = scene.body == "bbf"
        store.set_all({CAMERA: scene.camera, MODEL: scene.model or None, "camera.back_button_focus": statement})
    if scene.flash is not None and store.current.pins.sync is None:
        store.set("pins.sync", str(SYNC_PIN))
    if preset is not None:
        store.set_all(preset(Setup(store.current, store.cameras.load(store.current.camera.profile))))
    if not store.faults:
        store.save()
