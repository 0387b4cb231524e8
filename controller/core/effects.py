"""What is to be done, in the imperative. The core decides these; the shell performs them."""

from collections.abc import Callable
from dataclasses import field

from config.record import dataclass
from config.when import When
from controller.core.words import Reason
from hardware.player import PlayedEdge
from hardware.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Play:
    """Play a timeline, its zero at `at_ns`; the same number again moves the end of what it began."""

    number: int
    timeline: Timeline
    at_ns: int


@dataclass(frozen=True, slots=True)
class OpenBoth:
    """Open both lines now and forget what was planned."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer an input with the reason why nothing came of it."""

    event: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Say:
    """Tell whoever listens what the box did by itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep in mind, over a crash and a power cut, until when a mirror may be up; None: it is down."""

    mirror_down_ns: int | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What became of a slot of a run; `reason` is None where the frame was simply fired.

    `lag_ns` is from SHUTTER's closing to the flash contact's, None where none was seen; `edges` are what the player
    did. `slots` that were passed together, from this one on, are one row.
    """

    slot: int
    due_ns: int
    outcome: str
    reason: str | None
    lag_ns: int | None = None
    edges: tuple[PlayedEdge, ...] = ()
    slots: int = 1


@dataclass(frozen=True, slots=True)
class Enter:
    """Enter a row in the ledger of the run."""

    row: LedgerRow


@dataclass(frozen=True, slots=True)
class OpenRun:
    """Enter in the journal that a run begins; or `resumes`: that the one which is open, or was interrupted, goes on.

    With a `start` it waits for that, at `start_utc_ns` since 1970 if that is known.
    """

    t0_ns: int
    every_ns: int
    count: int
    resumes: bool = False
    start: When | None = None
    start_utc_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Intend:
    """Enter in the journal that a slot is going to be fired; IntentKept answers once that is durable."""

    slot: int
    due_ns: int


@dataclass(frozen=True, slots=True)
class CloseRun:
    """Enter in the journal that the run is over, and why if that was not asked for."""

    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Conclude:
    """Tell what the flash contact says of the frame whose SHUTTER was to close at `closes_ns`."""

    closes_ns: int
    outcome: str


RunEffect = OpenRun | Intend | Enter | CloseRun
LineEffect = Play | Remember | OpenBoth
Effect = LineEffect | Refuse | Say | Conclude | RunEffect
AtOnce = Callable[[LineEffect], None]


def later(_effect: LineEffect) -> None:
    """Nobody is in a hurry: it is done with the others."""


@dataclass(slots=True)
class Outbox:
    """Where the parts of the core put their effects, in order; emptied after every event.

    `at_once` is told what moves the lines the moment it is decided, ahead of all that still has to follow from it.
    """

    at_once: AtOnce = later
    effects: list[Effect] = field(default_factory=list)
    _last_number: int = 0

    def play(self, timeline: Timeline, at_ns: int, number: int | None = None) -> int:
        """Have a timeline played; return its number."""
        if number is None:
            self._last_number += 1
            number = self._last_number
        effect = Play(number, timeline, at_ns)
        self.effects.append(effect)
        self.at_once(effect)
        return number

    def put(self, effect: Effect) -> None:
        """Have something done."""
        self.effects.append(effect)
        if isinstance(effect, (Play, Remember, OpenBoth)):
            self.at_once(effect)

    def take(self) -> tuple[Effect, ...]:
        """Return what is to be done, and start afresh."""
        effects, self.effects = tuple(self.effects), []
        return effects
