"""Presses of `back`, and how long FOCUS is held on a body where half-press focuses."""

from config.record import dataclass
from config.sections import Settings
from controller.core import words
from controller.core.words import Reason
from hardware.clock import MILLISECOND_NS, SECOND_NS

SLACK_NS = SECOND_NS  # main ends a timed hold; should it hang, the timeline opens FOCUS this much later
_TO_END_NS = 100 * MILLISECOND_NS  # main takes less to end a hold, even on a busy Pi


@dataclass(slots=True)
class BackPress:
    """`back` has been down since `since_ns`; a `pending` press counts only once it has become a hold.

    Only its originator can end it: a finger (`by_finger`) or a client. A timed press also ends at `ends_ns`.
    """

    since_ns: int
    event: str
    by_finger: bool
    pending: bool
    ends_ns: int | None = None


@dataclass(slots=True)
class FocusHold:
    """FOCUS is, or is about to be, held closed on a factory body.

    It closes at `closes_ns`, and its `limit`, named for a person, opens it at `opens_ns`; `is_lock` once focus is
    dialled in.
    """

    closes_ns: int
    opens_ns: int
    limit: str
    is_lock: bool = False


def refuses_length(hold_ns: int | None, settings: Settings) -> Reason | None:
    """Return why a hold may not last so long, None if it may, or if its end is not known.

    The longest one leaves main the time to end it before `safety.max_hold` opens FOCUS.
    """
    shortest_ns = settings.focus.min_hold_ns
    longest_ns = max(shortest_ns, settings.safety.max_hold_ns - _TO_END_NS)
    if hold_ns is None or shortest_ns <= hold_ns <= longest_ns:
        return None
    return words.hold_out_of_range(hold_ns, shortest_ns, longest_ns)
