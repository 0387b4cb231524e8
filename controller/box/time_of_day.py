"""The time of day for people: how it is shown, and how a time they type is read. Pure: it reads and sets no clock."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from config.errors import ConfigError, quoted
from config.record import dataclass
from config.when import parse_day, parse_time
from controller.core.instants import Place
from controller.errors import CommandError
from hardware.clock import SECOND_NS, ClockSample
from hardware.walltime import EARLIEST

_TYPED = re.compile(
    r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})(?: +|t))?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?"
    r"(?: *(z|[+-][0-9]{2}(?::?[0-9]{2})?)| (first|second))?",
    re.ASCII | re.IGNORECASE,
)
_FORMS = "write it like 21:30, 21:30:15, 2026-11-23T21:30 or 2026-11-23T21:30+01:00"
_MOST_OFFSET = timedelta(hours=14)  # Kiribati's; the other way it is 12 hours


@dataclass(frozen=True, slots=True)
class TypedTime:
    """The instant that a person typed, in nanoseconds UTC; `remark` says what was assumed, None if nothing was."""

    utc_ns: int
    remark: str | None = None


def as_reply(sample: ClockSample, zone: tzinfo, remark: str | None = None) -> dict[str, object]:
    """Return the time of day in `zone`, and whether the box trusts its clock."""
    return {"local": _shown(sample.wall_ns, zone), "is_trusted": sample.is_trusted, "remark": remark}


def time_in(span_ns: int, sample: ClockSample, zone: tzinfo) -> str | None:
    """Return the time of day in `zone` after `span_ns`; None if the box does not trust its clock."""
    return _shown(sample.wall_ns + span_ns, zone) if sample.is_trusted else None


def parse_typed(text: str, now: ClockSample, zone: tzinfo) -> TypedTime:
    """Return the instant that clocks in `zone` show as `text`; CommandError, with the forms that it takes, if none.

    `21:30` is today by the clock as it is `now`. With an offset from UTC (`2026-10-25T02:30+01:00`) it is that time
    wherever the box is. Of the two equal times when clocks go back it is the first, unless `second` stands behind it;
    if nobody said which, the remark tells how to choose the other.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        raise CommandError("value", f"clock: {quoted(text)} is not a time of day; {_FORMS}")
    try:
        at = parse_time(text, *match.group(2, 3, 4))
        day = _today(at, now, zone) if match[1] is None else parse_day(match[1])
    except ConfigError as error:
        raise CommandError("value", f"clock: {error}") from error
    local = datetime.combine(day, at)
    if match[5] is not None:
        return TypedTime(_utc_ns(local.replace(tzinfo=_offset(text, match[5]))))
    typed = _without_offset(local, zone, match[6])
    if match[1] is None and typed.remark is None and not now.is_trusted:
        return TypedTime(typed.utc_ns, _assumed_day(local))
    return typed


def _today(at: time, now: ClockSample, zone: tzinfo) -> date:
    """Return the day that the clock shows; CommandError if that is certainly not today."""
    if not now.is_trusted and now.wall_ns < EARLIEST.timestamp() * SECOND_NS:
        shown = f"{Place(None, zone).local(now.wall_ns):%Y-%m-%d}"
        add = f"add it, like 2026-11-23T{at.isoformat('minutes')}"
        raise CommandError("value", f"clock: the box does not know the date, its clock shows {shown}; {add}")
    return Place(None, zone).local(now.wall_ns).date()


def _assumed_day(local: datetime) -> str:
    other = f"clock set {local + timedelta(days=1):%Y-%m-%dT%H:%M}"
    return f"the clock was not set before, so check the date; for another day, write it like: {other}"


def _without_offset(local: datetime, zone: tzinfo, which: str | None) -> TypedTime:
    """Return the instant at which clocks in `zone` show `local`; of two, the first, or `which` was asked for."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return TypedTime(_utc_ns(first))
    if first.astimezone(UTC) > second.astimezone(UTC):  # in the hour that is left out, the two readings swap
        rule = "clocks go forward over it that day; give the time that they show"
        raise CommandError("value", f"clock: {local:%H:%M} does not exist on {local:%Y-%m-%d}: {rule}")
    if which is not None:
        return TypedTime(_utc_ns(second if which.lower() == "second" else first))
    other = second.isoformat(timespec="seconds" if local.second else "minutes")
    return TypedTime(
        _utc_ns(first), f"this is the first {local:%H:%M} of that day; for the second: clock set {other}"
    )


def _offset(text: str, offset: str) -> tzinfo:
    """Return `+01:00`, `-0330`, `+01` or `Z` as a zone; CommandError if no place on earth has it."""
    if offset in {"z", "Z"}:
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[2:])
    ahead = timedelta(hours=int(digits[:2]), minutes=minutes)
    if ahead > _MOST_OFFSET or minutes >= 60:  # noqa: PLR2004 - minutes of an hour
        rule = "has no valid offset from UTC; choose from -12:00 to +14:00"
        raise CommandError("value", f"clock: {quoted(text)} {rule}")
    return timezone(-ahead if offset[0] == "-" else ahead)


def _utc_ns(local: datetime) -> int:
    return int(local.timestamp()) * SECOND_NS


def _shown(utc_ns: int, zone: tzinfo) -> str:
    return f"{Place(None, zone).local(utc_ns):%Y-%m-%d %H:%M:%S %z}"
