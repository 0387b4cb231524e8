"""Scheduled starts and ends of runs, by clock or sun, on a clock that may be wrong, be set, or jump.

Knows samples of the wall clock and the monotonic clock; reads neither. From the first sample of a trusted clock on a
start is an instant in UTC, converted to monotonic time again whenever the wall clock has been set. Shortly before its
first frame a start becomes final, and with it the grid of the run.
"""

from config.units import HOUR_NS, MINUTE_NS, S_NS, format_duration, format_long
from config.when import SUN, When, format_when
from controller.core.instants import Place, lacks_place, next_instant_ns
from controller.core.words import Reason, Why
from hardware.clock import MILLISECOND_NS, SECOND_NS, ClockSample

# Synchronisation slews a clock by less than this; a bigger difference means that the clock was set.
JUMP_NS = 500 * MILLISECOND_NS
# The longest and the shortest time between two checks of a start: setting the clock may bring the start nearer, and
# two checks have to fit into the tolerance.
CHECK_NS = 60 * SECOND_NS
_SHORTEST_CHECK_NS = SECOND_NS
# How long before its first frame needs the box a start becomes final: enough to log the first intent, and to wake the
# slowest body.
FINAL_NS = 3 * SECOND_NS
_DAY_NS = 24 * HOUR_NS

UNTRUSTED = Reason(
    Why.NOTHING,
    "waiting for the clock to be set: over the network, by a hardware clock, or by hand",
)


class ScheduledStart:
    """A start by clock or sun that a run waits for: the next such instant after the first check.

    The run may start late by up to `tolerance_ns`. An instant that had already passed when the start was requested
    counts if it was no longer than `grace_ns` ago. `utc_ns` is the instant in nanoseconds UTC since 1970, None while
    unknown; pass it to keep waiting for that instant after a restart. `next_check_ns` is when to call `check` again.
    """

    def __init__(
        self, when: When, place: Place, tolerance_ns: int, *, grace_ns: int = 0, utc_ns: int | None = None
    ) -> None:
        self.when = when
        self.utc_ns = utc_ns
        self.next_check_ns = 0
        self._place = place
        self._tolerance_ns = tolerance_ns
        self._grace_ns = grace_ns
        self._check_every_ns = max(_SHORTEST_CHECK_NS, min(CHECK_NS, tolerance_ns // 2))
        self._requested_ns: int | None = None
        self._offset_ns: int | None = None  # wall clock minus monotonic clock, as last relied on
        self._due_ns: int | None = None
        self._final_ns = 0

    @property
    def is_known(self) -> bool:
        """Whether the last check found out when the start is."""
        return self._due_ns is not None

    def is_final(self, now_ns: int) -> bool:
        """Return whether the start is so close that it does not change any more."""
        return self._due_ns is not None and now_ns >= self._final_ns

    def check(self, sample: ClockSample, lead_ns: int) -> int | Reason | None:
        """Return when the first slot is due in monotonic time, None while that is unknown, or why there is no start.

        The due time may have passed, by no more than the tolerance. `lead_ns` is what a frame needs before it is due.
        """
        now_ns, self._due_ns = sample.monotonic_ns, None
        self.next_check_ns = now_ns + self._check_every_ns
        if self._requested_ns is None:
            self._requested_ns = now_ns
        self._follow(sample)
        if self._offset_ns is None:
            return None
        if self.utc_ns is None:
            earliest_ns = self._requested_ns + self._offset_ns - self._grace_ns
            found = next_instant_ns(self.when, self._place, earliest_ns)
            if isinstance(found, Reason):
                return found
            self.utc_ns = found
        due_ns = self.utc_ns - self._offset_ns
        if now_ns > due_ns + self._tolerance_ns:
            return self._missed(now_ns - due_ns)
        self._due_ns, self._final_ns = due_ns, due_ns - lead_ns - FINAL_NS
        self.next_check_ns = min(self._final_ns, self.next_check_ns)
        return due_ns

    def describe(self, now_ns: int) -> str:
        """Return what the last check found, as a sentence: `starts at 06:41 (sunrise) in 7h 12m`."""
        if self._due_ns is None or self.utc_ns is None:
            return str(UNTRUSTED)
        wait_ns, local = max(0, self._due_ns - now_ns), self._place.local(self.utc_ns)
        day = f"on {local:%Y-%m-%d} " if wait_ns >= _DAY_NS else ""
        sun = f" ({format_when(self.when)})" if self.when.kind == SUN else ""
        return f"starts {day}at {local:%H:%M}{sun} {f'in {_format_wait(wait_ns)}' if wait_ns else 'now'}"

    def _follow(self, sample: ClockSample) -> None:
        """Rely on the wall clock of a trusted sample, if it is the first or the clock has been set."""
        offset_ns = sample.wall_ns - sample.monotonic_ns
        if sample.is_trusted and (self._offset_ns is None or abs(offset_ns - self._offset_ns) > JUMP_NS):
            self._offset_ns = offset_ns

    def _missed(self, late_ns: int) -> Reason:
        ago, limit = _format_wait(late_ns), format_duration(self._tolerance_ns)
        rule = f"that was {ago} ago, and interval.start_tolerance is {limit}"
        return Reason(Why.PLAN, f"the start at {format_when(self.when)} was missed: {rule}; start again, or raise it")


def find_end_utc_ns(when: When, place: Place, meant_ns: int, sample: ClockSample) -> int | Reason:
    """Return when a run ends by clock or sun that was meant to start at `meant_ns`, in monotonic time.

    That is the first such instant after `meant_ns`, in nanoseconds UTC since 1970. Returns UNTRUSTED, or another
    Reason, if the run cannot end so.
    """
    if not sample.is_trusted:
        return UNTRUSTED
    meant_utc_ns = meant_ns + sample.wall_ns - sample.monotonic_ns
    utc_ns = next_instant_ns(when, place, meant_utc_ns + 1)
    if isinstance(utc_ns, int) and utc_ns <= meant_utc_ns:
        rule = "and the run would start after that; set another end"
        return Reason(Why.PLAN, f"interval.end is {format_when(when)}, {rule}")
    return utc_ns


def refuses_place(when: When, place: Place) -> Reason | None:
    """Return why `when` cannot be found at this place, None if it can."""
    return lacks_place(when) if when.kind == SUN and place.site is None else None


def end_is_past(start: When, end: When, ago_ns: int) -> Reason:
    """Return that a run is too late to start: it would have ended `ago_ns` ago."""
    sentence = f"the run from {format_when(start)} to {format_when(end)} was missed: it would have ended"
    return Reason(Why.PLAN, f"{sentence} {_format_wait(ago_ns)} ago")


def _format_wait(ns: int) -> str:
    """Format a wait for a person: 31 days, 7h 12m, 3m 20s."""
    if ns >= 2 * _DAY_NS:
        return f"{ns // _DAY_NS} days"
    unit_ns = MINUTE_NS if ns >= HOUR_NS else S_NS
    return format_long(ns // unit_ns * unit_ns)
