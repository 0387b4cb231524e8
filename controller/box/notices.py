"""What the engine reports to its listeners: the daemon's clients, the lamps, the recorder of a simulation."""

from config.record import dataclass
from config.schema import Settings
from controller.core.effects import LedgerRow
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
    """The box works by these settings now; `values` has the texts of those that have changed, by key."""

    at_ns: int
    settings: Settings
    values: dict[str, str]


Notice = Refused | Said | Changed | Entered | Over | Concluded | Adopted


def event_of(notice: Notice) -> dict[str, object] | None:
    """Return the event that clients get, None if they get none."""
    match notice:
        case Refused(at_ns, event, reason):
            return {"kind": "refused", "at_ns": at_ns, "event": event, "reason": reason}
        case Said(at_ns, text):
            return {"kind": "said", "at_ns": at_ns, "text": text}
        case Changed(at_ns, focus, release, lock):
            return {"kind": "changed", "at_ns": at_ns, "focus": focus.name, "release": release.name, "lock": lock}
        case Entered(at_ns, row):
            became = {"outcome": row.outcome, "reason": row.reason, "lag_ns": row.lag_ns}
            return {"kind": "entered", "at_ns": at_ns, "slot": row.slot, "slots": row.slots, **became}
        case Adopted(at_ns, values=values) if values:
            return {"kind": "set", "at_ns": at_ns, "values": values}
    return None
