"""The time of day for people: how it is shown, and how a time they type is read. Pure: it reads and sets no clock."""

from datetime import tzinfo

from config.errors import ConfigError, quoted
from config.when import CLOCK, parse_when
from controller.core.instants import Place, next_instant_ns
from controller.core.words import Reason
from controller.errors import CommandError
from hardware.clock import ClockSample


def as_reply(sample: ClockSample, zone: tzinfo) -> dict[str, object]:
    """Return the time of day in `zone`, and whether the box trusts its clock."""
    return {"local": _shown(sample.wall_ns, zone), "is_trusted": sample.is_trusted}


def time_in(span_ns: int, sample: ClockSample, zone: tzinfo) -> str | None:
    """Return the time of day in `zone` after `span_ns`; None if the box does not trust its clock."""
    return _shown(sample.wall_ns + span_ns, zone) if sample.is_trusted else None


def _shown(utc_ns: int, zone: tzinfo) -> str:
    return f"{Place(None, zone).local(utc_ns):%Y-%m-%d %H:%M:%S %z}"


def utc_ns(text: str, zone: tzinfo) -> int:
    """Return the instant that `2026-11-23T06:30` is in `zone`, in nanoseconds UTC; CommandError if it is none.

    A time that occurs twice (when daylight saving ends) is the first of the two.
    """
    try:
        when = parse_when(text)
    except ConfigError as error:
        raise CommandError("value", f"clock: {error}") from error
    if when.kind != CLOCK or when.day is None:
        raise CommandError("value", f"clock: {quoted(text)} is not a day and a time; write it like 2026-11-23T06:30")
    found = next_instant_ns(when, Place(None, zone), 0)
    if isinstance(found, Reason):
        raise CommandError("value", f"clock: {found}")
    return found
