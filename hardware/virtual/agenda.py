"""What the virtual body will do by itself, and when: one time for each kind of action. Knows nothing else."""

from enum import Enum, auto


class Due(Enum):
    """The kinds of action; of two that are due at the same instant the one listed first comes first."""

    FOCUS_FOUND = auto()
    PRESS_SEEN = auto()
    TIMER_ENDS = auto()
    CURTAIN_OPENS = auto()
    CURTAIN_CLOSES = auto()
    NEXT_FRAME = auto()
    MIRROR_TIMES_OUT = auto()
    METER_GOES_OFF = auto()

    __hash__ = object.__hash__  # members are singletons; Enum's own hash would be a Python call at every step


class Agenda:
    """The due times. A time may lie in the past, because some actions become certain only later."""

    def __init__(self) -> None:
        self._times: dict[Due, int | None] = dict.fromkeys(Due)  # in their order, which decides ties
        self.next_ns: int | None = None

    def put(self, action: Due, at_ns: int) -> None:
        """Schedule an action; replaces its earlier time."""
        self._times[action] = at_ns
        self._update_next()

    def drop(self, action: Due) -> None:
        """Cancel an action; idempotent."""
        if self._times[action] is not None:
            self._times[action] = None
            self._update_next()

    def has(self, action: Due) -> bool:
        """Return whether the action is scheduled."""
        return self._times[action] is not None

    def time_of(self, action: Due) -> int | None:
        """Return when the action is due, None if it is not scheduled."""
        return self._times[action]

    def take(self) -> tuple[Due, int]:
        """Remove and return the next action and its time; there must be one."""
        at_ns = self.next_ns
        assert at_ns is not None, "call this only while next_ns is set"
        action = next(action for action, time_ns in self._times.items() if time_ns == at_ns)
        self.drop(action)
        return action, at_ns

    def _update_next(self) -> None:
        self.next_ns = min((at_ns for at_ns in self._times.values() if at_ns is not None), default=None)
