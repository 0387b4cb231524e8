"""What a console tells of events: everything to a script, to a person what is worth looking up for. Pure.

Frames that were fired are no news to a person: a night is made of them, and `watch` shows them.
"""

from collections.abc import Iterable, Sequence

from controller.console import report
from controller.console.answer import one_line
from controller.console.report import Reply

_MOST_TOLD = 20  # at once; a night of refusals would push everything else off the screen
_FIRED = ("fired", "confirmed")
# The states that last; what a frame goes through in between is no change of these.
_LASTING = {
    "IDLE": "nothing is running",
    "WAITING": "a run is under way",
    "PAUSED": "the run is paused",
    "FAULT": report.RELEASE["FAULT"],
}
_TURNS = {
    ("WAITING", "IDLE"): "the run is over",
    ("PAUSED", "IDLE"): "the run is over",
    ("PAUSED", "WAITING"): "the run goes on",
}


def sentences(events: Iterable[Reply], known: str = "") -> list[str]:
    """A sentence for each event, but for what `known`, an answer, has said already."""
    told = [report.event(event) for event in _but_refusal(events, known)]
    return [sentence for sentence in told if not known or sentence != known]


class News:
    """Picks what a person is told, who knows what they were told before, and what they were answered."""

    def __init__(self) -> None:
        self._focus = ""
        self._release = ""  # one that lasts; "" while that is not known
        self._is_locked = False
        self._answered: Reply = {}

    def learn(self, reply: object) -> None:
        """Take it that the person was answered with this, which may hold states; what led to them comes, or came."""
        if not isinstance(reply, dict) or "release" not in reply:
            return
        if self._focus:
            self._answered = reply
        else:
            self._take(reply)

    def lines(self, events: Iterable[Reply], known: str = "") -> list[str]:
        """The lines that tell what there is to tell, but for what was answered, the refusal that `known` was too."""
        told = [sentence for event in _but_refusal(events, known) for sentence in self._told(event)]
        if self._answered:
            self._take(self._answered)
            self._answered = {}
        left_out = len(told) - _MOST_TOLD
        first = [f"* ({left_out} earlier messages are left out)"] if left_out > 0 else []
        return [*first, *(one_line(f"* {sentence}") for sentence in told[-_MOST_TOLD:])]

    def _told(self, event: Reply) -> Sequence[str]:
        if event["kind"] == "entered" and event["outcome"] in _FIRED:
            return ()
        return self._turns(event) if event["kind"] == "changed" else (report.event(event),)

    def _turns(self, event: Reply) -> Sequence[str]:
        """What is another now, in one sentence if anything is."""
        focus, release, is_locked = self._focus, self._release, self._is_locked
        self._take(event)
        if not focus:
            return (report.event(event),)
        parts = []
        if self._focus not in (focus, self._answered.get("focus")):
            parts.append(report.FOCUS.get(self._focus, self._focus))
        if release and self._release not in (release, self._answered.get("release")):
            parts.append(_TURNS.get((release, self._release), _LASTING[self._release]))
        if self._is_locked and not is_locked:
            parts.append("focus lock on")
        return ("; ".join(parts),) if parts else ()

    def _take(self, states: Reply) -> None:
        self._focus = states["focus"]
        self._is_locked = states.get("lock", self._is_locked)
        if states["release"] in _LASTING:
            self._release = states["release"]
        elif states.get("run"):
            self._release = "WAITING"


def _but_refusal(events: Iterable[Reply], known: str) -> list[Reply]:
    return [event for event in events if not known or event.get("reason") != known]
