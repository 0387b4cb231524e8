"""What no order of presses, commands and time may ever do. See `EXAMPLES` for how many are tried."""

from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support import BODIES, CAMERAS, MS, NEEDS_FOCUS, S

from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.box.notices import Notice
from controller.core.states import Focus, Release
from controller.errors import CommandError
from controller.simulate.stage import Scene, Stage
from hardware.clock import VirtualClock
from hardware.timeline import Line
from hardware.virtual.camera import Exposure
from hardware.virtual.flash import Flash
from hardware.waveform import Change

EXAMPLES = 500
STEPS = 40

BUTTONS = ("back", "shutter", "run")
FLASHES = (None, Flash(), Flash(lag_ns=60 * MS, misses=(2, 3)))
WAITS_NS = (0, 1 * MS, 19 * MS, 50 * MS, 120 * MS, 310 * MS, 420 * MS, 1010 * MS, 1600 * MS, 6 * S, 31 * S, 70 * S)
SETTINGS = (
    ("focus.mode", "single"),
    ("focus.mode", "continuous"),
    ("focus.mode", "trim"),
    ("focus.interlock", "false"),
    ("focus.interlock", "true"),
    ("focus.expires", "3s"),
    ("focus.lock_limit", "1m"),
    ("focus.min_hold", "1s"),
    ("safety.max_hold", "2s"),
    ("shot.drive", "burst"),
    ("shot.drive", "single"),
    ("shot.self_timer", "2s"),
    ("shot.self_timer", "0s"),
    ("interval.every", "2s"),
    ("interval.count", "3"),
    ("interval.overrun", "stop"),
    ("interval.start", "+5s"),
    ("buttons.debounce", "60ms"),
)
COMMANDS = (
    "focus.hold",
    "focus.release",
    "focus.accept",
    "focus.clear",
    "fire",
    "start",
    "calibrate",
    "pause",
    "resume",
    "stop",
    "cut",
    "clear",
    "status",
    "plan",
)


class Witness:
    """Looks at the box at the very instant of each edge and each exposure."""

    def __init__(self) -> None:
        self.zero_ns = 0
        self.stage: Stage | None = None
        self.closed_ns: dict[Line, int] = {}

    def on_change(self, change: Change) -> None:
        assert self.stage is not None
        settings_now = self.stage.box.engine.store.current
        if change.closed:
            self.closed_ns[change.line] = change.at_ns
        else:
            self._check_length(change, settings_now)
        if change.line is Line.SHUTTER:
            self._check_shutter(change, settings_now)
        elif self.alone and Line.SHUTTER in self.closed_ns:
            raise AssertionError("FOCUS has an edge during the release of a body that fires on SHUTTER alone")

    @property
    def alone(self) -> bool:
        settings_now = self.stage.box.engine.store.current
        return settings_now.camera.profile == "canon-e3" and settings_now.camera.back_button_focus is not False

    def _check_shutter(self, change: Change, settings_now) -> None:
        if settings_now.camera.profile in NEEDS_FOCUS:
            assert Line.FOCUS in self.closed_ns, "SHUTTER has an edge while FOCUS is open"
        if change.closed and settings_now.focus.interlock:
            focus = self.stage.box.engine.controller.focus
            tracking = focus is Focus.FOCUSING and settings_now.focus.mode == "continuous"
            assert focus is Focus.DIALLED_IN or tracking, f"SHUTTER closes in {focus}"

    def _check_length(self, change: Change, settings_now) -> None:
        del settings_now
        length_ns = change.at_ns - self.closed_ns.pop(change.line)
        limit_ns = 30 * S if change.line is Line.SHUTTER else 4 * 3600 * S
        assert length_ns <= limit_ns, f"{change.line} was closed for {length_ns} ns"

    def on_exposure(self, exposure: Exposure) -> None:
        assert not exposure.lens_moved, "the lens has moved between dial-in and a frame"

    def on_notice(self, notice: Notice) -> None:
        """The witness only looks at lines and lens."""


class Fingers(RuleBasedStateMachine):
    """A box in the hands of a toddler with a laptop."""

    @initialize(camera=st.sampled_from(CAMERAS), body=st.sampled_from(BODIES), flash=st.sampled_from(FLASHES))
    def put_on_the_bench(self, camera: str, body: str, flash: Flash | None) -> None:
        store = SettingsStore(None, Path("no state is kept"))
        store.set("camera.profile", camera)
        store.set("camera.back_button_focus", "true" if body == "bbf" else "false")
        if flash is not None:
            store.set("pins.sync", "25")
        scene = Scene(camera, body, flash=flash)
        self.witness = Witness()
        self.clock = VirtualClock()
        self.stage = self.witness.stage = Stage(scene, store, self.clock, (self.witness,), threaded=False)
        self.stage.begin()

    @rule(button=st.sampled_from(BUTTONS), held_ns=st.sampled_from((*WAITS_NS[1:], None)))
    def press(self, button: str, held_ns: int | None) -> None:
        if not self.stage.bench.thumb.is_pressed(button):
            self.stage.bench.thumb.press(button, None if held_ns is None else self.clock.now_ns() + held_ns)
        self.run_for(0)

    @rule(button=st.sampled_from(BUTTONS))
    def release(self, button: str) -> None:
        self.stage.bench.thumb.release(button)
        self.run_for(0)

    @rule(wait_ns=st.sampled_from(WAITS_NS))
    def wait(self, wait_ns: int) -> None:
        self.run_for(wait_ns)

    @rule(method=st.sampled_from(COMMANDS))
    def command(self, method: str) -> None:
        self.call(method)

    @rule(setting=st.sampled_from(SETTINGS))
    def set(self, setting: tuple[str, str]) -> None:
        self.call("settings.set", key=setting[0], value=setting[1])

    def call(self, method: str, **params: object) -> None:
        try:
            self.stage.methods.call(method, params)
        except CommandError as error:
            assert error.sentence
        self.run_for(0)

    def run_for(self, wait_ns: int) -> None:
        until_ns = self.clock.now_ns() + wait_ns
        alarm = _Alarm(until_ns)
        parts = self.stage.parts(alarm)
        run_virtually(parts, self.stage.inbox, self.clock, lambda: alarm.next_ns is None)

    @invariant()
    def shutter_is_open_unless_a_frame_is_taken(self) -> None:
        if hasattr(self, "stage") and self.stage.bench.lines.is_closed(Line.SHUTTER):
            assert self.stage.box.engine.controller.release is Release.EXPOSING

    @invariant()
    def focus_is_closed_for_a_reason(self) -> None:
        if not hasattr(self, "stage") or not self.stage.bench.lines.is_closed(Line.FOCUS):
            return
        controller = self.stage.box.engine.controller
        pulse = self.clock.now_ns() - self.witness.closed_ns[Line.FOCUS] <= 400 * MS
        reasons = (
            controller.is_locked,
            pulse,
            controller.focus is Focus.FOCUSING,
            controller.release is Release.EXPOSING,
        )
        assert any(reasons), "FOCUS is closed and nobody wants it"

    def teardown(self) -> None:
        if not hasattr(self, "stage"):
            return
        for button in BUTTONS:
            self.release(button)
        self.run_for(2 * S)  # the last letting-go of `run` may still begin a run
        self.call("stop")
        self.run_for(5 * 3600 * S)
        assert not self.stage.bench.lines.is_closed(Line.SHUTTER)
        assert not self.stage.bench.lines.is_closed(Line.FOCUS)
        self.stage.close()


class _Alarm:
    """A part that has something due once, so that time goes on until then."""

    def __init__(self, at_ns: int) -> None:
        self.next_ns: int | None = at_ns

    def step(self, _now_ns: int) -> None:
        self.next_ns = None


TestFingers = Fingers.TestCase
TestFingers.settings = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
