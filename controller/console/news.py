"""Chooses which events a console shows: all of them to a script, the important ones to a person. Pure.

Frames that were fired are not shown to a person: a night has thousands of them, and `watch` counts them.
"""

from collections.abc import Iterable, Sequence

from controller import telling
from controller.printing import one_line
from controller.telling import Reply

_MOST_LINES = 20  # at once; a night of refusals would push everything else off the screen
_FIRED = ("fired", "confirmed")
# The lasting release states. The states that a single frame passes through are not shown.
_LASTING = {
    "IDLE": "nothing is running",
    "WAITING": "a run has started",
    "PAUSED": "the run is paused",
    "FAULT": telling.RELEASE["FAULT"],
}
_TRANSITIONS = {
    ("WAITING", "IDLE"): "the run has ended",
    ("PAUSED", "IDLE"): "the run has ended",
    ("PAUSED", "WAITING"): "the run continues",
}

_TOLD_BETTER = ("the run has ended", "the run continues")  # where the box's own sentence has the numbers


def sentences(events: Iterable[Reply], answer: str = "") -> list[str]:
    """Return a sentence for each event, except for what the text of the last `answer` has reported already."""
    texts = [telling.event(event) for event in _not_answered(events, answer)]
    return [text for text in texts if not answer or text != answer]


class News:
    """Chooses the events to show to a person, by the states that the person has seen before."""

    def __init__(self) -> None:
        self._focus = ""
        self._release = ""  # the last lasting state; "" until one is known
        self._is_locked = False
        self._last_text = ""
        self._answered: Reply = {}

    def note_reply(self, reply: object) -> None:
        """Record that this reply was shown, so that its states are not shown again when their events arrive."""
        if not isinstance(reply, dict) or "release" not in reply:
            return
        if self._focus:
            self._answered = reply
        else:
            self._record(reply)

    def lines(self, events: Iterable[Reply], answer: str = "") -> list[str]:
        """Return the lines to show for these events, except for what the text of the last `answer` has reported."""
        texts = [text for event in _not_answered(events, answer) for text in self._texts(event)]
        known = [self._last_text, *texts]
        texts = [text for text in texts if not (text in _TOLD_BETTER and _has_longer(known, text))]
        self._last_text = (texts or [self._last_text])[-1]
        if self._answered:
            self._record(self._answered)
            self._answered = {}
        left_out = len(texts) - _MOST_LINES
        first = [f"* ({left_out} earlier messages are left out)"] if left_out > 0 else []
        return [*first, *(one_line(f"* {text}") for text in texts[-_MOST_LINES:])]

    def _texts(self, event: Reply) -> Sequence[str]:
        if event["kind"] == "entered" and event["outcome"] in _FIRED:
            return ()
        return self._changes(event) if event["kind"] == "changed" else (telling.event(event),)

    def _changes(self, event: Reply) -> Sequence[str]:
        """Return one sentence on what has changed; nothing if nothing important has."""
        focus, release, is_locked = self._focus, self._release, self._is_locked
        self._record(event)
        if not focus:
            return (telling.event(event),)
        parts = []
        if self._focus not in (focus, self._answered.get("focus")):
            parts.append(telling.FOCUS.get(self._focus, self._focus))
        if release and self._release not in (release, self._answered.get("release")):
            parts.append(_TRANSITIONS.get((release, self._release), _LASTING[self._release]))
        if self._is_locked and not is_locked:
            parts.append("focus lock on")
        return ("; ".join(parts),) if parts else ()

    def _record(self, states: Reply) -> None:
        self._focus = states["focus"]
        self._is_locked = states.get("lock", self._is_locked)
        if states["release"] in _LASTING:
            self._release = states["release"]
        elif states.get("run"):
            self._release = "WAITING"


def _has_longer(texts: Iterable[str], beginning: str) -> bool:
    return any(text != beginning and text.startswith(beginning) for text in texts)


def _not_answered(events: Iterable[Reply], answer: str) -> list[Reply]:
    """Return the events without the refusal or the sentence that was the answer."""
    return [event for event in events if not answer or answer not in (event.get("reason"), event.get("text"))]
