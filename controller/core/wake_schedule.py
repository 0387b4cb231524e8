"""Schedules wake pulses: before a slot of a run if the body will be asleep, and while focus is dialled in.

A wake pulse is a half-press, so this applies only to a body whose owner has said that half-press does not focus.
"""

from controller.core.focusing import Focusing
from controller.core.frames import SEPARATION_NS
from controller.core.machine import StateMachine
from controller.core.running import Running
from controller.core.states import Focus, Release

_RESTING = (Release.IDLE, Release.WAITING, Release.PAUSED)


class WakeSchedule:
    """Sends wake pulses while nothing else moves the lines."""

    def __init__(self, focus: Focusing, running: Running, release: StateMachine[Release]) -> None:
        self._focus = focus
        self._pulses = focus.pulses
        self._running = running
        self._release = release

    @property
    def next_ns(self) -> int | None:
        """When the next pulse is due, None if none is."""
        if self._release.state not in _RESTING:
            return None
        prepares_ns = self._prepares_ns()
        wake_ns, keep_awake_ns = self._wake_ns(prepares_ns), self._keep_awake_ns(prepares_ns)
        if wake_ns is None or keep_awake_ns is None:
            return keep_awake_ns if wake_ns is None else wake_ns
        return min(wake_ns, keep_awake_ns)

    def advance(self, now_ns: int) -> None:
        """Send a pulse if one is due."""
        due_ns = self.next_ns
        if due_ns is not None and due_ns <= now_ns:
            self._pulses.pulse(now_ns)

    def _wake_ns(self, prepares_ns: int | None) -> int | None:
        """Return when to wake the body for the next slot, None if it will be awake, or has been woken for it.

        A body that takes longer to wake than it stays awake is woken once, as no pulse could do better.
        """
        if prepares_ns is None or not self._pulses.sleeps_at(prepares_ns):
            return None
        wake_ns = prepares_ns - self._pulses.lead_ns
        return None if self._pulses.is_touched_since(wake_ns) else wake_ns

    def _keep_awake_ns(self, prepares_ns: int | None) -> int | None:
        """Return when to pulse to keep the body awake, None if the frame of a slot comes first and does the same."""
        wanted_ns = self._pulses.wanted_ns
        if wanted_ns is None or self._focus.state is not Focus.DIALLED_IN:
            return None
        ends_ns = wanted_ns + self._pulses.length_ns + SEPARATION_NS
        return None if prepares_ns is not None and ends_ns > prepares_ns else wanted_ns

    def _prepares_ns(self) -> int | None:
        run = self._running.run
        waits = run is not None and self._release.state is Release.WAITING and run.has_more
        return run.prepares_ns if run is not None and waits else None
