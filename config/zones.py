"""Names of time zones, from the machine's zone database. Knows no setting and no time."""

import re
import zoneinfo
from collections.abc import Container

from config.errors import ConfigError, quoted
from config.units import did_you_mean

_OFFSET = re.compile(r"(?:utc|gmt|z)? *([+-]) *([0-9]{1,2})(?::?([0-9]{2}))?", re.ASCII)  # as people write it: GMT+2


def zone_names() -> tuple[str, ...]:
    """Return all names in the database, sorted."""
    return tuple(sorted(zoneinfo.available_timezones()))


def zone_name(text: str) -> str:
    """Return the name as the database spells it; ConfigError if there is no such time zone."""
    try:
        return zoneinfo.ZoneInfo(text).key
    except (KeyError, ValueError, OSError):  # missing, not a valid name, or a folder of zones
        pass
    known = zoneinfo.available_timezones()
    if not known:
        raise ConfigError(f"{quoted(text)} cannot be looked up: this machine has no time zones; install tzdata")
    spelled = {name.lower(): name for name in known}
    if text.lower() in spelled:
        return spelled[text.lower()]
    if match := _OFFSET.fullmatch(text.strip().lower()):
        raise ConfigError(f"{quoted(text)} is not a time zone; {_zone_of_offset(*match.groups(), known=known)}")
    places = {name.rpartition("/")[2]: name for name in sorted(spelled)}
    place = places.get(text.lower().replace(" ", "_"))
    hint = f"; did you mean {spelled[place]}?" if place else did_you_mean(text, known)
    raise ConfigError(f"{quoted(text)} is not a time zone; write it like Europe/Zurich, or unset{hint}")


def _zone_of_offset(sign: str, hours: str, minutes: str | None, *, known: Container[str]) -> str:
    """Return what to write for an offset from UTC; the names in `Etc` count hours west of Greenwich."""
    if int(hours) == int(minutes or 0) == 0:
        return "write UTC"
    name = f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}"
    if int(minutes or 0) or name not in known:
        return "write a place with that time, like Asia/Kolkata, or unset"
    side = "ahead of" if sign == "+" else "behind"
    return f"for {int(hours)} h {side} UTC write {name} (its sign is reversed), or a place like Europe/Zurich"
