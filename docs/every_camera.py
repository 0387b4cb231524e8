"""Plays every camera in every drive on the virtual bench, for the table in `cameras.md` and for the tests.

The expected frames follow from the profile and from the rules of the virtual camera, never from the box's own code.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

from config.cameras import Profile, load_profile, profile_ids
from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.box.notices import Entered, Notice, Refused
from controller.core.events import Request
from controller.core.states import Release
from controller.core.words import Reason
from controller.plan.planning import plan_frame
from controller.simulate.stage import BODIES, Scene, Stage
from hardware.clock import MILLISECOND_NS, SECOND_NS, VirtualClock
from hardware.timeline import Line
from hardware.virtual.camera import SHUTTER_SPEED_NS, Dials, Exposure
from hardware.virtual.shutter import FRAME_PERIOD_NS
from hardware.virtual.thumb import TAP_NS
from hardware.waveform import Change

MIRROR_UP = "2s"
# Drive -> heading of its column, and the settings it needs.
DRIVES: dict[str, tuple[str, dict[str, str]]] = {
    "single": ("single", {}),
    "burst": ("burst", {"shot.drive": "burst"}),
    "bulb": ("bulb", {"shot.drive": "bulb", "shot.exposure": "2s"}),
    "set": ("bracket, the body's own", {"shot.drive": "bracket"}),
    "list": ("bracket of bulbs", {"shot.drive": "bracket", "shot.bracket": "1s, 2s, 4s"}),
}
_BULBS_NS = {"bulb": (2 * SECOND_NS,), "list": (1 * SECOND_NS, 2 * SECOND_NS, 4 * SECOND_NS)}
RUN_FRAMES = 3
_BURST_NS = 950 * MILLISECOND_NS  # for no profile's lead does it end just as a frame begins
_RESTS = (Release.IDLE, Release.FAULT)


@dataclass(frozen=True, slots=True)
class Cell:
    """One way to use a camera: profile, set-up of the body, drive, and mirror-up or not."""

    profile: str
    body: str
    drive: str
    mirror_up: bool

    def __str__(self) -> str:
        return "-".join((self.profile, self.body, self.drive, *(["mirror"] if self.mirror_up else [])))

    @property
    def settings(self) -> dict[str, str]:
        """The settings for this drive and mirror-up."""
        mirror = {"shot.mirror_up": MIRROR_UP} if self.mirror_up else {}
        return DRIVES[self.drive][1] | mirror


@dataclass(slots=True)
class Result:
    """What one release, or one run, produced."""

    frames: list[Exposure] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """`ok`, or the kinds of the refusals."""
        return ", ".join({reason.why.name.lower(): None for reason in self.reasons}) or "ok"


class Session:
    """A box and a camera on the virtual clock, operated by hand; collects what happens in `result`."""

    zero_ns = 0

    def __init__(self, scene: Scene, settings: dict[str, str], store: SettingsStore | None = None) -> None:
        self.store = store or SettingsStore(None, Path("/nonexistent"))
        stated = {
            "camera.profile": scene.camera,
            "camera.back_button_focus": "true" if scene.body == "bbf" else "false",
        }
        for key, value in (stated | settings).items():
            self.store.set(key, value)
        self.clock = VirtualClock()
        self.result = Result()
        self.stage = Stage(scene, self.store, self.clock, (self,), threaded=False)

    @property
    def release(self) -> Release:
        """What the shutter is about."""
        return self.stage.box.engine.controller.release

    @property
    def lines_are_open(self) -> bool:
        """Neither line is closed."""
        return not any(self.stage.bench.lines.is_closed(line) for line in Line)

    def wait(self, for_ns: int) -> None:
        """Let time pass."""
        alarm = _Alarm(self.clock.now_ns() + for_ns)
        self._run(alarm)

    def finish(self) -> Result:
        """Let the frame or the run finish, and return what has happened since the last call."""
        self._run(None)
        result, self.result = self.result, Result()
        return result

    def hold(self, button: str, for_ns: int) -> None:
        """Hold a button for that time, and wait a moment longer."""
        self.stage.bench.thumb.press(button, self.clock.now_ns() + for_ns)
        self.wait(for_ns + TAP_NS)

    def focus(self) -> None:
        """Dial in focus."""
        self.hold("back", SECOND_NS)

    def on_change(self, change: Change) -> None:
        """Record a change of a line."""
        self.result.changes.append(change)

    def on_exposure(self, exposure: Exposure) -> None:
        """Record a picture."""
        self.result.frames.append(exposure)

    def on_notice(self, notice: Notice) -> None:
        """Record refusals and the outcomes in the ledger."""
        match notice:
            case Refused():
                assert isinstance(notice.reason, Reason), notice.reason
                self.result.reasons.append(notice.reason)
            case Entered():
                self.result.outcomes.append(notice.row.outcome)

    def _run(self, alarm: "_Alarm | None") -> None:
        parts = self.stage.parts(alarm)
        run_virtually(parts, self.stage.inbox, self.clock, self._is_at_rest if alarm is None else alarm.is_over)

    def _is_at_rest(self) -> bool:
        return self.release in _RESTS and self.stage.bench.thumb.next_ns is None


class _Alarm:
    """A part of the loop that ends the loop at a given time."""

    def __init__(self, at_ns: int) -> None:
        self.next_ns: int | None = at_ns

    def step(self, _now_ns: int) -> None:
        """Ring."""
        self.next_ns = None

    def is_over(self) -> bool:
        """Return whether the alarm has rung."""
        return self.next_ns is None


def usable() -> list[str]:
    """Return the cameras that two plain contacts can work."""
    return [name for name in profile_ids() if load_profile(name).is_usable]


def cells() -> Iterator[Cell]:
    """Yield every usable camera with every set-up, drive and mirror-up."""
    yield from (Cell(*each) for each in product(usable(), BODIES, DRIVES, (False, True)))


def expected_exposures(cell: Cell, *, held_ns: int | None) -> list[int]:
    """Return the expected exposure time of each frame of one release.

    A burst lasts as long as the button is held, `held_ns`, minus the lead of FOCUS; None stands for a frame of a run,
    where it lasts as long as the profile's usual press. The virtual body takes one frame at once, and one more every
    FRAME_PERIOD_NS.
    """
    profile = load_profile(cell.profile)
    match cell.drive:
        case "bulb" | "list":
            return list(_BULBS_NS[cell.drive])
        case "set":
            return [SHUTTER_SPEED_NS] * Dials().set_size
        case "burst":
            closed_ns = profile.hold_ns if held_ns is None else held_ns - _lead_ns(cell, profile)
            return [SHUTTER_SPEED_NS] * -(-closed_ns // FRAME_PERIOD_NS)
    return [SHUTTER_SPEED_NS]


def _lead_ns(cell: Cell, profile: Profile) -> int:
    """Return how long FOCUS closes before SHUTTER; 0 on a factory body, where it stays closed after focusing."""
    return profile.lead_ns if profile.focus_held_during_release and cell.body == "bbf" else 0


@dataclass(frozen=True, slots=True)
class Played:
    """The results of a cell, for one frame by hand and for a run, with the expected exposures of both."""

    by_hand: Result
    expected_by_hand: list[int]
    run: Result
    expected_of_run: list[int]
    every_ns: int
    ends_open: bool

    @property
    def verdict(self) -> str:
        """`ok`, or the kinds of the refusals."""
        return " / ".join(dict.fromkeys((self.by_hand.verdict, self.run.verdict)))


@cache
def play(cell: Cell) -> Played:
    """Take a frame by hand and then a run, after dialling in focus once; cached, so each cell is played once."""
    held_ns = _BURST_NS if cell.drive == "burst" else TAP_NS
    session = Session(Scene(cell.profile, cell.body), cell.settings)
    session.focus()
    session.finish()
    session.hold("shutter", held_ns)
    by_hand = session.finish()
    engine = session.stage.box.engine
    frame_ns = plan_frame(engine.setup).recipe.frame_ns
    every_ns = -(-frame_ns // SECOND_NS) * SECOND_NS + SECOND_NS
    for key, value in {"interval.every": every_ns, "interval.count": RUN_FRAMES}.items():
        engine.change_settings({key: value})
    session.hold("run", TAP_NS)
    run = session.finish()
    if session.stage.box.engine.controller.is_locked:
        engine.ask(Request.FOCUS_CLEAR)
        session.wait(TAP_NS)
    ends_open = session.lines_are_open
    session.stage.close()
    of_one_frame = expected_exposures(cell, held_ns=None)
    by_hand_ns = expected_exposures(cell, held_ns=held_ns)
    return Played(by_hand, by_hand_ns, run, of_one_frame * RUN_FRAMES, every_ns, ends_open)


def table() -> str:
    """Return the table: a row for each camera and set-up, a column for each drive, and the refusals as notes."""
    notes: dict[str, int] = {}
    rows = [
        f"| `{profile}` | {body} | " + " | ".join(_entry(Cell(profile, body, *way), notes) for way in _ways()) + " |"
        for profile, body in dict.fromkeys((cell.profile, cell.body) for cell in cells())
    ]
    heads = [f"{DRIVES[drive][0]}{', mirror-up' if mirror_up else ''}" for drive, mirror_up in _ways()]
    return "\n".join(
        (
            f"| camera | body | {' | '.join(heads)} |",
            "|---" * (2 + len(heads)) + "|",
            *rows,
            "",
            *(f"{number}. {sentence}." for sentence, number in notes.items()),
        )
    )


def _ways() -> Iterator[tuple[str, bool]]:
    yield from ((drive, mirror_up) for mirror_up in (False, True) for drive in DRIVES)


def _entry(cell: Cell, notes: dict[str, int]) -> str:
    """Return the verdict of a cell, with the numbers of the notes that explain it."""
    played = play(cell)
    reasons = (str(reason).replace(cell.profile, "the camera") for reason in played.by_hand.reasons)
    numbers = [str(notes.setdefault(reason, len(notes) + 1)) for reason in reasons]
    return f"{played.verdict} ({', '.join(numbers)})" if numbers else played.verdict
