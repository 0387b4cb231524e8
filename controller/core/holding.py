"""What is held: `back` by whoever began to press it, and FOCUS on a body where half-press focuses. Data only."""

from config.record import dataclass


@dataclass(slots=True)
class BackPress:
    """`back` has been down since `since_ns`; a `pending` press counts only once it has become a hold.

    Only whoever began it can end it: a finger (`by_finger`) or a client.
    """

    since_ns: int
    event: str
    by_finger: bool
    pending: bool


@dataclass(slots=True)
class FocusHold:
    """FOCUS is, or is about to be, held closed on a factory body.

    It closes at `closes_ns`, and its limit opens it at `opens_ns`; `is_lock` once focus is dialled in.
    """

    closes_ns: int
    opens_ns: int
    is_lock: bool = False
