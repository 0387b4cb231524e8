"""A run that begins by the clock or the sun, while it is waited for. Pure: what clocks say is an argument.

Until shortly before its first frame the start is found anew each time somebody looks, since clocks are set and jump;
then it stands, and with it the grid.
"""

from dataclasses import replace

from config.when import When
from controller.core.instants import Place
from controller.core.wallclock import Begun, Due, Missed, Starts, Waiting
from controller.core.words import Reason
from hardware.clock import SECOND_NS, ClockSample

# How far apart looks are at most, and at least: a clock that is set may bring the start nearer, and there have to be
# two looks within what it may be late.
LOOK_NS = 60 * SECOND_NS
_LOOK_LEAST_NS = SECOND_NS
# How long before a run begins its start is looked at for the last time: time enough to keep the first intent.
LATCH_NS = 3 * SECOND_NS  # and for the slowest body to be woken


class Appointment:
    """Waits for the start `when`; `look_ns` is when it wants to be looked at next.

    `utc_ns` is the instant of one that was waited for before the box was restarted.
    """

    def __init__(self, when: When, place: Place, tolerance_ns: int, utc_ns: int | None = None) -> None:
        self.when = when
        self._starts = Starts(when, place, tolerance_ns, utc_ns)
        self._every_ns = max(_LOOK_LEAST_NS, min(LOOK_NS, tolerance_ns // 2))
        self._seen: ClockSample | None = None
        self._latch_ns: int | None = None
        self.look_ns = 0

    @property
    def utc_ns(self) -> int | None:
        """The instant in nanoseconds UTC since 1970, None as long as nobody can tell."""
        return self._starts.utc_ns

    @property
    def is_known(self) -> bool:
        """The clock has told when it is, as far as can be told now."""
        return self._latch_ns is not None

    def look(self, sample: ClockSample, lead_ns: int) -> int | Reason | None:
        """Return when the first slot is due, None as long as nobody can tell; or why there will be none.

        What a frame needs before, `lead_ns`, lies before that.
        """
        self._seen, self._latch_ns, now_ns = sample, None, sample.monotonic_ns
        match self._starts.due(sample):
            case Due(at_ns):
                self._latch_ns = at_ns - lead_ns - LATCH_NS
                self.look_ns = min(self._latch_ns, now_ns + self._every_ns)
                return at_ns
            case Waiting():
                self.look_ns = now_ns + self._every_ns
                return None
            case Missed(reason):
                return reason
            case Begun():
                return now_ns

    def says(self, now_ns: int) -> str:
        """Return how it stands, by what the clocks said last: `starts at 06:41 (sunrise) in 7h 12m`."""
        if self._seen is None:
            return ""
        since_ns = now_ns - self._seen.monotonic_ns
        return self._starts.says(replace(self._seen, wall_ns=self._seen.wall_ns + since_ns, monotonic_ns=now_ns))

    def is_settled(self, now_ns: int) -> bool:
        """Tell whether it is so close that it stands, and take note that it has begun if so."""
        if self._latch_ns is None or now_ns < self._latch_ns:
            return False
        self._starts.fired()
        return True
