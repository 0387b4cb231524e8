"""Effects: what is to be done, in the imperative. The core decides them; the shell performs them."""

from collections.abc import Callable
from dataclasses import field

from config.record import dataclass
from config.when import When
from controller.core.ramp import Moves
from controller.core.words import Reason
from hardware.player import PlayedEdge
from hardware.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Play:
    """Play a timeline whose zero is `at_ns`. Playing the same number again replaces what is left of the first one."""

    number: int
    timeline: Timeline
    at_ns: int


@dataclass(frozen=True, slots=True)
class OpenBoth:
    """Open both lines now and drop everything that was planned."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse an input, named `event`, and give the reason."""

    event: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Announce:
    """Tell all listeners what the box did by itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Report what the input named `event` did, to its sender and to all listeners."""

    event: str
    text: str


@dataclass(frozen=True, slots=True)
class StepPreset:
    """Change the settings to the next of the marked presets, as the input named `event` asked for."""

    event: str


@dataclass(frozen=True, slots=True)
class EndPairing:
    """A phone that asked to be paired is (`is_paired`: somebody has pressed `run`), or its time is over."""

    is_paired: bool


@dataclass(frozen=True, slots=True)
class EndProofPress:
    """A press of a proof is over: played as a whole (`is_whole`), or cut.

    `lags_ns` are the times from each closing of SHUTTER to the flash contact's, for those that it followed.
    """

    is_whole: bool
    lags_ns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MirrorUp:
    """The camera's mirror may be up from `raised_ns` until `down_ns`, when the body has certainly dropped it."""

    raised_ns: int
    down_ns: int


@dataclass(frozen=True, slots=True)
class IntendMirror:
    """Record that a single frame may raise the mirror; MirrorRecorded answers once that is durable."""

    number: int
    mirror: MirrorUp


@dataclass(frozen=True, slots=True)
class MirrorDown:
    """Record that the mirror is down again."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The outcome of one slot of a run; `reason` is None if the frame was simply fired.

    `lag_ns` is the time from the closing of SHUTTER to that of the flash contact, None if that was not seen; `edges`
    are what the player did. Consecutive slots that were skipped together share a row: `slots` of them from `slot` on.
    `bulb_ns` is the bulb exposure that was asked for, None if there was none, or several; `moved_ns` is by how much
    later than on the grid the frame was fired.
    """

    slot: int
    due_ns: int
    outcome: str
    reason: str | None
    lag_ns: int | None = None
    edges: tuple[PlayedEdge, ...] = ()
    slots: int = 1
    bulb_ns: int | None = None
    moved_ns: int = 0


@dataclass(frozen=True, slots=True)
class RecordSlot:
    """Record a row in the ledger of the run."""

    row: LedgerRow


@dataclass(frozen=True, slots=True)
class OpenRun:
    """Record that a run begins; or, with `resumes`, that the open or interrupted run continues.

    A run with a `start` waits for it; that is at `start_utc_ns` (UTC since 1970), if known.
    `moves` are what the photographer has done in it.
    """

    t0_ns: int
    every_ns: int
    count: int
    resumes: bool = False
    start: When | None = None
    start_utc_ns: int | None = None
    moves: Moves = ()


@dataclass(frozen=True, slots=True)
class Intend:
    """Record the intent to fire a slot; IntentSaved answers once that is durable."""

    slot: int
    due_ns: int
    mirror: MirrorUp | None = None


@dataclass(frozen=True, slots=True)
class CloseRun:
    """Record that the run is over, and why if nobody requested that."""

    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReportFrame:
    """Report what the flash contact showed about the frame whose SHUTTER was due to close at `closes_ns`."""

    closes_ns: int
    outcome: str


RunEffect = OpenRun | Intend | RecordSlot | CloseRun | IntendMirror | MirrorDown
LineEffect = Play | OpenBoth
Effect = LineEffect | Refuse | Announce | Answer | StepPreset | EndPairing | EndProofPress | ReportFrame | RunEffect
LineEffectCallback = Callable[[LineEffect], None]


def ignore(_effect: LineEffect) -> None:
    """Do nothing: for callers that take all effects from `Controller.handle`."""


@dataclass(slots=True)
class Outbox:
    """Collects the effects of one event, in order, from all parts of the core.

    `on_line_effect` is called with every effect that moves the lines the moment it is decided, before the rest of the
    event is handled.
    """

    on_line_effect: LineEffectCallback = ignore
    effects: list[Effect] = field(default_factory=list)
    _last_number: int = 0

    def play(self, timeline: Timeline, at_ns: int, number: int | None = None) -> int:
        """Play a timeline, by default under a new number; return its number."""
        if number is None:
            self._last_number += 1
            number = self._last_number
        effect = Play(number, timeline, at_ns)
        self.effects.append(effect)
        self.on_line_effect(effect)
        return number

    def put(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)
        if isinstance(effect, (Play, OpenBoth)):
            self.on_line_effect(effect)

    def take(self) -> tuple[Effect, ...]:
        """Return the effects and empty the outbox."""
        effects, self.effects = tuple(self.effects), []
        return effects
