"""Strategies for the values that a setting allows. For several tests."""

from datetime import date

from hypothesis import strategies as st

from config.moments import HIGHEST_UDEG, WHOLE_PPM, Height, Share
from config.ramp import FEWEST, LONGEST_NS, SHORTEST_NS, Key
from config.steps import LARGEST, Step
from config.when import EVENTS, When

HOUR_NS = 3600 * 1_000_000_000

# The numbers on dials in third stops, some of them engraved in two ways, and the halves between them.
ISO_STOPS = {
    100: 0,
    125: 2,
    140: 3,
    160: 4,
    200: 6,
    280: 9,
    320: 10,
    400: 12,
    800: 18,
    1250: 22,
    6400: 36,
    102400: 60,
}
APERTURE_STOPS = {"1.4": 6, "1.7": 9, "2": 12, "2.8": 18, "3.5": 22, "4": 24, "6.7": 33, "8": 36, "11": 42, "22": 54}

clock = st.builds(
    lambda at, day: When("clock", at=at, day=day),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.none() | st.dates(date(2000, 1, 1), date(2199, 12, 31)),
)
sun = st.builds(
    lambda event, offset_ns: When("sun", offset_ns, event=event),
    st.sampled_from(EVENTS),
    st.just(0) | st.integers(-24 * HOUR_NS, 24 * HOUR_NS),
)
delays = st.integers(1, 24 * HOUR_NS).map(lambda ns: When("delay", ns))
heights = st.builds(Height, st.integers(-HIGHEST_UDEG, HIGHEST_UDEG))
shares = st.builds(Share, st.integers(0, WHOLE_PPM))
moments = st.one_of(heights, sun, clock, delays, shares)


def in_order(members):
    """Return the members with their shares of the run sorted, each of them once."""
    by_share = sorted({each for each in members if isinstance(each, Share)}, key=lambda share: share.ppm)
    others = [each for each in members if not isinstance(each, Share)]
    return [*others, *by_share]


def ramps(longest):
    """Return a strategy for the keys of a ramp: none, or so many at any moments."""
    exposures = st.integers(SHORTEST_NS, LONGEST_NS) | st.sampled_from([100_000_000, 2_000_000_000])
    at = st.lists(moments, min_size=FEWEST, max_size=longest).map(in_order).filter(lambda at: len(at) >= FEWEST)
    keys = at.flatmap(lambda at: st.tuples(*(st.builds(Key, st.just(each), exposures) for each in at)))
    return st.just(()) | keys


def _different(stops):
    return st.tuples(st.sampled_from(sorted(stops)), st.sampled_from(sorted(stops))).filter(
        lambda pair: 0 < abs(stops[pair[1]] - stops[pair[0]]) <= LARGEST
    )


iso_changes = _different(ISO_STOPS).map(
    lambda pair: (ISO_STOPS[pair[1]] - ISO_STOPS[pair[0]], f"ISO {pair[0]}-{pair[1]}")
)
aperture_changes = _different(APERTURE_STOPS).map(
    lambda pair: (APERTURE_STOPS[pair[0]] - APERTURE_STOPS[pair[1]], f"f/{pair[0]}-f/{pair[1]}")
)
stop_changes = st.tuples(st.integers(-LARGEST, LARGEST).filter(bool), st.just(""))
steps_at_any_time = st.builds(
    lambda at, change: Step(at, *change), moments, st.one_of(iso_changes, aperture_changes, stop_changes)
)


def values(field):
    """Return a strategy for the values of a setting."""
    if field.kind == "ramp":
        return ramps(field.longest)
    if field.kind == "steps":
        return st.lists(steps_at_any_time, max_size=field.longest).map(tuple)
    if field.longest:
        return st.lists(st.integers(field.minimum, field.maximum), max_size=field.longest).map(tuple)
    if field.minimum is not None:
        return st.integers(field.minimum, field.maximum)
    return st.sampled_from([field.parse(word) for word in field.choices])
