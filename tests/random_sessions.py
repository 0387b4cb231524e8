"""Random sessions at buttons and console, and what has to be true of each. `make search` plays thousands.

A session is drawn from its seed alone, so a finding is played again by its number. The promises are checked on what the
bench saw: the edges of the lines, the camera's exposures, the ledger, the answers. Half of the sessions are wide: they
use all commands, describe the camera wrongly, or have a camera profile of the box's own.
"""

import io
import json
import random
import re
import shutil
import sys
import tempfile
import traceback
from dataclasses import dataclass, field, replace
from pathlib import Path

from random_commands import command, preset, statement
from random_profiles import OWN, own_profile

from config.cameras import load_profile, own_folder, profile_ids
from config.schema import FIELDS, Settings
from config.store import SettingsStore
from config.units import format_duration
from controller.box.loop import run_virtually
from controller.box.notices import Changed, Entered, Notice, Stepped
from controller.console.answer import ERROR_WORDS
from controller.console.commands import Session
from controller.core.states import Release
from controller.errors import CommandError
from controller.simulate.actor import Actor
from controller.simulate.narrator import Narrator
from controller.simulate.recorder import Recorder
from controller.simulate.script import LetGo, Press, ScriptLine, Type
from controller.simulate.stage import BODIES, Scene, Stage, save_scene
from hardware.clock import VirtualClock
from hardware.timeline import Line
from hardware.virtual.camera import Exposure
from hardware.virtual.flash import Flash
from hardware.waveform import Change

MS = 1_000_000
S = 1000 * MS
CAMERAS = tuple(each for each in profile_ids() if load_profile(each).is_usable)
BUTTONS = ("back", "shutter", "run")
LONGEST_STEPS = 30
PAUSES_NS = (
    0,
    1,
    1 * MS,
    5 * MS,
    19 * MS,
    50 * MS,
    120 * MS,
    310 * MS,
    330 * MS,
    420 * MS,
    1 * S,
    1_600 * MS,
    3 * S,
    31 * S,
)
HOLDS_NS = (1 * MS, 30 * MS, 100 * MS, 310 * MS, 500 * MS, 1_200 * MS, 1_600 * MS, 6 * S, 40 * S)
ACTIONS = (
    "focus hold",
    "focus release",
    "focus accept",
    "focus clear",
    "fire",
    "start",
    "start",
    "start +2s",
    "start 12:01",
    "start sunset",
    "calibrate",
    "pause",
    "resume",
    "stop",
    "stop",
    "cut",
    "clear",
    "status",
    "status --json",
    "plan",
    "plan --json",
    "show changed",
    "diff",
    "save",
    "rollback",
    "clock",
    "clock set 2026-06-21T12:30",
    "clock set 2026-06-21T11:59:30",
    "help start",
    "log",
)
# Values that make a session of seconds worth playing; others come from the schema's bounds.
VALUES = {
    "focus.mode": ("single", "continuous", "trim"),
    "focus.min_hold": ("300ms", "1s", "5s", "50ms"),
    "focus.expires": ("0s", "3s", "1m"),
    "focus.lock_limit": ("4h", "1m", "2m"),
    "focus.interlock": ("true", "true", "false"),
    "focus.double_tap": ("400ms", "1s"),
    "safety.max_hold": ("30s", "2s"),
    "safety.max_exposure": ("1h", "5s"),
    "shot.drive": ("single", "burst", "bulb", "bracket"),
    "shot.exposure": ("1s", "3s", "20s", "100ms", "1/3s"),
    "shot.exposure_end": ("0s", "1s", "8s", "300ms"),
    "shot.mirror_up": ("0s", "1s", "2s"),
    "shot.bracket": ("none", '"1s, 2s, 3s"', '"500ms, 4s"'),
    "shot.bracket_hold": ("3s", "1s"),
    "shot.self_timer": ("0s", "2s"),
    "interval.every": ("1s", "2s", "5s", "530ms", "10s", "700ms"),
    "interval.every_end": ("0s", "3s", "1s"),
    "interval.count": ("0", "1", "2", "3", "7"),
    "interval.tolerance": ("50ms", "0s", "1s"),
    "interval.overrun": ("skip", "stop"),
    "interval.start": ("now", "+2s", "+5s", "12:01", "sunset-7h"),
    "interval.end": ("none", "+3s", "+7s", "12:02", "sunset"),
    "interval.start_tolerance": ("1m", "0s", "12h"),
    "camera.back_button_focus": ("true", "false"),
    "camera.noise_reduction": ("true", "false"),
    "camera.keep_awake": ("true", "false"),
    "camera.wake": ("true", "false"),
    "camera.shutter_lag": ("0s", "50ms"),
    "camera.lag_spread": ("0s", "500us"),
    "camera.lag_watch": ("warn", "pause"),
    "camera.close_lag": ("0s", "20ms"),
    "site.latitude": ("47.37", "-33.9", "unset", "78.2"),
    "site.longitude": ("8.54", "151.2", "unset"),
    "site.timezone": ("Etc/UTC", "Europe/Zurich", "Asia/Tokyo"),
    "buttons.debounce": ("20ms", "1ms", "60ms"),
}
# The bench's camera is the one of the scene: another profile, or a wrong statement, is a session about something else.
STATED = ("camera.profile", "camera.back_button_focus", "camera.continuous_af")


@dataclass(frozen=True)
class RandomSession:
    """A session: what stands on the bench, and what is done."""

    seed: int
    scene: Scene
    lines: tuple[ScriptLine, ...]
    profile: str | None = None  # the text of the box's own, with the id OWN

    def text(self) -> str:
        """Return it as a script, with the command that plays it again."""
        head = f"# simulate --fast --camera {self.scene.camera} --body {self.scene.body}"
        flash = "" if self.scene.flash is None else "  (with a flash contact)"
        profile = [] if self.profile is None else [f"# {OWN}.toml: {line}" for line in self.profile.splitlines()]
        return "\n".join((f"{head}{flash}: seed {self.seed}", *profile, *map(_in_words, self.lines)))


def _in_words(line: ScriptLine) -> str:
    match line.action:
        case Press(button, None):
            what = f"press {button}"
        case Press(button, for_ns):
            what = f"hold {button} {format_duration(for_ns)}"
        case LetGo(button):
            what = f"release {button}"
        case Type(command):
            what = f"> {command}"
    return f"at {format_duration(line.at_ns)} {what}"


def session(seed: int) -> RandomSession:
    """Draw a session."""
    draw = random.Random(seed)
    flash = draw.choice((None, None, None, Flash(), Flash(lag_ns=60 * MS, misses=(2, 3))))
    scene = Scene(draw.choice(CAMERAS), draw.choice(BODIES), flash=flash, autofocus_succeeds=draw.random() > 0.05)
    if scene.body == "factory":  # drawn apart, so that the other sessions stay what they were
        scene = replace(scene, continuous_af=random.Random(f"af-c {seed}").random() < 0.3)
    # A session is about a few things only (swarm testing): what goes wrong together has to come together.
    themes = Themes(
        draw.sample(ACTIONS, draw.randint(2, 9)), draw.sample(tuple(VALUES), draw.randint(1, 8)), draw.random()
    )
    lines: list = []
    lines += [Type(_set(draw, themes)) for _ in range(draw.randint(0, 8))]
    if draw.random() < 0.9:
        lines += [Press("back", 600 * MS), S]
        lines += [
            draw.choice(
                (Type("start"), Type("start"), Type("fire"), Press("shutter", 300 * MS), Press("run", 100 * MS))
            )
        ]
        lines += [draw.choice(PAUSES_NS)]
    for _ in range(draw.randint(3, LONGEST_STEPS)):
        lines.append(_action(draw, themes))
        if draw.random() < 0.7:
            lines.append(None)
    presets = random.Random(f"presets {seed}")  # drawn apart, as above
    if presets.random() < 0.3:
        lines = _with_presets(presets, lines)
    wide = random.Random(f"wide {seed}")  # drawn apart, as above
    if wide.random() < 0.5:
        return RandomSession(seed, scene, _timed(draw, lines))
    profile = own_profile(wide) if wide.random() < 0.5 else None
    scene = scene if profile is None else replace(scene, camera=OWN)
    return RandomSession(seed, scene, _timed(draw, _widened(wide, lines)), profile)


def _with_presets(draw: random.Random, lines: list) -> list:
    """Type commands that set several settings at once between the lines, and hold `run` to step through presets."""
    more = []
    for line in lines:
        if draw.random() < 0.4:
            more.append(Type(preset(draw)))
        if draw.random() < 0.15:
            more += [Press("run", draw.choice((1_500 * MS, 1_600 * MS, 3 * S))), 2 * S]
        more.append(line)
    return more


def _widened(draw: random.Random, lines: list) -> list:
    """Type more commands between the lines, and end a run that could last for hours."""
    commands, statements = draw.choice(((0.4, 0.0), (0.2, 0.1), (0.0, 0.2), (0.0, 0.0)))
    more = []
    for line in lines:
        if draw.random() < commands:
            more.append(Type(command(draw)))
        if draw.random() < statements:
            more.append(Type(statement(draw)))
        more.append(line)
    return [*more, 40 * S, Type("stop"), *(Type(f"release {button}") for button in BUTTONS)]


def _timed(draw: random.Random, lines: list) -> tuple[ScriptLine, ...]:
    """Give the actions their times; leave out presses of buttons that are down already, and let go of all at the end."""
    at_ns, down_ns = 0, dict.fromkeys(BUTTONS, -1)
    script = []
    for action in lines:
        if isinstance(action, int):
            at_ns += action
            continue
        if action is None:
            at_ns += draw.choice(PAUSES_NS) if draw.random() < 0.8 else draw.randrange(10 * S)
            continue
        if isinstance(action, Press):
            if down_ns[action.button] is None or at_ns <= down_ns[action.button]:
                continue  # it is down already
            down_ns[action.button] = None if action.for_ns is None else at_ns + action.for_ns
        if isinstance(action, LetGo):
            if down_ns[action.button] is not None:
                continue
            down_ns[action.button] = at_ns
        script.append(ScriptLine(len(script) + 1, at_ns, action))
    at_ns = max((at_ns, *(at for at in down_ns.values() if at is not None))) + S
    for button, until_ns in down_ns.items():
        if until_ns is None:
            script.append(ScriptLine(len(script) + 1, at_ns, LetGo(button)))
    return tuple(script)


@dataclass(frozen=True)
class Themes:
    """What a session is about: commands, settings, and how much of it is done by buttons."""

    actions: list[str]
    keys: list[str]
    buttons: float


def _action(draw: random.Random, themes: Themes):
    kind = draw.random()
    if draw.random() < themes.buttons * 0.7:
        button = draw.choice(("back", "shutter", "shutter", "run", "run"))
        way = draw.random()
        if way < 0.5:
            return Press(button, 100 * MS)
        if way < 0.8:
            return Press(button, draw.choice(HOLDS_NS))
        return Press(button, None) if way < 0.9 else LetGo(button)
    if kind < 0.7:
        return Type(draw.choice(themes.actions))
    return Type(_set(draw, themes))


def _set(draw: random.Random, themes: Themes) -> str:
    if draw.random() < 0.05:
        return f"reset {draw.choice([key for key in FIELDS if key not in STATED])}"
    key = draw.choice(themes.keys)
    if key in STATED:
        key = "interval.every"
    return f"set {key} {draw.choice(VALUES[key])}"


@dataclass
class Played:
    """What came of a session."""

    report: dict
    narration: str
    findings: list[str] = field(default_factory=list)


ERROR = re.compile(f"error ({'|'.join(ERROR_WORDS)}): .")
IN_ANSWER = re.compile(" |$").match


class AttentiveNarrator(Narrator):
    """Shows each answer to a watcher too."""

    def __init__(self, write, watcher: "Watcher") -> None:
        super().__init__(write)
        self._watcher = watcher

    def tell_answer(self, command: str, answer: str) -> None:
        self._watcher.answered(command, answer)
        super().tell_answer(command, answer)


class Watcher:
    """Checks the promises that hold at each instant; `findings` are those that did not."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.zero_ns = 0
        self.findings: list[str] = []
        self.stage: Stage | None = None
        self._closed: dict[Line, bool] = dict.fromkeys(Line, False)
        self._shutter_ns: list[int] = []
        self._run: list[Entered] = []
        self._next_slot: int | None = None
        self._is_stopped = False

    def on_change(self, change: Change) -> None:
        if self._closed[change.line] == change.closed:
            self._find(f"{change.line.value} has two edges of one kind in a row")
        self._closed[change.line] = change.closed
        if change.line is Line.SHUTTER and change.closed and self._is_stopped:
            self._find("SHUTTER closes for an exposure that was stopped before it began")
        if change.line is Line.SHUTTER and change.closed:
            self._shutter_ns.append(change.at_ns)

    def on_exposure(self, exposure: Exposure) -> None:
        if exposure.lens_moved and self._is_well_described and not self._is_plain_remote_in_af_c:
            self._find(f"the lens has moved in the frame at {format_duration(exposure.at_ns - self.zero_ns)}")

    @property
    def _is_well_described(self) -> bool:
        """Whether the settings say of the camera what is so."""
        camera, scene = self.stage.box.engine.store.current.camera, self.scene
        if (camera.profile, camera.back_button_focus) != (scene.camera, scene.body == "bbf"):
            return False
        is_af_c = scene.body == "factory" and self.stage.bench.camera.dials.continuous_af
        return camera.continuous_af is True or not is_af_c

    @property
    def _is_plain_remote_in_af_c(self) -> bool:
        focus, camera = self.stage.box.engine.store.current.focus, self.stage.bench.camera
        return camera.dials.continuous_af and not focus.interlock

    def on_notice(self, notice: Notice) -> None:
        if isinstance(notice, Changed) and notice.release in (Release.DELAYING, Release.WAITING, Release.IDLE):
            self._is_stopped = False
        if isinstance(notice, Stepped) and self.stage.box.engine.controller.release is not Release.IDLE:
            self._find("run has stepped to a preset while something was in progress")
        if not isinstance(notice, Entered):
            return
        row = notice.row
        if row.slot == 0:
            self._next_slot = 0
        if self._next_slot is not None and row.slot != self._next_slot:
            self._find(f"slot {row.slot} is entered where {self._next_slot} should be")
        self._next_slot = row.slot + row.slots
        if row.outcome == "skipped" and not row.reason:
            self._find(f"slot {row.slot} is skipped without a reason")
        if row.outcome in ("fired", "confirmed", "unconfirmed", "missed"):
            tolerance_ns = self.stage.box.engine.store.current.interval.tolerance_ns
            late_ns = min((at - row.due_ns for at in self._shutter_ns if at >= row.due_ns), default=None)
            if late_ns is None or late_ns > tolerance_ns:
                self._find(f"slot {row.slot} is {row.outcome}, but SHUTTER closed {late_ns} ns after it was due")

    def asked(self, method: str) -> None:
        """Note what may close SHUTTER again, and a `stop` after which nothing may."""
        if method in ("fire", "start", "resume", "calibrate") or method.startswith("thumb."):
            self._is_stopped = False
        if method != "stop":
            return
        engine = self.stage.box.engine
        settings, frame = engine.store.current, engine.controller._shooting.frame
        is_begun = frame is not None and frame.due_ns <= engine.clock.now_ns()
        is_plain = not settings.shot.mirror_up_ns and engine.setup.profile.bulb != "toggle"
        self._is_stopped = is_begun and is_plain and not self._closed[Line.SHUTTER]

    def refused(self, method: str, before: Settings) -> None:
        """Check that a request that was refused has set nothing, neither in the store nor in the core."""
        engine = self.stage.box.engine
        if engine.store.current != before or engine.controller._setup.settings != before:
            self._find(f"{method} was refused, but settings have changed")

    def status(self, reply: dict) -> None:
        """Check an answer to `status`."""
        run = reply["run"]
        if run is not None:
            for key in ("next_in_ns", "ends_in_ns"):
                if run[key] is not None and run[key] < 0:
                    self._find(f"status: {key} is {run[key]}")
        for line, is_closed in self._closed.items():
            if reply["lines"][line.value] != ("closed" if is_closed else "open"):
                self._find(f"status: {line.value} is {reply['lines'][line.value]}, but it is closed: {is_closed}")
        if reply["lock"] and not self._closed[Line.FOCUS]:
            self._find("status: the focus lock is closed, but FOCUS is open")

    def answered(self, line: str, answer: str) -> None:
        """Check an answer, in the form for scripts: lines that start with a space, then `ok` or `error WORD:`."""
        *lines, last = answer.split("\n")
        if not (last == "ok" or last.startswith("ok ") or ERROR.match(last)) or not all(map(IN_ANSWER, lines)):
            self._find(f"{line} is answered with {answer!r}")
        if not all(map(str.isprintable, (*lines, last))) or re.search("None|<class| object at 0x|Traceback", answer):
            self._find(f"{line} is answered with words of the program: {answer!r}")
        if "error fault" in last:
            self._find(f"{line} is a fault: {last}")

    def end(self, report: dict) -> None:
        """Check how things stand at the end."""
        if self._closed[Line.SHUTTER]:
            self._find("SHUTTER is closed at the end")
        is_held = report["state"]["focus"] == "FOCUSING"
        if self._closed[Line.FOCUS] and not report["state"]["lock"] and not is_held:
            self._find(f"FOCUS closed at the end: {report['state']}")
        if report["state"]["lock"] and not self._closed[Line.FOCUS]:
            self._find("the focus lock is said to be closed, and FOCUS is open")

    def _find(self, what: str) -> None:
        self.findings.append(what)


def play(played: RandomSession, state_dir: Path) -> Played:
    """Play a session on the virtual clock; what is raised is a finding too."""
    narration = io.StringIO()
    watcher, recorder = Watcher(played.scene), Recorder(played.scene.camera, played.scene.body)
    narrator = AttentiveNarrator(lambda line: print(line, file=narration), watcher)
    if played.profile is not None:
        own_folder(state_dir / "config.toml").mkdir()
        (own_folder(state_dir / "config.toml") / f"{OWN}.toml").write_text(played.profile)
    store = SettingsStore(state_dir / "config.toml", state_dir)
    store.load()
    if played.scene.continuous_af:
        store.set("camera.continuous_af", "true")
    save_scene(played.scene, store)
    clock = VirtualClock()
    stage = watcher.stage = Stage(played.scene, store, clock, (watcher, recorder, narrator), threaded=False)

    def call(method: str, **params: object) -> object:
        settings = store.current
        try:
            reply = stage.methods.call(method, params)
        except CommandError:
            watcher.refused(method, settings)
            raise
        watcher.asked(method)
        if method == "status":
            watcher.status(reply)
            json.dumps(reply)
        return reply

    actor = Actor(
        played.lines,
        stage.begin(),
        stage.box.engine,
        stage.bench.thumb,
        Session(call),
        narrator,
        recorder.on_notice,
    )
    report = {}
    try:
        run_virtually(stage.parts(actor), stage.inbox, clock, actor.is_over)
        stage.finish()
        report = recorder.report(stage.box.engine.controller)
        watcher.end(report)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        watcher.findings.append(f"raised: {error!r}\n{traceback.format_exc()}")
    finally:
        stage.close()
    return Played(report, narration.getvalue(), watcher.findings)


def _play_in_new(one: RandomSession, folder: Path) -> Played:
    """Play it in a new folder, which is removed again: its path is in the answers."""
    folder.mkdir()
    try:
        return play(one, folder)
    finally:
        shutil.rmtree(folder)


def findings(seed: int, state_dir: Path) -> list[str]:
    """Return what is wrong with a session, played twice: the second time everything has to be the same."""
    one = session(seed)
    first, second = (_play_in_new(one, state_dir / "box") for _ in "12")
    if (first.report, first.narration) != (second.report, second.narration):
        first.findings.append("it is another session the second time")
    return first.findings


def main() -> int:
    """Play sessions FIRST to LAST - 1; print the findings; status 1 if there are any."""
    first, last = map(int, sys.argv[1:3])
    found = 0
    for seed in range(first, last):
        with tempfile.TemporaryDirectory() as folder:
            wrong = findings(seed, Path(folder))
        if wrong:
            found += 1
            print(f"seed {seed}: {wrong[0]}" + (f" (+{len(wrong) - 1} more)" if len(wrong) > 1 else ""), flush=True)
    print(f"{last - first} sessions, seeds {first} to {last - 1}: {found} with findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
