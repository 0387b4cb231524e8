"""A box on the virtual bench, watched: the composition root of every simulation."""

from typing import Protocol

from config.record import dataclass
from config.schema import Settings
from config.store import SettingsStore
from controller.box.assembly import assemble, button_pins, line_pins
from controller.box.loop import Inbox, Part
from controller.box.methods import Methods
from controller.box.notices import Adopted, Changed, Notice
from controller.core.states import Focus
from hardware.clock import SECOND_NS, Clock, VirtualClock, VirtualWall
from hardware.virtual.bench import Bench
from hardware.virtual.camera import Dials, Drive, Exposure, VirtualCamera
from hardware.virtual.flash import Flash
from hardware.waveform import Change

BODIES = ("bbf", "factory")
VIRTUAL_NOON_NS = 1_782_043_200 * SECOND_NS  # 2026-06-21 12:00 UTC: the time of day when a virtual world begins
SYNC_PIN = 25  # where a scene's flash contact is wired, unless the settings say otherwise


@dataclass(frozen=True, slots=True)
class Scene:
    """What is on the bench: the camera, how its body is set up (one of BODIES), whether autofocus succeeds.

    A `flash` contact is wired to the sync input; without one, the camera's is, if the settings have such an input.
    With `focus_by_wire` the lens loses its focus when the body falls asleep.
    """

    camera: str = "generic"
    body: str = "bbf"
    autofocus_succeeds: bool = True
    flash: Flash | None = None
    focus_by_wire: bool = False


def dials_for(settings: Settings) -> Dials:
    """Return how a photographer sets the camera for what the box is set to do."""
    shot = settings.shot
    drives = {"single": Drive.SINGLE, "burst": Drive.CONTINUOUS, "bulb": Drive.BULB}
    of_the_body = Drive.BULB if shot.bracket else Drive.BRACKET
    drive = drives.get(shot.drive, of_the_body)
    return Dials(drive, mirror_up=shot.mirror_up_ns > 0, noise_reduction=settings.camera.noise_reduction)


class Observer(Protocol):
    """Watches a stage; `zero_ns` is the time its own times count from."""

    zero_ns: int

    def take_change(self, change: Change) -> None:
        """A line has closed or opened."""

    def take_exposure(self, exposure: Exposure) -> None:
        """The camera has taken a picture, which is over now."""

    def take_notice(self, notice: Notice) -> None:
        """The engine tells something."""


class Stage:
    """A box and its bench on a clock. With `threaded` the player has a thread of its own (a real clock).

    Nobody sees the lamps of a simulation, so they are there only `with_lamps`: a blink is a step of the loop.
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
        camera = VirtualCamera(
            store.cameras.load(scene.camera),
            half_press_focuses=scene.body == "factory",
            on_exposure=self._take_exposure,
            autofocus_succeeds=scene.autofocus_succeeds,
            focus_by_wire=scene.focus_by_wire,
            on_open=self._take_opening,
        )
        camera.dials = dials_for(store.current)
        lines, pins = line_pins(store.current), button_pins(store.current)
        switches = {button.value: pin for button, pin in pins.items()}
        flash = scene.flash or Flash()
        sync_pin = store.current.pins.sync
        self.bench = Bench(
            clock, camera, lines, switches, self._take_change, self.inbox.post, sync_pin=sync_pin, flash=flash
        )
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
        self.box.engine.listen(self._take_notice)

    def parts(self, actor: Part | None = None) -> tuple[Part, ...]:
        """Return what the loop steps, in an instant's order: player, camera, flash, thumb, script, core, lamps."""
        box, bench = self.box, self.bench
        parts = (box.player, bench.camera, bench.flash, bench.thumb, actor, box.engine, box.lamps)
        return tuple(part for part in parts if part is not None)

    def begin(self) -> int:
        """Return the time now, which is time 0 to the observers from here on."""
        zero_ns = self.clock.now_ns()
        for observer in self._observers:
            observer.zero_ns = zero_ns
        return zero_ns

    def finish(self) -> None:
        """Have the camera tell of an exposure that goes on: nobody watches any longer."""
        self.bench.camera.finish(self.clock.now_ns())

    def close(self) -> None:
        """Open both lines and take everything apart."""
        self.box.close()
        self.bench.close()

    def _take_change(self, change: Change) -> None:
        for observer in self._observers:
            observer.take_change(change)

    def _take_opening(self, at_ns: int) -> None:
        if self.bench.flash is not None:
            self.bench.flash.curtain_opened(at_ns)

    def _take_exposure(self, exposure: Exposure) -> None:
        for observer in self._observers:
            observer.take_exposure(exposure)

    def _take_notice(self, notice: Notice) -> None:
        match notice:
            case Changed():
                self._tell_camera(notice.focus)
            case Adopted():
                self.bench.camera.dials = dials_for(notice.settings)
        for observer in self._observers:
            observer.take_notice(notice)

    def _tell_camera(self, focus: Focus) -> None:
        if focus is not Focus.DIALLED_IN:
            self.bench.camera.focus_cleared()
        elif not self.bench.camera.has_reference:
            self.bench.camera.focus_dialled_in()


def state_scene(scene: Scene, store: SettingsStore) -> None:
    """State the camera of the scene in the settings, and save them."""
    store.set("camera.profile", scene.camera)
    store.set("camera.back_button_focus", "true" if scene.body == "bbf" else "false")
    if scene.flash is not None and store.current.pins.sync is None:
        store.set("pins.sync", str(SYNC_PIN))
    store.save()
