"""A box on the virtual clock that is worked by hand from noon on, and what came of it. For several tests."""

from pathlib import Path

from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.box.notices import Entered, Notice, Refused, Said
from controller.console.commands import Session, execute
from controller.core.effects import LedgerRow
from controller.simulate.stage import VIRTUAL_NOON_NS, Scene, Stage
from hardware.clock import VirtualClock
from hardware.timeline import Line
from hardware.virtual.camera import Exposure
from hardware.waveform import Change

S = 1_000_000_000
M = 60 * S
H = 60 * M
NOON = VIRTUAL_NOON_NS


class Evening:
    """A box and a camera since noon (UTC, 21 June 2026), focus dialled in at 10 s; times count from noon."""

    zero_ns = 0

    def __init__(
        self, *lines: str, camera: str = "canon-e3", body: str = "bbf", trusted: bool = True, wired: bool = False
    ) -> None:
        self.clock = VirtualClock()
        self.rows: list[LedgerRow] = []
        self.said: list[str] = []
        self.refused: list[str] = []
        self.shutter: list[int] = []
        self.frames: list[Exposure] = []
        store = self._new_store()
        stated = {
            "camera.profile": camera,
            "camera.back_button_focus": "true" if body == "bbf" else "false",
            "site.timezone": "Etc/UTC",
            "site.latitude": "47.37",
            "site.longitude": "8.54",
        }
        for key, value in stated.items():
            store.set(key, value)
        if wired:
            store.set("pins.sync", "25")
        self.stage = Stage(Scene(camera, body), store, self.clock, (self,), threaded=False)
        if not trusted:
            self.stage.wall.set(NOON, is_trusted=False)
        self.engine = self.stage.box.engine
        self.stage.bench.thumb.press("back", self.clock.now_ns() + S)
        self.until(10 * S)
        for line in lines:
            answer = self.type(line)
            assert answer.rpartition("\n")[2].startswith("ok"), answer

    def _new_store(self) -> SettingsStore:
        return SettingsStore(None, Path("no state is kept"))

    @property
    def release(self) -> str:
        return self.engine.controller.release.name

    @property
    def fired(self) -> list[int]:
        """When the frames of runs were due that were fired."""
        return [row.due_ns for row in self.rows if row.outcome == "fired"]

    def type(self, line: str) -> str:
        """Type a line at the console; return the answer."""
        answer = execute(Session(lambda method, **params: self.stage.methods.call(method, params)), line)
        self.wait(0)
        return answer.for_scripts()

    def run_button(self) -> None:
        self.stage.bench.thumb.press("run", self.clock.now_ns() + S // 10)
        self.wait(S)

    def wait(self, for_ns: int) -> None:
        self.until(self.clock.now_ns() + for_ns)

    def until(self, at_ns: int) -> None:
        alarm = Alarm(at_ns)
        run_virtually(self.stage.parts(alarm), self.stage.inbox, self.clock, lambda: alarm.next_ns is None)

    def step_wall(self, by_ns: int) -> None:
        """Set the time of day that much later, or earlier."""
        self.stage.wall.set(self.stage.wall.sample().wall_ns + by_ns)

    def on_change(self, change: Change) -> None:
        if change.line is Line.SHUTTER and change.closed:
            self.shutter.append(change.at_ns)

    def on_exposure(self, exposure: Exposure) -> None:
        self.frames.append(exposure)

    def on_notice(self, notice: Notice) -> None:
        match notice:
            case Entered():
                self.rows.append(notice.row)
            case Said():
                self.said.append(notice.text)
            case Refused():
                self.refused.append(str(notice.reason))


class Alarm:
    """A part that has something due once, so that time goes on until then."""

    def __init__(self, at_ns: int) -> None:
        self.next_ns: int | None = at_ns

    def step(self, _now_ns: int) -> None:
        self.next_ns = None
