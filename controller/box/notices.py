"""What the engine reports to its listeners: the daemon's clients, the lamps, the recorder of a simulation."""

from config.record import dataclass
from config.schema import Settings
from controller import telling
from controller.core.effects import EndPairing, EndProofPress, LedgerRow, StepPreset
from controller.core.states import Focus, Release


@dataclass(frozen=True, slots=True)
class Refused:
    """An input was refused, with the reason."""

    at_ns: int
    event: str
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """The box did something by itself that a person should know."""

    at_ns: int
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The state of focus, of the release or of the lock has changed."""

    at_ns: int
    focus: Focus
    release: Release
    lock: bool


@dataclass(frozen=True, slots=True)
class Entered:
    """A slot of a run is over and recorded."""

    at_ns: int
    row: LedgerRow


@dataclass(frozen=True, slots=True)
class Over:
    """The player has finished a timeline; `shutter_ns` is when SHUTTER was due to close in it, None if it was not.

    What that closing causes, such as an exposure, is never earlier; the report of it may be later.
    """

    at_ns: int
    shutter_ns: int | None
    cut: bool


@dataclass(frozen=True, slots=True)
class Concluded:
    """The flash contact has confirmed, or not, the frame whose SHUTTER was due to close at `closes_ns`."""

    at_ns: int
    closes_ns: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """The box works by these settings now; `values` has the texts of those that have changed, by key.

    `preset` is the name of the preset that they are from, None if they are from none.
    """

    at_ns: int
    settings: Settings
    values: dict[str, str]
    preset: str | None = None


@dataclass(frozen=True, slots=True)
class Stepped:
    """Holding `run` has chosen a marked preset: the one with that `number`, counted from 1, of `count`."""

    at_ns: int
    preset: str
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class PresetsChanged:
    """A preset was saved, deleted, marked or unmarked; `text` says which, and `marked` are those marked now."""

    at_ns: int
    text: str
    marked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A button asked for what the core leaves to the methods of clients."""

    at_ns: int
    effect: StepPreset | EndPairing | EndProofPress


@dataclass(frozen=True, slots=True)
class PairingChanged:
    """A phone `asked` to be paired, was `paired` or not (`over`), or was `removed`; `text` says so."""

    at_ns: int
    state: str
    text: str


Notice = (
    Refused
    | Said
    | Changed
    | Entered
    | Over
    | Concluded
    | Adopted
    | Stepped
    | PresetsChanged
    | Wanted
    | PairingChanged
)


def event_of(notice: Notice) -> dict[str, object] | None:
    """Return the event that clients get, its `text` in words, or None if they get none."""
    body = _body_of(notice)
    if body is None:
        return None
    return {"kind": body["kind"], "at_ns": notice.at_ns, **body, "text": telling.event(body)}


def _body_of(notice: Notice) -> dict[str, object] | None:
    body: dict[str, object] | None = None
    match notice:
        case Refused(_, event, reason):
            body = {"kind": "refused", "event": event, "reason": reason}
        case Said(_, text):
            body = {"kind": "said", "text": text}
        case Changed(_, focus, release, lock):
            body = {"kind": "changed", "focus": focus.name, "release": release.name, "lock": lock}
        case Entered(_, row):
            became = {"outcome": row.outcome, "reason": row.reason, "lag_ns": row.lag_ns}
            body = {"kind": "entered", "slot": row.slot, "slots": row.slots, **became}
        case Adopted(_, _, values, preset) if values:
            body = {"kind": "set", "values": values, "preset": preset}
        case Stepped(_, preset, number, count):
            body = {"kind": "preset", "preset": preset, "number": number, "count": count}
        case PresetsChanged(_, text, marked):
            body = {"kind": "presets", "text": text, "marked": list(marked)}
        case PairingChanged(_, state, text):
            body = {"kind": "pairing", "state": state, "text": text}
    return body
