"""A run that begins by the clock or the sun, while it is waited for. Pure: what clocks say is an argument.

Until shortly before its first frame the start is found anew each time somebody looks, since clocks are set and jump;
then it stands, and with it the grid.
"""

from config.when import When
from controller.occasions import Place
from controller.wallclock import Begun, Due, Missed, Starts, Waiting
from controller.words import Reason
from hardware.clock import SECOND_NS, ClockSample

LOOK_NS = 60 * SECOND_NS
# How long before a run begins its start is looked at for the last time: time enough to keep the first intent.
LATCH_NS = 2 * SECOND_NS
FAR_NS = 400 * 24 * 3600 * SECOND_NS  # where nobody can tell yet


class Appointment:
    """Waits for the start `when`; `look_ns` is when it wants to be looked at next."""

    def __init__(self, when: When, place: Place, tolerance_ns: int) -> None:
        self._starts = Starts(when, place, tolerance_ns)
        self._told = ""
        self.look_ns = 0

    def __str__(self) -> str:
        return self._told

    def look(self, sample: ClockSample, lead_ns: int) -> int | Reason:
        """Return when the first slot is due as far as can be told now; or why there will be none.

        What a frame needs before, `lead_ns`, lies before that.
        """
        self._told = self._starts.says(sample)
        now_ns = sample.monotonic_ns
        match self._starts.due(sample):
            case Due(at_ns):
                latch_ns = at_ns - lead_ns - LATCH_NS
                self.look_ns = min(latch_ns, now_ns + LOOK_NS)
                return at_ns
            case Waiting():
                self.look_ns = now_ns + LOOK_NS
                return now_ns + FAR_NS
            case Missed(reason):
                return reason
            case Begun():
                return now_ns

    def is_settled(self, due_ns: int, lead_ns: int, now_ns: int) -> bool:
        """Tell whether it is so close that it stands, and take note that it has begun if so."""
        if now_ns < due_ns - lead_ns - LATCH_NS:
            return False
        self._starts.fired()
        return True
