"""Today's sun times at the site, and whether the sun is down now. Pure: takes a sample of the clock."""

from datetime import UTC, date, datetime, timedelta

from controller.core.daylight import NoEvent, Site, sun_ns
from controller.core.instants import Place
from hardware.clock import SECOND_NS, ClockSample

EVENTS = ("dawn", "sunrise", "sunset", "dusk")
_DAY = timedelta(days=1)
_SECONDS_A_DEGREE = 240  # the sun goes round in a day
_NONE = {  # what a day without the event is like, if the sun is above that height all day (True) or below (False)
    ("sunrise", True): "the sun does not set",
    ("sunrise", False): "the sun does not rise",
    ("dawn", True): "it does not get dark",
    ("dawn", False): "it does not get light",
}


def sun_today(place: Place, sample: ClockSample) -> dict[str, object]:
    """Return today's sun times as `HH:MM` (None: not today), and whether the sun is down.

    `changes_in_ns` is the time until the next sunrise or sunset, None if there is none within a day. ValueError where
    nobody has set the site.
    """
    if place.site is None:
        raise ValueError("the site is not set")
    today = place.local(sample.wall_ns).date()
    times = {event: _local(sun_ns(event, today, place.site), place) for event in EVENTS}
    is_down, changes_in_ns = _now(place.site, sample.wall_ns)
    return {
        "date": today.isoformat(),
        "zone": str(place.zone),
        **times,
        "is_down": is_down,
        "changes_in_ns": changes_in_ns,
        "text": f"{today:%a} {today.day} {today:%b}: {_in_words(times, today, place.site)}",
    }


def _local(found: int | NoEvent, place: Place) -> str | None:
    return None if isinstance(found, NoEvent) else f"{place.local(found):%H:%M}"


def _in_words(times: dict[str, str | None], today: date, site: Site) -> str:
    said = [f"{event} {time}" for event, time in times.items() if time is not None]
    for event in ("sunrise", "dawn"):
        found = sun_ns(event, today, site)
        if isinstance(found, NoEvent):
            said.append(_NONE[event, found.is_up])
    return ", ".join(said)


def _now(site: Site, now_ns: int) -> tuple[bool, int | None]:
    """Return whether the sun is down, and how long until it rises or sets."""
    day = datetime.fromtimestamp(now_ns // SECOND_NS + site.longitude * _SECONDS_A_DEGREE, UTC).date()
    rises, sets = sun_ns("sunrise", day, site), sun_ns("sunset", day, site)
    following = (rises, sets, sun_ns("sunrise", day + _DAY, site))
    next_ns = min((at_ns for at_ns in following if not isinstance(at_ns, NoEvent) and at_ns > now_ns), default=None)
    if isinstance(rises, NoEvent):
        is_down = not rises.is_up
    elif isinstance(sets, NoEvent):
        is_down = not sets.is_up
    else:
        is_down = not rises <= now_ns < sets
    return is_down, None if next_ns is None else next_ns - now_ns
