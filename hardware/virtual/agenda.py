"""What the virtual body has to do by itself, and when: one time for each kind of thing. Knows nothing else."""

from enum import Enum, auto


class Due(Enum):
    """What can be due; of two things due at the same instant the one that stands first here comes first."""

    FOCUS_FOUND = auto()
    PRESS_SEEN = auto()
    CURTAIN_OPENS = auto()
    CURTAIN_CLOSES = auto()
    NEXT_FRAME = auto()
    MIRROR_TIMES_OUT = auto()
    METER_GOES_OFF = auto()

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is a Python call at every step


class Agenda:
    """Keeps the times; a time may lie in the past, since some things become certain only later."""

    def __init__(self) -> None:
        self._times: dict[Due, int | None] = dict.fromkeys(Due)  # in their order, which settles a tie
        self.next_ns: int | None = None

    def put(self, what: Due, at_ns: int) -> None:
        """Set when it is due, whatever was set before."""
        self._times[what] = at_ns
        self._look()

    def drop(self, what: Due) -> None:
        """It is not due any more; dropping what is not due is nothing."""
        if self._times[what] is not None:
            self._times[what] = None
            self._look()

    def has(self, what: Due) -> bool:
        """Tell whether it is to come."""
        return self._times[what] is not None

    def time_of(self, what: Due) -> int | None:
        """Return when it is due, None if it is not to come."""
        return self._times[what]

    def take(self) -> tuple[Due, int]:
        """Take out what is due next, and when it was; there must be something."""
        at_ns = self.next_ns
        assert at_ns is not None, "whoever takes has looked"
        what = next(what for what, time_ns in self._times.items() if time_ns == at_ns)
        self.drop(what)
        return what, at_ns

    def _look(self) -> None:
        self.next_ns = min((at_ns for at_ns in self._times.values() if at_ns is not None), default=None)
