"""Random runs through keys by the sun, the clock or shares: at any place on any day, for several cameras."""

from datetime import date

from hypothesis import strategies as st
from twilight import Twilight

CAMERAS = ("canon-e3", "fuji-2.5mm", "nikon-10pin", "generic")
_ZONES = ("Europe/Zurich", "UTC", "Asia/Kathmandu", "Pacific/Auckland")
_FIRST, _LAST = date(2024, 1, 1), date(2035, 12, 31)

_setting = st.lists(st.integers(-16, 6), min_size=2, max_size=4, unique=True).map(lambda hs: sorted(hs)[::-1])
_rising = _setting.map(lambda heights: heights[::-1])
_heights = st.one_of(_setting, _rising, st.tuples(_setting, _rising).map(lambda both: [*both[0], *both[1]]))
_shares = st.sets(st.integers(0, 100), min_size=2, max_size=5).map(sorted)
_minutes = st.sets(st.integers(0, 1439), min_size=2, max_size=4).map(sorted)
moments = st.one_of(
    _heights.map(lambda heights: [f"{height}deg" for height in heights]),
    _shares.map(lambda shares: [f"{share}%" for share in shares]),
    _minutes.map(lambda minutes: [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]),
)
# Most cameras take the tame ones in most intervals; of the wild ones some are too short, too long or too far apart.
tame = st.integers(1_000, 3_000).map(lambda ms: f"{ms}ms")
wild = st.integers(5, 400_000).map(lambda ms: f"{ms}ms") | st.sampled_from(["1/10s", "20s", "2m", "90m"])
changes = st.sampled_from(["ISO 100-200", "ISO 100-800", "f/4-f/2.8", "+1/3", "-1", "ISO 400-200"])


def _degrees(most):
    return st.integers(-most * 1_000_000, most * 1_000_000).map(lambda udeg: f"{udeg / 1_000_000:.6f}")


@st.composite
def twilights(draw, exposures=tame | wild, *, most_north=90, has_steps=False):
    """Draw a run; `exposures` are those of its keys."""
    at, each = draw(moments), draw(st.sampled_from([tame, exposures]))
    day, minute = draw(st.dates(_FIRST, _LAST)), draw(st.integers(0, 1439))
    texts = {
        "shot.drive": "bulb",
        "shot.ramp": ", ".join(f"{moment} {draw(each)}" for moment in at),
        "shot.ramp_shape": draw(st.sampled_from(["sky", "even"])),
        "shot.ramp_limit": draw(st.sampled_from(["1/6", "1/3", "1", "2"])),
        "shot.steps": "none",
        "interval.every": draw(st.sampled_from(["300ms", "5s", "20s", "45s", "5m"])),
        "interval.every_end": draw(st.sampled_from(["0s", "0s", "4s", "10m"])),
        "interval.count": str(draw(st.sampled_from([2, 3, 40, 150]))),
        "camera.profile": draw(st.sampled_from(CAMERAS)),
        "camera.shortest_bulb": draw(st.sampled_from(["0s", "100ms", "1s", "10s"])),
        "camera.noise_reduction": draw(st.sampled_from(["false", "true"])),
        "safety.max_exposure": "2h",
        "site.latitude": draw(_degrees(most_north)),
        "site.longitude": draw(_degrees(180)),
    }
    if has_steps:
        between = [moment for moment in at[1:] if draw(st.booleans())]
        texts["shot.steps"] = ", ".join(f"{moment} {draw(changes)}" for moment in between) or "none"
    now = f"{day} {minute // 60:02}:{minute % 60:02}"
    return Twilight(now, draw(st.sampled_from(_ZONES)), texts)
