"""Events: what happened, in the past tense. The core takes these with a time, and answers with effects."""

from datetime import tzinfo
from enum import Enum

from config.record import dataclass
from config.when import When
from controller.core.ramp import Moves
from controller.core.setup import Setup
from hardware.clock import ClockSample
from hardware.player import PlayedEdge
from hardware.timeline import Timeline


class Button(Enum):
    """A button of the box."""

    BACK = "back"
    SHUTTER = "shutter"
    RUN = "run"

    __hash__ = object.__hash__  # as `Line`


class Request(Enum):
    """What a console or another client can request."""

    FOCUS_HOLD = "focus hold"
    FOCUS_RELEASE = "focus release"
    FOCUS_ACCEPT = "focus accept"
    FOCUS_CLEAR = "focus clear"
    FIRE = "fire"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CALIBRATE = "calibrate"
    STEP = "step"
    TRIM = "trim"
    CUT = "cut"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class ButtonMoved:
    """A button closed or opened: a raw edge, bounces included, with the time of the edge itself."""

    button: Button
    pressed: bool
    at_ns: int


@dataclass(frozen=True, slots=True)
class ButtonFoundDown:
    """A button was already down when the box started to watch it."""

    button: Button


@dataclass(frozen=True, slots=True)
class SyncSeen:
    """The flash contact closed: a raw edge, bounces included, with the time of the edge itself."""

    at_ns: int


@dataclass(frozen=True, slots=True)
class Requested:
    """A console or another client requested something.

    `words` are what the person typed. `start` belongs to START; None means the start in the settings. A FOCUS_HOLD
    with `hold_ns` ends by itself after that time. `trim` belongs to TRIM, in sixths of a stop.
    """

    request: Request
    words: str
    start: When | None = None
    hold_ns: int | None = None
    trim: int = 0


@dataclass(frozen=True, slots=True)
class ProofPressed:
    """A client wants the press of a proof: `timeline` is played as it is.

    The amber lamp is lit `lamp_ns` after SHUTTER first closes in it, if that is not None.
    """

    timeline: Timeline
    lamp_ns: int | None = None


@dataclass(frozen=True, slots=True)
class TimelinePlayed:
    """The player has finished that timeline, or dropped the rest of it (`cut`)."""

    number: int
    edges: tuple[PlayedEdge, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class SetupChanged:
    """From now on other settings or another camera profile apply."""

    setup: Setup


@dataclass(frozen=True, slots=True)
class MirrorFound:
    """The mirror may have been up since before this start; the body drops it by itself at `down_ns`."""

    down_ns: int


@dataclass(frozen=True, slots=True)
class ClockRead:
    """The time of day, and the local time zone; the shell sends it whenever the core `wants_clock`."""

    sample: ClockSample
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class InterruptedRunFound:
    """A crash or a power cut interrupted a run before `slot`; the settings are those of that run again.

    Its first slot was due at `t0_ns`, which is None after a reboot of the machine, and at `t0_wall_ns` (UTC since
    1970), which is None if the clock was not trusted. A run that was still waiting for its `start` by clock or sun
    had no grid yet; the start was at `start_utc_ns`, if that was known. `was_dialled_in`: focus was dialled in.
    Before the interruption so many frames were `fired`, of which the flash contact `confirmed`, `missed` and
    `suspected` some, and so many slots `skipped`. With `resumes_itself` the run resumes without a request,
    as soon as the box is idle and knows the time of day if the run needs it. `moves` are what the photographer did on
    the way.
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
    resumes_itself: bool = False
    suspected: int = 0
    moves: Moves = ()


@dataclass(frozen=True, slots=True)
class IntentSaved:
    """The intent to fire that slot is durable; without it the frame is not fired."""

    slot: int


@dataclass(frozen=True, slots=True)
class MirrorRecorded:
    """The IntendMirror of that number is durable."""

    number: int


@dataclass(frozen=True, slots=True)
class JournalChanged:
    """A journal now records intents; or, with `trouble`, none does and frames are fired without."""

    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class PresetsMarked:
    """So many presets are marked now; with none, holding `run` never steps to one."""

    count: int


@dataclass(frozen=True, slots=True)
class PairingAsked:
    """A phone asks to be paired; until then, the next press of `run` allows it, and does nothing else."""

    until_ns: int


@dataclass(frozen=True, slots=True)
class FaultFound:
    """Something in the box broke; the lines are already open."""

    reason: str


@dataclass(frozen=True, slots=True)
class TimePassed:
    """A deadline of the core has come."""


Event = (
    ButtonMoved
    | ButtonFoundDown
    | SyncSeen
    | Requested
    | ProofPressed
    | TimelinePlayed
    | SetupChanged
    | MirrorFound
    | ClockRead
    | InterruptedRunFound
    | IntentSaved
    | MirrorRecorded
    | JournalChanged
    | PresetsMarked
    | PairingAsked
    | FaultFound
    | TimePassed
)
