"""Keeps the body awake while focus is dialled in, and wakes it before a slot of a run. Decides when, of `wake_pulses`.

Both are a half-press, so both are only for a body whose owner has said that half-press does not focus.
"""

from controller.core.focusing import Focusing
from controller.core.frames import SEPARATION_NS
from controller.core.machine import StateMachine
from controller.core.running import Running
from controller.core.states import Focus, Release

_RESTING = (Release.IDLE, Release.WAITING, Release.PAUSED)


class Waking:
    """WakePulses FOCUS while nothing else moves the lines."""

    def __init__(self, focus: Focusing, running: Running, release: StateMachine[Release]) -> None:
        self._focus = focus
        self._pulses = focus.pulses
        self._running = running
        self._release = release

    @property
    def next_ns(self) -> int | None:
        """When a pulse is wanted next."""
        if self._release.state not in _RESTING:
            return None
        prepares_ns = self._prepares_ns()
        wakes_ns, keeps_ns = self._wakes_ns(prepares_ns), self._keeps_awake_ns(prepares_ns)
        if wakes_ns is None or keeps_ns is None:
            return keeps_ns if wakes_ns is None else wakes_ns
        return min(wakes_ns, keeps_ns)

    def passed(self, now_ns: int) -> None:
        """Pulse, if it is time."""
        due_ns = self.next_ns
        if due_ns is not None and due_ns <= now_ns:
            self._pulses.pulse(now_ns)

    def _wakes_ns(self, prepares_ns: int | None) -> int | None:
        """Return when the body has to be woken for the next slot; None if it will be awake."""
        if prepares_ns is None or not self._pulses.sleeps_at(prepares_ns):
            return None
        return prepares_ns - self._pulses.lead_ns

    def _keeps_awake_ns(self, prepares_ns: int | None) -> int | None:
        """Return when the body has to be kept awake; None where a slot comes first, which does the same."""
        wanted_ns = self._pulses.wanted_ns
        if wanted_ns is None or self._focus.state is not Focus.DIALLED_IN:
            return None
        ends_ns = wanted_ns + self._pulses.length_ns + SEPARATION_NS
        return None if prepares_ns is not None and ends_ns > prepares_ns else wanted_ns

    def _prepares_ns(self) -> int | None:
        run = self._running.run
        waits = run is not None and self._release.state is Release.WAITING and run.has_more
        return run.prepares_ns if run is not None and waits else None
