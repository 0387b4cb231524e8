"""The keys of an exposure ramp, as data: moments of a run, each with its bulb exposure.

Parses and formats keys. Does not know when a moment comes, nor what lies between two keys.
"""

from itertools import pairwise

from config.errors import ConfigError, quoted
from config.moments import FORMS, Moment, Share, format_moment, is_moment, parse_moment, split_moment
from config.record import dataclass
from config.typed import parts_of, typed
from config.units import HOUR_NS, MS_NS, format_duration, parse_duration

NONE = "none"
EXAMPLE = "sunset 1/10s, -6deg 2s, -9deg 20s"
FEWEST, MOST = 2, 12
SHORTEST_NS, LONGEST_NS = MS_NS, 24 * HOUR_NS
_LONGEST_KEYS = 120  # a text in which a missing comma is looked for


@dataclass(frozen=True, slots=True)
class Key:
    """At that moment a bulb exposure lasts so long; a ramp joins it to the keys before and after."""

    at: Moment
    exposure_ns: int

    def __str__(self) -> str:
        return f"{format_moment(self.at)} {format_duration(self.exposure_ns)}"


def parse_ramp(text: str) -> tuple[Key, ...]:
    """Return the keys in `sunset 1/10s, -6deg 2s, -9deg 20s`, in their order, or none of them in `none`.

    ConfigError for anything else, for a single key, and for shares of a run that go back.
    """
    if typed(text).lower() in (NONE, ""):
        return ()
    keys = tuple(parts_of(text, _key, "a key"))
    if not FEWEST <= len(keys) <= MOST:
        raise ConfigError(f"a ramp takes {FEWEST} to {MOST} keys, and this has {len(keys)}; write it like {EXAMPLE}")
    for before, after in pairwise(key.at for key in keys if isinstance(key.at, Share)):
        if not before.ppm < after.ppm:
            raise ConfigError(f"{after} does not come after {before}; write the keys in their order")
    return keys


def format_ramp(keys: tuple[Key, ...]) -> str:
    """Return exact text that `parse_ramp` reads back."""
    return ", ".join(map(str, keys)) or NONE


def _key(part: str) -> Key:
    try:
        found = split_moment(part, _exposure)
    except ConfigError:
        if len(part) <= _LONGEST_KEYS and (keys := _with_commas(part.split())):
            raise ConfigError(f"{quoted(part)} is more than one key; write commas between: {keys}") from None
        raise
    if found is not None:
        return Key(*found)
    if is_moment(part):
        shown = format_moment(parse_moment(part))
        raise ConfigError(f"{quoted(part)} has no exposure; write it like {shown} 2s")
    raise ConfigError(f"{quoted(part)} is not a key; write a moment and an exposure, like {EXAMPLE} ({FORMS})")


def _exposure(text: str) -> int:
    exposure_ns = parse_duration(text)
    if not SHORTEST_NS <= exposure_ns <= LONGEST_NS:
        bounds = f"{format_duration(SHORTEST_NS)} to {format_duration(LONGEST_NS)}"
        raise ConfigError(f"the exposure {format_duration(exposure_ns)} is out of range; choose from {bounds}")
    return exposure_ns


def _with_commas(words: list[str]) -> str:
    """Return keys with the commas that are missing between them; "" if the words are something else."""
    if _is_key(" ".join(words)):
        return " ".join(words)
    for at in range(2, len(words) - 1):
        rest = _with_commas(words[at:]) if _is_key(" ".join(words[:at])) else ""
        if rest:
            return f"{' '.join(words[:at])}, {rest}"
    return ""


def _is_key(text: str) -> bool:
    try:
        return split_moment(text, _exposure) is not None
    except ConfigError:
        return False
