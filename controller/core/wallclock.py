"""Starts and ends by the time of day, on a clock that may be wrong, be set, or jump.

Knows samples of two clocks, the time of day and the one that only counts; reads neither. An instant is kept in UTC
once a trusted clock has told it, and becomes a time of the counting clock anew whenever the two have moved against
each other: it comes when clocks say so, and once.
"""

from config.record import dataclass
from config.units import HOUR_NS, MINUTE_NS, S_NS, format_duration, format_long
from config.when import SUN, When, format_when
from controller.core.instants import Place, next_ns
from controller.core.words import Reason, Why
from hardware.clock import MILLISECOND_NS, ClockSample

# A clock that is being synchronised creeps by less than this; beyond it, it has been set.
JUMP_NS = 500 * MILLISECOND_NS
_DAY_NS = 24 * HOUR_NS

UNTRUSTED = Reason(
    Why.NOTHING,
    "waiting for the clock to be set: over the network, by a hardware clock, or by hand",
)


@dataclass(frozen=True, slots=True)
class Due:
    """It begins at `at_ns` of the monotonic clock; that may be past, by no more than the tolerance."""

    at_ns: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody can tell yet when it begins."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Missed:
    """It does not begin any more, and this is final."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Begun:
    """It has begun; it does so once, whatever the clock does."""


class _Instant:
    """An instant of `when`, the first from `grace_ns` before some time on; `utc_ns` once it is known."""

    def __init__(self, when: When, place: Place, grace_ns: int, utc_ns: int | None) -> None:
        self.when = when
        self.utc_ns = utc_ns
        self._place = place
        self._grace_ns = grace_ns
        self._apart_ns: int | None = None  # the time of day less the monotonic clock, as last relied on

    def find(self, from_ns: int, sample: ClockSample) -> int | Reason:
        """Return when it is, the first from `from_ns` on, both monotonic; UNTRUSTED, or why there is none."""
        if not self.when.needs_clock:
            return from_ns + self.when.offset_ns
        apart_ns = sample.wall_ns - sample.monotonic_ns
        if sample.is_trusted and (self._apart_ns is None or abs(apart_ns - self._apart_ns) > JUMP_NS):
            self._apart_ns = apart_ns
        if self._apart_ns is None:
            return UNTRUSTED
        if self.utc_ns is None:
            found = next_ns(self.when, self._place, from_ns + self._apart_ns - self._grace_ns)
            if isinstance(found, Reason):
                return found
            self.utc_ns = found
        return self.utc_ns - self._apart_ns


class Starts:
    """One start, asked for when the first sample is shown; every sample after that may come at any time.

    A start by clock or sun is the next one, where one that is past by no more than `tolerance_ns` counts. `utc_ns` is
    the instant of a start that was waited for before the box was restarted.
    """

    def __init__(self, when: When, place: Place, tolerance_ns: int, utc_ns: int | None = None) -> None:
        self._instant = _Instant(when, place, tolerance_ns, utc_ns)
        self._place = place
        self._tolerance_ns = tolerance_ns
        self._asked_ns: int | None = None
        self._outcome: Begun | Missed | None = None

    @property
    def utc_ns(self) -> int | None:
        """The instant in nanoseconds UTC since 1970, to be kept over a restart; None while it is not known."""
        return self._instant.utc_ns

    def due(self, sample: ClockSample) -> Due | Waiting | Missed | Begun:
        """Return when it begins, or why that is unknown, or that it is over: missed, impossible, or begun.

        To be asked again with a fresh sample at least once a minute, and just before acting on a `Due`.
        """
        if self._outcome is not None:
            return self._outcome
        if self._asked_ns is None:
            self._asked_ns = sample.monotonic_ns
        found = self._instant.find(self._asked_ns, sample)
        if found is UNTRUSTED:
            return Waiting(UNTRUSTED)
        if isinstance(found, Reason):
            self._outcome = Missed(found)
        elif self._instant.when.needs_clock and sample.monotonic_ns > found + self._tolerance_ns:
            self._outcome = Missed(self._late(sample.monotonic_ns - found))
        else:
            return Due(found)
        return self._outcome

    def fired(self) -> None:
        """Take note that it has begun."""
        self._outcome = Begun()

    def says(self, sample: ClockSample) -> str:
        """Return how it stands: `starts at 06:41 (sunrise) in 7h 12m`."""
        match self.due(sample):
            case Due(at_ns):
                wait_ns = max(0, at_ns - sample.monotonic_ns)
                return (
                    f"starts{self._told(wait_ns)} in {_rough(wait_ns)}" if wait_ns else f"starts{self._told(0)} now"
                )
            case Waiting(reason) | Missed(reason):
                return str(reason)
        return "has started"

    def _told(self, wait_ns: int) -> str:
        """Return the time of day at which it is, with the date where that is a day away or more."""
        when = self._instant.when
        if self.utc_ns is None:
            return ""
        local = self._place.local(self.utc_ns)
        day = f"on {local:%Y-%m-%d} " if wait_ns >= _DAY_NS else ""
        return f" {day}at {local:%H:%M}{f' ({format_when(when)})' if when.kind == SUN else ''}"

    def _late(self, late_ns: int) -> Reason:
        ago, limit = _rough(late_ns), format_duration(self._tolerance_ns)
        told = format_when(self._instant.when)
        rule = f"that was {ago} ago, and interval.start_tolerance is {limit}"
        return Reason(Why.PLAN, f"the start at {told} was missed: {rule}; start again, or raise it")


class Ends:
    """When the run that begins at `t0_ns` of the monotonic clock is over; never by this if `when` is None.

    An end by clock or sun is the next after `t0_ns`. `utc_ns` is that of a run taken up after a restart.
    """

    def __init__(self, when: When | None, place: Place, t0_ns: int, utc_ns: int | None = None) -> None:
        self._instant = None if when is None else _Instant(when, place, -1, utc_ns)
        self._t0_ns = t0_ns
        self._refusal: Reason | None = None

    @property
    def utc_ns(self) -> int | None:
        """The instant in nanoseconds UTC since 1970, to be kept over a restart; None while it is not known."""
        return None if self._instant is None else self._instant.utc_ns

    def ends_ns(self, sample: ClockSample) -> int | Reason | None:
        """Return when it ends on the monotonic clock, None if it does not; UNTRUSTED, or why it cannot."""
        if self._instant is None:
            return None
        is_new = self._instant.utc_ns is None
        found = self._instant.find(self._t0_ns, sample)
        if is_new and isinstance(found, int) and found <= self._t0_ns:
            told = format_when(self._instant.when)
            rule = "and the run would start after that; set another end"
            self._refusal = Reason(Why.PLAN, f"interval.end is {told}, {rule}")
        return self._refusal or found


def _rough(ns: int) -> str:
    """Format a wait as people say it: 31 days, 7h 12m, 3m 20s."""
    if ns >= 2 * _DAY_NS:
        return f"{ns // _DAY_NS} days"
    unit_ns = MINUTE_NS if ns >= HOUR_NS else S_NS
    return format_long(ns // unit_ns * unit_ns)
