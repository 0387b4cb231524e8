"""What happened, in the past tense. The core takes these and a time, and answers with effects."""

from datetime import tzinfo
from enum import Enum

from config.record import dataclass
from config.when import When
from controller.core.setup import Setup
from hardware.clock import ClockSample
from hardware.player import PlayedEdge


class Button(Enum):
    """A button of the box."""

    BACK = "back"
    SHUTTER = "shutter"
    RUN = "run"

    __hash__ = object.__hash__  # as `Line`


class Ask(Enum):
    """What a console or a client can ask for."""

    FOCUS_HOLD = "focus hold"
    FOCUS_RELEASE = "focus release"
    FOCUS_CLEAR = "focus clear"
    FIRE = "fire"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CALIBRATE = "calibrate"
    CUT = "cut"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class ButtonMoved:
    """A raw edge of a button, bounces included, with the time of the edge itself."""

    button: Button
    pressed: bool
    at_ns: int


@dataclass(frozen=True, slots=True)
class ButtonFound:
    """A button was down already when the box began to look at it."""

    button: Button


@dataclass(frozen=True, slots=True)
class SyncSeen:
    """The flash contact closed, bounces included, at the time of the edge itself."""

    at_ns: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody at a console or a client asked for something.

    `words` are what they said; `start` goes with START, None for what the settings say.
    """

    ask: Ask
    words: str
    start: When | None = None


@dataclass(frozen=True, slots=True)
class TimelinePlayed:
    """The player has nothing left of that timeline to play."""

    number: int
    edges: tuple[PlayedEdge, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class SetupChanged:
    """Settings or camera profile are others from now on."""

    setup: Setup


@dataclass(frozen=True, slots=True)
class MirrorFound:
    """The mirror may be up since before this start; it is down by itself at `down_ns`."""

    down_ns: int


@dataclass(frozen=True, slots=True)
class ClockRead:
    """What the time of day is, and in which time zone the clocks are there; told whenever the core `wants_clock`."""

    sample: ClockSample
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class RunFound:
    """A run was interrupted by a crash or a power cut, before `slot`; the settings are what they were in it.

    Its first slot was due at `t0_ns`, which another boot of the machine does not know, and at `t0_wall_ns` (UTC since
    1970), None where no clock could tell. One that waited for a `start` by clock or sun had no grid yet; that is at
    `start_utc_ns`, if it was known. `was_dialled_in`: so was focus then. So many frames were `fired` before, of which
    the flash contact has `confirmed` and `missed` some, and slots `skipped`. One that is `wanted` goes on by itself,
    as soon as the box is idle and knows the time of day where it needs it.
    """

    slot: int
    was_dialled_in: bool
    t0_ns: int | None = None
    t0_wall_ns: int | None = None
    start: When | None = None
    start_utc_ns: int | None = None
    fired: int = 0
    confirmed: int = 0
    missed: int = 0
    skipped: int = 0
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class IntentKept:
    """It is durable that the slot is going to be fired; a frame without that is not."""

    slot: int


@dataclass(frozen=True, slots=True)
class JournalChanged:
    """There is a journal that takes intents; with a `trouble` there is none, and frames are fired without."""

    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class FaultFound:
    """Something of ours broke; the lines are open already."""

    reason: str


@dataclass(frozen=True, slots=True)
class TimePassed:
    """A deadline of the core has come."""


Event = (
    ButtonMoved
    | ButtonFound
    | SyncSeen
    | Asked
    | TimelinePlayed
    | SetupChanged
    | MirrorFound
    | ClockRead
    | RunFound
    | IntentKept
    | JournalChanged
    | FaultFound
    | TimePassed
)
