"""What to set so that a refused input works: as data for programs, and in the words of a refusal.

Pure; knows the settings and what values they allow, not why something was refused.
"""

from collections.abc import Iterable

from config.errors import ConfigError
from config.record import dataclass
from config.schema import find_field
from config.units import format_duration

AT_LEAST, AT_MOST = "at least", "at most"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of one setting: `key` to `value`, as `set` reads it.

    `bound` is "" or one of AT_LEAST and AT_MOST: values beyond that one work too. `text` replaces the usual words,
    for example because the camera has to be set first.
    """

    key: str
    value: str
    bound: str = ""
    text: str = ""

    def __str__(self) -> str:
        value = f'"{self.value}"' if " " in self.value else self.value
        return self.text or f"set {self.key} {f'to {self.bound} ' if self.bound else ''}{value}"

    @property
    def is_possible(self) -> bool:
        """Whether the setting can have that value."""
        try:
            find_field(self.key).parse(self.value)
        except ConfigError:
            return False
        return True


BACK_BUTTON_FOCUS = Remedy("camera.back_button_focus", "true", text="use back-button focus")
SINGLE_FRAMES = Remedy("shot.drive", "single")
COUNT = Remedy("interval.count", "2", AT_LEAST, text="set interval.count to the number of frames")
NO_MIRROR_UP = Remedy("shot.mirror_up", "0s")
BULB_BRACKET = Remedy("shot.bracket", "1s, 4s, 16s", text='give bulb exposures in shot.bracket, like "1s, 4s, 16s"')


def at_least(key: str, ns: int, text: str = "") -> Remedy:
    """Return the remedy to set a duration to `ns` or more; in `text`, {value} stands for it."""
    value = format_duration(ns)
    return Remedy(key, value, AT_LEAST, text.format(value=value))


def within(key: str, values_ns: Iterable[int], least_ns: int, most_ns: int | None) -> Remedy:
    """Return the remedy to bring an exposure, or each of a bracket, into the bounds; only one of them is exceeded."""
    values = tuple(values_ns)
    raised = [max(value, least_ns) for value in values]
    fitting = [format_duration(value if most_ns is None else min(value, most_ns)) for value in raised]
    bound = "" if len(values) > 1 else AT_LEAST if values[0] < least_ns else AT_MOST
    return Remedy(key, ", ".join(fitting), bound)


def possible(remedies: Iterable[Remedy]) -> tuple[Remedy, ...]:
    """Return the remedies whose values the settings allow."""
    return tuple(remedy for remedy in remedies if remedy.is_possible)
