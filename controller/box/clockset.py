"""The time of day for people: how it is shown, and how a time they type is read. Pure: it reads and sets no clock."""

import re
from datetime import UTC, date, datetime, time, tzinfo

from config.errors import quoted
from controller.core.instants import Place
from controller.errors import CommandError
from hardware.clock import SECOND_NS, ClockSample

_TYPED = re.compile(
    r"(?:(\d{4}-\d{2}-\d{2})[T ])?(\d{1,2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?(?: (first|second))?", re.ASCII
)
_WRITE = "write it like 21:30, or 2026-11-23T06:30"


def as_reply(sample: ClockSample, zone: tzinfo) -> dict[str, object]:
    """Return the time of day in `zone`, and whether the box trusts its clock."""
    return {"local": _shown(sample.wall_ns, zone), "is_trusted": sample.is_trusted}


def time_in(span_ns: int, sample: ClockSample, zone: tzinfo) -> str | None:
    """Return the time of day in `zone` after `span_ns`; None if the box does not trust its clock."""
    return _shown(sample.wall_ns + span_ns, zone) if sample.is_trusted else None


def _shown(utc_ns: int, zone: tzinfo) -> str:
    return f"{Place(None, zone).local(utc_ns):%Y-%m-%d %H:%M:%S %z}"


def utc_ns(text: str, sample: ClockSample, zone: tzinfo) -> tuple[int, bool]:
    """Return the instant that a person types as the time of day, in nanoseconds UTC; CommandError if it is none.

    Such a time is `21:30`, today by `sample`, or `2026-11-23T06:30`; with seconds, and with an offset from UTC
    (`+01:00`, `Z`) if it is not of `zone`. A time that clocks show twice, when daylight saving ends, is the first,
    unless `second` stands behind it. Returns too whether it is such a time, and nobody said which of the two.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        raise CommandError("value", f"clock: {quoted(text)} is not a time of day; {_WRITE}")
    day_text, time_text, offset, which = match.groups()
    try:
        day = Place(None, zone).local(sample.wall_ns).date() if day_text is None else date.fromisoformat(day_text)
        at = datetime.combine(day, time.fromisoformat(time_text.zfill(5)))
        if offset is not None:
            return _ns(datetime.fromisoformat(f"{at:%Y-%m-%dT%H:%M:%S}{offset}")), False
    except ValueError:
        raise CommandError("value", f"clock: there is no {quoted(text)}; {_WRITE}") from None
    first, second = (at.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return _ns(first), False
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at:
        rule = "clocks are put forward over it that day"
        raise CommandError("value", f"clock: {at:%H:%M} does not exist on {day}: {rule}; choose another time")
    return _ns(second if which == "second" else first), which is None


def _ns(at: datetime) -> int:
    return round(at.timestamp()) * SECOND_NS
