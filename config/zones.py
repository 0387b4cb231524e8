"""Names of time zones, from the machine's zone database. Knows no setting and no time."""

import zoneinfo

from config.errors import ConfigError, quoted
from config.units import did_you_mean


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
    places = {name.rpartition("/")[2]: name for name in sorted(spelled)}
    place = places.get(text.lower().replace(" ", "_"))
    hint = f"; did you mean {spelled[place]}?" if place else did_you_mean(text, known)
    raise ConfigError(f"{quoted(text)} is not a time zone; write it like Europe/Zurich, or unset{hint}")
