"""Scales of the drawings of a night: shutter speeds as on a camera's dial, and round times. Pure."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from math import ceil, floor, log2

from config.record import dataclass
from config.units import HOUR_NS, MINUTE_NS, format_long, third_digit_ns
from controller.core.instants import local_time
from hardware.clock import SECOND_NS

# Whole stops as engraved: a camera's 15 s are 16 s, and its 1/60 s is 1/64 s.
_ENGRAVED = {4: "15s", 5: "30s"}
_FRACTIONS = {1: 2, 2: 4, 3: 8, 4: 15, 5: 30, 6: 60, 7: 125, 8: 250, 9: 500, 10: 1000}
_MINUTES_FROM = 6  # stops above a second; shorter speeds are in seconds
_STEPS_NS = (
    *(each * SECOND_NS for each in (1, 2, 5, 10, 20, 30)),
    *(each * MINUTE_NS for each in (1, 2, 5, 10, 15, 20, 30)),
    *(each * HOUR_NS for each in (1, 2, 3, 4, 6, 12, 24)),
)


def speed(stops: int) -> str:
    """Return the shutter speed so many whole stops above a second, as a camera shows it: 1/60s, 15s, 4m."""
    if stops < 0:
        return f"1/{_FRACTIONS.get(-stops, 2**-stops)}s"
    if stops < _MINUTES_FROM:
        return _ENGRAVED.get(stops, f"{2**stops}s")
    return f"{2 ** (stops - _MINUTES_FROM)}m"


def speeds(low: float, high: float, most: int) -> list[int]:
    """Return whole stops from `low` to `high`, at most so many and evenly apart; a second is one of them."""
    apart = max(1, ceil((high - low) / most))
    return [stops for stops in range(ceil(low), floor(high) + 1) if stops % apart == 0]


def rounded(exposure_ns: int) -> str:
    """Format an exposure for a sentence, to three digits."""
    unit_ns = third_digit_ns(exposure_ns)
    return format_long((exposure_ns + unit_ns // 2) // unit_ns * unit_ns)


def degrees(height_deg: float, digits: int = 1) -> str:
    """Format a height for a sentence, like -6.0deg."""
    return f"{round(height_deg, digits) + 0.0:.{digits}f}deg"


def stops_of(exposure_ns: int) -> float:
    """Return an exposure in stops above a second."""
    return log2(max(1, exposure_ns) / SECOND_NS)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps the values from `first` to `last` evenly to positions from `begins` to `ends`, and others to the ends."""

    first: float
    last: float
    begins: float
    ends: float

    def at(self, value: float) -> float:
        """Return the position of a value."""
        share = min(1.0, max(0.0, (value - self.first) / (self.last - self.first)))
        return self.begins + (self.ends - self.begins) * share


@dataclass(frozen=True, slots=True)
class Hours:
    """The time of a run: from its first frame to its last, by the clocks of `zone` where the start is known."""

    first_utc_ns: int | None
    length_ns: int
    zone: tzinfo

    def local(self, after_ns: int) -> datetime | None:
        """Return the local time so long after the first frame; None where it is not known."""
        return None if self.first_utc_ns is None else local_time(self.first_utc_ns + after_ns, self.zone)

    def after_ns(self, at_utc_ns: int) -> int:
        """Return how long after the first frame an instant is."""
        return at_utc_ns - (self.first_utc_ns or 0)

    def moment(self, after_ns: int) -> str:
        """Return a time for a sentence: "at 20:31:07", or "1h 20m after the first frame"."""
        at = self.local(after_ns)
        if at is None:
            rounded_ns = round(abs(after_ns), -9)
            side = "after" if after_ns >= 0 else "before"
            return f"{format_long(rounded_ns)} {side} the first frame" if rounded_ns else "at the first frame"
        first = self.local(0)
        other_day = "" if first is None or at.date() == first.date() else f" on {at:%a} {at.day} {at:%b}"
        return f"at {at:%H:%M:%S}{other_day}"

    def marks(self, most: int) -> Iterator[tuple[int, str]]:
        """Yield at most so many round times with their labels, as nanoseconds after the first frame."""
        step_ns = next((step for step in _STEPS_NS if self.length_ns < step * most), None)
        step_ns = step_ns or ceil(self.length_ns / most / _STEPS_NS[-1]) * _STEPS_NS[-1]
        begins_ns = 0 if self.first_utc_ns is None else self.first_utc_ns + self._offset_ns(0)
        for at_ns in range(-(-begins_ns // step_ns) * step_ns, begins_ns + self.length_ns + 1, step_ns):
            yield at_ns - begins_ns, self._label(at_ns - begins_ns, step_ns)

    def changes(self) -> Iterator[tuple[int, int]]:
        """Yield when clocks change during the run, to the second, and by how much they go forward."""
        step_ns, before_ns = HOUR_NS, 0
        for at_ns in range(step_ns, self.length_ns + step_ns, step_ns) if self.first_utc_ns is not None else ():
            change_ns = self._offset_ns(at_ns) - self._offset_ns(before_ns)
            if change_ns:
                found_ns = self._change_between(before_ns, at_ns)
                if found_ns <= self.length_ns:
                    yield found_ns, change_ns
            before_ns = at_ns

    def _change_between(self, low_ns: int, high_ns: int) -> int:
        offset_ns = self._offset_ns(low_ns)
        while high_ns - low_ns > 1:
            middle_ns = (low_ns + high_ns) // 2
            low_ns, high_ns = (middle_ns, high_ns) if self._offset_ns(middle_ns) == offset_ns else (low_ns, middle_ns)
        return high_ns

    def _offset_ns(self, after_ns: int) -> int:
        at = self.local(after_ns)
        offset = None if at is None else at.utcoffset()
        return 0 if offset is None else round(offset.total_seconds()) * SECOND_NS

    def _label(self, after_ns: int, step_ns: int) -> str:
        at = self.local(after_ns)
        if at is None:
            return format_long(after_ns)
        return f"{at:%H:%M:%S}" if step_ns < MINUTE_NS else f"{at:%H:%M}"
