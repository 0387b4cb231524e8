"""Plays a press of a proof: a timeline from outside, while nothing else has the contacts.

What it is good for, and what follows from it, is not known here. The lens may move, so focus counts as lost.
"""

from controller.core import words
from controller.core.effects import EndProofPress, Outbox, Refuse
from controller.core.events import ProofPressed, TimelinePlayed
from controller.core.focusing import Focusing
from controller.core.machine import StateMachine
from controller.core.states import Focus, Release
from hardware.clock import SECOND_NS
from hardware.player import PlayedEdge
from hardware.timeline import Line

_LONGEST_LAG_NS = SECOND_NS  # a flash contact that closes later belongs to no press

# Closings kept of one press: enough for its ten frames with bounces, so that a chattering contact fills no memory.
_MOST_SEEN = 1024


class Proving:
    """Plays one press at a time, in the state PROVING; the player opens the lines, whatever becomes of the rest."""

    def __init__(self, outbox: Outbox, focus: Focusing, release: StateMachine[Release]) -> None:
        self._outbox = outbox
        self._focus = focus
        self._release = release
        self._number: int | None = None
        self._seen_ns: list[int] = []  # closings of the flash contact
        self._lamp_at_ns: int | None = None
        self.is_lit: bool | None = None

    @property
    def next_ns(self) -> int | None:
        """When the lamp is to be lit, None if it is not."""
        return self._lamp_at_ns

    def press(self, wanted: ProofPressed, now_ns: int, *, is_run_offered: bool) -> None:
        """Play a timeline; refuse if anything else has the contacts, or would lose its focus."""
        reason = words.SHUTTER_BUSY.get(self._release.state)
        if reason is None and is_run_offered:
            reason = words.RUN_OFFERED
        if reason is None and (self._focus.is_held or self._focus.state is Focus.FOCUSING):
            reason = words.FOCUS_IS_CLOSED
        if reason is not None:
            self._outbox.put(Refuse(words.PROOF_PRESS, reason))
            return
        timeline = wanted.timeline
        self._focus.clear(now_ns)
        self._number = self._outbox.play(timeline, now_ns)
        self._seen_ns, self.is_lit, self._lamp_at_ns = [], None, None
        closings = (edge.at_ns for edge in timeline.edges if edge.line is Line.SHUTTER and edge.closed)
        first_ns = next(closings, None)
        if wanted.lamp_ns is not None and first_ns is not None:
            self.is_lit, self._lamp_at_ns = False, now_ns + first_ns + wanted.lamp_ns
        self._release.change("prove")

    def sync_seen(self, at_ns: int) -> None:
        """Note a closing of the flash contact."""
        if self._number is not None and len(self._seen_ns) < _MOST_SEEN:
            self._seen_ns.append(at_ns)

    def advance(self, now_ns: int) -> None:
        """Light the lamp once it is time."""
        if self._lamp_at_ns is not None and self._lamp_at_ns <= now_ns:
            self._lamp_at_ns, self.is_lit = None, True

    def played(self, report: TimelinePlayed, now_ns: int) -> bool:
        """Handle the player's report; return whether it was of this press."""
        if self._number is None or report.number != self._number:
            return False
        self._over(is_whole=not report.cut, lags_ns=_lags(report.edges, self._seen_ns))
        self._focus.pulses.touched(now_ns)
        self._release.change("proved")
        return True

    def abandon(self) -> None:
        """Record that both lines were opened; does nothing without a press."""
        if self._number is not None:
            self._over(is_whole=False)

    def _over(self, *, is_whole: bool, lags_ns: tuple[int, ...] = ()) -> None:
        self._number = self._lamp_at_ns = None
        self.is_lit = None
        self._outbox.put(EndProofPress(is_whole, lags_ns))


def _lags(edges: tuple[PlayedEdge, ...], seen_ns: list[int]) -> tuple[int, ...]:
    """Return how long after each closing of SHUTTER the flash contact first closed, where it did before the next."""
    closings = [edge.actual_ns for edge in edges if edge.line is Line.SHUTTER and edge.closed]
    ends = [*closings[1:], closings[-1] + _LONGEST_LAG_NS] if closings else []
    found = []
    for closed_ns, next_ns in zip(closings, ends, strict=True):
        within = [at_ns for at_ns in seen_ns if closed_ns <= at_ns < min(next_ns, closed_ns + _LONGEST_LAG_NS)]
        if within:
            found.append(min(within) - closed_ns)
    return tuple(found)
